"""Money, days, working days, text, lifecycles and links: the small laws that all apps lean on."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from core import clock, links, theme
from core.errors import Conflict
from core.lifecycle import Lifecycle
from core.money import CURRENCIES, Money, exponent
from core.text import normal, require_storable
from core.workdays import after_workdays, is_workday, workdays_between

NEW_YORK = ZoneInfo("America/New_York")


@given(st.integers(-(10**14), 10**14), st.sampled_from(CURRENCIES))
def test_money_survives_its_text(minor, currency):
    money = Money(minor, currency)
    assert Money.parse(str(money.decimal), currency) == money


WRONG = "1.5 JPY|1.005 USD|1 XXX| USD|NaN USD|Infinity USD|1e30 USD|1 EURO"


@pytest.mark.parametrize(("amount", "currency"), [text.split(" ") for text in WRONG.split("|")])
def test_money_refuses_what_is_not_an_amount(amount, currency):
    with pytest.raises(ValidationError):
        Money.parse(amount, currency)


def test_currencies_are_not_added_silently():
    with pytest.raises(TypeError):
        Money(1, "USD") + Money(1, "EUR")


def test_conversion_rounds_half_to_even():
    assert Money(5, "USD").convert(Decimal("0.1"), "USD") == Money(0, "USD")
    assert Money(15, "USD").convert(Decimal("0.1"), "USD") == Money(2, "USD")
    assert Money(1000, "JPY").convert(Decimal("0.0067"), "USD") == Money(670, "USD")
    assert exponent("JPY") == 0


@pytest.mark.parametrize(("day", "months", "expected"), [
    (date(2026, 11, 24), 12, date(2025, 11, 24)), (date(2024, 2, 29), 12, date(2023, 2, 28)),
    (date(2026, 3, 31), 1, date(2026, 2, 28)), (date(2024, 3, 31), 1, date(2024, 2, 29)),
    (date(2026, 1, 15), 1, date(2025, 12, 15)),
])  # fmt: skip
def test_months_before_keeps_the_day_where_there_is_one(day, months, expected):
    assert clock.months_before(day, months) == expected


def test_thanksgiving_is_no_working_day():
    asked = datetime(2026, 11, 24, 15, 45, tzinfo=UTC)
    assert not is_workday(date(2026, 11, 26), "US")
    assert after_workdays(asked, 2, "US", NEW_YORK) == datetime(2026, 11, 27, 15, 45, tzinfo=UTC)
    assert after_workdays(asked, 2, "GB", ZoneInfo("Europe/London")).date() == date(2026, 11, 26)


@given(st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)), st.integers(0, 10))  # noqa: DTZ001 (hypothesis adds the zone)
def test_working_days_after_and_between_agree(start, count):
    end = after_workdays(start, count, "US", ZoneInfo("UTC"))
    assert workdays_between(start, end, "US", ZoneInfo("UTC")) == count


SAME = [
    ("Hôpital  Saint-Éloi", "hopital saint-eloi"),
    ("ＮＨＳ", "nhs"),
    ("STRASSE", "straße"),
    ("İzmir", "izmir"),
]


@pytest.mark.parametrize(("a", "b"), SAME)
def test_text_is_compared_without_case_accents_and_width(a, b):
    assert normal(a) == normal(b)


@pytest.mark.parametrize("text", ["a\x00b", "a\ud800b"])
def test_what_a_database_cannot_hold_is_refused(text):
    with pytest.raises(ValidationError):
        require_storable(text)


def test_a_lifecycle_knows_its_moves():
    table = Lifecycle(
        {"open": ("draft", "open"), "close": ("draft open", "closed"), "lapse": ("open", "closed")}, ["lapse"]
    )
    assert table.open_moves("draft") == ["open", "close"]
    assert table.after("open", "close") == "closed"
    with pytest.raises(Conflict):
        table.after("closed", "open")


@given(st.integers(0, 0xFFFFFF))
def test_every_accent_becomes_readable(number):
    css = theme.stylesheet(f"#{number:06X}")
    fill = css.partition("--prm-accent-fill:light-dark(")[2][:7]
    assert theme.contrast((255, 255, 255), theme._rgb(fill)) >= 4.5


@pytest.mark.django_db
def test_a_link_works_once_and_until_it_expires(northgate, at):
    link = links.make("invitation", northgate.pk, at=at)
    token = links.token(link)
    assert links.find(token, "invitation", at=at) == link
    for broken in (
        token[:-1] + ("a" if token[-1] != "a" else "b"),
        token + "x",
        "",
        "x.y",
        token.partition(".")[0],
    ):
        with pytest.raises(Conflict):
            links.find(broken, "invitation", at=at)
    with pytest.raises(Conflict):
        links.find(token, "go-live", at=at)
    with pytest.raises(Conflict):
        links.find(token, "invitation", at=at + links.LIFE)
    links.use(link, at=at)
    with pytest.raises(Conflict):
        links.use(link, at=at)
    with pytest.raises(Conflict):
        links.find(token, "invitation", at=at)


@pytest.mark.django_db
def test_a_new_link_closes_the_earlier_one(northgate, at):
    first = links.token(links.make("invitation", northgate.pk, at=at))
    links.make("invitation", northgate.pk, at=at + timedelta(minutes=1))
    with pytest.raises(Conflict):
        links.find(first, "invitation", at=at + timedelta(minutes=2))
