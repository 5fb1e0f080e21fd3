"""What a person put off in the work queue. The queue itself is never stored: it is read from the records' states."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Record
from core.scoping import ScopedQuerySet, own_user

if TYPE_CHECKING:
    from core.actors import Actor


class SnoozeQuerySet(ScopedQuerySet):
    def running(self, at: datetime) -> SnoozeQuerySet:
        return self.filter(until__gt=at)

    def of(self, actor: Actor) -> SnoozeQuerySet:
        return self.filter(user_id=actor.user_id)


class Snooze(Record):
    """One person does not want to see one thing in the queue before an instant. It changes nothing for others."""

    tenant = own_user("user_id")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    until = models.DateTimeField(_("until"))

    objects = SnoozeQuerySet.as_manager()

    class Meta:
        ordering = ["until"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "kind", "subject_id"],
                name="one_snooze_per_thing",
                violation_error_message=_("You have put this off already."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} until {self.until}"
