"""What time does to leads: offers lapse, first contacts are missed, the pool is left. Each in its own transaction."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import structlog
from django.db import transaction

from core.actors import SYSTEM
from core.saving import lock
from leads import rules
from leads.actions.answering import _soon, _take_from, pass_on
from leads.actions.moves import _move, _move_offer
from leads.models import Lead, LeadOffer
from partners.models import Partner

log = structlog.get_logger(__name__)


def pass_on_overdue(*, at: datetime) -> int:
    """Pass on every lead whose time has run out; returns how many. Killed or run twice, each is passed on once."""
    overdue = Lead.objects.overdue(at).order_by("due_at", "pk").values_list("pk", flat=True)
    return sum(_pass_on_safely(pk, at) for pk in list(overdue))


def _pass_on_safely(pk: UUID, at: datetime) -> bool:
    """One lead that cannot be passed on holds up no other."""
    try:
        return _pass_on_one(pk, at)
    except Exception:
        log.exception("lead not passed on", lead=str(pk))
        return False


@transaction.atomic
def _pass_on_one(pk: UUID, at: datetime) -> bool:
    lead = lock(Lead(pk=pk))
    if lead.due_at is None or lead.due_at > at:
        return False  # someone was faster: it was accepted, called or passed on meanwhile
    if lead.state == rules.OFFERED:
        lead = _lapse(lead, at)
    elif lead.state == rules.POOLED:
        lead = _move(SYSTEM, lead, "leave_pool", at, {"reason": rules.NOT_TAKEN}, due_at=_soon(at))
        return True  # whoever fits has seen it: a colleague decides what next
    elif lead.state == rules.ACCEPTED:
        lead = _take_from(SYSTEM, lead, "reclaim", rules.NO_CONTACT, "", at)
    else:
        return False
    pass_on(lead, at)
    return True


def _lapse(lead: Lead, at: datetime) -> Lead:
    offer = LeadOffer.objects.asked().get(lead=lead)
    _move_offer(offer, "lapse", ended_at=at)
    return _move(SYSTEM, lead, "lapse", at, about=offer.partner, partner=None, due_at=_soon(at))


@transaction.atomic
def take_back_offers(*, partner: Partner, at: datetime) -> int:
    """A partner that is suspended or ended is no longer asked. Returns how many offers."""
    offered = list(Lead.objects.awaiting_acceptance().filter(partner=partner))
    for lead in offered:
        lead = lock(lead)
        _move_offer(
            LeadOffer.objects.asked().get(lead=lead), "withdraw", reason=rules.PARTNER_ENDED, ended_at=at
        )
        data = {"reason": rules.PARTNER_ENDED}
        pass_on(
            _move(SYSTEM, lead, "withdraw_offer", at, data, about=partner, partner=None, due_at=_soon(at)), at
        )
    return len(offered)


@transaction.atomic
def take_back_all(*, partner: Partner, at: datetime) -> int:
    """A partnership has ended: what it was asked about and what it had goes to the next. Returns how many."""
    n = take_back_offers(partner=partner, at=at)
    held = list(Lead.objects.filter(partner=partner, state__in=(rules.ACCEPTED, rules.CONTACTED)))
    for lead in held:
        pass_on(_take_from(SYSTEM, lead, "reclaim", rules.PARTNER_ENDED, "", at), at)
    return n + len(held)
