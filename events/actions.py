"""Recording and sealing events."""

import hmac
import json
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.db import models, transaction

from core.actors import Actor
from core.middleware import request_id
from events import types
from events.models import Event, EventSeal
from events.registry import tell

BATCH = 500


def record(
    type: str,
    subject: models.Model,
    *,
    by: Actor,
    at: datetime,
    partner: Any = None,
    data: dict[str, Any] | None = None,
) -> Event:
    """Write what happened, in the caller's transaction, and tell the receivers.

    Raises KeyError for an undeclared type and ValueError for a payload key that the type does not declare.
    """
    declared = types.get(type)
    if unknown := set(data or {}) - set(declared.keys):
        raise ValueError(f"{type} does not declare {sorted(unknown)}.")
    event = Event.objects.create(
        type=type,
        at=at,
        created_at=at,
        actor_kind=by.kind,
        actor_user_id=by.user_id,
        actor_key_id=by.key_id,
        on_behalf_of_id=by.viewing_as,
        subject_kind=subject._meta.model_name or "",
        subject_id=subject.pk,
        partner=partner,
        data=data or {},
        request_id=request_id(),
    )
    tell(event, subject)
    return event


@transaction.atomic
def seal_events(*, at: datetime) -> int:
    """Chain the events that have no seal yet; returns how many. The key lies outside the database."""
    last = EventSeal.objects.select_for_update().order_by("-sequence").first()
    sequence, previous = (last.sequence, last.hmac) if last else (0, "")
    fresh = Event.objects.filter(seal=None, created_at__lte=at).order_by("at", "id")[:BATCH]
    for event in fresh:
        sequence += 1
        mac = mac_of(event, sequence, previous)
        EventSeal.objects.create(sequence=sequence, event=event, previous=previous, hmac=mac)
        previous = mac
    return len(fresh)


def mac_of(event: Event, sequence: int, previous: str) -> str:
    """The keyed hash of an event's content, its place and the link before it."""
    content = [
        str(event.id), event.type, event.at.isoformat(), event.actor_kind, str(event.actor_user_id),
        str(event.actor_key_id), str(event.on_behalf_of_id), event.subject_kind, str(event.subject_id),
        str(event.partner_id), json.dumps(event.data, sort_keys=True, default=str), sequence, previous,
    ]  # fmt: skip
    return hmac.new(settings.AUDIT_KEY.encode(), json.dumps(content).encode(), sha256).hexdigest()


def first_broken_seal() -> int | None:
    """The sequence number at which the chain no longer fits, or None where all of it does."""
    previous, expected = "", 1
    for seal in EventSeal.objects.order_by("sequence").iterator():
        event = Event.objects.filter(pk=seal.event_id).first()
        fits = event and seal.sequence == expected and seal.previous == previous
        if not event or not fits or seal.hmac != mac_of(event, seal.sequence, previous):
            return expected
        previous, expected = seal.hmac, expected + 1
    return None
