"""The one registry of numbers: what each means, how it is computed for all partners, and its rows for one."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import ngettext

from core.actors import Actor
from core.scoping import out_of_sight


@dataclass(frozen=True)
class Value:
    """A metric's value for one partner. None means that there is no fact at all ("no data"), never zero."""

    partner_id: UUID
    value: int | None
    n_rows: int


@dataclass(frozen=True)
class Whole:
    """A metric's value for many partners together: of all their facts, never the mean of their values."""

    value: int | None
    n_rows: int


@dataclass(frozen=True)
class Row:
    """One row behind a value. `excluded` says why it does not count, "" where it does."""

    label: str
    on: date | None
    value: int | None
    url: str = ""
    excluded: str = ""
    subject_id: UUID | None = None


@dataclass(frozen=True)
class Metric:
    """A number with a name. `unit` is "money" (minor units of the program's currency), "people", "count", "percent"
    (whole), "hours", "days" (tenths of a business day) or "bool".

    `values(as_of, partner_ids=None)` is one set-based query; `rows(partner_id, as_of)` is the drill-down, with the
    excluded rows and why. `window` and `population` are sentences; `next_change(partner_id, as_of)` (optional) is
    the next day on which the value falls by itself; `whole(as_of, partner_ids=None)` (optional) is the value of these
    partners together.
    """

    key: str
    name: Any
    unit: str
    direction: str
    question: Any
    population: Any
    window: Any
    values: Callable[..., Iterable[Value]]
    rows: Callable[[UUID, date], list[Row]]
    next_change: Callable[[UUID, date], date | None] | None = None
    whole: Callable[..., Whole] | None = None
    windows: tuple[str, ...] = ()


_metrics: dict[str, Metric] = {}


def register(metric: Metric) -> Metric:
    """Register once, in `<app>/metrics.py`. Raises ValueError when the key is taken."""
    if metric.key in _metrics:
        raise ValueError(f"Metric {metric.key} is registered twice.")
    _metrics[metric.key] = metric
    return metric


def rows_for(metric: Metric, partner_id: UUID, on: date, actor: Actor) -> list[Row]:
    """The rows behind a value as one person may read them: what they do not see is one line without a name."""
    rows = metric.rows(partner_id, on)
    hidden = out_of_sight(actor, {row.subject_id for row in rows if row.subject_id})
    seen = [row for row in rows if row.subject_id not in hidden]
    theirs = [row for row in rows if row.subject_id in hidden and not row.excluded]
    if theirs:
        known = [row.value for row in theirs if row.value is not None]
        total = sum(known) if known else None
        label = ngettext("%(n)s of a colleague", "%(n)s of colleagues", len(theirs)) % {"n": len(theirs)}
        seen.append(Row(label, None, total))
    return seen


def get(key: str) -> Metric:
    """Raises KeyError for an unknown key."""
    return _metrics[key]


def known() -> dict[str, Metric]:
    return dict(_metrics)
