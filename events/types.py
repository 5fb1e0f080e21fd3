"""The catalogue of event types: each app declares its own, with a promise and the keys of its payload."""

from dataclasses import dataclass, field

INTERNAL = "internal"
VISIBLE = "visible"


@dataclass(frozen=True)
class EventType:
    """One kind of thing that happens. `keys` maps a payload key to INTERNAL or VISIBLE (to the partner)."""

    name: str
    promise: str
    keys: dict[str, str] = field(default_factory=dict)
    partner_visible: bool = False

    def visible_part(self, data: dict) -> dict:
        """The part of a payload that the partner may see."""
        return {key: value for key, value in data.items() if self.keys.get(key) == VISIBLE}


_types: dict[str, EventType] = {}


def declare(name: str, promise: str, *, keys: dict[str, str], partner_visible: bool = False) -> EventType:
    """Declare a type in `<app>/events.py`. Raises ValueError when the name is taken."""
    if name in _types:
        raise ValueError(f"{name} is declared twice.")
    _types[name] = EventType(name, promise, keys, partner_visible)
    return _types[name]


def get(name: str) -> EventType:
    """Raises KeyError where the type was not declared."""
    return _types[name]


def catalogue() -> list[EventType]:
    return [_types[name] for name in sorted(_types)]


def visible_names() -> list[str]:
    return [name for name, kind in _types.items() if kind.partner_visible]
