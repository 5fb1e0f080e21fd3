"""What tiers cost and return: what each number counts, the partners behind it, and the margin as deals have it."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partners.models import Category, Partner
from tests.deals.factories import booked, make_types_and_stages
from tests.factories import make_partner
from tiers.actions import award_tier, decide_margin
from tiers.comparison import compare
from tiers.margins import margin_of
from tiers.models import MarginDecision

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def today(at, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: at)


@pytest.fixture
def gold(northgate, version, system, at):
    """Northgate is Gold, of 20 to 25%."""
    make_types_and_stages()
    award_tier(by=system, partner=northgate, tier=version.tiers.get(code="gold"), evaluation=None, at=at)
    return northgate


def line_of(tier, version, on):
    found = {line.tier and line.tier.code: line for line in compare(version, on, Partner.objects.all())}
    return found[tier]


def test_the_comparison_says_what_it_counts_and_shows_the_partners_behind_a_line(maya, browser_of, gold, on):
    browser, url = browser_of(maya), "/manage/tiers/comparison/"
    page = browser.get(url).content.decode()
    assert "What each number counts" in page
    assert "Revenue × 70%" in page
    assert "25 Nov 2025 to 24 Nov 2026" in page
    assert "Behind the line" not in page
    behind = browser.get(f"{url}?tier=gold").content.decode()
    assert "Behind the line: Gold" in behind
    for way in ("why/annual_revenue/", "tier/margin/", "tier/benefits/", "tier/investments/"):
        address = f"{gold.get_absolute_url()}{way}"
        assert address in behind
        assert browser.get(address).status_code == 200, address
    assert (
        gold.get_absolute_url()
        not in browser.get(f"{url}?tier=none").content.decode().partition('id="rows"')[2]
    )
    assert browser.get(f"{url}?tier=nonsense").status_code == 404


def test_the_api_gives_the_partners_behind_a_line(maya, api_of, gold):
    api, url = api_of(maya), "/api/v1/tier-comparison/"
    assert api.get(url).json()["rows"] is None
    found = api.get(url, {"tier": "gold"}).json()
    assert found["starts_on"] == "2025-11-25"
    assert [(row["partner"]["name"], row["tier"], row["partners"]) for row in found["rows"]] == [
        (gold.name, "gold", 1)
    ]
    assert api.get(url, {"tier": "none"}).json()["rows"] == []
    assert api.get(url, {"tier": "nonsense"}).status_code == 400


def test_the_margin_of_the_comparison_is_the_margin_of_the_deals(maya, ada, gold, acting, at, on):
    booked(gold, at - 20 * DAY, on - 10 * DAY, minor=1_000_000_00)
    version = gold.standings.get(ends_on=None).tier.program_version
    assert line_of("gold", version, on).margin_paid == 200_000_00
    decide_margin(by=acting(ada), partner=gold, percent=Decimal(30), reason="Agreed.", at=at)
    assert line_of("gold", version, on).margin_paid == 300_000_00
    MarginDecision.objects.update(percent=Decimal(19), is_outside=False)  # a band that it no longer lies in
    assert margin_of(gold, on).percent == 20
    assert line_of("gold", version, on).margin_paid == 200_000_00


def test_without_a_tier_the_comparison_counts_what_the_category_gives(northgate, version, at, on):
    make_types_and_stages()
    booked(northgate, at - 20 * DAY, on - 10 * DAY, minor=1_000_000_00)
    assert line_of(None, version, on).margin_paid == 0
    category = northgate.category_assignments.first().category
    Category.objects.filter(pk=category.pk).update(margin_percent=5)
    assert line_of(None, version, on).margin_paid == 50_000_00


def test_comparing_asks_as_often_for_three_partners_as_for_one(gold, system, at, on, maya):
    tier = gold.standings.get(ends_on=None).tier
    booked(gold, at - 20 * DAY, on - 10 * DAY, minor=1_000_000_00)
    compare(tier.program_version, on, Partner.objects.all())  # what is asked once is known now
    with CaptureQueriesContext(connection) as one:
        compare(tier.program_version, on, Partner.objects.all())
    for name in ("Second", "Third"):
        more = make_partner(name, psm=maya, at=at - 400 * DAY)
        award_tier(by=system, partner=more, tier=tier, evaluation=None, at=at)
        booked(more, at - 20 * DAY, on - 10 * DAY, minor=1_000_000_00, customer_name=f"Clinic {name}")
    with CaptureQueriesContext(connection) as three:
        found = compare(tier.program_version, on, Partner.objects.all())
    assert found[0].partners == 3
    assert found[0].margin_paid == 600_000_00
    assert len(three) == len(one)
