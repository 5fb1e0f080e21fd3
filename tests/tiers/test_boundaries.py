"""Every boundary of the shipped program: at the threshold, one step below, without a fact; a year, two currencies."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction

from core.actors import SYSTEM
from metrics import registry
from prm.program import load_program
from tests.deals.factories import booked, make_types_and_stages
from tiers.facts import rungs_of
from tiers.margins import band_of
from tiers.models import ProgramVersion
from tiers.rules import INTERPOLATE, LOW_END, Fact, evaluate, margin

M = 1_000_000_00
SELLS = {
    "platinum": {"annual_revenue": 10 * M, "implementations": 50, "certified_people": 6,
                 "certified_people_technical": 1, "certified_people_sales": 1},
    "gold": {"annual_revenue": 2 * M, "implementations": 20, "certified_people": 3,
             "certified_people_technical": 1, "certified_people_sales": 1},
    "silver": {"annual_revenue": M // 2, "implementations": 5, "people_with_fundamentals": 1},
    "authorized": {"people_with_fundamentals": 1, "learning_plan_signed": 1},
}  # fmt: skip
RANKS = ["authorized", "silver", "gold", "platinum"]
EDGES = [(tier, key) for tier, asked in SELLS.items() for key in asked]


@pytest.fixture(scope="module")
def shipped(django_db_setup, django_db_blocker):
    """The shipped program's tiers as the rule reads them, and their bands; read once, nothing stays behind."""
    with django_db_blocker.unblock(), transaction.atomic():
        path = Path(settings.BASE_DIR) / "programs/healthcare-ai.yaml"
        load_program(by=SYSTEM, path=path, at=datetime(2026, 11, 24, 9, tzinfo=UTC), activate=True)
        version = ProgramVersion.objects.active().get(program__code="partner_levels")
        bands = {tier.code: band_of(tier) for tier in version.tiers.all()}
        rungs = rungs_of(version)
        transaction.set_rollback(True)
    return rungs, bands


@pytest.fixture
def eligible(shipped):
    def found(facts):
        verdict = evaluate(shipped[0], {key: Fact(value) for key, value in facts.items()})
        return verdict.eligible.code if verdict.eligible else None

    return found


def test_the_shipped_tiers_ask_for_what_the_documents_say_and_for_nothing_else(shipped):
    asked = {rung.code: {need.key: need.threshold for need in rung.needs} for rung in shipped[0]}
    assert asked == SELLS
    assert {need.comparator for rung in shipped[0] for need in rung.needs} == {"at_least"}


@pytest.mark.parametrize("tier", RANKS)
def test_exactly_what_a_tier_asks_for_reaches_it(eligible, tier):
    assert eligible(SELLS[tier]) == tier


@pytest.mark.parametrize(("tier", "key"), EDGES)
@pytest.mark.parametrize("change", [-1, None])
def test_one_step_below_a_threshold_or_no_data_does_not(eligible, tier, key, change):
    short = {**SELLS[tier], key: None if change is None else SELLS[tier][key] - 1}
    assert eligible(short) != tier


@pytest.mark.parametrize(("tier", "key"), EDGES)
def test_more_than_a_threshold_is_as_good(eligible, tier, key):
    assert RANKS.index(eligible({**SELLS[tier], key: SELLS[tier][key] + 1})) >= RANKS.index(tier)


def test_a_tie_between_two_tiers_goes_to_the_higher(eligible):
    assert eligible({**SELLS["silver"], **SELLS["gold"]}) == "gold"
    assert eligible({key: 10**12 for asked in SELLS.values() for key in asked}) == "platinum"
    assert eligible({}) is None


@pytest.mark.parametrize(
    ("tier", "revenue", "low", "between"),
    [
        ("authorized", 0, "10", "10.00"), ("authorized", M // 4, "10", "12.50"), ("authorized", M // 2, "10", "14.99"),
        ("silver", M // 2, "15", "15.00"), ("silver", 2 * M, "15", "19.99"),
        ("gold", 2 * M, "20", "20.00"), ("gold", 6 * M, "20", "22.50"), ("gold", 10 * M - 1, "20", "24.99"),
        ("platinum", 10 * M, "25", "25.00"), ("platinum", 20 * M, "25", "30.00"), ("platinum", 90 * M, "25", "30.00"),
    ],
)  # fmt: skip
def test_25_belongs_to_platinum_20_to_gold_15_to_silver_and_the_top_is_closed_at_30(
    shipped, tier, revenue, low, between
):
    band, starts_at, ends_at = shipped[1][tier]
    ends = {"revenue": revenue, "starts_at": starts_at, "ends_at": ends_at}
    assert str(margin(band, LOW_END, **ends)) == low
    found = margin(band, INTERPOLATE, **ends)
    assert abs(float(found) - float(between)) < 0.01
    assert found < band.high or band.is_top


# Facts at their boundaries: revenue of the shipped window, in the currency in which it is counted -------------------

LEAP = date(2028, 2, 29)
BOOKED = [
    # a year in figures: d − 12 months < booked on ≤ d
    (date(2027, 3, 1), [(M // 2, "USD", date(2026, 3, 1))], None),
    (date(2027, 3, 1), [(M // 2, "USD", date(2026, 3, 2))], "silver"),
    (date(2026, 3, 2), [(M // 2, "USD", date(2026, 3, 2))], "silver"),
    (date(2026, 3, 1), [(M // 2, "USD", date(2026, 3, 2))], None),
    # a year from and to a leap day
    (LEAP, [(M // 2, "USD", date(2027, 2, 28))], None),
    (LEAP, [(M // 2, "USD", date(2027, 3, 1))], "silver"),
    (date(2029, 2, 28), [(M // 2, "USD", date(2028, 2, 28))], None),
    (date(2029, 2, 28), [(M // 2, "USD", LEAP)], "silver"),
    (date(2029, 3, 1), [(M // 2, "USD", LEAP)], None),
    # two currencies, at the booking's own rate: ¥10,000,000 are $67,000
    (date(2026, 6, 1), [(433_000_00, "USD", date(2026, 3, 2)), (10_000_000, "JPY", date(2026, 3, 3))], "silver"),
    (date(2026, 6, 1), [(432_999_99, "USD", date(2026, 3, 2)), (10_000_000, "JPY", date(2026, 3, 3))], None),
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(("on", "bookings", "tier"), BOOKED)
def test_revenue_reaches_silver_by_what_was_booked_within_the_year(
    program, northgate, eligible, on, bookings, tier
):
    make_types_and_stages()
    for n, (minor, currency, booked_on) in enumerate(bookings):
        signed = datetime(booked_on.year, booked_on.month, booked_on.day, 9, tzinfo=UTC)
        booked(
            northgate,
            signed,
            booked_on,
            minor,
            currency,
            customer_name=f"Hospital {n}",
            expected_close_on=booked_on + timedelta(days=30),
        )
    revenue = {found.partner_id: found.value for found in registry.find("annual_revenue").values(on)}
    assert eligible({**SELLS["silver"], "annual_revenue": revenue.get(northgate.id)}) == tier
