"""The lines of a record's timeline."""

from typing import Any

from core.actors import Actor
from events import sentences
from events.models import Event


def history(*records: Any, actor: Actor, limit: int = 30) -> list[dict[str, Any]]:
    """What happened to these records, newest first, for the vendor's pages."""
    found = (
        Event.objects.about(*records).visible_to(actor).newest_first().select_related("actor_user")[:limit]
    )
    names = {record.pk: getattr(record, "number", "") or str(record) for record in records}
    return [_line(event, names[event.subject_id]) for event in found]


def _line(event: Event, name: str) -> dict[str, Any]:
    who = event.actor_user.name if event.actor_user else ""
    # A task that someone added has no title in its events, which hold no one's own words.
    data = {**event.data, "title": event.data.get("title") or name}
    told = sentences.tell(event.type, who=who, subject=name, data=data)
    return {"at": event.at, "icon": told.icon, "actor": told.actor, "sentence": told.sentence}
