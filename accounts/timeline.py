"""From events to the lines of a timeline: who did what to which record, as far as this reader may see it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from core.actors import Actor
from core.models import Vendor
from events import sentences, types
from events.models import Event

# What the name of a record needs besides its own row.
NAMED_WITH = {
    "membership": ("user",),
    "certification": ("contact", "track"),
    "gaterecord": ("partner", "gate"),
    "onboardingplan": ("partner",),
    "qbr": ("partner",),
    "implementation": ("deal", "product"),
    "appeal": ("deal",),
    "caseparty": ("deal",),
    "restructuring": ("organization", "target"),
    "transfer": ("deal",),
    "dealcredit": ("deal",),
}

# Types that say again what another event said.
ECHOES = (
    "partner.standing_noted",
    "deal.conflict_checked",
    "reminder.sent",
    "reminder.missed",
)

# What records without a number of their own are called in a sentence.
NAMES: dict[str, Callable[[Any], str]] = {
    "membership": lambda row: str(row.user),
    "gaterecord": lambda row: str(row.gate),
    "appeal": lambda row: row.deal.number,
    "caseparty": lambda row: row.deal.number if row.deal else str(row),
    "transfer": lambda row: row.deal.number,
    # Its reader may not see the deal: another partner's, until it passes over.
    "consent": lambda row: _("a transfer"),
    "dealcredit": lambda row: row.deal.number,
}


def lines(events: Iterable[Event], actor: Actor) -> list[dict[str, Any]]:
    """The lines of components/timeline.html; the number of queries does not grow with the rows."""
    events = list(events)
    people, subjects = _people(events, actor), _subjects(events, actor)
    return [_line(event, people, subjects.get(event.subject_id), actor) for event in events]


def about(*subjects: Any, actor: Actor, limit: int = 100) -> list[dict[str, Any]]:
    """The newest lines about these records."""
    return lines(Event.objects.about(*subjects).visible_to(actor).newest_first()[:limit], actor)


def of_partner(partner: Any, *, actor: Actor, limit: int = 30) -> list[dict[str, Any]]:
    """The newest lines about everything of a partner."""
    return lines(events_of(partner, actor=actor).newest_first()[:limit], actor)


def events_of(partner: Any, *, actor: Actor) -> Any:
    """What happened to everything of a partner, without what only echoes another event."""
    return Event.objects.filter(partner=partner).exclude(type__in=ECHOES).visible_to(actor)


def data_for(event: Event, actor: Actor) -> dict[str, Any]:
    """The part of an event's payload that the actor may see."""
    if actor.is_vendor:
        return dict(event.data)
    return types.get(event.type).visible_part(event.data)


def _line(event: Event, people: dict[UUID, str], subject: Any, actor: Actor) -> dict[str, Any]:
    who = _who(event, people)
    teller = "" if _joined_alone(event, subject) else who
    told = sentences.tell(event.type, who=teller, subject=_name(event, subject), data=data_for(event, actor))
    return {
        "event": event,
        "who": who,
        "at": event.at,
        "actor": told.actor,
        "sentence": told.sentence,
        "icon": told.icon,
        "url": _url(subject, actor),
    }


def _who(event: Event, people: dict[UUID, str]) -> str:
    if event.actor_user_id:
        name = people.get(event.actor_user_id, "")
        return _("%(name)s (API key)") % {"name": name} if name and event.actor_kind == "key" else name
    is_of_customer = event.actor_kind == "link" and event.subject_kind == "implementation"
    return _("The customer") if is_of_customer else ""


def _joined_alone(event: Event, subject: Any) -> bool:
    """Whether someone followed an invitation's link: “Sam joined” rather than “Sam let Sam in”."""
    own = subject is not None and getattr(subject, "user_id", None) == event.actor_user_id
    return bool(event.type == "membership.started" and own)


def _people(events: list[Event], actor: Actor) -> dict[UUID, str]:
    """Names of those who acted. A partner reads its own people's names; the vendor's are “Corvane”."""
    ids = {event.actor_user_id for event in events if event.actor_user_id}
    if not ids:
        return {}
    names = dict(User.objects.filter(pk__in=ids).values_list("pk", "name"))
    if actor.is_vendor:
        return names
    own = set(
        Membership.objects.filter(user__in=ids, partner__in=actor.partner_ids or ()).values_list(
            "user", flat=True
        )
    )
    vendor = Vendor.current().name
    return {pk: name if pk in own else vendor for pk, name in names.items()}


def _subjects(events: list[Event], actor: Actor) -> dict[UUID, Any]:
    """The records that the events are about, one query per kind, as far as the reader sees them."""
    by_kind = defaultdict(set)
    for event in events:
        by_kind[event.subject_kind].add(event.subject_id)
    found: dict[UUID, Any] = {}
    for kind, ids in by_kind.items():
        model = _models().get(kind)
        if model is not None:
            rows = model._default_manager.visible_to(actor).filter(pk__in=ids)  # type: ignore[attr-defined]
            found |= {row.pk: row for row in rows.select_related(*_related(model, kind))}
    return found


@cache
def _models() -> dict[str, type[models.Model]]:
    return {
        str(model._meta.model_name): model
        for model in apps.get_models()
        if hasattr(model._default_manager, "visible_to")
    }


def _related(model: type[models.Model], kind: str) -> list[str]:
    known = {field.name for field in model._meta.get_fields()}
    return [name for name in NAMED_WITH.get(kind, ()) if name in known]


def _name(event: Event, subject: Any) -> str:
    """What a record is called: its number where it has one, else its own name, else what kind of thing it was."""
    if subject is None:
        return event.subject_kind.replace("_", " ")
    if name := NAMES.get(event.subject_kind):
        return name(subject)
    return getattr(subject, "number", "") or str(subject)


def _url(subject: Any, actor: Actor) -> str:
    """The record's page on the reader's side, "" where there is none."""
    if subject is None or not hasattr(subject, "get_absolute_url"):
        return ""
    url = str(subject.get_absolute_url())
    if not actor.is_vendor:
        url = url.replace("/manage/", "/portal/", 1)
    return url if _exists(url.partition("#")[0].partition("?")[0]) else ""


def _exists(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True
