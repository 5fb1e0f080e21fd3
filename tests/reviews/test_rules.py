"""Quarters, the proposed day, and the table of moves."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Conflict
from core.workdays import is_workday
from reviews import rules
from reviews.rules import Quarter

days = st.dates(date(2024, 1, 1), date(2034, 12, 31))
countries = st.sampled_from(["US", "GB", "DE", "JP", "CA", "AU"])
FACTS = {"notice_days": 14, "from_day": 60, "country": "US"}


def test_a_quarter_has_three_months():
    assert (Quarter(2026, 4).starts_on, Quarter(2026, 4).ends_on) == (date(2026, 10, 1), date(2026, 12, 31))
    assert Quarter(2028, 1).ends_on == date(2028, 3, 31)
    assert (str(Quarter(2026, 4)), Quarter(2026, 4).name, Quarter(2026, 4).next) == (
        "2026Q4",
        "Q4 2026",
        Quarter(2027, 1),
    )


@given(days)
def test_each_day_lies_in_its_quarter_and_in_no_other(on):
    quarter = Quarter.of(on)
    assert quarter.starts_on <= on <= quarter.ends_on < quarter.next.starts_on
    assert Quarter.parse(str(quarter)) == quarter


@pytest.mark.parametrize(
    "code", ["", "2026", "2026Q5", "2026Q0", "Q4 2026", "1999Q1", "2026q4", "2026Q44", "２０２６Q4"]
)
def test_anything_else_is_no_quarter(code):
    with pytest.raises(ValueError):
        Quarter.parse(code)


def test_the_next_quarter_is_planned_once_it_is_near():
    assert rules.quarters_to_plan(date(2026, 11, 16), 45) == [Quarter(2026, 4)]
    assert rules.quarters_to_plan(date(2026, 11, 17), 45) == [Quarter(2026, 4), Quarter(2027, 1)]


@given(days, countries, st.sets(st.integers(0, 92), max_size=20))
def test_a_proposed_day_is_a_working_day_with_notice_in_its_quarter(today, country, busy_offsets):
    quarter = Quarter.of(today)
    busy = {quarter.starts_on + timedelta(days=n) for n in busy_offsets}
    on = rules.propose(quarter, today=today, notice_days=14, from_day=60, country=country, busy=busy)
    if on is None:
        assert (quarter.ends_on - today).days < 14 + 6
    else:
        assert is_workday(on, country) and on >= today + timedelta(days=14)
        assert quarter.starts_on + timedelta(days=59) <= on <= quarter.ends_on


def test_a_busy_day_is_passed_over():
    first = rules.propose(Quarter(2026, 4), today=date(2026, 10, 1), **FACTS)
    assert first == date(2026, 11, 30)
    assert rules.propose(Quarter(2026, 4), today=date(2026, 10, 1), busy={first}, **FACTS) == date(
        2026, 12, 1
    )


def test_a_holiday_is_no_working_day():
    assert rules.propose(Quarter(2026, 4), today=date(2026, 12, 11), **FACTS) == date(2026, 12, 28)


def test_too_late_in_a_quarter_nothing_is_proposed():
    assert rules.propose(Quarter(2026, 4), today=date(2026, 12, 20), **FACTS) is None


def test_a_review_is_missed_after_its_margin():
    assert not rules.is_overdue(Quarter(2026, 4), date(2027, 1, 15), 15)
    assert rules.is_overdue(Quarter(2026, 4), date(2027, 1, 16), 15)


OPEN_MOVES = {
    "scheduled": ["move", "hold", "cancel", "miss"],
    "held": ["sign_off"],
    "signed_off": [],
    "cancelled": ["reopen"],
    "missed": ["reopen"],
}


@pytest.mark.parametrize("state", rules.STATES)
@pytest.mark.parametrize("move", rules.LIFECYCLE.moves)
def test_only_the_moves_of_the_table_are_open(state, move):
    if move in OPEN_MOVES[state]:
        assert rules.LIFECYCLE.after(state, move) in rules.STATES
    else:
        with pytest.raises(Conflict):
            rules.LIFECYCLE.after(state, move)


def test_a_partner_completes_only_its_own_promises():
    assert rules.may_complete("partner", by_vendor=False) and not rules.may_complete(
        "vendor", by_vendor=False
    )
    assert rules.may_complete("partner", by_vendor=True) and rules.may_complete("vendor", by_vendor=True)
