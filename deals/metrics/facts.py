"""Figures that are made of facts, one per deal: the value and the rows behind it come from the same list.

A figure is told by one function that looks at deals and says of each whether it belongs, and how much of how many it
gives. A partner's value, the value of many partners together and the rows of the Why? are sums over these facts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from deals import rules
from metrics.registry import Metric, Row, Value, Whole, register


@dataclass(frozen=True)
class Fact:
    """What one deal gives: `part` of `whole`. `excluded` says why it does not belong, "" where it does."""

    deal_id: UUID
    partner_id: UUID
    label: str
    on: date | None
    part: int
    whole: int = 1
    excluded: str = ""
    said: str = ""


Facts = Callable[[date, Iterable[UUID] | None], Iterable[Fact]]
COUNT, PERCENT, MEAN = "count", "percent", "days"


def result(unit: str, part: int, whole: int) -> int | None:
    """A count as it is; a percentage, or a mean in tenths, rounded half up; None where there is no fact."""
    if unit == COUNT:
        return part
    if not whole:
        return None
    factor = 100 if unit == PERCENT else 1
    return (2 * factor * part + whole) // (2 * whole)


def figure(
    key: str,
    facts: Facts,
    *,
    unit: str,
    direction: str,
    name: Any,
    question: Any,
    population: Any,
    window: Any,
) -> Metric:
    """Register a figure that is made of facts."""

    def values(as_of: date, partner_ids: Iterable[UUID] | None = None) -> Iterable[Value]:
        sums: dict[UUID, list[int]] = {}
        for fact in facts(as_of, partner_ids):
            found = sums.setdefault(fact.partner_id, [0, 0, 0])
            if not fact.excluded:
                found[0], found[1], found[2] = found[0] + fact.part, found[1] + fact.whole, found[2] + 1
        for partner_id, (part, whole, n) in sums.items():
            yield Value(partner_id, result(unit, part, whole), n)

    def whole_of(as_of: date, partner_ids: Iterable[UUID] | None = None) -> Whole:
        counted = [fact for fact in facts(as_of, partner_ids) if not fact.excluded]
        part, whole = sum(fact.part for fact in counted), sum(fact.whole for fact in counted)
        return Whole(result(unit, part, whole), len(counted))

    def rows(partner_id: UUID, as_of: date) -> list[Row]:
        found = sorted(
            facts(as_of, [partner_id]), key=lambda fact: (fact.on or date.min, fact.label), reverse=True
        )
        return [_row(fact, unit) for fact in found]

    return register(
        Metric(
            key=key, name=name, unit=unit, direction=direction, question=question, population=population,
            window=window, values=values, rows=rows, whole=whole_of,
        )
    )  # fmt: skip


def _row(fact: Fact, unit: str) -> Row:
    label = (
        _("%(deal)s, %(outcome)s") % {"deal": fact.label, "outcome": fact.said} if fact.said else fact.label
    )
    return Row(
        label=label,
        on=fact.on,
        value=result(MEAN, fact.part, fact.whole) if unit == MEAN else None,
        url=f"/manage/deals/{fact.deal_id}/",
        excluded=fact.excluded,
        subject_id=fact.deal_id,
    )


def too_old(on: date | None, as_of: date) -> str:
    """Why something of a day does not lie in the trailing twelve months, "" where it does."""
    if on is None or on > as_of:
        return _("Later than the day asked about.")
    return _("Older than twelve months.") if on <= rules.window_start(as_of) else ""
