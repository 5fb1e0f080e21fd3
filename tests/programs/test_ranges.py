"""Ranges keep what was said: open ends, qualifiers, words."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.ranges import BASES, CountRange, MoneyRange, PercentRange, Qualifier, Range, from_json

STATED = [
    (MoneyRange, "$10M+", "$10,000,000 or more", "at_least", "10000000", None),
    (MoneyRange, "<$100K annually", "less than $100,000 a year", "less_than", None, "100000"),
    (MoneyRange, ">$500K annually", "more than $500,000 a year", "more_than", "500000", None),
    (MoneyRange, "$500K-$1M", "$500,000 to $1,000,000", "range", "500000", "1000000"),
    (
        MoneyRange,
        "$5-10M per partner",
        "$5,000,000 to $10,000,000 per partner",
        "range",
        "5000000",
        "10000000",
    ),
    (MoneyRange, "$2.5M", "$2,500,000", "exact", "2500000", "2500000"),
    (MoneyRange, "up to EUR 2M", "up to €2,000,000", "up_to", None, "2000000"),
    (MoneyRange, "about CAD 1,250.50", "about CAD 1,250.5", "approx", "1250.50", "1250.50"),
    (PercentRange, "25-30%", "25 to 30%", "range", "25", "30"),
    (PercentRange, ">90%", "more than 90%", "more_than", "90", None),
    (CountRange, "50+", "50 or more", "at_least", "50", None),
    (CountRange, "15-20", "15 to 20", "range", "15", "20"),
]


@pytest.mark.parametrize(("kind", "text", "shown", "qualifier", "low", "high"), STATED)
def test_a_stated_amount_keeps_its_ends_and_its_words(kind, text, shown, qualifier, low, high):
    amount = kind.parse(text)

    assert (str(amount), amount.qualifier, amount.raw) == (shown, qualifier, text)
    assert (amount.low, amount.high) == tuple(None if end is None else Decimal(end) for end in (low, high))


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (MoneyRange, ""),
        (MoneyRange, "5M"),
        (MoneyRange, "$10-5M"),
        (MoneyRange, "$1-£2"),
        (MoneyRange, ">$5+"),
        (MoneyRange, "$1,00"),
        (MoneyRange, "ABC 5"),
        (MoneyRange, "$-5"),
        (MoneyRange, "$1\x00"),
        (MoneyRange, "$" + "9" * 40),
        (MoneyRange, "$25%"),
        (PercentRange, "25-30"),
        (PercentRange, "$25%"),
        (CountRange, "$5"),
        (CountRange, "many"),
        (CountRange, "٥"),
    ],
)
def test_what_is_not_an_amount_is_refused_with_a_sentence(kind, text):
    with pytest.raises(ValueError, match=r"\w+ \w+"):
        kind.parse(text)


def test_the_ends_must_fit_the_qualifier():
    with pytest.raises(ValueError, match="at_least"):
        CountRange(low=Decimal(1), high=Decimal(2), qualifier=Qualifier.AT_LEAST)


def test_minor_units_follow_the_currency():
    assert MoneyRange.parse("$10M+").low_minor == 1_000_000_000
    assert MoneyRange.parse("¥1M").low_minor == 1_000_000


def test_bands_that_only_touch_do_not_overlap():
    gold, platinum, wide = map(PercentRange.parse, ("20-25%", "25-30%", "24-30%"))

    assert not gold.overlaps(platinum) and not platinum.overlaps(gold)
    assert gold.overlaps(wide) and wide.overlaps(gold)


@st.composite
def ranges(draw) -> Range:
    low, high = sorted(draw(st.lists(st.decimals(0, 10**12, places=2), min_size=2, max_size=2)))
    opener, plus = draw(
        st.sampled_from([("", ""), (">", ""), ("<", ""), ("up to ", ""), ("about ", ""), ("", "+")])
    )
    kind, sign, percent = draw(
        st.sampled_from(
            [(MoneyRange, "$", ""), (MoneyRange, "CAD ", ""), (PercentRange, "", "%"), (CountRange, "", "")]
        )
    )
    basis = draw(st.sampled_from(["", *(words[0] for words in BASES.values())]))
    amount = (
        f"{sign}{low}-{high}{percent}" if not opener and not plus else f"{opener}{sign}{low}{percent}{plus}"
    )
    return kind.parse(f"{amount} {basis}".strip())


@given(ranges())
def test_a_range_comes_back_from_json_with_its_words(amount):
    back = from_json(json.loads(json.dumps(amount.as_json())))

    assert (back, back.raw, type(back)) == (amount, amount.raw, type(amount))


@given(ranges())
def test_what_is_shown_can_be_read_again(amount):
    assert type(amount).parse(str(amount)) == amount
