"""A customer's name read as words with their meanings: what tells it apart, what sort of place it is, numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from core.text import normal
from partners.matching import vocabulary as v
from partners.rules import domain_of

CYRILLIC = dict(zip(
    "абвгдезийклмнопрстуфхцчшщъыьэюяіїєґ",
    ("a b v g d e z i i k l m n o p r s t u f kh ts ch sh shch - y - e yu ya i i e g").split(), strict=True,
)) | {"ж": "zh"}  # fmt: skip
GREEK = dict(zip("αβγδεζηθικλμνξοπρσςτυφχψω",
                 "a v g d e z i th i k l m n x o p r s s t y f ch ps o".split(), strict=True))  # fmt: skip
LETTERS = str.maketrans(
    {k: "" if x == "-" else x for k, x in (CYRILLIC | GREEK).items()}
    | {"ø": "o", "æ": "a", "œ": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)
APOSTROPHES = re.compile("['’‘`´ʼ]")
POSSESSIVE = re.compile(r"['’‘`´ʼ]s\b")
DOTTED = re.compile(r"(?<=\b\w)\.(?=\w\b)")
WORDS = re.compile(r"\d+|[^\W\d_]+")
DOUBLED = re.compile(r"([a-z])\1")
FORMERLY = re.compile(
    r"[(,;\s-]*\b(?:formerly|previously|now|ehemals|vormals|früher|anciennement|ancien|voorheen|antes|già)\b[:\s]*",
    re.IGNORECASE,
)
CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


@dataclass(frozen=True)
class Customer:
    """A customer as somebody wrote it. A domain that many share is left empty by who knows it."""

    name: str
    city: str = ""
    country: str = ""
    domain: str = ""


@dataclass(frozen=True)
class Reading:
    """A customer's facts in the form in which they are compared."""

    words: tuple[str, ...]
    own: tuple[str, ...]  # the words that are nobody else's: a surname, a saint, a place
    places: frozenset[str]  # what sort of place: hospital, clinic …
    qualifiers: frozenset[str]  # university, children, heart …
    loose: frozenset[str]  # group, center, health …
    numbers: frozenset[str]
    city: str
    country: str
    domain: str

    @property
    def compact(self) -> str:
        """The name's letters without blanks and legal forms."""
        return "".join(self.words)

    @property
    def city_words(self) -> frozenset[str]:
        return frozenset(self.city.split())

    @property
    def kinds(self) -> frozenset[str]:
        return self.places | self.qualifiers


@lru_cache(maxsize=4096)
def read(customer: Customer) -> Reading:
    """The words of a customer by what they mean. Case, accents, width and script's form make no difference."""
    said = words_of(customer.name)
    words = [word for word in said if word not in LEGAL] or said
    city, country = city_of(customer.city), str(customer.country).upper()
    return reading(words, city, country, domain_of(customer.domain))


def reading(words: Iterable[str], city: str, country: str, domain: str) -> Reading:
    """A name's words by what they mean, beside the other facts."""
    words = tuple(words)
    parts = [piece for word in words for part in split(word) for piece in _without_city(part, city)]
    meanings = [(part, meaning_of(part)) for part in parts]
    known = [meaning for _part, meaning in meanings if meaning]
    return Reading(
        words=words,
        own=tuple(dict.fromkeys(part for part, meaning in meanings if not meaning and not part.isdigit())),
        places=frozenset(word for word in known if word in v.PLACES),
        qualifiers=frozenset(word for word in known if word in v.QUALIFIERS),
        loose=frozenset(word for word in known if word in v.LOOSE and word not in ("of", "doctor")),
        numbers=frozenset(part.lstrip("0") or "0" for part in parts if part.isdigit()),
        city=city,
        country=country,
        domain=domain,
    )


def names_in(name: str) -> tuple[str, ...]:
    """The names that one text holds: of "New Hall (formerly Old House)" both."""
    said = tuple(part.strip() for part in FORMERLY.split(name))
    return tuple(part for part in said if WORDS.search(part)) or (name,)


