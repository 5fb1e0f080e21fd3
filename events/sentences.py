"""The words of the timeline: for each event type what someone did, or what happened by itself, and an icon.

`say("deal.approved", _("approved %(subject)s"), _("%(subject)s was approved"), icon="shield-check")`. The words may
use the payload's keys beside `subject`; `money` is its amount and currency, and "tier_name" its "tier" as a name. A
type without words of its own is told by its promise.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.dateformat import format as format_date
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

from core.money import Money
from core.templatetags.ui import money
from events import types


@dataclass(frozen=True)
class Words:
    """How one event type is told: `done` follows the name of who did it, `happened` stands alone."""

    done: Any
    happened: Any
    icon: str = "point"


@dataclass(frozen=True)
class Told:
    """One event in words. `actor` is "" where the sentence stands alone."""

    actor: str
    sentence: str
    icon: str


_words: dict[str, Words] = {}


def say(name: str, done: Any, happened: Any = "", *, icon: str = "point") -> None:
    """Give an event type its words. Raises ValueError when it has some."""
    if name in _words:
        raise ValueError(f"{name} has its words already.")
    _words[name] = Words(done, happened or types.get(name).promise.rstrip("."), icon)


def tell(name: str, *, who: str, subject: str, data: dict[str, Any]) -> Told:
    """An event in words, from the part of its payload that the reader may see."""
    words = _words.get(name)
    if words is None:
        return Told("", _promise(name, who), "point")
    facts = {key: _readable(value) for key, value in data.items()}
    facts |= {f"{key}_name": str(value).capitalize() for key, value in facts.items()}
    facts |= {"subject": subject, "money": _money(data)}
    pattern = words.done if who else words.happened
    try:
        return Told(who, str(pattern) % facts, words.icon)
    except (KeyError, TypeError, ValueError):
        return Told("", _promise(name, who), words.icon)


def _promise(name: str, who: str) -> str:
    try:
        promise = types.get(name).promise.rstrip(".")
    except KeyError:
        promise = name
    return _("%(promise)s, by %(who)s") % {"promise": promise, "who": who} if who else promise


def _readable(value: Any) -> Any:
    """Days and instants of a payload as people write them; lists in one line."""
    if isinstance(value, list):
        return ", ".join(str(item).replace("_", " ") for item in value)
    if not isinstance(value, str):
        return value
    found = _day(value)
    return format_date(found, "j M Y") if found else value.replace("_", " ")


def _money(data: dict[str, Any]) -> str:
    """The payload's amount and currency as one figure, "" where it has none."""
    try:
        return money(Money.parse(str(data["amount"]), data["currency"]))
    except (KeyError, ValidationError):
        return ""


def _day(text: str) -> date | datetime | None:
    try:
        return parse_date(text) or parse_datetime(text)
    except ValueError:
        return None


def untold() -> list[str]:
    """The declared types that have no words of their own."""
    return [kind.name for kind in types.catalogue() if kind.name not in _words]


def words_of(name: str) -> Words | None:
    """The words of a type, None where it is told by its promise."""
    return _words.get(name)
