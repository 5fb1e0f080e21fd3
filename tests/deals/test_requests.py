"""The lists of what partners ask of approved registrations: more time, changes, transfers."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.actors import SYSTEM
from core.clock import now, today
from core.money import Money
from deals import actions
from tests.deals import factories as make
from tests.factories import make_organization

DAY = timedelta(days=1)
LISTS = {
    "/manage/extensions/": "extension",
    "/manage/amendments/": "amendment",
    "/manage/transfers/": "transfer",
}


@pytest.fixture
def at():
    """Yesterday: pages read the clock."""
    return now() - DAY


def ask(partner, at, name):
    """A registration of which more time, a change and a transfer are asked for; the three by kind."""
    deal = make.approved(
        partner, at, make_organization(name), customer_name=name, expected_close_on=today() + 100 * DAY
    )
    return {
        "extension": actions.request_extension(
            by=SYSTEM, deal=deal, evidence="We met again.", activity_on=deal.day_of(at), at=at
        ),
        "amendment": actions.request_amendment(
            by=SYSTEM, deal=deal, reason="It grew.", at=at, amount=Money(9_900, "USD")
        ),
        "transfer": actions.request_transfer(by=SYSTEM, deal=deal, wish="Somebody", reason="Nearer.", at=at),
    }


@pytest.fixture
def asked(northgate, at):
    return ask(northgate, at, "Larkhill")


@pytest.mark.parametrize("address", LISTS)
def test_each_list_shows_the_requests_of_my_partners_and_no_others(
    address, maya, browser_of, asked, albion, at
):
    ask(albion, at, "Elsewhere")
    page = browser_of(maya).get(address).content.decode()
    assert "Larkhill" in page
    assert "Elsewhere" not in page


@pytest.mark.parametrize("address", LISTS)
def test_what_waits_is_counted_and_told_from_what_was_answered(address, ada, browser_of, asked):
    page = browser_of(ada).get(f"{address}?state=requested")
    assert page.context["views"][0]["count"] == 1
    assert "Larkhill" in page.content.decode()
    gone = browser_of(ada).get(f"{address}?state=closed").content.decode()
    assert "Larkhill" not in gone


@pytest.mark.parametrize(
    ("address", "kind"), [("/manage/extensions/", "extension"), ("/manage/amendments/", "amendment")]
)
def test_a_waiting_request_leads_to_its_answer_for_whoever_may_give_it(
    address, kind, ada, vera, browser_of, asked
):
    assert asked[kind].decide_url in browser_of(ada).get(address).content.decode()
    assert asked[kind].decide_url not in browser_of(vera).get(address).content.decode()


def test_renewals_are_told_from_extensions(ada, browser_of, asked):
    assert "Larkhill" in browser_of(ada).get("/manage/extensions/?kind=extension").content.decode()
    assert "Larkhill" not in browser_of(ada).get("/manage/extensions/?kind=renewal").content.decode()


def test_a_change_says_what_it_changes(ada, browser_of, asked):
    assert "Value, first year" in browser_of(ada).get("/manage/amendments/").content.decode()


def test_a_transfer_that_waits_for_a_partner_says_so(ada, browser_of, asked, albion, at):
    deal = asked["transfer"].deal
    actions.propose_transfer(by=SYSTEM, deal=deal, receiver=albion, at=at, reason="Nearer.")
    page = browser_of(ada).get("/manage/transfers/?state=proposed&state=offered").content.decode()
    assert "With the partners" in page
    assert "Albion" in page


@pytest.mark.parametrize("address", LISTS)
def test_the_lists_can_be_exported_and_are_linked_from_deals_and_each_other(address, ada, browser_of, asked):
    browser = browser_of(ada)
    export = browser.get(f"{address}?export=csv")
    assert "Larkhill" in b"".join(export.streaming_content).decode()
    page = browser.get(address).content.decode()
    assert all(other in page for other in LISTS)
    assert "/manage/extensions/?state=requested" in browser.get("/manage/deals/").content.decode()


def test_a_partners_person_reads_its_requests_on_its_registration_alone(priya, ada, browser_of, asked):
    assert browser_of(ada).get("/manage/extensions/").status_code == 200
    browser = browser_of(priya)
    assert browser.get("/manage/extensions/").status_code == 404
    page = browser.get(asked["extension"].deal.portal_url).content.decode()
    assert "We met again." in page
