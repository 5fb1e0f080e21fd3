"""The one registry of numbers: what each means, how it is computed for all partners, and its rows for one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import F, QuerySet
from django.utils.translation import ngettext

from core.actors import Actor
from core.scoping import out_of_sight


class Value(NamedTuple):
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
class Parameter:
    """Something that a metric is reckoned with: its name, its value (or how to read it), and why it is so."""

    name: Any
    value: Any
    reason: Any = ""

    @property
    def shown(self) -> str:
        return str(self.value() if callable(self.value) else self.value)


@dataclass(frozen=True)
class Metric:
    """A number with a name. `unit` is "money" (minor units of the program's currency), "people", "count", "percent"
    (whole), "hours", "days" (tenths of a business day) or "bool".

    `values(as_of, partner_ids=None)` is one set-based query; `rows(partner_id, as_of)` is the drill-down, with the
    excluded rows and why. `window` and `population` are sentences; `next_change(partner_id, as_of)` (optional) is
    the next day on which the value falls by itself; `whole(as_of, partner_ids=None)` (optional) is the value of these
    partners together.

    A metric that offers `windows` (words of `metrics.windows`, the usual one first) takes `window=` in all of these,
    and has `select(as_of, window="", scope="partner")`: its facts, grouped, value None for no data, to be put into
    other SQL; and `edges(after, until, window="")`: querysets of the ids of partners
    whose value may have changed by the passing of days alone, since a day and up to another. `is_additive`: the values
    of several partners may be added up. `scopes`: "partner"; "tree", all partners of its organization's tree;
    "market", only facts of its own market.
    """

    key: str
    name: Any
    unit: str
    direction: str
    question: Any
    population: Any
    window: Any
    values: Callable[..., Iterable[Value]]
    rows: Callable[..., list[Row]]
    next_change: Callable[..., date | None] | None = None
    whole: Callable[..., Whole] | None = None
    select: Callable[..., Grouped] | None = None
    edges: Callable[..., Iterable[QuerySet]] | None = None
    windows: tuple[str, ...] = ()
    is_additive: bool = False
    scopes: tuple[str, ...] = ("partner",)
    exclusions: Any = ""
    parameters: tuple[Parameter, ...] = ()


@dataclass(frozen=True)
class Family:
    """Metrics that data brings along, one per code: `certified_in_` and a track. `codes()` are those there are now."""

    prefix: str
    make: Callable[[str], Metric]
    codes: Callable[[], Iterable[str]]


_metrics: dict[str, Metric] = {}
_families: dict[str, Family] = {}
_uses: list[Callable[[str], Iterable[Any]]] = []


def register(metric: Metric) -> Metric:
    """Register once, in `<app>/metrics.py`. Raises ValueError when the key is taken."""
    if metric.key in _metrics:
        raise ValueError(f"Metric {metric.key} is registered twice.")
    _metrics[metric.key] = metric
    return metric


def register_family(family: Family) -> Family:
    """Register metrics that are found by the beginning of their key. Raises ValueError when it is taken."""
    if family.prefix in _families:
        raise ValueError(f"Metrics {family.prefix}… are registered twice.")
    _families[family.prefix] = family
    return family


@dataclass(frozen=True)
class Grouped:
    """A metric's facts, grouped by the partner at the end of a path, and the figures `value` and `n_rows` of them.

    Metrics that have the same facts can be read in one pass over them (`together`).
    """

    facts: QuerySet
    path: str
    value: Any
    n_rows: Any

    @property
    def queryset(self) -> QuerySet:
        """Rows (of, value, n_rows), `of` being the partner's id."""
        return self._grouped.annotate(value=self.value, n_rows=self.n_rows).values_list(
            "of", "value", "n_rows"
        )

    @property
    def pass_over(self) -> tuple[Any, ...]:
        """What is passed over, and how it is grouped: the same for metrics that may be read together."""
        query = self.facts.query
        joins, annotations = tuple(query.alias_map.values()), tuple(query.annotations.items())
        return self.facts.model, joins, annotations, query.where, self.path

    @property
    def _grouped(self) -> QuerySet:
        return self.facts.order_by().values(of=F(self.path))

    @classmethod
    def together(cls, several: Sequence[Grouped]) -> tuple[QuerySet, list[tuple[str, str]]]:
        """Rows (of, figure0, figure1, …) of metrics with the same `pass_over`, and for each metric the names of its
        value and its n_rows among them. A metric whose value is its number of rows needs one figure."""
        figures: dict[str, Any] = {}
        names = []
        for one in several:
            value = f"figure{len(figures)}"
            figures[value] = one.value
            n_rows = value if one.n_rows is one.value else f"figure{len(figures)}"
            figures[n_rows] = one.n_rows
            names.append((value, n_rows))
        return several[0]._grouped.annotate(**figures).values_list("of", *figures), names


def values_by(select: Callable[..., Grouped]) -> Callable[..., Iterable[Value]]:
    """A metric's `values` out of its `select`: the same rows, of these partners alone if asked."""

    def values(
        as_of: date, partner_ids: Iterable[UUID] | None = None, window: str = "", scope: str = "partner"
    ) -> Iterable[Value]:
        return values_in(select(as_of, window, scope).queryset, partner_ids)

    return values


def values_in(found: QuerySet, partner_ids: Iterable[UUID] | None) -> Iterable[Value]:
    """The values in rows (of, value, n_rows), of these partners alone if asked."""
    if partner_ids is not None:
        found = found.filter(of__in=list(partner_ids))
    for partner_id, value, n_rows in found:
        yield Value(partner_id, None if value is None else int(value), n_rows)


def rows_for(metric: Metric, partner_id: UUID, on: date, actor: Actor, **options: str) -> list[Row]:
    """The rows behind a value as one person may read them."""
    return readable(metric.rows(partner_id, on, **options), actor)


def readable(rows: list[Row], actor: Actor) -> list[Row]:
    """Rows as one person may read them: what they do not see is one line without a name."""
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
    """The metric of a key, or the member of a family. Raises KeyError for an unknown key."""
    if key in _metrics:
        return _metrics[key]
    for prefix, family in _families.items():
        if code := key.removeprefix(prefix) if key.startswith(prefix) else "":
            return family.make(code)
    raise KeyError(key)


def find(key: str) -> Metric | None:
    """The same, None for an unknown key."""
    try:
        return get(key)
    except KeyError:
        return None


def known() -> dict[str, Metric]:
    """What the code registers; the members of families come with `every`."""
    return dict(_metrics)


def every() -> dict[str, Metric]:
    """Every metric that there is now, those that data brings along included."""
    members = {
        f"{family.prefix}{code}": family.make(code)
        for family in _families.values()
        for code in family.codes()
    }
    return {**_metrics, **members}


def used_by(ask: Callable[[str], Iterable[Any]]) -> Callable[[str], Iterable[Any]]:
    """Offer to say where a metric is used: `ask(key)` gives (label, url) of each place. For apps above."""
    _uses.append(ask)
    return ask


def uses(key: str) -> list[Any]:
    """Each place that uses a metric, as (label, url)."""
    return [place for ask in _uses for place in ask(key)]
