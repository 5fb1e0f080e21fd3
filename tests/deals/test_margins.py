"""The margin of a deal: said at registration, decided for one deal, by whoever may."""

import pytest

from tests.deals.factories import submitted
from tests.tiers.factories import make_version
from tiers.actions import award_tier
from tiers.margins import margin_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def gold(northgate, program, system, at):
    tier = make_version().tiers.get(code="gold")
    award_tier(by=system, partner=northgate, tier=tier, evaluation=None, at=at)
    return northgate


@pytest.fixture(autouse=True)
def today(at, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: at)


def test_a_partner_is_told_its_margin_before_it_registers(priya, browser_of, api_of, gold):
    page = browser_of(priya).get("/portal/deals/new/").content.decode()
    assert "Your margin" in page
    assert "Gold gives 20 to 25%" in page
    told = api_of(priya, gold).get("/api/v1/deals/precheck/").json()["margin"]
    assert told["words"] == "20%"


def test_a_partner_without_a_tier_is_told_that_too(priya, browser_of, northgate):
    page = browser_of(priya).get("/portal/deals/new/").content.decode()
    assert "none was agreed; ask your contact" in page


def test_the_margin_of_one_deal_is_decided_within_the_band_by_a_manager(
    maya, browser_of, api_of, gold, on, at
):
    deal = submitted(gold, at)
    browser, url = browser_of(maya), f"/manage/deals/{deal.pk}/margin/"
    assert browser.post(url, {"percent": "23", "reason": "Strategic", "ends_on": ""}).status_code == 302
    assert browser.post(url, {"percent": "50", "reason": "Too much", "ends_on": ""}).status_code == 403
    found = api_of(maya).get(f"/api/v1/deals/{deal.pk}/margin/").json()
    assert found["percent"] == "23.00"
    assert found["why"] == "Decided for this deal, within 20 to 25%."
    assert margin_of(gold, on).percent == 20


def test_the_api_decides_the_margin_of_a_deal(ada, api_of, gold, at):
    deal = submitted(gold, at)
    url = f"/api/v1/deals/{deal.pk}/margin/"
    body = {"percent": "30.00", "reason": "A lighthouse customer"}
    answer = api_of(ada).post(url, body, content_type="application/json")
    assert answer.json()["why"] == "Decided for this deal, outside the band."
