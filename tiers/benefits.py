"""What a partner may use of its benefits in a period, what it has used, and what is left. Nothing is prorated.

A benefit with a frequency starts anew with each calendar month, quarter or year of the program's zone; one without runs
as long as the tier that gives it. A quantity or an amount that is not stated has no limit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from core.ranges import from_json
from partners.models import Partner
from tiers import rules
from tiers.models import BenefitUse, Standing, TierBenefit


@dataclass(frozen=True)
class Period:
    """From a day to a day that no longer belongs to it; None: as long as the tier is held."""

    starts_on: date
    ends_on: date | None = None

    def holds(self, on: date) -> bool:
        return self.starts_on <= on and (self.ends_on is None or on < self.ends_on)

    @property
    def last_day(self) -> date | None:
        return self.ends_on - timedelta(days=1) if self.ends_on else None


def period_of(frequency: str, on: date, since: date) -> Period:
    """The period of a frequency that a day lies in; `since` is the first day of the standing."""
    if frequency == rules.MONTHLY:
        return Period(on.replace(day=1), _month_after(on.year, on.month))
    if frequency == rules.QUARTERLY:
        first = 3 * ((on.month - 1) // 3) + 1
        return Period(date(on.year, first, 1), _month_after(on.year, first + 2))
    if frequency == rules.YEARLY:
        return Period(date(on.year, 1, 1), date(on.year + 1, 1, 1))
    return Period(since)


def _month_after(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1)


@dataclass(frozen=True)
class Entitlement:
    """A benefit of a standing in the period of a day, with what was used of it."""

    given: TierBenefit
    standing: Standing
    period: Period
    uses: tuple[BenefitUse, ...] = ()

    @property
    def benefit(self) -> Any:
        return self.given.benefit

    @property
    def is_money(self) -> bool:
        return self.benefit.kind == "money"

    @property
    def is_counted(self) -> bool:
        """Whether use is worth recording: it has a number or an amount, or starts anew."""
        return self.is_money or self.given.quantity is not None or bool(self.benefit.frequency)

    @property
    def quantity(self) -> int | None:
        """How often in the period; None: no limit."""
        return None if self.is_money else self.given.quantity

    @property
    def used(self) -> int:
        return sum(use.quantity for use in self.uses)

    @property
    def left(self) -> int | None:
        """How often still; below 0 where more was used than the tier gives (a tier fell within the period)."""
        return None if self.quantity is None else self.quantity - self.used

    @property
    def amount_minor(self) -> int | None:
        """The most that the period gives, in minor units of the program's currency; None: no limit stated."""
        if not self.is_money or not self.given.amount:
            return None
        stated = from_json(self.given.amount)
        found = stated.high_minor if stated.high is not None else None
        return int(found) if found is not None else None

    @property
    def used_minor(self) -> int:
        return sum(use.amount_minor or 0 for use in self.uses)

    @property
    def left_minor(self) -> int | None:
        return None if self.amount_minor is None else self.amount_minor - self.used_minor

    @property
    def is_unused(self) -> bool:
        """Nothing of it was used in the period, although it could be."""
        return self.is_counted and not self.uses

    @property
    def is_exceeded(self) -> bool:
        return any(left is not None and left < 0 for left in (self.left, self.left_minor))


def entitlements_of(partner: Partner, on: date) -> list[Entitlement]:
    """What a partner's standings give it in the periods of a day, the stated before the inherited."""
    standings = Standing.objects.in_force(on).filter(partner=partner).select_related("tier", "program")
    by_tier = {standing.tier_id: standing for standing in standings}
    given = TierBenefit.objects.filter(tier__in=by_tier).select_related("benefit", "tier")
    if not given:
        return []
    uses = list(BenefitUse.objects.counting().filter(partner=partner).order_by("used_on", "created_at"))
    return [_entitlement(one, by_tier[one.tier_id], uses, on) for one in given]


def _entitlement(given: TierBenefit, standing: Standing, uses: Iterable[BenefitUse], on: date) -> Entitlement:
    period = period_of(given.benefit.frequency, on, standing.starts_on)
    of_it = tuple(
        use
        for use in uses
        if use.code == given.benefit.code
        and use.program_id == standing.program_id
        and period.holds(use.used_on)
    )
    return Entitlement(given, standing, period, of_it)


def areas_of(partner_id: UUID | None, on: date) -> list[TierBenefit]:
    """The areas that its benefits add to the portal that every partner has."""
    held = Standing.objects.in_force(on).filter(partner=partner_id).values("tier")
    given = TierBenefit.objects.filter(tier__in=held, benefit__feature=rules.PORTAL_AREA)
    return list(given.select_related("benefit", "tier"))
