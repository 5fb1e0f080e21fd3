"""Which reminders an occasion has, and which goes."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from inbox import rules

days = st.dates(date(2026, 1, 1), date(2028, 12, 31))
offsets = st.lists(st.integers(0, 60), min_size=1, max_size=8)


def test_days_already_past_have_no_reminder():
    assert rules.offsets_ahead(date(2026, 12, 1), [30, 14, 7, 1], date(2026, 11, 24)) == [7, 1]


def test_after_an_outage_the_latest_goes_late_and_the_earlier_are_missed():
    verdict = rules.dispatch(date(2026, 12, 1), [30, 14, 7], date(2026, 11, 26))
    assert verdict == rules.Dispatch(goes=7, missed=(30, 14), is_late=True)


def test_on_its_day_a_reminder_is_not_late():
    assert rules.dispatch(date(2026, 12, 1), [7], date(2026, 11, 24)) == rules.Dispatch(7, (), False)


@given(days, offsets, days)
def test_a_planned_reminder_is_never_due_before_today(occasion, given_offsets, today):
    ahead = rules.offsets_ahead(occasion, given_offsets, today)
    assert all(rules.due_on(occasion, n) >= today for n in ahead)
    assert ahead == sorted(set(ahead), reverse=True)


@given(days, offsets, st.integers(0, 90))
def test_exactly_one_of_the_due_ones_goes(occasion, due, later):
    today = max(rules.due_on(occasion, n) for n in due) + timedelta(days=later)
    verdict = rules.dispatch(occasion, due, today)
    assert {verdict.goes, *verdict.missed} == set(due)
    assert verdict.goes == min(due) and verdict.is_late == (later > 0)
