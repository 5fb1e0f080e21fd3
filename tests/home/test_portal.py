"""The partner's home: earned, coming, expiring, next; what it never shows."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from compliance.actions import record_gate
from core.actors import SYSTEM
from core.clock import day
from core.money import Money
from deals import actions as deal_actions
from home.figures import Quarter, quarter_of
from home.portal_page import PortalHome
from onboarding.actions import start_plan
from partners.actions import suspend_partner
from partners.models import Category, Taxonomy
from tests.deals.factories import approved, booked, draft
from tests.enablement.factories import certify
from tests.factories import make_partner_user
from tests.tiers.factories import content, make_draft, put_in_force
from tests.tiers.factories import make_program as make_tier_program
from tiers.actions import award_tier, recalculate
from tiers.margins import margin_of


@pytest.fixture
def home_of(acting, at):
    """A partner's home as one of its people reads it at the instant of the story."""

    def read(user, partner, moment=at):
        return PortalHome(partner, user, acting(user), moment)

    return read


def test_without_a_margin_nothing_is_earned_and_the_page_says_what_was_booked(northgate, priya, home_of, at):
    booked(northgate, at - timedelta(days=20), day(at - timedelta(days=10)), minor=42_000_000)
    booked(northgate, at - timedelta(days=90), day(at - timedelta(days=80)), customer_name="Earlier Clinic")
    home = home_of(priya, northgate)
    earned, why = home.earned(), home.why_earned()
    assert (earned["value"], earned["note"]) == ("$0", "No margin on 1 won deal; $420,000 booked")
    assert [line["value"] for line in earned["lines"]] == ["no margin"]
    assert (why["actual"], why["counted"]) == ("$0", [])
    assert [row["reason"] for row in why["excluded"]] == ["no margin was given"]


@pytest.fixture
def rising(northgate, version, at):
    """Northgate was Silver (15%) from 60 days ago and is Gold (20%) since 15 days ago."""
    for code, days in (("silver", 60), ("gold", 15)):
        tier, then = version.tiers.get(code=code), at - timedelta(days=days)
        award_tier(by=SYSTEM, partner=northgate, tier=tier, evaluation=None, at=then)
    northgate.refresh_from_db()
    return northgate


def test_earned_is_the_margin_at_which_the_deal_was_won_and_not_todays(rising, priya, home_of, at):
    booked(rising, at - timedelta(days=20), day(at - timedelta(days=10)), minor=42_000_000)
    assert margin_of(rising, day(at)).percent == 20
    earned = home_of(priya, rising).earned()
    assert (earned["value"], earned["note"]) == ("$63,000", "margin on 1 won deal, at 15%")


def test_earned_is_the_sum_of_the_margins_of_each_deal_to_the_cent_and_so_is_its_drill_down(
    rising, priya, home_of, acting, maya, at
):
    on = day(at)
    booked(rising, at - timedelta(days=20), on - timedelta(days=10), minor=10_003, customer_name="A")
    booked(rising, at - timedelta(days=12), on - timedelta(days=9), minor=10_003, customer_name="B")
    third = booked(rising, at - timedelta(days=11), on - timedelta(days=8), minor=10_003, customer_name="C")
    decided = {"percent": Decimal("22.5"), "reason": "A lighthouse", "deal": third}
    deal_actions.decide_deal_margin(by=acting(maya), at=at, **decided)
    home = home_of(priya, rising)
    earned, why = home.earned(), home.why_earned()
    assert earned["value"] == "$57.52"  # 15.0045 + 20.006 + 22.50675, each to the cent
    assert earned["note"] == "margin on 3 won deals, at 15 to 22.5%"
    assert why["actual"] == earned["value"]
    assert [row["value"] for row in why["counted"]] == ["$22.51", "$20.01", "$15"]
    assert "booked $100.03 on" in why["counted"][0]["note"] and "at 22.5%" in why["counted"][0]["note"]
    assert [line["value"] for line in earned["lines"]] == [row["value"] for row in why["counted"]]


def test_a_correction_takes_back_what_its_booking_gave_also_of_a_reopened_deal(
    rising, priya, home_of, dirk, acting, at
):
    deal = booked(rising, at - timedelta(days=20), day(at - timedelta(days=18)), minor=42_000_000)
    facts = {
        "booked_on": day(at - timedelta(days=5)),
        "reason": "wrong_amount",
        "amount": Money(2_000_000, "USD"),
    }
    deal_actions.correct_booking(by=SYSTEM, booking=deal.bookings.get(), at=at, **facts)
    assert home_of(priya, rising).earned()["value"] == "$60,000"
    deal_actions.reopen_deal(by=SYSTEM, deal=deal, reason="order_cancelled", comment="No order.", at=at)
    deal.refresh_from_db()
    assert deal.won_on is None
    assert home_of(priya, rising).earned()["value"] == "$0"


