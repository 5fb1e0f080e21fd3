"""Putting things of the work queue off, for oneself."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Permission
from core.actors import Actor
from core.saving import save
from home import queue
from home.models import Snooze

FURTHEST = timedelta(days=90)


@transaction.atomic
def snooze(*, by: Actor, kind: str, subject_id: UUID, until: datetime, at: datetime) -> Snooze:
    """Hide one thing from one's own queue until an instant within 90 days; a second time moves the instant.

    Raises ValidationError for an unknown kind, a thing that does not wait for this person, or another instant.
    """
    by.must(Permission.WORKSPACE_VIEW)
    if not at < until <= at + FURTHEST:
        raise ValidationError({"until": _("Choose an instant within the next 90 days.")})
    if not queue.waits_for(by, kind, subject_id, at):
        raise ValidationError({"subject_id": _("This does not wait for you.")})
    user = User.objects.get(pk=by.user_id)
    known = Snooze.objects.of(by).filter(kind=kind, subject_id=subject_id).first()
    row = known or Snooze(user=user, kind=kind, subject_id=subject_id, created_at=at)
    row.until = until
    return save(row)


@transaction.atomic
def wake(*, by: Actor, snooze: Snooze, at: datetime) -> Snooze:
    """Show the thing again now. Raises NotVisible for another person's snooze."""
    by.must(Permission.WORKSPACE_VIEW, on=snooze)
    snooze.until = at
    return save(snooze)
