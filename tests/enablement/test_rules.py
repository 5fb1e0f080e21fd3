"""When a certification counts: every edge is a day."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from enablement.rules import Dates, expiry, months_after, state, why_out

PASSED, EXPIRES = date(2025, 1, 15), date(2027, 1, 15)
A_DAY = timedelta(days=1)


def test_the_day_of_passing_counts_and_the_day_before_does_not():
    assert why_out(Dates(PASSED, EXPIRES), PASSED) == ""
    assert why_out(Dates(PASSED, EXPIRES), PASSED - A_DAY) == "future"


def test_the_day_of_expiry_no_longer_counts():
    assert why_out(Dates(PASSED, EXPIRES), EXPIRES - A_DAY) == ""
    assert why_out(Dates(PASSED, EXPIRES), EXPIRES) == "expired"


def test_a_revocation_and_a_departure_count_from_their_day_on():
    on = date(2026, 3, 1)
    assert why_out(Dates(PASSED, EXPIRES, revoked_on=on), on - A_DAY) == ""
    assert why_out(Dates(PASSED, EXPIRES, revoked_on=on), on) == "revoked"
    assert why_out(Dates(PASSED, EXPIRES, left_on=on), on - A_DAY) == ""
    assert why_out(Dates(PASSED, EXPIRES, left_on=on), on) == "left"


def test_expiring_begins_so_many_days_ahead():
    dates = Dates(PASSED, EXPIRES)
    assert state(dates, EXPIRES - timedelta(days=60), 60) == "expiring"
    assert state(dates, EXPIRES - timedelta(days=61), 60) == "valid"


def test_a_leap_day_becomes_the_last_of_february():
    assert months_after(date(2024, 2, 29), 24) == date(2026, 2, 28)
    assert months_after(date(2024, 2, 29), 48) == date(2028, 2, 29)


def test_a_renewal_within_the_window_goes_on_from_the_old_end():
    ends = date(2027, 1, 15)
    anew = {day: months_after(day, 24) for day in (ends - timedelta(days=91), ends, ends + A_DAY)}
    for passed_on in (ends - timedelta(days=90), ends - A_DAY):
        assert expiry(passed_on, 24, renews=ends, window_days=90) == date(2029, 1, 15)
    for passed_on, expected in anew.items():
        assert expiry(passed_on, 24, renews=ends, window_days=90) == expected
    assert expiry(ends - A_DAY, 24, renews=ends, window_days=0) == months_after(ends - A_DAY, 24)
    assert expiry(ends - A_DAY, 24) == months_after(ends - A_DAY, 24)


def test_a_renewal_of_one_that_ends_on_a_leap_day_ends_in_february():
    assert expiry(date(2028, 2, 1), 24, renews=date(2028, 2, 29), window_days=90) == date(2030, 2, 28)


DAYS = st.dates(date(2020, 1, 1), date(2030, 1, 1))


@given(DAYS, DAYS, st.integers(1, 60), st.integers(0, 365))
def test_a_renewal_never_ends_before_one_that_starts_anew(passed_on, renews, months, window):
    assert expiry(passed_on, months, renews=renews, window_days=window) >= expiry(passed_on, months)


@given(DAYS, st.integers(1, 800), st.none() | DAYS, st.none() | DAYS, DAYS)
def test_what_once_stopped_counting_never_counts_again(passed_on, length, revoked_on, left_on, on):
    dates = Dates(passed_on, passed_on + timedelta(days=length), revoked_on, left_on)
    if why_out(dates, on) not in ("", "future"):
        assert why_out(dates, on + A_DAY)
