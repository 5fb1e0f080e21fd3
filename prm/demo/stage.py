"""The demo's stage: one seeded source of chance, one calendar of what happens when, and the cast."""

import heapq
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from itertools import count
from random import Random
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.actors import partner_actor, vendor_actor
from accounts.models import User
from core.actors import Actor
from core.clock import months_before
from core.errors import Conflict

MONTHS = 30
PASSWORD = "welcome-to-the-demo"
log = structlog.get_logger(__name__)


class Stage:
    """Things happen in the order of their instants; each may put further things on the calendar."""

    def __init__(self, seed: int, as_of: date) -> None:
        self.rng = Random(seed)
        self.as_of = as_of
        self.start = months_before(as_of, MONTHS)
        self.end = datetime.combine(as_of, time(6), tzinfo=UTC)
        self._calendar: list[tuple[datetime, int, Callable[..., Any], tuple[Any, ...]]] = []
        self._order = count()
        self.corrected: Any = None  # the deal whose credit was corrected after its booking
        self._actors: dict[Any, Actor] = {}

    @cached_property
    def staff(self) -> dict[str, User]:
        """The vendor's people by name."""
        return {user.name: user for user in User.objects.of_vendor()}

    def on(self, day: date, what: Callable[..., Any], *about: Any) -> None:
        """Let something happen in the working hours of a day; what would lie after the end does not happen."""
        minutes = self.rng.randrange(7 * 60, 17 * 60)
        self.at(datetime.combine(day, time(), tzinfo=UTC) + timedelta(minutes=minutes), what, *about)

    def soon(self, at: datetime, days: int, what: Callable[..., Any], *about: Any) -> None:
        """Let something happen so many working days later."""
        day = at.date()
        while days or day.weekday() > 4:
            day += timedelta(days=1)
            days -= day.weekday() < 5 and days > 0
        self.on(day, what, *about)

    def at(self, instant: datetime, what: Callable[..., Any], *about: Any) -> None:
        if instant < self.end:
            heapq.heappush(self._calendar, (instant, next(self._order), what, about))

    def play(self) -> None:
        """Everything on the calendar, in order: `what(stage, at, *about)`.

        The dice fall otherwise each day: what the rules refuse then does not happen.
        """
        while self._calendar:
            at, _order, what, about = heapq.heappop(self._calendar)
            try:
                with transaction.atomic():
                    what(self, at, *about)
            except (Conflict, PermissionDenied) as why:
                log.warning("demo scene refused", scene=what.__name__, at=at.isoformat(), why=str(why))

    def day_before_end(self, most: int, least: int = 0) -> date:
        """A day between so many and so many days before the end."""
        return self.as_of - timedelta(days=self.rng.randint(least, most))

    def actor_of(self, user: User, partner: Any = None) -> Actor:
        """The person, acting for the vendor or for a partner; remembered, since nobody changes roles here."""
        key = (user.pk, partner.pk if partner else None)
        if key not in self._actors:
            found = partner_actor(user, partner.pk) if partner else vendor_actor(user)
            assert found is not None
            self._actors[key] = found
        return self._actors[key]

    def forget(self, partner: Any) -> None:
        """A partner's state changed: its people may do other things now."""
        self._actors = {key: actor for key, actor in self._actors.items() if key[1] != partner.pk}

    def colleague(self, name: str) -> Actor:
        return self.actor_of(self.staff[name])
