"""The law of registrations: moves and days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Conflict
from deals import rules

days = st.dates(date(2020, 1, 1), date(2035, 12, 31))


@given(st.sampled_from(rules.STATES), st.sampled_from(list(rules.LIFECYCLE.moves)))
def test_a_move_is_open_or_refused_as_the_table_says(state, move):
    if state in rules.LIFECYCLE.moves[move].sources:
        assert rules.LIFECYCLE.after(state, move) == rules.LIFECYCLE.moves[move].to
    else:
        with pytest.raises(Conflict):
            rules.LIFECYCLE.after(state, move)


@given(st.lists(st.sampled_from(list(rules.LIFECYCLE.moves)), max_size=30))
def test_an_ended_registration_stays_ended(moves):
    state = rules.DRAFT
    ended = {s for s in rules.STATES if not rules.LIFECYCLE.open_moves(s)}
    for move in moves:
        before = state
        if move in rules.LIFECYCLE.open_moves(state):
            state = rules.LIFECYCLE.after(state, move)
        assert before not in ended or state == before


def test_every_state_can_be_reached_and_every_move_has_its_event():
    assert set(rules.LIFECYCLE.states()) == set(rules.STATES)
    assert set(rules.EVENT_OF_MOVE) == set(rules.LIFECYCLE.moves)


def test_business_days_skip_weekends_and_holidays():
    friday = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
    assert rules.decision_due(friday, 2, "US", "America/New_York") == friday + timedelta(days=4)
    before_thanksgiving = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)
    assert rules.decision_due(
        before_thanksgiving, 2, "US", "America/New_York"
    ) == before_thanksgiving + timedelta(days=5)


def test_ninety_days_end_with_the_last_day_in_the_registrations_zone():
    until = rules.protected_until(date(2026, 9, 29), 90)
    assert until == date(2026, 12, 28)
    assert rules.ends_at(until, "Asia/Tokyo") == datetime(2026, 12, 28, 15, 0, tzinfo=UTC)


@given(days)
def test_a_booking_is_in_the_window_until_the_day_before_it_leaves(booked_on):
    leaves = rules.leaves_window_on(booked_on)
    assert rules.window_start(leaves) >= booked_on
    assert rules.window_start(leaves - timedelta(days=1)) < booked_on


@pytest.mark.parametrize(("booked_on", "leaves"), [
    (date(2025, 11, 24), date(2026, 11, 24)),
    (date(2024, 2, 29), date(2025, 3, 1)),
    (date(2023, 2, 28), date(2024, 2, 28)),
])  # fmt: skip
def test_the_window_has_twelve_months(booked_on, leaves):
    assert rules.leaves_window_on(booked_on) == leaves


LARGE = rules.LengthRule(
    "Large customers", 270, kinds=frozenset({"idn"}), public_bodies=True, after_tender=60
)
GOLD_RESALE = rules.LengthRule("Gold", 120, types=frozenset({"resale"}), tiers=frozenset({"gold"}))


@pytest.mark.parametrize(
    ("facts", "deadline", "days"),
    [
        ({}, None, 90),
        ({}, date(2027, 10, 1), 90),
        ({"kind": "idn"}, None, 270),
        ({"is_public_body": True}, None, 270),
        ({"kind": "idn"}, date(2026, 12, 1), 270),
        ({"kind": "idn"}, date(2027, 7, 1), 279),  # 219 days to the deadline, and 60
        ({"kind": "idn"}, date(2035, 1, 1), 730),
        ({"tier": "gold", "type_code": "resale"}, None, 120),
        ({"tier": "gold", "type_code": "referral"}, None, 90),
        ({"tier": "silver", "type_code": "resale"}, None, 90),
        ({"tier": "gold", "type_code": "resale", "kind": "idn"}, None, 270),  # the first that fits
    ],
)
def test_the_first_length_that_fits_applies(facts, deadline, days):
    said = {"type_code": "referral", "tier": "", "kind": "hospital_system", "is_public_body": False, **facts}
    found = rules.usual_length([LARGE, GOLD_RESALE], 90, date(2026, 11, 24), deadline, **said)
    assert found.days == days and found.because


@pytest.mark.parametrize(("rank", "cap"), [(None, 5), (1, 0), (2, 9), (3, 0)])
def test_a_cap_is_read_by_rank_and_no_number_is_no_cap(rank, cap):
    assert rules.cap_of(rank, [5, 0, 9]) == cap


@pytest.mark.parametrize(("days_ago", "counts"), [(0, True), (30, True), (31, False), (-1, False)])
def test_what_happened_lately_is_at_most_thirty_days_old(days_ago, counts):
    today = date(2026, 11, 24)
    assert rules.is_recent(today - timedelta(days=days_ago), today, 30) is counts
