"""What each tier costs and returns over the trailing year: the program's own question of whether it is worth it.

Return is the booked revenue of the tier's partners times the gross margin that the settings state. Cost is the
margin on that revenue (each partner's today, decisions about single deals left out), the money of benefits used, and
what we recorded as spent on them. A partner in two programs is counted in both.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Max, Sum

from metrics import registry, scopes
from metrics.sums import whole
from metrics.windows import TRAILING, starts_after
from partners.models import CategoryAssignment
from tiers import rules
from tiers.margins import band_of
from tiers.models import BenefitUse, MarginDecision, ProgramVersion, Standing, Tier, TierInvestment
from tiers.querysets import population

REVENUE = "annual_revenue"
MOST_ROWS = 100
NO_TIER = "none"  # how a page asks for the partners in no tier


@dataclass(frozen=True)
class Line:
    """One tier's year (None: the partners that are in no tier), in minor units of the program's currency."""

    tier: Tier | None
    partners: int
    revenue: int
    margin_paid: int
    benefits: int
    invested: int
    gross_percent: int

    @property
    def gross(self) -> int:
        return self.revenue * self.gross_percent // 100

    @property
    def cost(self) -> int:
        return self.margin_paid + self.benefits + self.invested

    @property
    def result(self) -> int:
        """What is left of the gross margin after the cost."""
        return self.gross - self.cost

    @property
    def roi(self) -> int | None:
        """The result for each 100 spent, in percent; None where nothing was."""
        return round(100 * self.result / self.cost) if self.cost else None


class Comparison:
    """A version's tiers over the trailing year up to a day, in a fixed number of queries whatever the partners."""

    def __init__(self, version: ProgramVersion, on: date, partners: Any) -> None:
        """`partners`: a queryset; who is not in the program or not active by the day is left out."""
        program = version.program
        self.after = starts_after(TRAILING, on) or date.min
        self.on = on
        self.gross = int(version.settings.get("gross_margin_percent") or 0)
        self.tiers: list[Tier | None] = [*version.tiers.order_by("-rank"), None]
        seen = population(on, program).filter(pk__in=partners.values("pk"))
        self.ids = set(seen.values_list("pk", flat=True))
        standings = Standing.objects.in_force(on).filter(program=program, partner__in=self.ids)
        self.held = {s.partner_id: s.tier for s in standings.select_related("tier__program_version")}
        self.groups: dict[str, list[UUID]] = defaultdict(list)
        for pk in self.ids:
            self.groups[self.held[pk].code if pk in self.held else ""].append(pk)
        self.revenue = self._revenue()
        self.invested = _sums(self._in_year(TierInvestment, "spent_on"), "program_minor")
        used = self._in_year(BenefitUse, "used_on").filter(program=program)
        self.benefits = _sums(used, "amount_minor")
        self.decided = self._decided()
        self.of_category = _of_categories()
        self._bands: dict[UUID, tuple[rules.Band, int, int]] = {}

    @property
    def starts_on(self) -> date:
        """The first day that counts."""
        return self.after + timedelta(days=1)

    def lines(self) -> list[Line]:
        """A line per tier, the highest first, then one for the partners in none."""
        return [self._line(tier, self._group(tier)) for tier in self.tiers]

    def rows(self, tier: Tier | None, most: int) -> list[tuple[UUID, Line]]:
        """The partners behind a tier's line, those of the most revenue first."""
        ranked = sorted(self._group(tier), key=lambda pk: (-self.revenue.get(pk, 0), str(pk)))
        return [(pk, self._line(tier, [pk])) for pk in ranked[:most]]

    def tier(self, code: str) -> Tier | None:
        """The tier of a code; None for the partners in none. Raises KeyError for a code that there is not."""
        return {tier.code if tier else NO_TIER: tier for tier in self.tiers}[code]

    def _group(self, tier: Tier | None) -> list[UUID]:
        return self.groups[tier.code if tier else ""]

    def _line(self, tier: Tier | None, ids: list[UUID]) -> Line:
        return Line(
            tier,
            len(ids),
            sum(self.revenue.get(pk, 0) for pk in ids),
            sum(self._margin(pk) for pk in ids),
            sum(self.benefits.get(pk, 0) for pk in ids),
            sum(self.invested.get(pk, 0) for pk in ids),
            self.gross,
        )

    def _revenue(self) -> dict[UUID, int]:
        metric = registry.find(REVENUE)
        found = scopes.values(metric, self.on, None, TRAILING, rules.PARTNER) if metric else ()
        return {value.partner_id: value.value or 0 for value in found}

    def _in_year(self, model: Any, field: str) -> Any:
        in_year = {f"{field}__gt": self.after, f"{field}__lte": self.on}
        return model.objects.counting().filter(**in_year)

    def _decided(self) -> dict[UUID, list[tuple[Decimal, bool]]]:
        """The decisions in force about all deals of a partner, the newest first: the percentage, whether outside."""
        found: dict[UUID, list[tuple[Decimal, bool]]] = defaultdict(list)
        rows = (
            MarginDecision.objects.filter(deal_id=None)
            .in_force(self.on)
            .values_list("partner", "percent", "is_outside")
        )
        for partner, percent, is_outside in rows:
            found[partner].append((percent, is_outside))
        return found

    def _margin(self, pk: UUID) -> int:
        """The margin on a partner's revenue at today's rate."""
        revenue = self.revenue.get(pk, 0)
        return int(revenue * self._percent(pk, revenue) / 100) if revenue else 0

    def _percent(self, pk: UUID, revenue: int) -> Decimal:
        """As tiers.margins finds it: decided, of the tier, of the category, else nothing."""
        tier = self.held.get(pk)
        bands = self._bands_of(tier) if tier and tier.margin else None
        for percent, is_outside in self.decided.get(pk, ()):
            if is_outside or (bands and rules.holds(bands[0], percent)):
                return percent
        if tier and bands:
            policy = tier.program_version.settings["margin_policy"]
            return rules.margin(bands[0], policy, revenue=revenue, starts_at=bands[1], ends_at=bands[2])
        return Decimal(0) if tier else self.of_category.get(pk, Decimal(0))

    def _bands_of(self, tier: Tier) -> tuple[rules.Band, int, int]:
        if tier.pk not in self._bands:
            self._bands[tier.pk] = band_of(tier)
        return self._bands[tier.pk]


def compare(version: ProgramVersion, on: date, partners: Any) -> list[Line]:
    """The lines of a comparison over those of a queryset of partners."""
    return Comparison(version, on, partners).lines()


def _of_categories() -> dict[UUID, Decimal]:
    """What categories give partners without a tier, the most where there are several."""
    stated = CategoryAssignment.objects.filter(valid_until=None, category__margin_percent__isnull=False)
    most = stated.order_by().values_list("partner").annotate(most=Max("category__margin_percent"))
    return {partner: Decimal(percent) for partner, percent in most.values_list("partner", "most")}


def _sums(rows: Any, field: str) -> dict[UUID, int]:
    """The sum of a column by partner; entries that are counted and not paid have no amount."""
    paid = rows.filter(**{f"{field}__isnull": False}).order_by()
    return dict(paid.values_list("partner").annotate(total=whole(Sum(field))).values_list("partner", "total"))
