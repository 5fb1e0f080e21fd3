"""Twenty partners at the same instant: one has the lead, the others are told, nothing breaks."""

from __future__ import annotations

import pytest

from core.actors import SYSTEM
from events.models import Event
from leads.actions import change_profile, route_lead
from leads.models import Lead, LeadOffer, Routing
from tests.deals.racers import rounds
from tests.factories import make_partner_user
from tests.leads import factories as make
from tests.leads.conftest import make_world_of_leads
from tests.leads.racers import AT, race

MANY, ROUNDS = 20, rounds(3)
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]


@pytest.fixture
def program(transactional_db):
    return make_world_of_leads()


def sellers():
    for n in range(MANY):
        partner = make.ready(f"Rival{n} Health")
        yield make_partner_user(f"seller@rival{n}.example", f"Seller {n}", partner, "partner_seller", AT)


def test_of_twenty_who_reach_into_the_pool_one_has_the_lead_and_the_others_are_told(program, tmp_path):
    people = list(sellers())
    for n in range(ROUNDS):
        lead = make.pooled(AT, customer_name=f"Hospital {n}")

        outcomes = race("take", [f"{lead.pk}/{user.pk}" for user in people], tmp_path)

        assert [kind for kind, _words in outcomes if kind == "broken"] == [], outcomes
        done = [partner for kind, partner in outcomes if kind == "done"]
        told = {words for kind, words in outcomes if kind == "conflict"}
        assert len(done) == 1
        assert told == {"Another partner was faster: this lead is taken."}
        assert str(Lead.objects.get(pk=lead.pk).partner_id) == done[0]
        assert LeadOffer.objects.filter(lead=lead).count() == 1
        assert Event.objects.about(lead).filter(type="lead.accepted").count() == 1


def test_a_partner_that_takes_two_leads_at_once_keeps_to_its_capacity(program, tmp_path):
    for n in range(ROUNDS):
        partner = make.ready(f"Small{n} Health")
        change_profile(by=SYSTEM, partner=partner, at=AT, capacity=1)
        user = make_partner_user(f"seller@small{n}.example", f"Seller {n}", partner, "partner_seller", AT)
        leads = [make.pooled(AT, customer_name=f"Hospital {n} {side}") for side in ("east", "west")]

        outcomes = race("take", [f"{lead.pk}/{user.pk}" for lead in leads], tmp_path)

        assert sorted(kind for kind, _words in outcomes) == ["conflict", "done"], outcomes
        assert Lead.objects.filter(partner=partner).count() == 1


def test_sweeps_at_the_same_instant_pass_each_lead_on_once(program, tmp_path):
    for n in range(3):
        make.ready(f"Partner{n} Health")
    for number in range(ROUNDS):
        for model in (LeadOffer, Routing, Lead):
            model.objects.all().delete()
        leads = [
            route_lead(by=SYSTEM, lead=make.entered(AT, customer_name=f"C{number}-{n}"), at=AT)
            for n in range(4)
        ]

        outcomes = race("sweep", ["again"] * 6, tmp_path)

        assert {kind for kind, _n in outcomes} == {"done"}, outcomes
        assert sum(int(n) for _kind, n in outcomes) == len(leads)
        assert LeadOffer.objects.filter(state="lapsed").count() == len(leads)
        assert LeadOffer.objects.filter(state="open").count() == len(leads)
