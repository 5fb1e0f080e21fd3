"""What each tier costs and returns over the trailing year: the program's own question of whether it is worth it.

Return is the booked revenue of the tier's partners times the gross margin that the settings state. Cost is the
margin paid on that revenue (each partner's today), the money of benefits used, and what we recorded as spent on them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import Sum

from metrics import registry, scopes
from metrics.windows import TRAILING, starts_after
from tiers import rules
from tiers.margins import margin_at
from tiers.models import BenefitUse, MarginDecision, ProgramVersion, Standing, Tier, TierInvestment
from tiers.querysets import population

REVENUE = "annual_revenue"


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


def compare(version: ProgramVersion, on: date, partners: Any) -> list[Line]:
    """A line per tier, the highest first, then one for the partners in none; over those of a queryset of partners."""
    ids = set(
        population(on, version.program).filter(pk__in=partners.values("pk")).values_list("pk", flat=True)
    )
    standings = Standing.objects.in_force(on).filter(program=version.program, partner__in=ids)
    held = {s.partner_id: s.tier for s in standings.select_related("tier__program_version")}
    year = _Year(on, ids, held)
    gross = int(version.settings.get("gross_margin_percent") or 0)
    tiers: list[Tier | None] = [*version.tiers.order_by("-rank"), None]
    groups: dict[str, list[UUID]] = defaultdict(list)
    for pk in ids:
        groups[held[pk].code if pk in held else ""].append(pk)
    return [year.line(tier, groups[tier.code if tier else ""], gross) for tier in tiers]


class _Year:
    """The year's figures by partner, in a fixed number of queries."""

    def __init__(self, on: date, ids: Iterable[UUID], held: dict[UUID, Tier]) -> None:
        ids = list(ids)
        self.held = held
        metric = registry.find(REVENUE)
        found = scopes.values(metric, on, None, TRAILING, rules.PARTNER) if metric else ()
        self.revenue = {value.partner_id: value.value or 0 for value in found}
        after = starts_after(TRAILING, on) or date.min
        invested = TierInvestment.objects.counting().filter(spent_on__gt=after, spent_on__lte=on)
        self.invested = _sums(invested, "program_minor")
        used = BenefitUse.objects.counting().filter(used_on__gt=after, used_on__lte=on)
        self.benefits = _sums(used, "amount_minor")
        decisions = (
            MarginDecision.objects.in_force(on).filter(deal_id=None).order_by("starts_on", "created_at")
        )
        self.decided = dict(decisions.values_list("partner", "percent"))

    def line(self, tier: Tier | None, ids: list[UUID], gross: int) -> Line:
        return Line(
            tier,
            len(ids),
            sum(self.revenue.get(pk, 0) for pk in ids),
            sum(self._margin(pk) for pk in ids),
            sum(self.benefits.get(pk, 0) for pk in ids),
            sum(self.invested.get(pk, 0) for pk in ids),
            gross,
        )

    def _margin(self, pk: UUID) -> int:
        """The margin on a partner's revenue at today's rate."""
        revenue, tier = self.revenue.get(pk, 0), self.held.get(pk)
        percent = self.decided.get(pk)
        if percent is None:
            found = margin_at(tier, revenue) if tier and revenue else None
            percent = found.percent if found else Decimal(0)
        return int(revenue * percent / 100)


def _sums(rows: Any, field: str) -> dict[UUID, int]:
    """The sum of a column by partner; entries that are counted and not paid have no amount."""
    paid = rows.filter(**{f"{field}__isnull": False}).order_by()
    return dict(paid.values_list("partner").annotate(total=Sum(field)).values_list("partner", "total"))
