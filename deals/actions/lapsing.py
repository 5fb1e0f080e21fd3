"""A question that nobody answers: after its last day the registration lapses."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from core.actors import SYSTEM
from core.saving import lock
from deals import rules
from deals.actions.moves import _move
from deals.models import Deal

# No zone is further ahead of UTC: a day that is over somewhere has begun there so many hours before.
AHEAD = timedelta(hours=14)


def lapse_unanswered(*, at: datetime) -> int:
    """Close what waits for its partner since before its last day, one by one; safe to run twice and at any time.

    Returns how many. The day ends in the registration's own time zone.
    """
    asked = Deal.objects.unanswered((at + AHEAD).date()).order_by("pk").values_list("pk", flat=True)
    return sum(_lapse(Deal(pk=pk), at) for pk in list(asked))


@transaction.atomic
def _lapse(deal: Deal, at: datetime) -> bool:
    """False where its partner has just answered, or its day is not over where it is registered."""
    deal = lock(deal)
    if deal.state != rules.ACTION_REQUIRED or deal.answer_until is None:
        return False
    if rules.ends_at(deal.answer_until, deal.time_zone) > at:
        return False
    data = {"answer_until": deal.answer_until.isoformat()}
    _move(SYSTEM, deal, "lapse", at, data, paused_at=None, asked_fields=[], closed_at=at)
    return True
