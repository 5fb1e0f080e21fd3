"""How strongly two records of a customer speak for being one: costs of what differs, taken from a full score."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from partners.matching.mending import mend, spelling_cost
from partners.matching.names import Customer, Reading, names_in, read

FULL = Decimal("0.90")  # the most that names alone can prove; an identifier proves more
THRESHOLD = Decimal("0.54")  # from here on the two are taken for the same
POSSIBLE = Decimal("0.36")  # from here on a person should look

Cost = tuple[str, float]

OTHER_COUNTRY, OTHER_CITY, CITY_UNKNOWN = 0.6, 0.6, 0.1
OTHER_NUMBER, NUMBER_MISSING = 0.9, 0.3
OTHER_PLACE, OTHER_QUALIFIER, KIND_MISSING, DEPARTMENT = 0.35, 0.6, 0.2, 0.1
OTHER_LOOSE, LOOSE_MISSING = 0.08, 0.04
OTHER_WORD, WORD_MISSING, CITY_WORD_MISSING, NOTHING_IN_COMMON = 0.6, 0.3, 0.04, 0.45
OTHER_DOMAIN, SAME_DOMAIN = 0.25, -0.25


@dataclass(frozen=True)
class Evidence:
    """The score (0 to 0.9) and what differs, by name, the costliest first."""

    score: Decimal
    costs: tuple[Cost, ...]

    @property
    def is_same(self) -> bool:
        return self.score >= THRESHOLD

    @property
    def is_possible(self) -> bool:
        return self.score >= POSSIBLE


def weigh(one: Customer, other: Customer) -> Evidence:
    """The evidence that two records mean the same customer. Symmetric; 0.9 for records that say the same."""
    found = (_weighed(a, b) for a in _each_name(one) for b in _each_name(other))
    return max(found, key=lambda evidence: (evidence.score, evidence.costs))


def _each_name(customer: Customer) -> Iterator[Customer]:
    names = names_in(customer.name)
    if len(names) == 1:
        yield customer
    else:
        yield from (replace(customer, name=name) for name in names)


def _weighed(one: Customer, other: Customer) -> Evidence:
    a, b = sorted((read(one), read(other)), key=lambda reading: (reading.words, reading.city, reading.domain))
    costs = sorted(_costs(a, b), key=lambda cost: (-cost[1], cost[0]))
    total = min(1.0, max(0.0, sum(cost for _name, cost in costs)))
    score = (FULL * Decimal(str(1 - total))).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return Evidence(score, tuple(costs))


def _costs(a: Reading, b: Reading) -> Iterator[Cost]:
    names = [*_name_costs(a, b)]
    yield from names
    if a.country and b.country and a.country != b.country:
        yield "country", OTHER_COUNTRY
    elsewhere = differ(a.city, b.city)
    if elsewhere:
        yield "city", OTHER_CITY
    elif not (a.city and b.city):
        yield "city unknown", CITY_UNKNOWN
    if a.domain and b.domain and a.domain != b.domain and names:
        yield "domain", OTHER_DOMAIN
    elif a.domain and a.domain == b.domain and not elsewhere:
        yield "same domain", SAME_DOMAIN


def _name_costs(a: Reading, b: Reading) -> Iterator[Cost]:
    yield from _number_costs(a.numbers, b.numbers)
    if a.compact == b.compact:
        return
    a, b, slips = mend(a, b)
    if slips:
        yield "spelling", slips
    yield from _kind_costs(a, b)
    yield from _word_costs(a, b)


def _number_costs(a: frozenset[str], b: frozenset[str]) -> Iterator[Cost]:
    if a and b and a != b:
        yield "number", OTHER_NUMBER
    elif a != b:
        yield "number missing", NUMBER_MISSING


def _kind_costs(a: Reading, b: Reading) -> Iterator[Cost]:
    """What sort of place and of which speciality: another one is against, a missing one a little."""
    if a.places and b.places and not a.places & b.places:
        yield "kind of place", OTHER_PLACE
    mine, theirs = a.qualifiers - b.qualifiers, b.qualifiers - a.qualifiers
    if mine and theirs:
        yield "speciality", OTHER_QUALIFIER
    elif mine or theirs:
        each = DEPARTMENT if "department" in a.loose | b.loose else KIND_MISSING
        yield "speciality missing", each * len(mine | theirs)
    mine, theirs = a.loose - b.loose, b.loose - a.loose
    if mine and theirs:
        yield "common words", OTHER_LOOSE
    elif mine or theirs:
        yield "common word missing", LOOSE_MISSING


def _word_costs(a: Reading, b: Reading) -> Iterator[Cost]:
    """The words that are a customer's own: those of one alone."""
    cities = a.city_words | b.city_words
    left = [word for word in a.own if word not in b.own]
    right = [word for word in b.own if word not in a.own]
    apart = [[word for word in words if not _is_in(word, cities)] for words in (left, right)]
    if len(left) + len(right) > sum(map(len, apart)):
        yield "city in the name", CITY_WORD_MISSING
    if all(apart):
        yield "other word", OTHER_WORD * max(map(len, apart))
    elif any(apart):
        shared = len(left) < len(a.own)
        yield "word missing", (WORD_MISSING if shared else NOTHING_IN_COMMON) * max(map(len, apart))


def differ(a: str, b: str) -> bool:
    """Whether two cities are known and are two: neither a slip of the other nor a longer form of it."""
    if not a or not b or a == b or a.startswith(b + " ") or b.startswith(a + " "):
        return False
    cost = spelling_cost(a.replace(" ", ""), b.replace(" ", ""))
    return cost is None or cost > 0.2


def _is_in(word: str, cities: frozenset[str]) -> bool:
    return word in cities or any(spelling_cost(word, city) is not None for city in cities)
