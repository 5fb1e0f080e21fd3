"""Recorded decisions about margins: within the band of a tier, outside of it, or for a partner without a tier."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.roles import Permission
from core.actors import Actor
from core.clock import day
from core.errors import Conflict
from core.ranges import from_json
from core.saving import lock, save
from events.actions import record
from partners.models import Partner
from tiers.margins import is_within, pricing_standing
from tiers.models import MarginDecision


@transaction.atomic
def decide_margin(
    *,
    by: Actor,
    partner: Partner,
    percent: Decimal,
    reason: str,
    at: datetime,
    ends_on: date | None = None,
    deal_id: UUID | None = None,
    products: tuple[str, ...] = (),
) -> MarginDecision:
    """The margin of a partner, or of one of its deals (whose `products` say which tier prices it), from today on.

    Outside the tier's band, or without a tier, it takes the permission to decide on tiers. It replaces the decision
    before it. Raises ValidationError (no reason, a day that is not to come, no percentage).
    """
    by.must(Permission.TIER_INVEST, on=partner)
    today = day(at)
    standing = pricing_standing(partner, today, products)
    tier = standing.tier if standing and standing.tier.margin else None
    is_outside = not is_within(tier, percent)
    if is_outside:
        by.must(Permission.TIER_DECIDE, on=partner)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why.")})
    if ends_on is not None and ends_on <= today:
        raise ValidationError({"ends_on": _("Enter a day that is to come.")})
    lock(partner)
    _replace(partner, deal_id, today)
    decision = MarginDecision(
        partner=partner,
        deal_id=deal_id,
        percent=percent,
        band=str(from_json(tier.margin)) if tier else "",
        is_outside=is_outside,
        reason=reason.strip(),
        decided_by_id=by.user_id,
        starts_on=today,
        ends_on=ends_on,
        created_at=at,
    )
    save(decision)
    data = {
        "percent": str(percent),
        "is_outside": is_outside,
        "ends_on": ends_on,
        "is_of_deal": bool(deal_id),
    }
    record("margin.decided", decision, by=by, at=at, partner=partner, data=data)
    return decision


def _replace(partner: Partner, deal_id: UUID | None, today: date) -> None:
    """The decision before it, about the same, ends today."""
    for earlier in MarginDecision.objects.in_force(today).filter(partner=partner, deal_id=deal_id):
        earlier.ends_on = today
        save(earlier)


@transaction.atomic
def end_margin_decision(*, by: Actor, decision: MarginDecision, at: datetime) -> MarginDecision:
    """From today the tier's own margin holds again. Raises Conflict (it has ended)."""
    by.must(Permission.TIER_INVEST, on=decision)
    if decision.is_outside:
        by.must(Permission.TIER_DECIDE, on=decision)
    decision = lock(decision)
    if decision.ends_on and decision.ends_on <= day(at):
        raise Conflict(_("This decision has ended already."), code="closed_move")
    decision.ends_on = day(at)
    save(decision)
    data = {"percent": str(decision.percent), "is_of_deal": bool(decision.deal_id)}
    record("margin.decision_ended", decision, by=by, at=at, partner=decision.partner, data=data)
    return decision
