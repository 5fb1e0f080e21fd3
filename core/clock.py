"""The clock, read only by doors; and days in the program's time zone."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone

# Beyond it an instant of another zone would lie outside of what a calendar can say.
LAST_DAY = date.max - timedelta(days=3)


def now() -> datetime:
    """This instant, aware, UTC. Doors call it; rules and actions are told."""
    return timezone.now()


def zone() -> ZoneInfo:
    """The program's time zone."""
    from core.models import Vendor

    return ZoneInfo(Vendor.current().time_zone)


def day(at: datetime, tz: ZoneInfo | None = None) -> date:
    """The calendar day of an instant, in the program's time zone unless told another."""
    return at.astimezone(tz or zone()).date()


def today() -> date:
    """Today in the program's time zone. For doors."""
    return day(now())


def start_of(on: date, tz: ZoneInfo | None = None) -> datetime:
    """The first instant of a day in the program's time zone unless told another."""
    return datetime.combine(on, time(), tzinfo=tz or zone())


def end_of(on: date, tz: ZoneInfo | None = None) -> datetime:
    """The instant at which a day is over (the first of the next); the last days there are stay a day short of it."""
    return start_of(min(on, LAST_DAY) + timedelta(days=1), tz)


def months_before(on: date, months: int) -> date:
    """The same day that many months earlier; 29 February counts as 28 in other years."""
    index = on.year * 12 + on.month - 1 - months
    year, month = divmod(index, 12)
    last = 28 if month == 1 and not _leap(year) else [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month]
    return date(year, month + 1, min(on.day, last))


def _leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
