"""How a person who sees only their own comes to know a customer: apps above say through which of their rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.actors import Actor

Way = Callable[[Actor], Any]
_ways: list[Way] = []


def through(way: Way) -> Way:
    """In `AppConfig.ready`: a function that gives, for an actor, a queryset of organizations' keys."""
    _ways.append(way)
    return way


def ways() -> tuple[Way, ...]:
    return tuple(_ways)
