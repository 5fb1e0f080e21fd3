"""The vendor's pages of home: the queue, partners, search."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from home.models import Snooze
from partners.actions import suspend_partner
from tests.factories import make_partner, make_partner_user

MOST_QUERIES = 16  # the frame takes eight, the choices of the filters four
TABS = ["", "deals/", "people/", "compliance/", "onboarding/", "reviews/", "documents/", "timeline/"]


def counts_beside(html: str) -> dict[str, int]:
    """The counts in the sidebar, by the address that they stand at."""
    nav = html[html.index('<nav class="prm-nav"') : html.index("</nav>")]
    found = re.findall(r'href="([^"]+)".*?prm-count">([\d,]+)', nav)
    return {url.partition("?")[0]: int(n) for url, n in found}


def test_the_queue_says_how_many_things_wait(northgate, maya, register, browser_of):
    register(northgate), register(northgate)
    page = browser_of(maya).get("/manage/")
    assert page.status_code == 200
    html = page.content.decode()
    assert "2 things wait for you" in html
    assert html.count("prm-queue-row") == 2
    assert "Decide registration D-1001" in html


def test_an_empty_queue_says_so(northgate, maya, browser_of):
    html = browser_of(maya).get("/manage/").content.decode()
    assert "Nothing waits for you" in html
    assert "prm-queue-row" not in html


def test_the_counts_in_the_sidebar_add_up_to_the_queue(northgate, maya, register, received, browser_of):
    register(northgate), register(northgate)
    counts = counts_beside(browser_of(maya).get("/manage/partners/").content.decode())
    assert counts["/manage/deals/"] == 2
    assert counts.pop("/manage/") == sum(counts.values()) == 3


def test_the_queue_shows_one_kind_where_asked(northgate, maya, register, received, browser_of):
    register(northgate)
    html = browser_of(maya).get("/manage/?section=applications").content.decode()
    assert "Decide application" in html
    assert "Decide registration" not in html


def test_mine_and_all_differ_by_colleagues_partners(northgate, program, maya, register, browser_of, moment):
    nobodys = make_partner("Ownerless Care", at=moment - timedelta(days=300))
    register(northgate), register(nobodys)
    browser = browser_of(maya)
    assert browser.get("/manage/").content.decode().count("prm-queue-row") == 1
    assert browser.get("/manage/?scope=all").content.decode().count("prm-queue-row") == 2


def test_snoozing_hides_the_row_and_offers_the_way_back(northgate, maya, register, browser_of):
    deal = register(northgate)
    browser = browser_of(maya)
    url = f"/manage/queue/deal_decision/{deal.pk}/snooze/"
    page = browser.post(url, {"until": "tomorrow"}, follow=True)
    html = page.content.decode()
    assert "prm-queue-row" not in html
    assert "Undo" in html and "1 thing put off" in html
    snooze = Snooze.objects.get()
    html = browser.post(f"/manage/queue/{snooze.pk}/wake/", follow=True).content.decode()
    assert html.count("prm-queue-row") == 1


def test_a_snooze_needs_one_of_the_choices(northgate, maya, register, browser_of):
    deal = register(northgate)
    page = browser_of(maya).post(f"/manage/queue/deal_decision/{deal.pk}/snooze/", {"until": "never"})
    assert page.status_code == 400
    assert not Snooze.objects.exists()


def test_nobody_wakes_another_persons_snooze_by_its_address(northgate, maya, dirk, register, browser_of):
    deal = register(northgate)
    browser_of(maya).post(f"/manage/queue/deal_decision/{deal.pk}/snooze/", {"until": "week"})
    snooze = Snooze.objects.get()
    assert browser_of(dirk).post(f"/manage/queue/{snooze.pk}/wake/").status_code == 404
    assert browser_of(maya).post(f"/manage/queue/{snooze.pk}/wake/").status_code == 302


def test_the_figure_of_the_quarter_explains_itself(northgate, maya, browser_of):
    browser = browser_of(maya)
    assert "Partner revenue booked" in browser.get("/manage/").content.decode()
    page = browser.get("/manage/why/booked/?scope=mine", headers={"hx-request": "true"})
    html = page.content.decode()
    assert "<html" not in html and "No row counts." in html
    assert "<html" in browser.get("/manage/why/booked/").content.decode()


# Partners -------------------------------------------------------------------------------------------------------


def test_the_list_shows_the_partners_that_i_look_after(northgate, albion, maya, ada, browser_of):
    mine = browser_of(maya).get("/manage/partners/").content.decode()
    assert "Northgate" in mine and "Albion" not in mine
    everyones = browser_of(ada).get("/manage/partners/").content.decode()
    assert "Northgate" in everyones and "Albion" in everyones


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("state=suspended", {"Albion"}),
        ("state=active", {"Northgate"}),
        ("tier=none", {"Northgate", "Albion"}),
        ("tier=gold", set()),
        ("market=uk", {"Albion"}),
        ("search=clinical north", {"Northgate"}),
        ("category=channel&state=active", {"Northgate"}),
    ],
)
def test_filters_narrow_the_list(northgate, albion, ada, acting, browser_of, at, query, names):
    suspend_partner(by=acting(ada), partner=albion, reason_code="payment", at=at)
    page = browser_of(ada).get(f"/manage/partners/?columns=name&{query}")
    html = page.content.decode().partition("<main")[2]
    assert {name for name in ("Northgate", "Albion") if name in html} == names


def test_the_list_filters_by_manager(northgate, albion, ada, maya, browser_of):
    html = browser_of(ada).get(f"/manage/partners/?psm={maya.pk}").content.decode()
    assert "Northgate" in html and "Albion" not in html


def test_the_list_exports_what_it_shows(northgate, albion, ada, maya, browser_of):
    page = browser_of(ada).get(f"/manage/partners/?psm={maya.pk}&export=csv")
    text = b"".join(page.streaming_content).decode()
    assert "Northgate Clinical Systems" in text and "Maya Lindqvist" in text
    assert "Albion" not in text


def test_the_list_costs_the_same_for_one_partner_and_for_three(northgate, ada, browser_of, moment):
    browser = browser_of(ada)
    browser.get("/manage/partners/")
    with CaptureQueriesContext(connection) as one:
        browser.get("/manage/partners/")
    for name in ("Second Care", "Third Care"):
        partner = make_partner(name, at=moment - timedelta(days=100))
        make_partner_user(f"a@{name.split()[0].lower()}.example", "A B", partner, "partner_admin", moment)
    with CaptureQueriesContext(connection) as three:
        html = browser.get("/manage/partners/").content.decode()
    assert "Third Care" in html
    assert len(one) == len(three) <= MOST_QUERIES


@pytest.mark.parametrize("tab", TABS)
def test_a_partners_tabs_open(northgate, priya, maya, register, template, gates, version, browser_of, tab):
    register(northgate)
    page = browser_of(maya).get(f"/manage/partners/{northgate.pk}/{tab}")
    assert page.status_code == 200
    assert "Northgate Clinical Systems" in page.content.decode()


@pytest.mark.parametrize("tab", [*TABS, "why/annual_revenue/"])
def test_a_colleagues_partner_does_not_exist_for_me(northgate, albion, maya, tomas, gates, browser_of, tab):
    url = f"/manage/partners/{albion.pk}/{tab}"
    assert browser_of(tomas).get(url).status_code == 200
    assert browser_of(maya).get(url).status_code == 404


def test_a_partner_without_a_tier_is_said_to_be_so(northgate, maya, browser_of):
    html = browser_of(maya).get(f"/manage/partners/{northgate.pk}/").content.decode()
    assert "Not yet in a tier" in html


def test_the_moves_on_a_partner_are_those_that_are_open_to_me(
    northgate, maya, ada, vera, acting, browser_of, at
):
    url = f"/manage/partners/{northgate.pk}/"
    maya_sees = browser_of(maya).get(url).content.decode()
    assert f"{url}suspend/" in maya_sees and f"{url}terminate/" not in maya_sees
    assert f"{url}terminate/" in browser_of(ada).get(url).content.decode()
    vera_sees = browser_of(vera).get(url).content.decode()
    assert f"{url}suspend/" not in vera_sees and "/manage/deals/new/" not in vera_sees
    suspend_partner(by=acting(ada), partner=northgate, reason_code="payment", at=at)
    suspended = browser_of(maya).get(url).content.decode()
    assert f"{url}resume/" in suspended and f"{url}suspend/" not in suspended
    assert "Deals are registered while the partner is active." in suspended


def test_an_unknown_number_has_no_why(northgate, maya, browser_of):
    browser = browser_of(maya)
    assert browser.get(f"/manage/partners/{northgate.pk}/why/annual_revenue/").status_code == 200
    assert browser.get(f"/manage/partners/{northgate.pk}/why/luck/").status_code == 404


# Search ---------------------------------------------------------------------------------------------------------


def test_search_finds_partners_deals_customers_and_people(northgate, priya, maya, register, browser_of):
    register(northgate, customer_name="Larkhill Community Hospital")
    browser = browser_of(maya)
    for text, found in (
        ("northgate", "Northgate Clinical Systems"),
        ("D-1001", "D-1001 Larkhill Community Hospital"),
        ("larkhill", "Larkhill Community Hospital"),
        ("PRÍYA", "Priya Raman"),
    ):
        html = browser.get("/manage/search/", {"q": text}).content.decode().partition("<main")[2]
        assert found in html, text


def test_search_does_not_show_a_colleagues_partner(northgate, albion, maya, tomas, browser_of):
    assert "Albion Health" in browser_of(tomas).get("/manage/search/?q=albion").content.decode()
    assert "Nothing matches" in browser_of(maya).get("/manage/search/?q=albion").content.decode()


@pytest.mark.parametrize("text", ["%", "'; drop table", "\x00", "  ", "x" * 5000, "́"])
def test_search_takes_any_text(northgate, maya, browser_of, text):
    assert browser_of(maya).get("/manage/search/", {"q": text}).status_code == 200


# Doors ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", ["/manage/", "/manage/partners/", "/manage/search/", "/manage/why/booked/"])
def test_a_partners_person_has_no_workspace(maya, priya, browser_of, client, url):
    assert browser_of(maya).get(url).status_code == 200
    assert browser_of(priya).get(url).status_code == 404
    assert client.get(url).status_code == 302


def test_the_gallery_is_for_administrators(maya, ada, browser_of):
    assert browser_of(ada).get("/manage/gallery/").status_code == 200
    assert browser_of(maya).get("/manage/gallery/").status_code == 403


def test_the_front_page_offers_both_ways_and_sends_the_signed_in_home(maya, priya, browser_of, client):
    html = client.get("/").content.decode()
    assert "/apply/" in html and "/accounts/login/" in html
    assert browser_of(maya).get("/").url == "/manage/"
    assert browser_of(priya).get("/").url == "/portal/"


def test_the_accessibility_statement_is_open_to_all(db, client):
    assert client.get("/accessibility/").status_code == 200
