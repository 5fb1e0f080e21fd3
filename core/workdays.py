"""Working days of a country: weekends and public holidays do not count."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays


@lru_cache(maxsize=256)
def _holidays(country: str, year: int) -> frozenset[date]:
    try:
        return frozenset(holidays.country_holidays(country, years=year))
    except NotImplementedError:
        return frozenset()


def is_workday(on: date, country: str) -> bool:
    """Monday to Friday and no public holiday of the country (none known: weekends alone)."""
    return on.weekday() < 5 and on not in _holidays(country, on.year)


def after_workdays(start: datetime, count: int, country: str, tz: ZoneInfo) -> datetime:
    """The same time of day, `count` working days later, in the given zone."""
    here = start.astimezone(tz)
    while count:
        here += timedelta(days=1)
        count -= is_workday(here.date(), country)
    return here.astimezone(start.tzinfo)


def workdays_between(start: datetime, end: datetime, country: str, tz: ZoneInfo) -> float:
    """Working days from one instant to another, with a fraction of the last day; 0 where end is before start."""
    first, last = start.astimezone(tz), end.astimezone(tz)
    if last <= first:
        return 0.0
    whole, day = 0, first
    while day + timedelta(days=1) <= last:
        day += timedelta(days=1)
        whole += is_workday(day.date(), country)
    rest = (last - day).total_seconds() / 86_400
    return whole + (rest if is_workday(last.date(), country) else 0.0)
