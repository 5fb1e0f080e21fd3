"""Windows of time: the one place that says since when a fact counts for a number asked of a day.

Every window ends with the day that is asked about; what lies later never counts. They differ in where they begin.
"""

from __future__ import annotations

from calendar import isleap
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import ExtractDay, ExtractMonth, ExtractYear
from django.db.models.lookups import GreaterThanOrEqual
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from catalog.querysets import setting
from core.clock import months_before

TRAILING, CALENDAR, FISCAL = "trailing_12_months", "calendar_year", "fiscal_year"
ENROLMENT, LIFETIME, NOW = "enrolment_period", "lifetime", "now"
WINDOWS = (TRAILING, CALENDAR, FISCAL, ENROLMENT, LIFETIME, NOW)
# What a fact of a day may be counted in; "now" is for what holds or does not.
OF_A_DAY = (TRAILING, CALENDAR, FISCAL, ENROLMENT, LIFETIME)
YEARS = (TRAILING, CALENDAR, FISCAL)
MONTHS = 12
LONGEST = 31  # days; for more, whoever asks about a partner's enrolment year is told of everybody
LEAP_DAY, DAY_BEFORE_IT = 229, 228  # month × 100 + day

NAMES = {
    TRAILING: _lazy("Trailing twelve months"),
    CALENDAR: _lazy("Calendar year"),
    FISCAL: _lazy("Fiscal year"),
    ENROLMENT: _lazy("Enrolment year"),
    LIFETIME: _lazy("Ever"),
    NOW: _lazy("On the day"),
}
SENTENCES = {
    TRAILING: _lazy(
        "The trailing twelve months: later than the same day a year before, up to and with the day."
    ),
    CALENDAR: _lazy("From 1 January of the day's year, up to and with the day."),
    FISCAL: _lazy("From the first day of our fiscal year, up to and with the day."),
    ENROLMENT: _lazy("From the partner's last anniversary in the program, up to and with the day."),
    LIFETIME: _lazy("Ever, up to and with the day."),
    NOW: _lazy("What holds on the day."),
}


def says(window: str) -> Any:
    """The window as a sentence, lazily. Raises KeyError for an unknown one."""
    return SENTENCES[window]


def starts_after(window: str, as_of: date, activated_on: date | None = None) -> date | None:
    """The last day that no longer counts in the window up to `as_of`; None where everything earlier counts.

    `activated_on` is the partner's, for its enrolment year. Raises ValueError for that window without a partner that
    was active by then (nothing of it counts), and for an unknown window.
    """
    if window in (LIFETIME, NOW):
        return None
    if window == TRAILING:
        return months_before(as_of, MONTHS)
    return _first_day(window, as_of, activated_on) - timedelta(days=1)


def _first_day(window: str, as_of: date, activated_on: date | None) -> date:
    if window == CALENDAR:
        return date(as_of.year, 1, 1)
    if window == FISCAL:
        first = date(as_of.year, setting("metric.fiscal_year_first_month"), 1)
        return first if first <= as_of else first.replace(year=as_of.year - 1)
    if window == ENROLMENT and activated_on and activated_on <= as_of:
        return _anniversary(activated_on, as_of)
    raise ValueError(f"The window {window} of {as_of} has no first day.")


def _anniversary(of: date, as_of: date) -> date:
    """The last one on or before a day; 29 February counts as 28 in other years."""
    this_year = months_before(of, (of.year - as_of.year) * MONTHS)
    return this_year if this_year <= as_of else months_before(of, (of.year - as_of.year + 1) * MONTHS)


def before(window: str, as_of: date) -> tuple[date, date]:
    """The window before this one: the last day that is too early for it, and its last day."""
    until = starts_after(window, as_of)
    assert until is not None
    start = starts_after(window, until)
    assert start is not None
    return start, until


def leaves_on(window: str, on: date, activated_on: date | None = None) -> date | None:
    """The first day on which something of a day is out of the window; None where it never is."""
    if window in (LIFETIME, NOW) or (window == ENROLMENT and (activated_on is None or activated_on > on)):
        return None
    if window == TRAILING:
        day = months_before(on, -MONTHS)
        return day if months_before(day, MONTHS) >= on else day + timedelta(days=1)
    if window == ENROLMENT:
        assert activated_on is not None
        ahead = _anniversary(activated_on, on).year - activated_on.year + 1
        return months_before(activated_on, -ahead * MONTHS)
    return months_before(_first_day(window, on, None), -MONTHS)