def test_what_is_earned_on_three_deals_is_read_as_often_as_on_one(rising, priya, home_of, at):
    def queries():
        with CaptureQueriesContext(connection) as found:
            home = home_of(priya, rising)
            home.earned(), home.why_earned()
        return len(found)

    booked(rising, at - timedelta(days=20), day(at), customer_name="A")
    booked(rising, at - timedelta(days=12), day(at), customer_name="B")
    before = queries()
    for n, name in enumerate("CDE"):
        booked(rising, at - timedelta(days=10 + 2 * n), day(at), customer_name=name)
    assert queries() == before


def test_currencies_are_never_added(northgate, priya, home_of, register):
    register(northgate, amount=Money(10_000_000, "USD"))
    register(northgate, amount=Money(20_000_000, "EUR"))
    value = home_of(priya, northgate).coming()["value"]
    assert "$100K" in value and "€200K" in value


def test_what_ends_within_90_days_is_listed_first_things_first(
    northgate,
    priya,
    tracks,
    gates,
    home_of,
    register,
    at,
):
    on = day(at)
    deal = register(northgate, make=approved, at=at - timedelta(days=5), days=30)
    person = northgate.contacts.get(user=priya)
    certify(person, tracks["sales"], on - timedelta(days=300), expires_on=on + timedelta(days=10))
    certify(person, tracks["platform"], on - timedelta(days=300), expires_on=on + timedelta(days=91))
    gate = gates["security_assessment"]
    facts = {"partner": northgate, "gate": gate, "passed_on": on - timedelta(days=300), "evidence": "Report"}
    record_gate(by=SYSTEM, at=at, valid_until=on + timedelta(days=60), **facts)
    lines = home_of(priya, northgate).expiring()["lines"]
    assert [line["text"] for line in lines] == [
        "Priya Raman, Sales", f"Protection of {deal.number}", "Security assessment",
    ]  # fmt: skip


def test_next_is_what_waits_for_this_person(northgate, priya, dirk, sam, register, acting, home_of, at):
    viewer = make_partner_user("vic@northgate.example", "Vic Low", northgate, "partner_viewer", at)
    deal = register(northgate)
    asked = {"question": "Which site?", "fields": ["customer_city"]}
    deal_actions.ask_for_more(by=acting(dirk), deal=deal, at=at, **asked)
    begun = draft(northgate, at, customer_name="Begun Clinic")
    for user in (priya, sam):
        steps = home_of(user, northgate).steps
        assert {step.id for step in steps} == {deal.pk, begun.pk}
    assert home_of(viewer, northgate).steps == []


def test_the_vendors_speed_is_held_against_its_promise(northgate, priya, dirk, acting, register, home_of, at):
    assert home_of(priya, northgate).answers() == []
    fast, slow = (
        register(northgate, at=at - timedelta(days=20)),
        register(northgate, at=at - timedelta(days=20)),
    )
    deal_actions.approve_deal(by=acting(dirk), deal=fast, at=at - timedelta(days=19))
    deal_actions.approve_deal(by=acting(dirk), deal=slow, at=at - timedelta(days=5))
    (row,) = home_of(priya, northgate).answers()
    assert row["on_time"] == "50% on time (1 of 2)"
    assert row["promise"] == "of 2 days"
    assert row["tone"] == "caution"


def test_only_own_facts_count(northgate, albion, priya, home_of, at):
    booked(albion, at - timedelta(days=20), day(at - timedelta(days=10)))
    approved(albion, at - timedelta(days=5), customer_name="Other Clinic")
    home = home_of(priya, northgate)
    assert home.earnings == [] and home.coming()["lines"] == [] and home.expiring()["lines"] == []
    assert home.answers() == []


@pytest.mark.parametrize(
    ("on", "name", "starts", "ends"),
    [
        ((2026, 11, 24), "Q4", (10, 1), (12, 31)),
        ((2026, 1, 1), "Q1", (1, 1), (3, 31)),
        ((2028, 2, 29), "Q1", (1, 1), (3, 31)),
        ((2026, 6, 30), "Q2", (4, 1), (6, 30)),
    ],
)
def test_a_quarter_is_the_calendars(on, name, starts, ends, at):
    found: Quarter = quarter_of(at.date().replace(*on))
    assert found.name == name
    assert (found.starts_on.month, found.starts_on.day) == starts
    assert (found.ends_on.month, found.ends_on.day) == ends


