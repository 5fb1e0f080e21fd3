"""The one place where the state of a lead or an offer changes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from catalog.querysets import reason
from core.actors import Actor
from core.saving import lock, save
from events.actions import record
from leads import rules
from leads.models import Lead, LeadOffer
from partners.models import Partner


def _move(
    by: Actor,
    lead: Lead,
    move: str,
    at: datetime,
    data: dict[str, Any] | None = None,
    *,
    about: Partner | None = None,
    **facts: Any,
) -> Lead:
    """Lock the row, ask the table, set the facts, save, record. Raises Conflict where the move is closed.

    `about` is the partner whose event it is: the one that has it then, or had it before.
    """
    lead = lock(lead)
    lead.state = rules.LIFECYCLE.after(lead.state, move)
    for name, value in facts.items():
        setattr(lead, name, value)
    save(lead)
    record(rules.EVENT_OF_MOVE[move], lead, by=by, at=at, partner=about, data=data)
    return lead


def _move_offer(offer: LeadOffer, move: str, **facts: Any) -> LeadOffer:
    """The offer in the state that a move leads to, saved. Its lead, locked, is the lock."""
    offer = lock(offer)
    offer.state = rules.OFFER.after(offer.state, move)
    for name, value in facts.items():
        setattr(offer, name, value)
    return save(offer)


# What a lead forgets when its partner no longer has it.
UNHELD: dict[str, Any] = {
    "partner": None, "accepted_at": None, "accepted_by": None, "contacted_at": None, "contacted_by": "",
    "contact_note": "",
}  # fmt: skip


def reason_code(domain: str, code: str, comment: str) -> str:
    """The code of an active reason. Raises ValidationError: unknown, or it needs a comment and has none."""
    found = reason(domain, code)
    if found.requires_comment and not comment.strip():
        raise ValidationError({"comment": _("This reason needs a sentence in your own words.")})
    return found.code