def counts(window: str, on: date | None, as_of: date, activated_on: date | None = None) -> bool:
    """Whether something of a day lies in the window: `within`, for one."""
    return not why_out(window, on, as_of, activated_on)


def why_out(window: str, on: date | None, as_of: date, activated_on: date | None = None) -> str:
    """Why something of a day does not count in the window, "" where it does."""
    if on is None or on > as_of:
        return _("Later than the day asked about.")
    if window == ENROLMENT and (activated_on is None or activated_on > as_of):
        return _("The partner was not enrolled on the day.")
    first = starts_after(window, as_of, activated_on)
    if first is None or on > first:
        return ""
    return str(TOO_EARLY[window])


TOO_EARLY = {
    TRAILING: _lazy("Older than twelve months."),
    CALENDAR: _lazy("Before this calendar year."),
    FISCAL: _lazy("Before this fiscal year."),
    ENROLMENT: _lazy("Before this enrolment year."),
}


def within(window: str, as_of: date, field: str, activated_field: str = "partner__activated_on") -> Q:
    """The rows whose day `field` lies in the window, as one condition that every database reads alike."""
    until = Q(**{f"{field}__lte": as_of})
    if window == ENROLMENT:
        return until & _in_enrolment_year(as_of, field, activated_field)
    first = starts_after(window, as_of)
    return until if first is None else until & Q(**{f"{field}__gt": first})


def crosses(
    window: str, after: date, until: date, field: str, activated_field: str = "partner__activated_on"
) -> Q:
    """The rows whose day `field` came into the window, or left it, after a day and up to another."""
    came = Q(**{f"{field}__gt": after, f"{field}__lte": until})
    if window == ENROLMENT:
        return came | _anniversaries_between(after, until, activated_field)
    early, late = starts_after(window, after), starts_after(window, until)
    if early is None or late is None:
        return came
    return came | Q(**{f"{field}__gt": early, f"{field}__lte": late})


def _anniversaries_between(after: date, until: date, activated_field: str) -> Q:
    """Partners of whom an enrolment year began: all their rows may have left the window."""
    if (until - after).days > LONGEST:
        return Q()
    days = [after + timedelta(days=n) for n in range(1, (until - after).days + 1)]
    begun = [Q(**{f"{activated_field}__month": on.month, f"{activated_field}__day": on.day}) for on in days]
    if any((on.month, on.day) == (2, 28) for on in days):
        begun.append(Q(**{f"{activated_field}__month": 2, f"{activated_field}__day": 29}))
    found = Q(pk__in=())
    for condition in begun:
        found |= condition
    return found


def _in_enrolment_year(as_of: date, field: str, activated_field: str) -> Q:
    """By numbers (year × 10,000 + month × 100 + day): the days of another year cannot be made in SQL everywhere."""
    by_now = as_of.month * 100 + as_of.day
    if by_now == DAY_BEFORE_IT and not isleap(as_of.year):
        by_now = LEAP_DAY
    anniversary = ExtractMonth(F(activated_field)) * 100 + ExtractDay(F(activated_field))
    start = Case(
        When(
            GreaterThanOrEqual(Value(by_now), anniversary),
            then=Value(as_of.year * 10_000) + _in_year(anniversary, as_of.year),
        ),
        default=Value((as_of.year - 1) * 10_000) + _in_year(anniversary, as_of.year - 1),
    )
    on = ExtractYear(F(field)) * 10_000 + ExtractMonth(F(field)) * 100 + ExtractDay(F(field))
    # The first condition says nothing new: an index can answer it.
    near = Q(**{f"{field}__gte": months_before(as_of, MONTHS), f"{activated_field}__lte": as_of})
    return near & Q(GreaterThanOrEqual(on, start))


def _in_year(anniversary: Any, year: int) -> Any:
    """Month × 100 + day as it falls in a year."""
    if isleap(year):
        return anniversary
    return Case(When(GreaterThanOrEqual(Value(DAY_BEFORE_IT), anniversary), then=anniversary),
                When(GreaterThanOrEqual(Value(LEAP_DAY), anniversary), then=Value(DAY_BEFORE_IT)),
                default=anniversary)  # fmt: skip
