"""The partner's home: earned, coming, expiring, next; what it never shows."""

from __future__ import annotations

from datetime import timedelta

import pytest

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
from tiers.actions import recalculate


@pytest.fixture
def home_of(acting, at):
    """A partner's home as one of its people reads it at the instant of the story."""

    def read(user, partner, moment=at):
        return PortalHome(partner, user, acting(user), moment)

    return read


def test_earned_is_what_was_booked_this_quarter_while_there_is_no_tier(northgate, priya, home_of, at):
    booked(northgate, at - timedelta(days=20), day(at - timedelta(days=10)), minor=42_000_000)
    booked(northgate, at - timedelta(days=90), day(at - timedelta(days=80)), customer_name="Earlier Clinic")
    earned = home_of(priya, northgate).earned()
    assert earned["value"] == "$420,000"
    assert earned["note"] == "booked on 1 won deal"
    assert len(earned["lines"]) == 1


def test_earned_is_the_margin_of_the_tier(northgate, priya, tracks, version, home_of, at):
    certify(northgate.contacts.get(user=priya), tracks["platform"], day(at - timedelta(days=50)))
    recalculate(by=SYSTEM, as_of=day(at), at=at)
    northgate.refresh_from_db()
    assert northgate.tier_code == "silver"
    booked(northgate, at - timedelta(days=20), day(at - timedelta(days=10)), minor=42_000_000)
    home = home_of(priya, northgate)
    assert home.earned()["value"] == "$63,000"
    assert home.earned()["note"] == "margin on 1 won deal, at 15%"
    assert home.why_earned()["formula"] == "booked amount × 15%"


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
    assert home.bookings == [] and home.coming()["lines"] == [] and home.expiring()["lines"] == []
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
