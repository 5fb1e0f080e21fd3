"""Two names brought to one spelling before they are read: words joined or split, slips of the pen, initials."""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz.distance import OSA

from partners.matching.names import CJK, ENDINGS, Reading, is_known, reading

CHANGED, SLIPPED, IN_A_SHORT_WORD = 0.2, 0.12, 1.3
INITIALS = 0.1
Mended = tuple[Reading, Reading, float]


def mend(a: Reading, b: Reading) -> Mended:
    """Both readings with what they mean alike written alike, and what the slips cost."""
    mine, theirs = a.words, b.words
    if not _only(mine, theirs) or not _only(theirs, mine):
        return a, b, 0.0
    mine, theirs = _unjoined(mine, theirs), _unjoined(theirs, mine)
    mine, theirs = _unabbreviated(mine, theirs), _unabbreviated(theirs, mine)
    cost = 0.0
    for one, other, slip in _paired(_only(mine, theirs), _only(theirs, mine)):
        right = other if is_known(other) else one
        mine = tuple(right if word == one else word for word in mine)
        theirs = tuple(right if word == other else word for word in theirs)
        cost += slip
    return _reread(a, mine), _reread(b, theirs), cost


def _reread(reading_: Reading, words: tuple[str, ...]) -> Reading:
    if words == reading_.words:
        return reading_
    return reading(words, reading_.city, reading_.country, reading_.domain)


def _only(words: tuple[str, ...], others: tuple[str, ...]) -> list[str]:
    return [word for word in dict.fromkeys(words) if word not in others and not word.isdigit()]


def _unjoined(words: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    """The words with those taken apart that the other writes as two: Northgate, North Gate."""
    pairs = {first + second: (first, second) for first, second in zip(others, others[1:], strict=False)}
    return tuple(
        part for word in words for part in (pairs.get(word, (word,)) if word not in others else (word,))
    )


def _unabbreviated(words: tuple[str, ...], others: tuple[str, ...]) -> tuple[str, ...]:
    """A shortened word written out as the other does: Univ, Universitatsklinikum; Mem, Memorial."""
    longer = [word for word in others if word not in words and len(word) >= 6]
    return tuple(_written_out(word, longer) if word not in others else word for word in words)


def _written_out(word: str, longer: list[str]) -> str:
    if not 3 <= len(word) <= 5 or is_known(word):
        return word
    return next((one for one in longer if one.startswith(word) and is_known(one)), word)


def _paired(left: list[str], right: list[str]) -> list[tuple[str, str, float]]:
    """Words of both sides that are one misspelled, the nearest first, each word once."""
    near = sorted(
        (cost, i, j)
        for i, mine in enumerate(left)
        for j, theirs in enumerate(right)
        if (cost := slip_cost(mine, theirs)) is not None
    )
    found, used_i, used_j = [], set(), set()
    for cost, i, j in near:
        if i not in used_i and j not in used_j:
            used_i.add(i)
            used_j.add(j)
            found.append((left[i], right[j], cost))
    return found


@lru_cache(maxsize=65536)
def slip_cost(a: str, b: str) -> float | None:
    """What the difference of two words costs if one can be the other misspelled; None if it can not."""
    if a + "s" == b or b + "s" == a:
        return 0.0
    known = is_known(a) + is_known(b)
    if known == 2:
        return None
    a, b = _fronts(a, b)
    return spelling_cost(a, b, is_one_known=known == 1)


def _fronts(a: str, b: str) -> tuple[str, str]:
    """What stands before the same ending of a compound: Wald and Feld of Waldklinik and Feldklinik."""
    for ending in ENDINGS:
        if a.endswith(ending) and b.endswith(ending) and a != ending and b != ending:
            return a.removesuffix(ending), b.removesuffix(ending)
    return a, b


def spelling_cost(a: str, b: str, is_one_known: bool = False) -> float | None:
    """What the difference of two words costs by their letters alone; None where they are two words.

    Another first letter is another name, unless one of the two is a word that everybody knows.
    """
    n, distance = max(len(a), len(b)), OSA.distance(a, b, score_cutoff=2)
    if distance > 2 or n < (3 if CJK.search(a) else 4) or (distance == 2 and n < (6 if is_one_known else 7)):
        return None
    if a[0] != b[0] and not is_one_known and a[:2] != b[1::-1]:
        return None
    exchanged = len(a) == len(b) and sorted(a) != sorted(b)
    each = CHANGED if exchanged and not is_one_known else SLIPPED
    return distance * each * (IN_A_SHORT_WORD if n < 7 else 1.0)
