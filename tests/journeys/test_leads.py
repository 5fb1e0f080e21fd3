"""A lead in a browser: offered by the vendor at a desk, accepted, called, registered and won by a seller on a phone."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser

from accounts.actions import add_user, start_membership
from core.actors import SYSTEM
from leads.models import Lead
from tests.factories import make_partner
from tests.journeys.chromium import PHONE, WIDE
from tests.journeys.story import PASSWORD, Story, Visitor, command
from tests.journeys.test_in_browser import PROGRAM, Person

pytestmark = pytest.mark.journey
MAYA, SAM = "maya@corvane.example", "sam@fernside.example"
WHO = ("Aldermoor Infirmary", "Iris Holm", "+44 20 7946 0991")


def someone(email: str, name: str, role: str, partner: Any, at: Any) -> None:
    user = add_user(by=SYSTEM, email=email, name=name, password=PASSWORD, at=at)
    start_membership(by=SYSTEM, user=user, partner=partner, role=role, at=at)


def test_a_lead_is_accepted_called_registered_and_won_on_a_phone(
    story: Story, chrome: Browser, live_server: Any, settings: Any
) -> None:
    settings.BASE_URL = live_server.url
    at = story.go("2026-04-01 09:00")
    command("load_program", PROGRAM, "--activate")
    fernside = make_partner("Fernside Clinical", country="GB", at=at)
    someone(MAYA, "Maya Lindqvist", "psm", None, at)
    someone(SAM, "Sam Ortiz", "partner_seller", fernside, at)
    maya = Person(chrome, live_server.url, WIDE, MAYA)
    sam = Person(chrome, live_server.url, PHONE, SAM)

    it_is_entered_and_offered(maya)
    it_is_accepted(story, sam)
    it_is_called(sam)
    deal = it_is_registered(sam)
    it_is_won(story, maya, sam, deal)

    assert [*maya.watch.problems, *sam.watch.problems] == []


def it_is_entered_and_offered(maya: Person) -> None:
    """First with a need that tells who it is, which is refused; then offered to the partner that knows the customer."""
    maya.open("/manage/leads/new/")
    maya.fill(
        customer_name=WHO[0], country="United Kingdom", city="Aldermoor", contact_name=WHO[1], contact_role="CIO",
        contact_email="iris@aldermoor.example", contact_phone=WHO[2], need="Aldermoor wants faster triage.",
        products=["Corvane Triage"], language="English", amount=("GBP", "120,000"), consent_basis="The person asked",
    )  # fmt: skip
    maya.tab.locator("label[for=id_route_now]").click()
    maya.watch.expected = {400}
    maya.press("Enter the lead")
    maya.sees("Partners read this before they accept; take out “aldermoor”.")
    maya.watch.expected = set()
    maya.fill(need="Wants faster triage at two sites before winter.")
    maya.press("Enter the lead")
    maya.sees(WHO[0])
    maya.follow("Offer to…")
    maya.fill(partner="Fernside Clinical", reason="The partner knows the customer")
    maya.press("Offer it")
    maya.sees("Offered")


def it_is_accepted(story: Story, sam: Person) -> None:
    """From the home on a phone; who it is shows only afterwards."""
    story.work()
    sam.open("/portal/")
    sam.sees("Answer about the lead L-1001")
    sam.open("/portal/leads/")
    text = sam.tab.content()
    assert [words for words in WHO if words in text] == []
    sam.sees("Wants faster triage at two sites before winter.")
    sam.press("Accept")
    for words in WHO:
        sam.sees(words)
    assert sam.tab.locator("main a[href='tel:+442079460991']").count() == 1


def it_is_called(sam: Person) -> None:
    sam.follow("Note the first contact")
    sam.fill(way="By phone", note="They want a demonstration next week.")
    sam.press("Note the contact")
    sam.sees("Contacted")


def it_is_registered(sam: Person) -> str:
    """Only what nobody knew yet is filled in."""
    sam.follow("Register the deal")
    assert sam.tab.locator("[name=customer_name]").input_value() == WHO[0]
    assert "They want a demonstration next week." in sam.tab.locator("[name=what_it_did]").input_value()
    sam.fill(expected_close_on="2026-06-30", no_patient_data="I confirm")
    sam.press("Register deal")
    sam.sees("from lead L-1001")
    return "/" + sam.tab.url.split("/", 3)[3]


def it_is_won(story: Story, maya: Person, sam: Person, deal: str) -> None:
    """The vendor approves; the seller reports the win; the lead is won on both sides."""
    manager = Visitor(story, MAYA)
    ours = deal.replace("/portal/", "/manage/")
    manager.submit(f"{ours}add-customer/")
    manager.submit(f"{ours}decide/", move="Approve")
    sam.open(f"{deal}report-win/")
    sam.fill(won_on="2026-04-01", reference="PO 4711")
    sam.press("Report the win")
    sam.open("/portal/leads/")
    sam.sees("Won")
    maya.open(Lead.objects.get().get_absolute_url())
    maya.sees("L-1001 was won")
