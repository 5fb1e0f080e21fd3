"""What nobody may read before it has accepted stands in no letter, event or line under the bell."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from core import mail
from core.actors import SYSTEM
from core.models import Mail
from events.models import Event
from inbox.actions import send_due_reminders
from inbox.models import Notification
from leads import actions
from leads.models import Candidate, Lead
from tests.factories import make_organization, make_partner_user
from tests.leads import factories as make

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


def letters() -> dict[str, str]:
    """What each kind of letter says now; those that no longer apply are left out."""
    found = {row.letter: mail.render(row) for row in Mail.objects.all()}
    return {name: "\n".join(parts) for name, parts in found.items() if parts}


def canaries_in(text: str) -> list[str]:
    return [word for word in make.CANARIES.values() if word in text]


def test_the_letter_of_an_offer_says_what_for_and_until_when_and_not_who(northgate, sam, priya, at):
    lead = make.offered(northgate, at)
    said = letters()["lead.offered"]
    assert canaries_in(said) == []
    for words in (
        "L-1001",
        "United States",
        "Radiology",
        "Triage",
        "night scans",
        "Thursday 26 November 2026",
        lead.portal_url,
    ):
        assert words in said
    assert {row.to_user for row in Mail.objects.filter(letter="lead.offered")} == {sam, priya}


def test_who_it_is_stands_in_no_letter_at_all(program, northgate, sam, acting, at):
    make.ready("Other Health")
    lead = make.offered(northgate, at, by=acting(program_owner(at)))
    send_due_reminders(at=at + DAY)
    first = letters()
    actions.accept_lead(by=acting(sam), lead=lead, at=at + DAY)
    send_due_reminders(at=at + 4 * DAY)
    second = letters()
    actions.pass_on_overdue(at=at + 6 * DAY)
    third = letters()
    assert {"lead.offered", "reminder.lead_acceptance"} <= set(first)
    assert {"lead.accepted", "reminder.lead_contact"} <= set(second)
    assert "lead.reclaimed" in third
    for said in (first, second, third):
        assert {name: canaries_in(text) for name, text in said.items() if canaries_in(text)} == {}


def program_owner(at):
    from tests.factories import make_vendor_user

    return make_vendor_user("owner@vendor.example", "Olga Owner", "marketing", at)


def test_a_letter_whose_offer_is_over_is_not_sent(northgate, sam, at):
    lead = make.offered(northgate, at)
    assert "lead.offered" in letters()
    actions.withdraw_offer(by=SYSTEM, lead=lead, reason="wrong_partner", at=at)
    assert set(letters()) == {"lead.offer_withdrawn"}


def test_the_pool_s_letter_goes_to_those_who_fit(program, northgate, sam, albion, rhys, at):
    make.pooled(at)
    assert {row.to_user for row in Mail.objects.filter(letter="lead.pooled")} == {sam}
    assert canaries_in(letters()["lead.pooled"]) == []


def test_no_event_and_no_bell_says_who_it_is(program, northgate, sam, acting, at):
    make.ready("Other Health")
    hospital = make_organization(make.CANARIES["customer_name"])
    lead = make.entered(at, acting(program_owner(at)), organization=hospital)
    lead = actions.change_lead(by=SYSTEM, lead=lead, at=at, city="Vorpalminster West")
    lead = actions.route_lead(by=SYSTEM, lead=lead, at=at)
    lead = actions.decline_lead(by=SYSTEM, lead=lead, reason="too_far", at=at, comment="Vorpalminster is far")
    lead = actions.accept_lead(by=SYSTEM, lead=lead, at=at)
    actions.note_contact(by=SYSTEM, lead=lead, way="phone", note="Jabberina Wockleton is nice", at=at)
    events = json.dumps([event.data for event in Event.objects.about(lead)], default=str)
    assert Event.objects.about(lead).count() >= 7
    assert canaries_in(events) == []
    assert canaries_in(json.dumps([n.text + str(n.args) for n in Notification.objects.all()])) == []


def test_the_search_of_a_partner_finds_only_what_it_may_read(northgate, sam, acting, at):
    lead = make.offered(northgate, at)
    seen = Lead.objects.visible_to(acting(sam))
    assert seen.matching("Zyxquill").count() == 0
    assert seen.matching("night scans").get() == lead
    actions.accept_lead(by=acting(sam), lead=lead, at=at)
    assert Lead.objects.visible_to(acting(sam)).matching("Zyxquill").get() == lead


@pytest.mark.parametrize("who", ["northgate", "other"])
def test_the_partner_reads_its_own_row_of_the_explanation_alone(program, northgate, sam, acting, at, who):
    other = make.ready("Other Health")
    make_partner_user("o@other.example", "Odo Other", other, "partner_seller", at)
    actions.route_lead(by=SYSTEM, lead=make.entered(at), at=at)
    assert Candidate.objects.count() == 2
    assert Candidate.objects.visible_to(acting(sam)).get().partner == northgate
