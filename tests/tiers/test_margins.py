"""The margin on a deal: band, policy, program of the product, decisions, and what is there without a tier."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from hypothesis import given
from hypothesis import strategies as st

from catalog.models import Product
from core.errors import Conflict
from core.ids import uuid7
from core.saving import save
from partners.models import Category
from tests.tiers.factories import content, make_draft, make_program, put_in_force
from tiers import rules
from tiers.actions import award_tier, decide_margin, end_margin_decision, recalculate
from tiers.margins import margin_of
from tiers.models import MarginDecision
from tiers.rules import Band

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def today(at, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: at)


@pytest.fixture
def gold(northgate, version, system, at):
    """Northgate is Gold, of 20 to 25%."""
    tier = version.tiers.get(code="gold")
    award_tier(by=system, partner=northgate, tier=tier, evaluation=None, at=at)
    return northgate


def decide(by, partner, percent, at, **more):
    return decide_margin(by=by, partner=partner, percent=Decimal(percent), reason="Agreed.", at=at, **more)


def test_the_low_end_of_the_band_is_what_a_tier_gives(gold, on):
    found = margin_of(gold, on)
    assert (found.percent, found.band) == (20, "20 to 25%")
    assert found.why == "Gold gives 20 to 25%; the low end is what every partner of it gets."


def test_a_partner_without_a_tier_gets_nothing_unless_its_category_says_so(northgate, version, on):
    assert margin_of(northgate, on) is None
    category = northgate.category_assignments.first().category
    Category.objects.filter(pk=category.pk).update(margin_percent=5)
    found = margin_of(northgate, on)
    assert (found.percent, found.tier, found.why) == (5, None, "Its category gives a margin without a tier.")


def test_within_the_band_a_manager_decides(maya, gold, acting, at, on):
    decide(acting(maya), gold, "22.50", at)
    found = margin_of(gold, on)
    assert found.percent == Decimal("22.50")
    assert found.why == "Decided for this partner, within 20 to 25%."


@pytest.mark.parametrize("percent", ["19.99", "25.01"])
def test_outside_the_band_it_takes_whoever_decides_on_tiers(maya, ada, gold, acting, at, on, percent):
    with pytest.raises(PermissionDenied):
        decide(acting(maya), gold, percent, at)
    assert margin_of(gold, on).percent == 20
    decided = decide(acting(ada), gold, percent, at)
    assert decided.is_outside
    assert margin_of(gold, on).percent == Decimal(percent)


def test_the_end_of_a_band_belongs_to_the_next_tier_and_to_the_top_one():
    lower, top = Band(Decimal(15), Decimal(20)), Band(Decimal(20), Decimal(25), is_top=True)
    assert not rules.holds(lower, Decimal(20))
    assert rules.holds(lower, Decimal("19.99"))
    assert rules.holds(top, Decimal(25))
    assert rules.holds(replace(lower, high=Decimal(15)), Decimal(15))


@given(st.decimals(0, 100, places=2), st.integers(0, 10**10))
def test_what_a_policy_gives_lies_in_the_band(percent, revenue):
    band = Band(Decimal(15), Decimal(20))
    found = rules.margin(band, rules.INTERPOLATE, revenue=revenue, starts_at=10**6, ends_at=10**8)
    assert rules.holds(band, found)
    assert rules.holds(band, percent) == (15 <= percent < 20)


def test_a_decision_within_a_band_does_not_outlive_the_band(maya, gold, version, acting, system, at, on):
    decide(acting(maya), gold, "24", at)
    award_tier(
        by=system,
        partner=gold,
        tier=version.tiers.get(code="silver"),
        evaluation=None,
        at=at + DAY,
        on=on + DAY,
    )
    assert margin_of(gold, on + DAY).percent == 15
    assert margin_of(gold, on).percent == 24


def test_a_decision_ends_on_its_day_and_one_replaces_another(maya, gold, acting, at, on):
    decide(acting(maya), gold, "22", at, ends_on=on + DAY)
    assert (margin_of(gold, on).percent, margin_of(gold, on + DAY).percent) == (22, 20)
    decide(acting(maya), gold, "23", at)
    assert margin_of(gold, on + DAY).percent == 23
    assert MarginDecision.objects.in_force(on).count() == 1


def test_a_decision_about_one_deal_is_of_that_deal(maya, gold, acting, at, on):
    deal = uuid7()
    decide(acting(maya), gold, "23", at, deal_id=deal)
    assert margin_of(gold, on, deal_id=deal).percent == 23
    assert margin_of(gold, on, deal_id=uuid7()).percent == 20
    assert margin_of(gold, on).percent == 20


def test_an_ended_decision_cannot_end_again(maya, gold, acting, at, on):
    decision = decide(acting(maya), gold, "22", at)
    end_margin_decision(by=acting(maya), decision=decision, at=at)
    assert margin_of(gold, on).percent == 20
    with pytest.raises(Conflict):
        end_margin_decision(by=acting(maya), decision=decision, at=at)


def test_a_decision_needs_a_reason_and_a_day_to_come(maya, gold, acting, at, on):
    with pytest.raises(ValidationError):
        decide_margin(by=acting(maya), partner=gold, percent=Decimal(22), reason=" ", at=at)
    with pytest.raises(ValidationError):
        decide(acting(maya), gold, "22", at, ends_on=on)


def test_the_program_that_covers_the_product_prices_the_deal(gold, system, at, on):
    product = Product.objects.first() or save(Product(code="triage", name="Triage"))
    other = make_program("special", "Special", 2)
    other.products.set([product])
    special = put_in_force(make_draft(content(), other), at)
    assert margin_of(gold, on, [product.code]) is None  # in no tier of the program that prices it
    award_tier(by=system, partner=gold, tier=special.tiers.get(code="silver"), evaluation=None, at=at)
    assert margin_of(gold, on, [product.code]).percent == 15
    assert margin_of(gold, on, ["another"]).percent == 20
    assert margin_of(gold, on).percent == 20


# Doors


def test_a_margin_is_decided_from_the_tier_page(maya, browser_of, gold, on):
    browser, base = browser_of(maya), f"/manage/partners/{gold.pk}/tier/margin/"
    assert "20%" in browser.get(base).content.decode()
    sent = browser.post(f"{base}decide/", {"percent": "22.5", "reason": "Strategic", "ends_on": ""})
    assert sent.status_code == 302
    page = browser.get(base).content.decode()
    assert "22.5%" in page
    assert "Strategic" in page
    refused = browser.post(f"{base}decide/", {"percent": "40", "reason": "Too much", "ends_on": ""})
    assert refused.status_code == 403
    decision = MarginDecision.objects.get()
    assert browser.post(f"/manage/margin-decisions/{decision.pk}/end/", {}).status_code == 302
    assert margin_of(gold, on).percent == 20


def test_the_api_says_the_margin_and_decides_it(maya, priya, api_of, gold):
    api, url = api_of(maya), f"/api/v1/partners/{gold.pk}/margin/"
    assert api.get(url).json()["percent"] == "20.00" or api.get(url).json()["percent"] == "20"
    body = {"partner": str(gold.pk), "percent": "22.50", "reason": "Agreed"}
    assert api.post("/api/v1/margin-decisions/", body, content_type="application/json").status_code == 201
    assert api.get(url).json()["why"] == "Decided for this partner, within 20 to 25%."
    mine = api_of(priya, gold).get("/api/v1/margin-decisions/").json()["results"]
    assert [one["percent"] for one in mine] == ["22.50"]
    assert "reason" not in mine[0]


def test_the_recalculation_leaves_decisions_alone(maya, gold, acting, system, at, on):
    decide(acting(maya), gold, "22", at)
    recalculate(by=system, as_of=on, at=at)
    assert margin_of(gold, on).percent == 22
