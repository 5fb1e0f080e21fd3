"""The append-only log of what happened, and its seal."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from core.actors import Actor, Reach
from core.models import Record
from core.scoping import INTERNAL, ScopedQuerySet
from events.types import visible_names

# What belongs to no partner, and to every manager's work all the same.
OF_EVERYONE = ("application", "organization")


class EventQuerySet(ScopedQuerySet):
    def visible_to(self, actor: Actor) -> EventQuerySet:
        """As for every model; a partner sees only the types that are made for it.

        Events without a partner (accounts, settings) may speak of anybody's rows: someone of the vendor who
        does not see all partners sees those of applications and organisations alone.
        """
        seen: EventQuerySet = super().visible_to(actor)
        if actor.reach is Reach.ASSIGNED:
            return seen.filter(models.Q(partner__isnull=False) | models.Q(subject_kind__in=OF_EVERYONE))
        return seen if actor.is_vendor else seen.filter(type__in=visible_names())

    def about(self, *subjects: Any) -> EventQuerySet:
        """What happened to these records."""
        return self.filter(subject_id__in=[s.pk for s in subjects])

    def newest_first(self) -> EventQuerySet:
        return self.order_by("-at", "-id")


class Event(Record):
    """One thing that happened. Rows are never changed or deleted: triggers refuse it on both engines."""

    tenant = "partner_id"
    about = ("subject_kind", "subject_id")
    type = models.CharField(max_length=60)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
    )
    actor_key_id = models.UUIDField(null=True, blank=True)
    on_behalf_of_id = models.UUIDField(null=True, blank=True)
    subject_kind = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    partner = models.ForeignKey(
        "partners.Partner", models.DO_NOTHING, null=True, blank=True, related_name="+", db_constraint=False
    )
    data = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    request_id = models.CharField(max_length=64, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["subject_id", "-at", "-id"], name="event_subject"),
            models.Index(fields=["partner", "-at", "-id"], name="event_partner"),
            models.Index(fields=["type", "-at", "-id"], name="event_type"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.subject_kind} {self.subject_id}"


class EventSeal(models.Model):
    """One link of the chain over the events, in the order in which the sealer found them."""

    tenant = INTERNAL
    sequence = models.BigIntegerField(primary_key=True)
    event = models.OneToOneField(Event, models.DO_NOTHING, related_name="seal", db_constraint=False)
    previous = models.CharField(max_length=64)
    hmac = models.CharField(max_length=64)

    def __str__(self) -> str:
        return str(self.sequence)
