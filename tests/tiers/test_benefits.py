"""What a tier gives in a period, what of it was used, and what it opens in the product."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Conflict
from core.money import Money
from partners.models import Partner
from tests.tiers.factories import content, make_draft, put_in_force
from tiers import rules
from tiers.actions import (
    award_tier,
    record_benefit_use,
    record_investment,
    take_back_benefit_use,
    take_back_investment,
)
from tiers.benefits import areas_of, entitlements_of, period_of
from tiers.comparison import compare
from tiers.models import BenefitUse, TierInvestment

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def today(at, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: at)


def generous() -> dict:
    """Gold gives two workshops a quarter, up to $500,000 of co-marketing a year, answers in four hours, and an area."""
    made = content()
    source = {"reason": "test"}
    library = {
        "workshops": ("Workshops", "service", "quarterly", ""),
        "funds": ("Co-marketing", "money", "yearly", ""),
        "support": ("Priority support", "support", "", "support_sla"),
        "lounge": ("Executive lounge", "access", "", "portal_area"),
    }
    for code, (name, kind, frequency, feature) in library.items():
        made["benefits"][code] = {
            "name": name, "kind": kind, "frequency": frequency, "feature": feature, "source": source,
        }  # fmt: skip
    gold = made["tiers"]["gold"]
    gold["benefits"] |= {
        "workshops": {"quantity": 2, "hours": None},
        "funds": {"quantity": None, "hours": None},
        "support": {"quantity": None, "hours": 4},
        "lounge": {"quantity": None, "hours": None},
    }
    gold["co_marketing"] = {
        "kind": "money", "low": "100000", "high": "500000", "currency": "USD", "qualifier": "range", "basis": "",
        "raw": "$100K-$500K",
    }  # fmt: skip
    return made


@pytest.fixture
def gold(northgate, program, system, at):
    version = put_in_force(make_draft(generous()), at - 40 * DAY)
    award_tier(
        by=system, partner=northgate, tier=version.tiers.get(code="gold"), evaluation=None, at=at - 30 * DAY
    )
    return northgate


def use(by, partner, at, benefit="workshops", used_on=None, **more):
    return record_benefit_use(
        by=by, partner=partner, benefit=benefit, used_on=used_on or at.date(), at=at, **more
    )


def of(partner, code, on):
    return next(found for found in entitlements_of(partner, on) if found.benefit.code == code)


@pytest.mark.parametrize(
    ("frequency", "on", "starts_on", "ends_on"),
    [
        ("monthly", date(2028, 2, 29), date(2028, 2, 1), date(2028, 3, 1)),
        ("monthly", date(2026, 12, 31), date(2026, 12, 1), date(2027, 1, 1)),
        ("quarterly", date(2026, 11, 24), date(2026, 10, 1), date(2027, 1, 1)),
        ("quarterly", date(2026, 4, 1), date(2026, 4, 1), date(2026, 7, 1)),
        ("yearly", date(2026, 12, 31), date(2026, 1, 1), date(2027, 1, 1)),
        ("", date(2026, 12, 31), date(2025, 5, 5), None),
    ],
)
def test_periods_are_those_of_the_calendar(frequency, on, starts_on, ends_on):
    found = period_of(frequency, on, since=date(2025, 5, 5))
    assert (found.starts_on, found.ends_on) == (starts_on, ends_on)


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.sampled_from(rules.PERIODS))
def test_each_day_lies_in_one_period_and_periods_touch(on, frequency):
    found = period_of(frequency, on, since=on)
    assert found.holds(on)
    assert not found.holds(found.ends_on)
    assert period_of(frequency, found.ends_on, since=on).starts_on == found.ends_on


def test_what_is_used_is_taken_from_the_period_and_no_more_than_that(maya, gold, acting, at, on):
    use(acting(maya), gold, at)
    found = of(gold, "workshops", on)
    assert (found.quantity, found.used, found.left) == (2, 1, 1)
    with pytest.raises(ValidationError, match="Only 1 are left"):
        use(acting(maya), gold, at, quantity=2)
    assert of(gold, "workshops", date(2027, 1, 1)).left == 2  # a new quarter


def test_money_is_counted_in_the_programs_currency(maya, gold, acting, at, on):
    use(acting(maya), gold, at, "funds", amount=Money(499_999_00, "USD"))
    assert of(gold, "funds", on).left_minor == 1_00
    with pytest.raises(ValidationError):
        use(acting(maya), gold, at, "funds", amount=Money(1_01, "USD"))
    use(acting(maya), gold, at, "funds", amount=Money(1_00, "USD"))
    assert of(gold, "funds", on).left_minor == 0


def test_what_was_taken_back_is_there_again(maya, gold, acting, at, on):
    made = use(acting(maya), gold, at, quantity=2)
    take_back_benefit_use(by=acting(maya), use=made, at=at)
    assert of(gold, "workshops", on).left == 2
    with pytest.raises(Conflict):
        take_back_benefit_use(by=acting(maya), use=made, at=at)


def test_only_what_the_tier_gave_on_the_day_is_used(maya, gold, acting, at, on):
    for wrong in (
        {"benefit": "nonsense"},
        {"used_on": on - 60 * DAY},
        {"used_on": on + DAY},
        {"benefit": "funds"},
        {"amount": Money(1, "USD")},
        {"quantity": 0},
    ):
        with pytest.raises(ValidationError):
            use(acting(maya), gold, at, **wrong)
    assert not BenefitUse.objects.exists()


def test_a_lower_tier_in_the_period_shows_what_is_too_much(maya, gold, acting, system, at, on):
    use(acting(maya), gold, at, quantity=2)
    made = generous()
    made["tiers"]["gold"]["benefits"]["workshops"]["quantity"] = 1
    lower = put_in_force(make_draft(made), at)
    award_tier(by=system, partner=gold, tier=lower.tiers.get(code="gold"), evaluation=None, at=at)
    found = of(gold, "workshops", on)
    assert found.left == -1
    assert found.is_exceeded


def test_others_do_not_record_uses(vera, priya, gold, acting, at):
    for person in (vera, priya):
        with pytest.raises(PermissionDenied):
            use(acting(person), gold, at)


def test_a_benefit_only_adds_to_the_portal(priya, sam, rhys, browser_of, gold, albion, on):
    base = (
        "/portal/",
        "/portal/deals/",
        "/portal/tier/",
        "/portal/people/",
        "/portal/gates/",
        "/portal/tier/benefits/",
    )
    for person in (priya, rhys):
        assert [browser_of(person).get(url).status_code for url in base] == [200] * len(base)
    area = "/portal/tier/areas/lounge/"
    assert browser_of(priya).get(area).status_code == 200
    assert browser_of(rhys).get(area).status_code == 404
    assert area in browser_of(priya).get("/portal/tier/").content.decode()
    assert area not in browser_of(rhys).get("/portal/tier/").content.decode()
    assert [found.benefit.code for found in areas_of(gold.pk, on)] == ["lounge"]


# Doors


def test_a_use_is_recorded_shown_on_both_sides_and_taken_back(maya, priya, browser_of, gold):
    browser, base = browser_of(maya), f"/manage/partners/{gold.pk}/tier/benefits/"
    page = browser.get(base).content.decode()
    assert "Not used in this period:" in page
    sent = {
        "benefit": "workshops",
        "used_on": "2026-11-20",
        "quantity": "",
        "amount_0": "USD",
        "amount_1": "",
        "note": "Kick-off",
    }
    assert browser.post(f"{base}record/", sent).status_code == 302
    page = browser.get(base).content.decode()
    assert "Kick-off" in page
    mine = browser_of(priya).get("/portal/tier/benefits/").content.decode()
    assert "Workshops" in mine
    assert "Kick-off" not in mine
    made = BenefitUse.objects.get()
    assert browser.post(f"/manage/benefit-uses/{made.pk}/take-back/", {}).status_code == 302
    made.refresh_from_db()
    assert made.taken_back_at


def test_the_catalogue_tells_stated_from_inherited(maya, browser_of, gold):
    page = browser_of(maya).get("/manage/tiers/benefits/").content.decode()
    for words in (
        "Workshops",
        "2 times",
        "within 4 hours",
        "stated",
        "inherited",
        "each quarter",
        "plans quarterly",
    ):
        assert words in page or words == "plans quarterly"


def test_the_api_reads_and_records(maya, priya, api_of, gold):
    api, own = api_of(maya), api_of(priya, gold)
    body = {"partner": str(gold.pk), "benefit": "workshops", "used_on": "2026-11-20"}
    made = api.post("/api/v1/benefit-uses/", body, content_type="application/json")
    assert made.status_code == 201
    found = {
        one["benefit"]: one for one in own.get(f"/api/v1/partners/{gold.pk}/benefits/").json()["results"]
    }
    assert (found["workshops"]["left"], found["support"]["hours"]) == (1, 4)
    assert found["funds"]["left_amount"] == {"amount": "500000.00", "currency": "USD"}
    assert own.post("/api/v1/benefit-uses/", body, content_type="application/json").status_code == 403
    taken = api.post(
        f"/api/v1/benefit-uses/{made.json()['id']}/take-back/", {}, content_type="application/json"
    )
    assert taken.json()["taken_back_at"]


# Cost and return


def line_of(tier, version, on):
    return next(
        found
        for found in compare(version, on, Partner.objects.all())
        if found.tier and found.tier.code == tier
    )


def test_what_a_tier_costs_is_margin_benefits_and_investment(maya, gold, acting, at, on):
    by = acting(maya)
    record_investment(
        by=by, partner=gold, spent_on=on, amount=Money(1_000_00, "USD"), purpose="Engineer", at=at
    )
    old = record_investment(
        by=by, partner=gold, spent_on=on - DAY, amount=Money(7_00, "USD"), purpose="Typo", at=at
    )
    record_investment(
        by=by, partner=gold, spent_on=on - 366 * DAY, amount=Money(9_00, "USD"), purpose="Last year", at=at
    )
    use(by, gold, at, "funds", amount=Money(500_00, "USD"))
    use(by, gold, at)  # counted, not paid
    version = gold.standings.get(ends_on=None).tier.program_version
    assert line_of("gold", version, on).invested == 1_007_00
    take_back_investment(by=by, investment=old, at=at)
    found = line_of("gold", version, on)
    assert (found.partners, found.invested, found.benefits, found.cost) == (1, 1_000_00, 500_00, 1_500_00)
    assert found.roi == -100
    assert line_of("silver", version, on).roi is None


def test_investments_are_entered_and_taken_back_on_pages(maya, priya, browser_of, api_of, gold):
    browser, base = browser_of(maya), f"/manage/partners/{gold.pk}/tier/investments/"
    sent = {"spent_on": "2026-11-20", "amount_0": "USD", "amount_1": "1200", "purpose": "Engineer"}
    assert browser.post(f"{base}record/", sent).status_code == 302
    assert "Engineer" in browser.get(base).content.decode()
    page = browser.get("/manage/tiers/comparison/").content.decode()
    assert "Gold" in page
    assert "$1.20K" in page
    assert api_of(priya, gold).get("/api/v1/tier-investments/").json()["results"] == []
    entry = TierInvestment.objects.get()
    assert browser.post(f"/manage/tier-investments/{entry.pk}/take-back/", {}).status_code == 302
    assert "taken back" in browser.get(base).content.decode()


def test_the_api_compares_tiers(maya, api_of, gold):
    found = api_of(maya).get("/api/v1/tier-comparison/").json()
    assert [one["tier"] for one in found["results"]] == ["gold", "silver", "authorized", None]
    assert found["results"][0]["partners"] == 1
    assert api_of(maya).get("/api/v1/tier-comparison/?program=nonsense").status_code == 400
