"""Whether a registration may be approved without a person: the program's conditions, each with its verdict. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from core.money import Money

SWITCH, CUSTOMER, SCOPE, OURS, SCORE, VALUE, TIER, PEOPLE, GATES = (
    "switch", "customer", "scope", "ours", "score", "value", "tier", "people", "gates",
)  # fmt: skip


@dataclass(frozen=True)
class Terms:
    """What the program asks for. A tier's rank, people or gates of 0 ask for nothing."""

    is_on: bool
    score_below: int
    value_below: Money
    tier_rank: int
    people: int
    gates: int


@dataclass(frozen=True)
class Facts:
    """What is known when a registration is sent. `value` is in the program's currency, None without a rate."""

    is_customer_known: bool
    claims_all_below: bool
    is_ours: bool  # blocked, or an approved direct account: whatever it scores
    score: Decimal
    value: Money | None
    tier_rank: int
    people: int
    gates: int


@dataclass(frozen=True)
class Condition:
    """One condition: whether it held, what was found and what was needed, as plain text."""

    code: str
    holds: bool
    found: str = ""
    needed: str = ""


def conditions(facts: Facts, terms: Terms) -> list[Condition]:
    """Every condition with its verdict; those that the program does not ask for are left out."""
    value, limit = facts.value, terms.value_below
    asked = [
        Condition(SWITCH, terms.is_on),
        Condition(CUSTOMER, facts.is_customer_known),
        Condition(SCOPE, not facts.claims_all_below),
        Condition(OURS, not facts.is_ours),
        Condition(SCORE, facts.score < terms.score_below, str(facts.score), str(terms.score_below)),
        Condition(VALUE, value is not None and value.minor < limit.minor, _text(value), _text(limit)),
    ]
    least = [
        (TIER, facts.tier_rank, terms.tier_rank),
        (PEOPLE, facts.people, terms.people),
        (GATES, facts.gates, terms.gates),
    ]
    return asked + [
        Condition(code, has >= needs, str(has), str(needs)) for code, has, needs in least if needs
    ]


def allows(found: Iterable[Condition]) -> bool:
    """Whether every condition holds."""
    return all(condition.holds for condition in found)


def _text(money: Money | None) -> str:
    return f"{money.decimal} {money.currency}" if money else ""
