"""Scales of every kind become one percentage, and back in order."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outcomes import rules


@pytest.mark.parametrize(
    ("score", "low", "high", "percent"),
    [
        ("0", "0", "10", 0),
        ("10", "0", "10", 100),
        ("9", "0", "10", 90),
        ("1", "1", "5", 0),
        ("4.5", "1", "5", 88),
        ("4.49", "1", "5", 87),
        ("-100", "-100", "100", 0),
        ("50", "-100", "100", 75),
        ("0.5", "0", "100", 1),
        ("0.49", "0", "100", 0),
    ],
)
def test_a_score_is_where_it_lies_on_its_scale(score, low, high, percent):
    assert rules.percent_of(Decimal(score), Decimal(low), Decimal(high)) == percent


@given(st.integers(-50, 50), st.integers(1, 100), st.data())
def test_more_on_the_same_scale_is_never_less(low, width, data):
    scores = sorted(data.draw(st.lists(st.integers(low, low + width), min_size=2, max_size=2)))
    one, other = (rules.percent_of(Decimal(s), Decimal(low), Decimal(low + width)) for s in scores)
    assert 0 <= one <= other <= 100


def test_a_mean_is_rounded_half_up_and_nothing_has_none():
    assert rules.mean([]) is None
    assert rules.mean([87, 88]) == 88
    assert rules.mean([0, 0, 1]) == 0


def test_a_declined_contribution_stays_declined():
    assert rules.LIFECYCLE.open_moves(rules.RECORDED) == ["verify", "decline"]
    assert rules.LIFECYCLE.open_moves(rules.VERIFIED) == ["decline"]
    assert rules.LIFECYCLE.open_moves(rules.DECLINED) == []
