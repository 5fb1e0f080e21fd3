"""Use of benefits and what is spent on partners: recorded, and taken back."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.roles import Permission
from catalog.querysets import convert
from core.actors import Actor
from core.clock import day
from core.errors import Conflict
from core.money import Money
from core.saving import lock, save
from events.actions import record
from partners.models import Partner
from tiers.benefits import Entitlement, entitlements_of
from tiers.models import BenefitUse, TierInvestment


@transaction.atomic
def record_benefit_use(
    *,
    by: Actor,
    partner: Partner,
    benefit: str,
    used_on: date,
    at: datetime,
    quantity: int = 1,
    amount: Money | None = None,
    note: str = "",
) -> BenefitUse:
    """A partner used a benefit of its tier on a day; money is kept in the program's currency at the day's rate.

    Raises ValidationError: a day to come, a benefit that its tier did not give that day, an amount missing, or more
    than is left in the period.
    """
    by.must(Permission.TIER_INVEST, on=partner)
    if used_on > day(at):
        raise ValidationError({"used_on": _("This day lies in the future.")})
    partner = lock(partner)  # two at once must not both take the last one
    found = _entitled(partner, benefit, used_on)
    minor = _minor(found, amount, used_on)
    _require_left(found, quantity, minor)
    use = BenefitUse(
        partner=partner,
        program_id=found.standing.program_id,
        code=benefit,
        used_on=used_on,
        quantity=quantity,
        amount_minor=minor,
        note=note.strip(),
        recorded_by_id=by.user_id,
        created_at=at,
    )
    save(use)
    data = {"benefit": benefit, "used_on": used_on, "quantity": quantity}
    record("benefit.used", use, by=by, at=at, partner=partner, data=data)
    return use


def _entitled(partner: Partner, benefit: str, on: date) -> Entitlement:
    for found in entitlements_of(partner, on):
        if found.benefit.code == benefit:
            return found
    raise ValidationError({"benefit": _("The partner’s tier did not give this on that day.")})


def _minor(found: Entitlement, amount: Money | None, on: date) -> int | None:
    """The amount in the program's currency; None where the benefit is counted."""
    if not found.is_money:
        if amount is not None:
            raise ValidationError({"amount": _("This benefit is counted, not paid.")})
        return None
    if amount is None or amount.minor <= 0:
        raise ValidationError({"amount": _("Enter an amount.")})
    return convert(amount, on=on)[0].minor


def _require_left(found: Entitlement, quantity: int, minor: int | None) -> None:
    if quantity < 1:
        raise ValidationError({"quantity": _("Enter a whole number from 1.")})
    if found.left is not None and quantity > found.left:
        raise ValidationError(
            {"quantity": _("Only %(n)s are left in this period.") % {"n": max(found.left, 0)}}
        )
    if minor is not None and found.left_minor is not None and minor > found.left_minor:
        raise ValidationError({"amount": _("This is more than what is left in this period.")})


@transaction.atomic
def take_back_benefit_use(*, by: Actor, use: BenefitUse, at: datetime) -> BenefitUse:
    """It was recorded by mistake and no longer counts. Raises Conflict (taken back already)."""
    by.must(Permission.TIER_INVEST, on=use)
    use = lock(use)
    _require_counting(use.taken_back_at)
    use.taken_back_at = at
    save(use)
    data = {"benefit": use.code, "used_on": use.used_on, "quantity": use.quantity}
    record("benefit.use_taken_back", use, by=by, at=at, partner=use.partner, data=data)
    return use


def _require_counting(taken_back_at: datetime | None) -> None:
    if taken_back_at:
        raise Conflict(_("This entry was taken back already."), code="closed_move")


@transaction.atomic
def record_investment(
    *, by: Actor, partner: Partner, spent_on: date, amount: Money, purpose: str, at: datetime
) -> TierInvestment:
    """What we spent on a partner on a day, in any currency; the program's amount is at that day's rate.

    Raises ValidationError: a day to come, nothing spent, no purpose, no rate of the day.
    """
    by.must(Permission.TIER_INVEST, on=partner)
    if spent_on > day(at):
        raise ValidationError({"spent_on": _("This day lies in the future.")})
    if amount.minor <= 0:
        raise ValidationError({"amount": _("Enter an amount.")})
    if not purpose.strip():
        raise ValidationError({"purpose": _("Say what it was spent on.")})
    spent = TierInvestment(
        partner=partner,
        spent_on=spent_on,
        amount_minor=amount.minor,
        currency=amount.currency,
        program_minor=convert(amount, on=spent_on)[0].minor,
        purpose=purpose.strip(),
        recorded_by_id=by.user_id,
        created_at=at,
    )
    save(spent)
    data = {"spent_on": spent_on, "amount_minor": amount.minor, "currency": amount.currency}
    record("tier_investment.recorded", spent, by=by, at=at, partner=partner, data=data)
    return spent


@transaction.atomic
def take_back_investment(*, by: Actor, investment: TierInvestment, at: datetime) -> TierInvestment:
    """It was recorded by mistake and no longer counts. Raises Conflict (taken back already)."""
    by.must(Permission.TIER_INVEST, on=investment.partner)
    investment = lock(investment)
    _require_counting(investment.taken_back_at)
    investment.taken_back_at = at
    save(investment)
    data = {
        "spent_on": investment.spent_on,
        "amount_minor": investment.amount_minor,
        "currency": investment.currency,
    }
    record("tier_investment.taken_back", investment, by=by, at=at, partner=investment.partner, data=data)
    return investment
