"""Before it submits, a partner is told of its own earlier registrations and of published rules, and of nobody else."""

from __future__ import annotations

import pytest

from accounts.actors import partner_actor
from deals import actions
from deals.precheck import own_earlier
from partners.actions import note_knowledge
from tests.deals import factories as make

pytestmark = pytest.mark.django_db

ASKED = (
    "customer_name=St.+Brannoc",
    "customer_name=St.+Brannoc%E2%80%99s+Regional+Medical+Center&customer_country=US",
    "customer_name=Brannoc&customer_website=stbrannocs.example",
)


def pages(browser) -> list[bytes]:
    return [browser.get(f"/portal/deals/customers/?{asked}").content for asked in ASKED]


def answers(client) -> list[bytes]:
    return [client.get(f"/api/v1/deals/precheck/?{asked}").content for asked in ASKED]


def test_the_answer_is_the_same_byte_for_byte_whether_another_partner_is_there(
    sam, browser_of, api_of, northgate, albion, brannoc, at
):
    browser, client = browser_of(sam), api_of(sam, northgate)
    chosen = f"/portal/deals/customers/?organization={brannoc.pk}"
    before = pages(browser), answers(client), browser.get(chosen).content

    rival = make.submitted(albion, at, brannoc)
    registered = pages(browser), answers(client), browser.get(chosen).content
    actions.approve_deal(by=make.SYSTEM, deal=rival, at=at)
    protected = pages(browser), answers(client), browser.get(chosen).content

    assert before == registered == protected
    # It could have changed: for the partner itself it does.
    make.submitted(northgate, at, brannoc)
    assert pages(browser) != before[0] and answers(client) != before[1]


def test_to_what_the_vendor_linked_an_own_registration_is_not_told(sam, northgate, brannoc, at):
    make.submitted(northgate, at, brannoc, customer_name="SBMC", customer_city="Falls")

    found = own_earlier(partner_actor(sam), northgate, organization=brannoc, website="stbrannocs.example")
    assert found == []


def test_own_registrations_are_found_by_name_country_and_website(sam, northgate, at):
    deal = make.submitted(northgate, at, customer_website="https://www.stbrannocs.example/about")
    by = partner_actor(sam)

    assert own_earlier(by, northgate, name="ST BRANNOCS REGIONAL Medical Center", country="US") == [deal]
    assert own_earlier(by, northgate, website="stbrannocs.example") == [deal]
    assert own_earlier(by, northgate, name="brannoc") == [deal]
    assert own_earlier(by, northgate, name="Larkhill") == []


def test_a_draft_is_no_registration(sam, northgate, at):
    make.draft(northgate, at)

    assert own_earlier(partner_actor(sam), northgate, name="brannoc") == []


def test_a_public_body_that_the_partner_knows_shows_its_longer_protection(
    sam, browser_of, northgate, larkhill, brannoc, at
):
    make.make_lengths()
    browser = browser_of(sam)
    assert "90 days" in browser.get(f"/portal/deals/customers/?organization={larkhill.pk}").content.decode()
    type(brannoc).objects.filter(pk=brannoc.pk).update(is_public_body=True)
    address = f"/portal/deals/customers/?organization={brannoc.pk}"
    assert "days" not in browser.get(address).content.decode()

    note_knowledge(organization=brannoc, partner=northgate, because="registered", at=at)

    assert "270 days" in browser.get(address).content.decode()


def test_the_form_says_how_long_without_knowing_the_customer(sam, browser_of, northgate):
    make.make_lengths()

    page = browser_of(sam).get("/portal/deals/new/").content.decode()

    assert "Protected for 90 days" in page and "Large customers: 270 days" in page