def words_of(text: str) -> list[str]:
    """The words of a text without case, accents, apostrophes and dots: "St. Peter's e.V." is st, peters, ev."""
    bare = APOSTROPHES.sub(" ", POSSESSIVE.sub("s", normal(text)))
    words = [spelled(word) for word in WORDS.findall(DOTTED.sub("", bare))]
    return list(_phrases(words)) if len(words) > 1 else words


def _phrases(words: list[str]) -> Iterator[str]:
    """Words that mean something else together: a casa di cura is a clinic."""
    i = 0
    while i < len(words):
        for length in (3, 2):
            if one := PHRASES.get(tuple(words[i : i + length])):
                yield from one
                i += length
                break
        else:
            yield words[i]
            i += 1


@lru_cache(maxsize=65536)
def spelled(word: str) -> str:
    """One spelling for those that mean the same: plain Latin letters, u for ue and ü, doubled letters once."""
    plain = word.translate(LETTERS)
    for pair, one in (("ae", "a"), ("oe", "o"), ("ue", "u"), ("ph", "f")):
        plain = plain.replace(pair, one)
    return DOUBLED.sub(r"\1", plain)


@lru_cache(maxsize=4096)
def city_of(text: str) -> str:
    """A city in the form in which two are compared: one name for those with two, one spelling, without 市."""
    words = " ".join(words_of(text))
    return EXONYMS.get(words, words).removesuffix("市")


@lru_cache(maxsize=65536)
def split(word: str) -> tuple[str, ...]:
    """A word in its parts: an abbreviation's words, a German or Dutch compound's, those of a script without blanks."""
    if word in ABBREVIATIONS:
        return ABBREVIATIONS[word]
    if CJK.search(word):
        return tuple(EXONYMS.get(part, part) for part in _split_cjk(word))
    if word in MEANINGS:
        return (word,)
    for ending in ENDINGS:
        front = word.removesuffix(ending)
        if front != word and len(front) >= 3:
            return (*_front(front), ending)
    return (EXONYMS.get(word, word),)


def _front(front: str) -> tuple[str, ...]:
    bare = front.removesuffix("s")
    return split(bare) if bare in MEANINGS else split(front)


def _split_cjk(word: str) -> Iterator[str]:
    for part in CJK_PARTS:
        if part in word and part != word:
            before, _part, after = word.partition(part)
            yield from _split_cjk(before) if before else ()
            yield part
            yield from _split_cjk(after) if after else ()
            return
    yield word


def _without_city(part: str, city: str) -> tuple[str, ...]:
    """A city's name is a word of its own in a script without blanks."""
    if not city or part == city or not part.startswith(city) or not CJK.search(part):
        return (part,)
    return (city, part.removeprefix(city))


def meaning_of(word: str) -> str:
    """What a word of healthcare means, "" for one that is a name."""
    if len(word) == 1 and word.isascii() and word.isalpha():
        return "of"
    return MEANINGS.get(word, "")


def is_known(word: str) -> bool:
    """Whether all of a word is read: one of healthcare's own or made of such."""
    return all(map(meaning_of, split(word)))


def _spelled_all(words: str) -> str:
    return " ".join(map(spelled, words.split()))


CJK_BETWEEN_MEANINGS = dict.fromkeys(v.CJK_BETWEEN, "of")
MEANINGS = (
    CJK_BETWEEN_MEANINGS
    | {spelled(word): meaning for word, meaning in (v.PLACES | v.QUALIFIERS | v.LOOSE).items()}
    | dict.fromkeys(v.SAINTS, "of")
)
LEGAL = frozenset(map(spelled, v.LEGAL))
ENDINGS = tuple(map(spelled, v.ENDINGS))
ABBREVIATIONS = {spelled(short): words for short, words in v.ABBREVIATIONS.items()}
EXONYMS = {_spelled_all(other): _spelled_all(one) for other, one in (v.EXONYMS | v.FIRST_NAMES).items()}
CJK_PARTS = sorted(
    (word for word in (*v.CJK_PARTS, *EXONYMS, *v.CJK_BETWEEN) if CJK.match(word)), key=len, reverse=True
)
PHRASES = {
    tuple(_spelled_all(phrase).split()): _spelled_all(one).split() for phrase, one in v.PHRASES.items()
}
