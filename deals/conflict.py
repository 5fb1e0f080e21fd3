"""The law of conflicts: how alike two claims on a customer are, what that scores, and which one comes first. Pure.

score = 100 × account × (base + product × overlap + time × closeness + service line × overlap + contact × overlap)
The weights, matches, bands and the order of precedence are the program's, under a version: `Terms`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from core.text import normal
from partners.matching import Likeness

# What a registration is compared with, in the vendor's words and in those that its partner reads.
PROTECTION, REGISTRATION, WON_CUSTOMER, OWN = "protection", "registration", "won_customer", "own"
DIRECT_OPPORTUNITY, DIRECT_ACCOUNT, BLOCKED = "direct_opportunity", "direct_account", "blocked_account"
KIND_WORDS = {
    PROTECTION: _lazy("Another partner's protection"),
    REGISTRATION: _lazy("Another partner's registration"),
    WON_CUSTOMER: _lazy("Won by another partner"),
    OWN: _lazy("The partner's own registration"),
    DIRECT_OPPORTUNITY: _lazy("An opportunity of direct sales"),
    DIRECT_ACCOUNT: _lazy("An approved direct account"),
    BLOCKED: _lazy("A blocked account"),
}
WON_BY_OURS = _lazy("Won by our own sales")
KINDS = tuple(KIND_WORDS)
# What the vendor keeps for itself or closes to all: never approved without a person.
OURS = (BLOCKED, DIRECT_ACCOUNT)
FACTOR_WORDS = {
    "account": _lazy("Account"),
    "base": _lazy("Always counted"),
    "product": _lazy("Product"),
    "time": _lazy("Time"),
    "service_line": _lazy("Service line"),
    "contact": _lazy("Contact"),
}
HARD, REVIEW, RELATED, CLEAR = "hard", "review", "related", "clear"
VERDICT_WORDS = {
    HARD: _lazy("Hard conflict"),
    REVIEW: _lazy("Needs a review"),
    RELATED: _lazy("Related"),
    CLEAR: _lazy("Clear"),
}
VERDICTS = tuple(VERDICT_WORDS)
# Above "related": between partners of two managers the deal desk decides.
FOR_THE_DESK = (HARD, REVIEW)
# Why two accounts are taken for one.
MATCH_WORDS = {
    "identifier": _lazy("same identifier"),
    "node": _lazy("same organization"),
    "overlap_with_below": _lazy("in the same system, claimed with all that lies below"),
    "overlap": _lazy("in the same system"),
    "domain": _lazy("same web domain"),
    "domain_elsewhere": _lazy("same web domain, another city"),
    "evidence": _lazy("name and place"),
}
MATCHES = ("identifier", "node", "domain", "domain_elsewhere", "overlap", "overlap_with_below")
WEIGHTS = ("base", "product", "time", "service_line", "contact")

# Who comes first, and why.
THEIRS, MINE, OPEN = "theirs", "mine", "open"
EXISTING, EARLIER, STRONGER, TIER = "existing_customer", "earlier_complete", "stronger_evidence", "tier"
PRECEDENCE_WORDS = {
    EXISTING: _lazy("The partner that won the customer comes first."),
    EARLIER: _lazy("Then the earlier complete registration."),
    STRONGER: _lazy("Then the stronger evidence."),
    TIER: _lazy("Then the higher tier."),
}
TIER_PLAYS_NO_PART = _lazy("Tier plays no part.")
PREVAILS_WORDS = {
    (THEIRS, BLOCKED): _lazy("Nobody may register this customer."),
    (THEIRS, DIRECT_ACCOUNT): _lazy("The approved list says that direct sales serve this customer."),
    (THEIRS, EXISTING): _lazy("The other one won this customer: it comes first."),
    (MINE, EXISTING): _lazy("This partner won this customer: it comes first."),
    (THEIRS, EARLIER): _lazy("The other one was complete earlier: it comes first."),
    (MINE, EARLIER): _lazy("This registration was complete earlier: it comes first."),
    (THEIRS, STRONGER): _lazy("Both were complete at once and the other one shows more evidence: it comes first."),
    (MINE, STRONGER): _lazy("Both were complete at once and this one shows more evidence: it comes first."),
    (THEIRS, TIER): _lazy("All else is equal and the other partner's tier is higher: it comes first."),
    (MINE, TIER): _lazy("All else is equal and this partner's tier is higher: it comes first."),
}  # fmt: skip

ZERO, ONE, A_YEAR = Decimal(0), Decimal(1), 365


@dataclass(frozen=True)
class Terms:
    """What the program says about conflicts, in hundredths, under a version. Until it says something, this."""

    version: int = 1
    weights: Mapping[str, int] = field(
        default_factory=lambda: dict(zip(WEIGHTS, (40, 25, 15, 10, 10), strict=True))
    )
    matches: Mapping[str, int] = field(
        default_factory=lambda: dict(zip(MATCHES, (100, 100, 95, 50, 70, 90), strict=True))
    )
    bands: Mapping[str, int] = field(default_factory=lambda: {HARD: 75, REVIEW: 45, RELATED: 20})
    precedence: tuple[str, ...] = (EXISTING, EARLIER, STRONGER)
    look_back_days: int = 60

    def verdict(self, score: Decimal) -> str:
        """The band of a score."""
        return next((band for band in (HARD, REVIEW, RELATED) if score >= self.bands[band]), CLEAR)

    def precedence_words(self) -> str:
        """The order of precedence in plain words, as everyone reads it beside a decision."""
        return " ".join(self.precedence_sentences())

    def precedence_sentences(self) -> list[str]:
        said = [str(PRECEDENCE_WORDS[rule]) for rule in self.precedence]
        return [*said, *([] if TIER in self.precedence else [str(TIER_PLAYS_NO_PART)])]


@dataclass(frozen=True)
class Claim:
    """What one side claims, as far as two are compared. `products` None: all of them."""

    name: str
    organization_id: UUID | None = None
    above: frozenset[UUID] = frozenset()
    is_with_below: bool = False
    products: frozenset[str] | None = frozenset()
    close_on: date | None = None
    is_standing: bool = False  # holds at any time: a protection's days count, or it has none
    service_lines: frozenset[str] = frozenset()
    contact: str = ""
    since: datetime | None = None
    evidence: int = 0
    tier_rank: int | None = None
    has_won: bool = False  # whoever claims it has won this customer


@dataclass(frozen=True)
class Factor:
    """One line of the arithmetic: how alike (0 to 1), its weight, the points it gives (of 100)."""

    code: str
    mine: str
    theirs: str
    alike: Decimal
    weight: Decimal
    points: Decimal


@dataclass(frozen=True)
class Match:
    """How surely two accounts are one (0 to 1), and why: a key of MATCH_WORDS."""

    alike: Decimal = ZERO
    because: str = "evidence"


def compare(mine: Claim, theirs: Claim, match: Match, terms: Terms) -> tuple[Decimal, list[Factor]]:
    """The score (0 to 100, one decimal) of two claims and the factors that make it."""
    parts = {
        "base": ("", "", ONE),
        "product": (_listed(mine.products), _listed(theirs.products), overlap(mine.products, theirs.products)),
        "time": (_day(mine), _day(theirs), closeness(mine, theirs)),
        "service_line": (_listed(mine.service_lines), _listed(theirs.service_lines),
                         overlap(mine.service_lines, theirs.service_lines)),
        "contact": (mine.contact, theirs.contact, same_contact(mine.contact, theirs.contact)),
    }  # fmt: skip
    why = MATCH_WORDS[match.because]
    factors = [Factor("account", mine.name, f"{theirs.name} ({why})", match.alike, ONE, ZERO)]
    for code, (said, other, alike) in parts.items():
        weight = Decimal(terms.weights[code]) / 100
        factors.append(Factor(code, said, other, alike, weight, _points(match.alike * weight * alike)))
    return sum((factor.points for factor in factors), ZERO), factors


def kind_words(kind: str, *, is_direct: bool) -> str:
    """What a candidate is, in the vendor's words; a win is another partner's or that of our own sales."""
    return str(WON_BY_OURS if is_direct and kind == WON_CUSTOMER else KIND_WORDS[kind])


def account_match(mine: Claim, theirs: Claim, likeness: Likeness | None, terms: Terms) -> Match:
    """The strongest reason to take two accounts for one: place in a tree, what they have in common, names."""
    found = [Match(), *_of_tree(mine, theirs), *(_of_likeness(likeness) if likeness else ())]
    weighed = [one if one.because == "evidence" else _by_terms(one, terms) for one in found]
    return max(weighed, key=lambda match: match.alike)


def _of_tree(mine: Claim, theirs: Claim) -> Iterable[Match]:
    if mine.organization_id is None or theirs.organization_id is None:
        return
    if mine.organization_id == theirs.organization_id:
        yield Match(because="node")
    upper = (
        theirs
        if theirs.organization_id in mine.above
        else mine
        if mine.organization_id in theirs.above
        else None
    )
    if upper:
        yield Match(because="overlap_with_below" if upper.is_with_below else "overlap")


def _of_likeness(likeness: Likeness) -> Iterable[Match]:
    if likeness.identifier:
        yield Match(because="identifier")
    if likeness.domain:
        yield Match(because="domain_elsewhere" if likeness.is_elsewhere else "domain")
    yield Match(likeness.evidence.score)


def _by_terms(match: Match, terms: Terms) -> Match:
    return Match(Decimal(terms.matches[match.because]) / 100, match.because)


def overlap(mine: frozenset[str] | None, theirs: frozenset[str] | None) -> Decimal:
    """The share of mine that the other claims too; None on either side stands for all."""
    if mine is None or theirs is None:
        return ONE
    return _share(Decimal(len(mine & theirs)) / len(mine)) if mine else ZERO


def closeness(mine: Claim, theirs: Claim) -> Decimal:
    """1 for the same day, falling evenly to 0 for a year apart; 1 beside what holds at any time; 0 where unknown."""
    if theirs.is_standing or mine.is_standing:
        return ONE
    if mine.close_on is None or theirs.close_on is None:
        return ZERO
    return _share(max(ZERO, 1 - Decimal(abs((mine.close_on - theirs.close_on).days)) / A_YEAR))


def same_contact(mine: str, theirs: str) -> Decimal:
    """1 where both name the same person: one mail address in common, or the same words."""
    one, other = normal(mine).replace(",", " ").split(), normal(theirs).replace(",", " ").split()
    if not one or not other:
        return ZERO
    addresses = {word for word in one if "@" in word} & {word for word in other if "@" in word}
    return ONE if addresses or sorted(one) == sorted(other) else ZERO


def prevailing(kind: str, mine: Claim, theirs: Claim, terms: Terms) -> tuple[str, str]:
    """Who comes first by the program's order of precedence, and the rule that says so; (OPEN, "") where none does."""
    if kind in OURS:
        return THEIRS, kind
    for rule in terms.precedence:
        if winner := _by_rule(rule, mine, theirs):
            return winner, rule
    return OPEN, ""


def _by_rule(rule: str, mine: Claim, theirs: Claim) -> str:
    if rule == EXISTING:
        return _first(not mine.has_won, not theirs.has_won)
    if rule == EARLIER:
        return _first(mine.since, theirs.since)
    if rule == STRONGER:
        return _first(theirs.evidence, mine.evidence)
    return _first(theirs.tier_rank, mine.tier_rank)


def _first(mine: object, theirs: object) -> str:
    """Who has the lesser one; "" where they are equal or one is not known."""
    if mine is None or theirs is None or mine == theirs:
        return ""
    return MINE if mine < theirs else THEIRS  # type: ignore[operator]


def lines(text: str) -> frozenset[str]:
    """Service lines as somebody typed them, one by one: "Cardiology, ICU" are two."""
    return frozenset(filter(None, (normal(part) for part in re.split(r"[,;/\n]", text))))


def _share(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


def _points(share: Decimal) -> Decimal:
    return (100 * share).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _listed(names: frozenset[str] | None) -> str:
    return _("All products") if names is None else ", ".join(sorted(names))


def _day(claim: Claim) -> str:
    if claim.is_standing:
        return _("At any time")
    return format_date(claim.close_on, "j M Y") if claim.close_on else _("not known")