# Pages ----------------------------------------------------------------------------------------------------------


def test_the_home_of_a_partner_without_a_tier_opens(northgate, priya, browser_of):
    page = browser_of(priya).get("/portal/")
    html = page.content.decode()
    assert page.status_code == 200
    assert "Not yet in a tier" in html and "Earned" in html and "Maya Lindqvist" in html


def test_while_onboarding_the_checklist_comes_first(lakeshore, template, browser_of, moment):
    lena = make_partner_user("lena@lakeshore.example", "Lena Fraser", lakeshore, "partner_admin", moment)
    start_plan(by=SYSTEM, partner=lakeshore, at=moment - timedelta(days=1))
    html = browser_of(lena).get("/portal/").content.decode()
    assert "Your way to the first deal" in html and "Sign the partner agreement" in html
    assert "Earned" not in html
    assert "Deals are registered once onboarding is complete." in html
    assert 'href="/portal/onboarding/"' in html


def test_a_suspended_partner_is_told_so_and_offered_nothing(northgate, priya, ada, acting, browser_of, at):
    assert "/portal/deals/new/" in browser_of(priya).get("/portal/").content.decode()
    suspend_partner(by=acting(ada), partner=northgate, reason_code="payment", at=at)
    html = browser_of(priya).get("/portal/").content.decode()
    assert "Your partnership is suspended." in html
    assert "/portal/deals/new/" not in html


def test_the_portal_search_finds_own_deals_and_not_those_of_others(
    northgate, albion, priya, rhys, register, browser_of
):
    register(northgate, customer_name="Larkhill Hospital")
    for user, found in ((priya, True), (rhys, False)):
        html = browser_of(user).get("/portal/search/?q=larkhill").content.decode().partition("<main")[2]
        assert ("Larkhill Hospital" in html) is found
    assert "Nothing matches" in browser_of(priya).get("/portal/search/?q=albion").content.decode()


def test_the_figures_explain_themselves(northgate, priya, browser_of):
    browser = browser_of(priya)
    for url in ("/portal/why/earned/", "/portal/why/annual_revenue/"):
        assert browser.get(url).status_code == 200
    assert browser.get("/portal/why/luck/").status_code == 404


@pytest.mark.parametrize("url", ["/portal/", "/portal/search/", "/portal/why/earned/"])
def test_the_vendors_people_have_no_portal_of_their_own(northgate, priya, maya, browser_of, client, url):
    assert browser_of(priya).get(url).status_code == 200
    assert browser_of(maya).get(url).status_code == 404
    assert client.get(url).status_code == 302


def test_a_partner_in_two_programs_reads_where_it_stands_in_each(
    northgate, priya, maya, tracks, version, home_of, browser_of, at
):
    second = make_tier_program("care", "Care", position=2)
    put_in_force(make_draft(program=second), at - timedelta(days=30))
    certify(northgate.contacts.get(user=priya), tracks["platform"], day(at - timedelta(days=50)))
    recalculate(by=SYSTEM, as_of=day(at), at=at)
    northgate.refresh_from_db()
    assert [(line["text"], line["value"]) for line in home_of(priya, northgate).context()["programs"]] == [
        ("Levels", "Silver"), ("Care", "Silver"),
    ]  # fmt: skip
    for user, url, tier_page in (
        (priya, "/portal/", "/portal/tier/"),
        (maya, northgate.get_absolute_url(), f"{northgate.get_absolute_url()}tier/"),
    ):
        page = browser_of(user).get(url).content.decode()
        for code in ("levels", "care"):
            assert f"{tier_page}?program={code}" in page
        assert browser_of(user).get(f"{tier_page}?program=care").status_code == 200


def test_a_partner_in_one_program_needs_no_list_of_them(northgate, priya, version, home_of):
    assert home_of(priya, northgate).context()["programs"] == []


def test_the_next_tier_is_the_next_of_ones_own_program(northgate, priya, tracks, version, home_of, at):
    other = make_tier_program("care", "Care", position=2)
    made = content()
    made["tiers"]["gold"]["name"] = "Lighthouse"
    other.categories.set(
        [Category.objects.create(taxonomy=Taxonomy.objects.get(), code="clinics", name="Clinics")]
    )
    put_in_force(make_draft(made, other), at - timedelta(days=30))
    certify(northgate.contacts.get(user=priya), tracks["platform"], day(at - timedelta(days=50)))
    recalculate(by=SYSTEM, as_of=day(at), at=at)
    northgate.refresh_from_db()
    home = home_of(priya, northgate)
    assert (home.gains()["tier"]["name"], home.looks.of(northgate)["of"]) == ("Gold", 3)
