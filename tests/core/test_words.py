"""Figures and days read as people write them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from core import clock
from core.money import Money
from core.words import (
    day,
    days_left,
    instant,
    many,
    money,
    money_short,
    monogram,
    number,
    percent,
    tone_for_id,
)

NOW = datetime(2026, 11, 24, 15, 31, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _that_morning(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: NOW)
    monkeypatch.setattr(clock, "today", lambda: NOW.date())


@pytest.mark.parametrize(
    ("minor", "currency", "exact", "short"),
    [
        (42_000_000, "USD", "$420,000", "$420K"),
        (914_000_000, "USD", "$9,140,000", "$9.14M"),
        (18_650_000, "EUR", "€186,500", "€187K"),
        (48_200_000, "JPY", "¥48,200,000", "¥48.2M"),
        (120_050, "CAD", "CA$1,200.50", "CA$1.20K"),
        (-3_400_000, "USD", "−$34,000", "−$34K"),
        (0, "GBP", "£0", "£0"),
        (99_990_000, "USD", "$999,900", "$1M"),
    ],
)
def test_money_is_exact_on_records_and_short_on_tiles(minor, currency, exact, short):
    assert money(Money(minor, currency)) == exact
    assert money_short(Money(minor, currency)) == short


def test_money_may_come_as_a_pair_or_as_minor_units_with_a_currency():
    assert money((42_000_000, "USD")) == money(42_000_000, "USD") == "$420,000"


def test_what_is_not_known_is_said_in_words():
    assert {money(None), money_short(None), number(None), percent(None), day(None)} == {"not known"}


def test_a_share_is_a_whole_percentage_unless_a_rule_turns_on_the_decimal():
    assert percent(0.245) == "25%"
    assert percent(0.245, 1) == "24.5%"


def test_counts_over_ten_thousand_are_not_counted_to_the_end():
    assert many(10_000) == "10,000"
    assert many(10_001) == "10,000+"


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (date(2026, 12, 3), "9 days"),
        (date(2026, 11, 24), "today"),
        (date(2026, 11, 23), "1 day late"),
        (NOW + timedelta(hours=3, minutes=5), "3 h left"),
        (NOW + timedelta(minutes=40), "40 min left"),
        (NOW - timedelta(hours=3), "3 h late"),
        (NOW + timedelta(days=9), "9 days"),
    ],
)
def test_a_due_time_says_how_long_there_is(when, words):
    assert days_left(when) == words


def test_an_instant_is_shown_in_the_viewers_zone_with_the_zone_named():
    at = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)
    with timezone.override("America/New_York"):
        assert instant(at) == "Fri 20 Nov, 13:30 ET"
    with timezone.override("Asia/Kolkata"):
        assert instant(at).endswith("IST")
    with timezone.override("America/Sao_Paulo"):
        assert instant(at) == "Fri 20 Nov, 15:30 UTC-03:00"
    assert instant(at, "utc") == "20 Nov 2026, 18:30 UTC"


def test_a_year_is_left_out_only_where_it_is_plain():
    with timezone.override("UTC"):
        assert instant(datetime(2025, 1, 2, 3, 4, tzinfo=UTC)) == "2 Jan 2025, 03:04 UTC"


@pytest.mark.parametrize(
    ("name", "letters"), [("Northgate Clinical Systems", "NC"), ("Tasman", "TA"), ("", "?"), ("Édith", "ÉD")]
)
def test_a_monogram_has_two_letters(name, letters):
    assert monogram(name) == letters


def test_a_partner_keeps_its_colour():
    assert tone_for_id("x") == tone_for_id("x")
    assert {tone_for_id(str(n)) for n in range(100)} == {1, 2, 3, 4, 5, 6}
