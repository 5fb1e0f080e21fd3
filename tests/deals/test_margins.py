"""The margin of a deal: said at registration, decided for one deal, by whoever may."""

from datetime import timedelta

import pytest

from tests.deals.factories import submitted, won
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


def test_the_record_says_the_margin_and_all_that_it_follows_from(maya, priya, browser_of, api_of, gold, at):
    deal = submitted(gold, at)
    version = gold.standings.get().tier.program_version
    for person, side in ((maya, "manage"), (priya, "portal")):
        page = browser_of(person).get(f"/{side}/deals/{deal.pk}/").content.decode()
        for words in (
            "Gold gives 20 to 25%",
            f"{version.program.name}, version {version.number}",
            "the low end",
        ):
            assert words in page, (side, words)
    told = api_of(priya, gold).get(f"/api/v1/deals/{deal.pk}/margin/").json()
    assert told | {"why": ""} == {
        "percent": "20", "band": "20 to 25%", "policy": "low_end", "tier": "gold", "program": version.program.code,
        "program_version": version.number, "on": at.date().isoformat(), "why": "",
    }  # fmt: skip


def test_the_record_of_a_partner_without_a_tier_says_so_to_each_side(maya, priya, browser_of, northgate, at):
    deal = submitted(northgate, at)
    assert "You are in no tier" in browser_of(priya).get(f"/portal/deals/{deal.pk}/").content.decode()
    page = browser_of(maya).get(f"/manage/deals/{deal.pk}/").content.decode()
    assert "The partner is in no tier" in page
    assert "You are in no tier" not in page


def test_nobody_reads_the_margin_of_another_partners_deal(priya, browser_of, api_of, gold, albion, at):
    deal = submitted(albion, at)
    assert browser_of(priya).get(f"/portal/deals/{deal.pk}/").status_code == 404
    assert api_of(priya, gold).get(f"/api/v1/deals/{deal.pk}/margin/").status_code == 404
    own = submitted(gold, at, customer_name="Ours")
    assert api_of(priya, gold).get(f"/api/v1/deals/{own.pk}/margin/").status_code == 200


def test_a_win_keeps_the_margin_of_its_day(ada, api_of, northgate, program, system, at, monkeypatch):
    silver, gold = make_version().tiers.filter(code__in=("silver", "gold")).order_by("rank")
    award_tier(by=system, partner=northgate, tier=silver, evaluation=None, at=at)
    deal, later = won(northgate, at), at + timedelta(days=30)
    monkeypatch.setattr("django.utils.timezone.now", lambda: later)
    award_tier(by=system, partner=northgate, tier=gold, evaluation=None, at=later)
    url = f"/api/v1/deals/{deal.pk}/margin/"
    found = api_of(ada).get(url).json()
    assert (found["tier"], found["on"]) == ("silver", at.date().isoformat())
    assert margin_of(northgate, later.date()).tier == gold

    decided = {"percent": "30.00", "reason": "Agreed before the win, written down late"}
    assert api_of(ada).post(url, decided, content_type="application/json").json()["percent"] == "30.00"
