"""The pipeline as it is read: open deals by the partner's stage and by the month in which they are expected to close.

All sums are made in the database per currency, then converted at one day's rates, so that the number of queries does
not grow with the deals; what has no rate is said, never left out silently.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Case, Count, F, Sum, Value, When, Window
from django.db.models.functions import RowNumber, TruncMonth
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from catalog.querysets import Rates
from core.clock import months_before
from core.money import Money
from deals import rules
from deals.models import Deal, Stage

MOST_CARDS = 15


@dataclass
class Sums:
    """How many deals, what they are worth in the program's currency, whole and weighted by their stage's chance."""

    base: str
    n: int = 0
    whole: int = 0
    weighted: int = 0
    by_currency: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    without_rate: set[str] = field(default_factory=set)

    def add(self, n: int, money: Money | None, probability: int, rates: Rates) -> None:
        self.n += n
        if money is None:
            return
        self.by_currency[money.currency] += money.minor
        converted = rates.convert(money)
        if converted is None:
            self.without_rate.add(money.currency)
            return
        self.whole += converted.minor
        self.weighted += rules.weighted(converted.minor, probability)

    def join(self, other: Sums) -> None:
        self.n, self.whole = self.n + other.n, self.whole + other.whole
        self.weighted += other.weighted
        self.without_rate |= other.without_rate
        for currency, minor in other.by_currency.items():
            self.by_currency[currency] += minor

    @property
    def money(self) -> Money:
        return Money(self.whole, self.base)

    @property
    def weighted_money(self) -> Money:
        return Money(self.weighted, self.base)

    @property
    def rounded(self) -> Money:
        """In whole units: a sum of estimates is not more exact than that."""
        return self.money.rounded()

    @property
    def weighted_rounded(self) -> Money:
        return self.weighted_money.rounded()

    @property
    def amounts(self) -> list[Money]:
        """Per currency, the largest number of minor units first."""
        return [
            Money(minor, code) for code, minor in sorted(self.by_currency.items(), key=lambda pair: -pair[1])
        ]


# The board ------------------------------------------------------------------------------------------------------


@dataclass
class Pile:
    """One stage of the board: what it means, the first of its deals, how many there are and their worth."""

    stage: Stage
    sums: Sums
    deals: list[Deal]

    @property
    def more(self) -> int:
        return self.sums.n - len(self.deals)


def stages() -> list[Stage]:
    """Those that an open deal can be at."""
    return list(Stage.objects.active().exclude(code=rules.LOST_STAGE).order_by("position"))


def board(deals: Any, rates: Rates, at: datetime) -> list[Pile]:
    """The open ones of these deals by stage, those that close first on top; two queries beside the stages."""
    found = deals.open().order_by()
    piles = {stage.pk: Pile(stage, Sums(rates.base), []) for stage in stages()}
    for row in found.values("stage_id", "currency").annotate(n=Count("pk"), sum=Sum("amount_minor")):
        if pile := piles.get(row["stage_id"]):
            money = None if row["sum"] is None else Money(row["sum"], row["currency"])
            pile.sums.add(row["n"], money, pile.stage.probability, rates)
    place = Window(RowNumber(), partition_by=[F("stage")], order_by=[F("expected_close_on"), F("pk")])
    # Only keys are ranked: whole rows of everything that is open would be sorted for a few cards.
    first = found.annotate(place=place).filter(place__lte=MOST_CARDS).values("pk")
    cards = found.with_activity(at).filter(pk__in=first)
    for deal in cards.select_related("partner", "stage").order_by("expected_close_on", "pk"):
        if pile := piles.get(deal.stage_id):
            pile.deals.append(deal)
    return list(piles.values())


# The forecast ---------------------------------------------------------------------------------------------------

NOTHING, MARKET, PARTNER, PSM = "nothing", "market", "partner", "psm"
GROUPS = {
    MARKET: ("partner__market__code", "partner__market__name"),
    PARTNER: ("partner_id", "partner__name"),
    PSM: ("partner__psm_id", "partner__psm__name"),
}


@dataclass(frozen=True)
class Span:
    """A column of the forecast: a month, what should have closed already, or all that comes later."""

    key: str
    starts_on: date | None
    ends_on: date | None


@dataclass
class Group:
    """A line of the forecast: its deals by span. `key` is what the list's filter takes, None where nothing is named."""

    key: str | None
    name: str
    cells: dict[str, Sums]
    total: Sums


