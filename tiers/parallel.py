"""Two versions side by side over past month-ends: which tier each would have found, by the facts as of those days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from core.actors import Actor
from tiers import rules
from tiers.facts import Facts, asks_of, facts_of, rungs_of, waivers_of
from tiers.models import ProgramVersion
from tiers.querysets import population
from tiers.rules import NO_WAIVERS, Rung, Waivers

MOST_MONTHS = 24


@dataclass(frozen=True)
class Difference:
    """A partner for which the two versions find another tier ("" for none)."""

    partner_id: UUID
    name: str
    first: str
    second: str


@dataclass(frozen=True)
class Month:
    """One month-end: how many partners each version finds in each tier (by code, "" for none), and who differs."""

    on: date
    partners: int
    first: Counter[str]
    second: Counter[str]
    differing: tuple[Difference, ...]


def month_ends(today: date, months: int) -> list[date]:
    """The last so many month-ends that are past, the oldest first; the month of today is not over."""
    found, day = [], today
    for _n in range(months):
        day = day.replace(day=1) - timedelta(days=1)
        found.append(day)
    return found[::-1]


def parallel_run(
    first: ProgramVersion, second: ProgramVersion, days: Iterable[date], *, by: Actor
) -> list[Month]:
    """Both versions' results for each day, for the partners that somebody sees and that were active by then.

    The tier is the highest that the facts of the day reach: no grace, no decision, so that rules are compared with
    rules. A fixed number of queries for each day.
    """
    ladders = rungs_of(first), rungs_of(second)
    return [_month(first, second, ladders, on, by) for on in days]


def _month(
    first: ProgramVersion,
    second: ProgramVersion,
    ladders: tuple[list[Rung], list[Rung]],
    on: date,
    by: Actor,
) -> Month:
    names = population(on, first.program).visible_to(by).order_by("name", "pk").values_list("pk", "name")
    facts = facts_of(asks_of(first), on), facts_of(asks_of(second), on)
    waived = waivers_of(first.program, on)
    found = [
        Difference(
            pk,
            name,
            _eligible(ladders[0], facts[0].get(pk, {}), waived.get(pk, NO_WAIVERS)),
            _eligible(ladders[1], facts[1].get(pk, {}), waived.get(pk, NO_WAIVERS)),
        )
        for pk, name in names
    ]
    return Month(
        on=on,
        partners=len(found),
        first=Counter(each.first for each in found),
        second=Counter(each.second for each in found),
        differing=tuple(each for each in found if each.first != each.second),
    )


def _eligible(rungs: list[Rung], facts: Facts, waived: Waivers) -> str:
    eligible = rules.evaluate(rungs, facts, waived).eligible
    return eligible.code if eligible else ""
