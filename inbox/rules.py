"""Which reminders an occasion has, and which of the due ones still goes. Days are days in the program's time zone."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

PLANNED, SENT, SKIPPED, WITHDRAWN, MISSED = "planned", "sent", "skipped", "withdrawn", "missed"
STATES = (PLANNED, SENT, SKIPPED, WITHDRAWN, MISSED)


@dataclass(frozen=True)
class Dispatch:
    """What becomes of the due reminders of one person for one occasion, by their offsets in days."""

    goes: int
    missed: tuple[int, ...]
    is_late: bool


def due_on(occasion_on: date, offset: int) -> date:
    """The day on which a reminder goes out."""
    return occasion_on - timedelta(days=offset)


def offsets_ahead(occasion_on: date, offsets: Iterable[int], today: date) -> list[int]:
    """The offsets whose day is today or later, the farthest first. Days already past are never made up for."""
    return sorted({n for n in offsets if n >= 0 and due_on(occasion_on, n) >= today}, reverse=True)


def dispatch(occasion_on: date, due: Iterable[int], today: date) -> Dispatch:
    """Of the due offsets, the latest goes (late if its day is past), the earlier ones are missed."""
    *earlier, latest = sorted(set(due), reverse=True)
    return Dispatch(goes=latest, missed=tuple(earlier), is_late=due_on(occasion_on, latest) < today)