@dataclass
class Forecast:
    """Open deals by the month of their expected close."""

    by: str
    spans: list[Span]
    groups: list[Group]
    months: dict[str, Sums]
    total: Sums
    rates: Rates

    def rates_used(self) -> list[tuple[str, Any, date]]:
        """The rates behind the sums: currency, units of the program's currency for one, and the day of the rate."""
        used = sorted(set(self.total.by_currency) - {self.rates.base})
        return [(code, *self.rates.known[code]) for code in used if code in self.rates.known]


PAST, LATER = "past", "later"


def spans(on: date, months: int) -> list[Span]:
    """What is past its day, this month and the next ones, and what comes after them."""
    first = on.replace(day=1)
    starts = [months_before(first, -n) for n in range(months + 1)]
    found = [Span(PAST, None, _day_before(on))]
    for start, after in zip(starts, starts[1:], strict=False):
        found.append(Span(f"{start:%Y-%m}", max(start, on), _day_before(after)))
    return [*found, Span(LATER, starts[-1], None)]


def _day_before(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1)


def forecast(deals: Any, by: str, on: date, months: int, rates: Rates) -> Forecast:
    """The open ones of these deals by month and, where `by` says so, by market, partner or manager. One query."""
    columns = spans(on, months)
    path, name = GROUPS.get(by, ("", ""))
    named = [path, name] if path else []
    found = deals.open().filter(expected_close_on__isnull=False).order_by()
    is_past = Case(When(expected_close_on__lt=on, then=Value(True)), default=Value(False))
    found = found.annotate(month=TruncMonth("expected_close_on"), is_past=is_past)
    rows = found.values("month", "is_past", "currency", "stage__probability", *named)
    groups: dict[Any, Group] = {}
    for row in rows.annotate(n=Count("pk"), sum=Sum("amount_minor")):
        key = row[path] if path else None
        group = groups.get(key)
        if group is None:
            group = groups[key] = _group(key, row[name] if name else "", columns, rates.base)
        money = None if row["sum"] is None else Money(row["sum"], row["currency"])
        span = PAST if row["is_past"] else _span_of(row["month"], columns)
        group.cells[span].add(row["n"], money, row["stage__probability"] or 0, rates)
    return _totalled(by, columns, groups.values(), rates)


def _group(key: Any, name: str | None, columns: list[Span], base: str) -> Group:
    cells = {span.key: Sums(base) for span in columns}
    return Group(None if key is None else str(key), name or "", cells, Sums(base))


def _span_of(month: date, columns: list[Span]) -> str:
    last = columns[-1].starts_on
    return LATER if last and month >= last else f"{month:%Y-%m}"


def _totalled(by: str, columns: list[Span], groups: Iterable[Group], rates: Rates) -> Forecast:
    months, total = {span.key: Sums(rates.base) for span in columns}, Sums(rates.base)
    for group in groups:
        for key, cell in group.cells.items():
            group.total.join(cell)
            months[key].join(cell)
        total.join(group.total)
    ordered = sorted(groups, key=lambda group: (group.key is None, -group.total.weighted, group.name))
    return Forecast(by, columns, ordered, months, total, rates)


def span_name(span: Span) -> str:
    """“Dec 2026”, or what it is instead of a month."""
    if span.key == PAST:
        return _("Past its day")
    if span.key == LATER and span.starts_on:
        return _("From %(month)s") % {"month": format_date(span.starts_on, "M Y")}
    return format_date(date.fromisoformat(f"{span.key}-01"), "M Y")
