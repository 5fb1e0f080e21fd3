"""A registration that waits too long goes to a superior. It is never refused for that."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from catalog.querysets import setting
from core.actors import SYSTEM
from core.saving import lock, save
from deals import rules
from deals.models import Deal
from events.actions import record


def escalation_due(deal: Deal, at: datetime) -> datetime | None:
    """When a registration whose clock runs from now on goes to a superior, by the program's share of its time."""
    if deal.due_at is None:
        return None
    return rules.escalation_due(
        at,
        deal.due_at,
        days=setting("deal.decide_business_days"),
        percent=setting("deal.escalate_percent"),
        country=str(deal.partner.country),
        zone=deal.time_zone,
    )


def escalate_due(*, at: datetime) -> int:
    """Tell a superior of every registration whose time is nearly used; safe to run twice. Returns how many."""
    waiting = Deal.objects.to_escalate(at).order_by("escalate_at").values_list("pk", flat=True)
    return sum(_escalate(Deal(pk=deal_id), at) for deal_id in list(waiting))


@transaction.atomic
def _escalate(deal: Deal, at: datetime) -> bool:
    """Escalate one, once. False where it was answered, or escalated, at the same moment."""
    deal = lock(deal)
    if not Deal.objects.to_escalate(at).filter(pk=deal.pk).exists():
        return False
    deal.escalated_at = at
    save(deal)
    data = {"due_at": deal.due_at.isoformat() if deal.due_at else ""}
    record("deal.escalated", deal, by=SYSTEM, at=at, partner=deal.partner, data=data)
    return True
