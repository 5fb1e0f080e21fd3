"""The work queue: everything that waits for one person, by due time, read from the records' states and never stored.

`kinds.py` has one entry per kind; here they are counted, listed, grouped and put off.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import CharField, Count, Exists, OuterRef, Q, QuerySet, Value
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.clock import end_of, start_of
from core.clock import zone as program_zone
from home.models import Snooze
from partners.models import Partner

MINE, ALL = "mine", "all"
MOST_OF_A_KIND = 200
OVERDUE, TODAY, THIS_WEEK, LATER = "overdue", "today", "this_week", "later"
GROUPS = {OVERDUE: _("Overdue"), TODAY: _("Today"), THIS_WEEK: _("This week"), LATER: _("Later")}


@dataclass(frozen=True)
class Kind:
    """One kind of thing that can wait. `waiting(actor, at)` are the rows that this actor may act on.

    `partner` and `due` are paths from the row; `due` leads to an instant or a day. `since(row)` is when its time
    began. `mine(actor)` says which rows are the actor's own rather than any colleague's.
    """

    key: str
    section: str
    icon: str
    act: Any
    permission: str
    waiting: Callable[[Actor, datetime], Any]
    due: str
    since: Callable[[Any], Any]
    title: Callable[[Any], str]
    reason: Callable[[Any], str]
    url: Callable[[Any], str]
    partner: str = "partner"
    who: Callable[[Any], tuple[str, str]] | None = (
        None  # of things without a partner: whom they concern, as what
    )
    with_: Sequence[str] = ()
    mine: Callable[[Actor], Q] | None = None

    def rows(self, actor: Actor, at: datetime, scope: str) -> QuerySet:
        """Those that wait for the actor and that it has not put off."""
        put_off = Snooze.objects.of(actor).running(at).filter(kind=self.key, subject_id=OuterRef("pk"))
        found = self.waiting(actor, at).filter(~Exists(put_off))
        return found.filter(self.own(actor)) if scope == MINE else found

    def own(self, actor: Actor) -> Q:
        return self.mine(actor) if self.mine else Q(**{f"{self.partner}__psm": actor.user_id})

    def item(self, row: Any, at: datetime, zone: ZoneInfo) -> Item:
        """A row as an item; days are days in the program's zone."""
        due = _along(row, self.due)
        partner = _along(row, self.partner) if self.partner else None
        who = self.who(row) if self.who else ("", "")
        return Item(self, row.pk, partner, who, self.title(row), self.reason(row), due, self.url(row),
                    _instant(self.since(row), start_of, zone), _instant(due, end_of, zone), at, zone)  # fmt: skip


@dataclass(frozen=True)
class Item:
    """One thing that waits, as the page and the API show it."""

    kind: Kind
    id: UUID
    partner: Any
    who: tuple[str, str]
    title: str
    reason: str
    due: datetime | date
    url: str
    since: datetime
    due_at: datetime
    at: datetime = field(repr=False)
    zone: ZoneInfo = field(repr=False)

    @property
    def is_late(self) -> bool:
        return self.due_at <= self.at

    @property
    def used(self) -> float:
        """The share of its time that is used, 0 to 1."""
        whole = (self.due_at - self.since).total_seconds()
        return min(max((self.at - self.since).total_seconds() / whole, 0.0), 1.0) if whole > 0 else 1.0

    @property
    def has_hour(self) -> bool:
        return isinstance(self.due, datetime)

    def group(self, tz: ZoneInfo) -> str:
        """Overdue, today, this week (seven days) or later: instants in the reader's zone, days in the program's."""
        if self.is_late:
            return OVERDUE
        on = self.due.astimezone(tz).date() if isinstance(self.due, datetime) else self.due
        today = self.at.astimezone(tz if self.has_hour else self.zone).date()
        return TODAY if on <= today else THIS_WEEK if on <= today + timedelta(days=7) else LATER


@dataclass(frozen=True)
class Group:
    """Things due in the same stretch of time."""

    key: str
    name: Any
    items: list[Item]


def usual_scope(actor: Actor) -> str:
    """Whoever looks after partners begins with what is theirs; all others with what their role does."""
    mine = Partner.objects.of(actor.user_id).exclude(state="terminated") if actor.user_id else None
    return MINE if "psm" in actor.roles or (mine is not None and mine.exists()) else ALL


def kinds(actor: Actor, section: str = "") -> list[Kind]:
    """The kinds that the actor may act on."""
    from home.kinds import KINDS

    return [k for k in KINDS if actor.may(k.permission) and section in ("", k.section)]


def counts(actor: Actor, at: datetime, scope: str) -> dict[str, int]:
    """How many of each kind wait, in one query."""
    tallies = [_tally(kind, actor, at, scope) for kind in kinds(actor)]
    if not tallies:
        return {}
    return {key: n for key, n in tallies[0].union(*tallies[1:], all=True) if n}


def _tally(kind: Kind, actor: Actor, at: datetime, scope: str) -> QuerySet:
    key = Value(kind.key, output_field=CharField())
    rows = kind.rows(actor, at, scope).order_by()
    return rows.annotate(_kind=key).values("_kind").annotate(_n=Count("pk")).values_list("_kind", "_n")


def by_section(counted: dict[str, int]) -> dict[str, int]:
    """The same counts by the section of the navigation; they add up to the queue."""
    from home.kinds import KINDS

    found: dict[str, int] = {}
    for kind in KINDS:
        if n := counted.get(kind.key):
            found[kind.section] = found.get(kind.section, 0) + n
    return found


def items(
    actor: Actor,
    at: datetime,
    scope: str,
    *,
    section: str = "",
    counted: dict[str, int] | None = None,
) -> list[Item]:
    """What waits, the most urgent first: one query per kind that has something, so many of each at most."""
    counted = counts(actor, at, scope) if counted is None else counted
    found, zone = [], program_zone()
    for kind in kinds(actor, section):
        if counted.get(kind.key):
            rows = kind.rows(actor, at, scope).select_related(*_related(kind)).order_by(kind.due, "pk")
            found += [kind.item(row, at, zone) for row in rows[:MOST_OF_A_KIND]]
    return sorted(found, key=lambda item: (item.due_at, item.kind.key, item.id))


def grouped(found: list[Item], tz: ZoneInfo) -> list[Group]:
    groups: dict[str, list[Item]] = {key: [] for key in GROUPS}
    for item in found:
        groups[item.group(tz)].append(item)
    return [Group(key, GROUPS[key], rows) for key, rows in groups.items() if rows]


def waits_for(actor: Actor, key: str, subject_id: UUID, at: datetime) -> bool:
    """Whether a thing of this kind is open to this actor."""
    kind = next((k for k in kinds(actor) if k.key == key), None)
    return kind is not None and kind.waiting(actor, at).filter(pk=subject_id).exists()


def _related(kind: Kind) -> list[str]:
    return [*([kind.partner] if kind.partner else []), *kind.with_]


def _along(row: Any, path: str) -> Any:
    for part in path.split("__"):
        row = getattr(row, part)
    return row


def _instant(
    value: datetime | date, of_day: Callable[[date, ZoneInfo], datetime], zone: ZoneInfo
) -> datetime:
    return value if isinstance(value, datetime) else of_day(value, zone)
