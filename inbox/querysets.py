"""Reads of reminders and notifications that have a name."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from accounts.models import Membership
from core.scoping import ScopedQuerySet
from inbox import rules

if TYPE_CHECKING:
    from core.actors import Actor


class ReminderQuerySet(ScopedQuerySet):
    def visible_to(self, actor: Actor) -> ReminderQuerySet:
        """As for every model; a partner sees only what goes to its own people."""
        seen: ReminderQuerySet = super().visible_to(actor)
        if actor.is_vendor:
            return seen
        own_people = Membership.objects.filter(partner__in=actor.partner_ids or (), ended_at=None).values(
            "user"
        )
        return seen.filter(recipient__in=own_people)

    def about(self, kind: str, subject_id: UUID) -> ReminderQuerySet:
        return self.filter(kind=kind, subject_id=subject_id)

    def planned(self) -> ReminderQuerySet:
        return self.filter(state=rules.PLANNED)

    def due(self, on: date) -> ReminderQuerySet:
        """Planned ones whose day has come."""
        return self.planned().filter(due_on__lte=on)


class NotificationQuerySet(ScopedQuerySet):
    def visible_to(self, actor: Actor) -> NotificationQuerySet:
        """A person's own; at a partner only what concerns that partner; nothing while looking at a portal."""
        seen: NotificationQuerySet = super().visible_to(actor)
        if actor.viewing_as:
            return seen.none()
        return seen if actor.is_vendor else seen.filter(partner__in=actor.partner_ids or ())

    def unread(self) -> NotificationQuerySet:
        return self.filter(read_at=None)

    def of(self, user: Any) -> NotificationQuerySet:
        return self.filter(user=user)
