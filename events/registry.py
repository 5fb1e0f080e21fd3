"""Receivers: how a higher app hears what happened below it, in the same transaction."""

from collections import defaultdict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from events.models import Event

Receiver = Callable[["Event", Any], None]
_receivers: dict[str, list[Receiver]] = defaultdict(list)


def on(*names: str) -> Callable[[Receiver], Receiver]:
    """Call `f(event, subject)` for each event of these types. It writes its own app's rows, or queues work."""

    def register(receiver: Receiver) -> Receiver:
        for name in names:
            _receivers[name].append(receiver)
        return receiver

    return register


def tell(event: "Event", subject: Any) -> None:
    for receiver in _receivers.get(event.type, ()):
        receiver(event, subject)


def heard() -> list[str]:
    """The event types that someone listens to."""
    return sorted(_receivers)
