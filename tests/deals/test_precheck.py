"""Before it submits, a partner is told of its own earlier registrations and of published rules, and of nobody else."""

from __future__ import annotations

import pytest

from accounts.actors import partner_actor
from core.saving import save
from deals import actions
from deals.models import DealType
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


def test_an_own_win_is_offered_as_a_renewal_with_the_form_filled_in(
    sam, browser_of, api_of, northgate, brannoc, at
):
    kind = save(
        DealType(code="renewal", name="Renewal", position=9, definition="Goes on.", names_earlier=True)
    )
    browser, client = browser_of(sam), api_of(sam, northgate)
    won = make.won(northgate, at, brannoc)
    address = f"/portal/deals/new/?renews={won.pk}"

    assert address in pages(browser)[1].decode()
    assert client.get(f"/api/v1/deals/precheck/?{ASKED[1]}").json()["renewal_of"]["number"] == won.number

    page = browser.get(address)
    first = page.context["form"].initial
    taken = {
        name: first[name] for name in ("renews", "type", "organization", "customer_name", "customer_country")
    }
    assert taken == {"renews": won.pk, "type": kind.pk, "organization": brannoc.pk,
                     "customer_name": won.customer_name, "customer_country": "US"}  # fmt: skip


def test_another_partner_s_win_is_no_renewal(sam, browser_of, northgate, albion, brannoc, at):
    save(DealType(code="renewal", name="Renewal", position=9, definition="Goes on.", names_earlier=True))
    won = make.won(albion, at, brannoc)
    browser = browser_of(sam)

    assert b"renews=" not in pages(browser)[1]
    assert "renews" not in browser.get(f"/portal/deals/new/?renews={won.pk}").context["form"].initial


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
