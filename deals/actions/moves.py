"""The one place where a registration's state changes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from catalog.querysets import reason
from core.actors import Actor
from core.saving import lock, save
from deals import rules
from deals.actions.escalations import escalation_due
from deals.keys import note_keys_of
from deals.models import Deal
from events.actions import record


def _move(
    by: Actor, deal: Deal, move: str, at: datetime, data: dict[str, Any] | None = None, **facts: Any
) -> Deal:
    """Lock the row, ask the table, set the facts, save, record. Raises Conflict where the move is closed."""
    deal = lock(deal)
    before, deal.state = deal.state, rules.LIFECYCLE.after(deal.state, move)
    for name, value in facts.items():
        setattr(deal, name, value)
    if deal.state != rules.ACTION_REQUIRED:
        # Whatever it was that ended the question, nothing is open any more and no clock stands still.
        deal.paused_at, deal.asked_fields = None, []
    deal.next_at = rules.next_at(deal.state, deal.due_at, deal.ends_at)
    if "due_at" in facts:
        deal.escalate_at = escalation_due(deal, at)
    save(deal)
    if before in rules.NEVER_SUBMITTED or deal.state in rules.NEVER_SUBMITTED:
        note_keys_of(deal)
    record(rules.EVENT_OF_MOVE[move], deal, by=by, at=at, partner=deal.partner, data=data)
    return deal


def reason_code(domain: str, code: str, comment: str) -> str:
    """The code of an active reason. Raises ValidationError: unknown, or it needs a comment and has none."""
    found = reason(domain, code)
    if found.requires_comment and not comment.strip():
        raise ValidationError({"comment": _("This reason needs a sentence in your own words.")})
    return found.code
