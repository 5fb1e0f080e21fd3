"""Who looks at a registration, and what colleagues note on it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actors import vendor_actor
from accounts.models import User
from accounts.roles import VENDOR_ROLES, Permission
from core.actors import Actor
from core.errors import Conflict
from core.saving import lock, save
from deals import rules
from deals.models import Deal, DealNote
from events.actions import record

DECIDING = [role for role, permissions in VENDOR_ROLES.items() if Permission.DEAL_DECIDE in permissions]


@transaction.atomic
def assign_deal(*, by: Actor, deal: Deal, to: User | None, at: datetime) -> Deal:
    """Give a pending registration to a colleague who may decide it, or to nobody; the same one again changes nothing.

    Raises ValidationError (somebody who may not decide it, or does not see its partner), Conflict (decided).
    """
    by.must(Permission.DEAL_DECIDE, on=deal)
    deal = lock(deal)
    if deal.state not in rules.PENDING:
        raise Conflict(_("It is decided: there is nothing to give to anybody."), code="closed_move")
    if to is not None and not can_decide(to, deal):
        raise ValidationError({"to": _("Choose a colleague who may decide this registration.")})
    if deal.assigned_to_id == (to.pk if to else None):
        return deal
    data = {"from": str(deal.assigned_to_id or ""), "to": str(to.pk) if to else ""}
    deal.assigned_to = to
    save(deal)
    record("deal.assigned", deal, by=by, at=at, partner=deal.partner, data=data)
    return deal


def deciders(deal: Deal) -> Any:
    """The colleagues to whom a registration can be given: they may decide, and see its partner."""
    people = User.objects.filter(memberships__role__in=DECIDING, memberships__ended_at=None, is_active=True)
    able = [user.pk for user in people.distinct() if can_decide(user, deal)]
    return User.objects.filter(pk__in=able).order_by("name")


def can_decide(user: User, deal: Deal) -> bool:
    """Whether a person may decide a registration."""
    actor = vendor_actor(user) if user.is_active else None
    may = actor is not None and actor.may(Permission.DEAL_DECIDE)
    return may and Deal.objects.visible_to(actor).filter(pk=deal.pk).exists()  # type: ignore[arg-type]


@transaction.atomic
def note_deal(*, by: Actor, deal: Deal, text: str, at: datetime) -> DealNote:
    """Write a note for colleagues. It is never changed, and no partner reads it. Raises ValidationError (no text)."""
    by.must(Permission.DEAL_DECIDE, on=deal)
    if not text.strip():
        raise ValidationError({"text": _("Write something.")})
    note = save(DealNote(deal=deal, author_id=by.user_id, text=text.strip(), created_at=at))
    record("deal.noted", deal, by=by, at=at, partner=deal.partner, data={"note": str(note.pk)})
    return note
