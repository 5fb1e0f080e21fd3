"""A partner's own reference makes a registration happen once: the same facts get the first one, others are refused."""

from __future__ import annotations

import pytest

from accounts.actors import partner_actor
from core.errors import Conflict
from deals import actions
from deals.actions.references import fingerprint
from deals.models import Deal
from tests.deals import factories as make

pytestmark = pytest.mark.django_db


def register(person, partner, at, **changes) -> Deal:
    facts = make.facts(external_ref="CRM-1", **changes)
    return actions.register_deal(by=partner_actor(person), partner=partner, at=at, **facts)


def test_the_same_facts_get_the_first_registration(sam, northgate, at):
    first = register(sam, northgate, at)
    again = register(sam, northgate, at)

    assert again == first and again.is_repeat and not first.is_repeat
    assert Deal.objects.count() == 1


def test_other_facts_under_the_same_reference_are_refused_and_named(sam, northgate, at):
    first = register(sam, northgate, at)

    with pytest.raises(Conflict, match=rf"belongs to {first.number}.*customer, city"):
        register(sam, northgate, at, customer_name="Elsewhere", customer_city="Boise")


def test_a_repeat_is_known_by_what_was_said_then_whatever_became_of_it(sam, northgate, at):
    first = register(sam, northgate, at)
    first = actions.ask_for_more(by=make.SYSTEM, deal=first, question="Who?", fields=["contact"], at=at)
    actions.complete_deal(by=partner_actor(sam), deal=first, at=at, contact="Helen Marsh")

    assert register(sam, northgate, at) == first


def test_a_draft_under_the_reference_is_changed_then_completed(sam, northgate, at):
    by = partner_actor(sam)
    draft = actions.draft_deal(
        by=by, partner=northgate, at=at, customer_name="St. Brannoc’s", external_ref="CRM-1"
    )
    same = actions.draft_deal(
        by=by, partner=northgate, at=at, customer_name="St. Brannoc’s R.", external_ref="CRM-1"
    )
    sent = register(sam, northgate, at)

    assert draft == same == sent and sent.state == "submitted"
    assert sent.customer_name == make.facts()["customer_name"]


def test_two_partners_may_use_one_reference(sam, northgate, albion, at):
    first = register(sam, northgate, at)
    other = actions.register_deal(
        by=make.SYSTEM, partner=albion, at=at, **make.facts(external_ref="CRM-1", customer_city="York")
    )
    assert first != other


def test_what_is_left_out_and_what_is_empty_are_the_same():
    assert fingerprint({"contact": "", "products": [], "renews": None}) == fingerprint({})
    assert fingerprint({"contact": "Helen"}) != fingerprint({})


def test_over_the_api_a_repeat_is_200_and_other_facts_409(sam, northgate, api_of):
    client = api_of(sam, northgate)
    body = {"customer_name": "St. Brannoc’s", "external_ref": "CRM-7", "is_draft": True}

    def send(**changes):
        return client.post("/api/v1/deals/", {**body, **changes}, content_type="application/json")

    first, again = send(), send()
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    deal = Deal.objects.get()
    Deal.objects.filter(pk=deal.pk).update(state="discarded")
    refused = send(customer_name="Elsewhere")
    assert refused.status_code == 409 and refused.json()["code"] == "reference_reused"
