"""The lines of a record's timeline."""

from typing import Any

from core.actors import Actor
from events import sentences
from events.models import Event


def history(record: Any, actor: Actor, limit: int = 30) -> list[dict[str, Any]]:
    """What happened to a record, newest first, for the vendor's pages."""
    found = Event.objects.about(record).visible_to(actor).newest_first().select_related("actor_user")[:limit]
    return [_line(event, record) for event in found]


def _line(event: Event, record: Any) -> dict[str, Any]:
    who = event.actor_user.name if event.actor_user else ""
    told = sentences.tell(event.type, who=who, subject=str(record), data=event.data)
    return {"at": event.at, "icon": told.icon, "actor": told.actor, "sentence": told.sentence}
