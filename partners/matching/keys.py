"""The keys under which a customer is found again: numbers that two records of one customer mostly share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import blake2b

from partners.matching.names import CJK, Customer, Reading, names_in, read

VOWELS = str.maketrans("", "", "aeiouy")
ALIKE = str.maketrans("ckqzwpdv", "kkksfbtf")
ACRONYM = range(3, 7)


def keys_of(
    records: Iterable[Customer], domains: Iterable[str] = (), identifiers: Iterable[str] = ()
) -> frozenset[int]:
    """The keys of one customer by the records of its name, its domains and the values of its identifiers."""
    names = {
        key
        for record in records
        for name in names_in(record.name)
        for key in _name_keys(read(Customer(name, record.city, record.country)))
    }
    return frozenset(names | set(map(domain_key, domains)) | set(map(identifier_key, identifiers)))


def domain_key(domain: str) -> int:
    return _key("domain", "", domain)


def identifier_key(value: str) -> int:
    return _key("identifier", "", "".join(filter(str.isalnum, value)).casefold())


def _name_keys(reading: Reading) -> Iterator[int]:
    for family, text in _texts(reading):
        yield _key(family, reading.country, text)


def _texts(reading: Reading) -> Iterator[tuple[str, str]]:
    """Family and text of each key. What is in a city is few enough to be found by its kind or a piece of a word."""
    yield "name", " ".join(sorted(reading.words))
    city = reading.city.replace(" ", "")
    for word in _own_words(reading):
        yield "word", word
        for piece in _pieces(word):
            yield "piece", piece
        if city:
            yield "city and piece", f"{city} {word[:2]}-"
            yield "city and piece", f"{city} -{word[-3:]}"
    if initials := _initials(reading):
        yield "initials", initials
    if city:
        for kind in (*reading.kinds, *reading.numbers):
            yield "city and kind", f"{city} {kind}"
        if reading.city_words.intersection(reading.own):
            yield "city and kind", f"{city} {city}"


def _own_words(reading: Reading) -> list[str]:
    """A customer's own words; its city's only where there are no others, or every customer there would be alike."""
    own = [word for word in reading.own if word not in reading.city_words]
    return own or [*reading.own, *reading.numbers]


def _pieces(word: str) -> Iterator[str]:
    """What one slip leaves as it was: the word's sound, or its beginning, or its end; of CJK two signs each."""
    if CJK.search(word):
        yield from (word[i : i + 2] for i in range(len(word) - 1))
        return
    sound = word[0] + word[1:].translate(VOWELS).translate(ALIKE)
    if len(sound) >= 3:
        yield f"{sound}~"
    if len(word) >= 6:
        half = len(word) // 2
        yield f"{word[: half + 1]}-"
        yield f"-{word[-half - 1 :]}"


def _initials(reading: Reading) -> str:
    """The first letters of the words, or a word that may be such: MGH."""
    if len(reading.words) == 1 and len(reading.words[0]) in ACRONYM:
        return reading.words[0]
    letters = "".join(word[0] for word in reading.words if word.isalpha())
    return letters if len(letters) in ACRONYM else ""


def _key(family: str, country: str, text: str) -> int:
    """64 bits, signed as a database keeps them."""
    said = f"{family}\0{country}\0{text}".encode()
    return int.from_bytes(blake2b(said, digest_size=8).digest(), signed=True)
