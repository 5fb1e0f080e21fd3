"""The states of a gate: every edge is a day."""

from datetime import date, timedelta

from compliance.rules import Dates, gate_state, last_valid_day, state

PASSED, UNTIL = date(2025, 11, 24), date(2026, 11, 23)
A_DAY = timedelta(days=1)


def test_twelve_months_end_on_the_day_before_the_anniversary():
    assert last_valid_day(PASSED, 12) == UNTIL
    assert last_valid_day(date(2024, 2, 29), 12) == date(2025, 2, 27)


def test_the_last_valid_day_counts_and_the_next_does_not():
    assert state(Dates(PASSED, UNTIL), UNTIL, 0) == "valid"
    assert state(Dates(PASSED, UNTIL), UNTIL + A_DAY, 0) == "expired"


def test_expiring_begins_so_many_days_ahead():
    assert state(Dates(PASSED, UNTIL), UNTIL - timedelta(days=60), 60) == "valid"
    assert state(Dates(PASSED, UNTIL), UNTIL - timedelta(days=59), 60) == "expiring"


def test_a_revoked_record_is_revoked_even_when_it_would_have_expired():
    assert state(Dates(PASSED, UNTIL, date(2026, 1, 1)), UNTIL + A_DAY, 0) == "revoked"


def test_the_best_record_speaks_for_the_gate():
    old, new = Dates(PASSED, UNTIL), Dates(UNTIL, UNTIL + timedelta(days=365))
    assert gate_state([old, new], UNTIL + A_DAY, 60) == "valid"
    assert gate_state([old], UNTIL + A_DAY, 60) == "expired"
    assert gate_state([], UNTIL, 60) == "none"
