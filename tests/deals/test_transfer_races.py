"""A transfer against the clock and against a rival: whoever comes first, there is one protection (P1)."""

from __future__ import annotations

import pytest

from core.actors import SYSTEM
from deals import actions, rules
from deals.models import Deal, Protection, Transfer
from tests.deals import factories as make
from tests.deals.racers import AT, race
from tests.factories import make_organization, make_partner, make_program

ROUNDS = 3
pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def program(transactional_db):
    vendor = make_program()
    make.make_types_and_stages()
    return vendor


def agreed(giver, receiver, hospital, days=90) -> Transfer:
    deal = make.approved(giver, AT, hospital, customer_name=hospital.name, days=days)
    transfer = actions.propose_transfer(by=SYSTEM, deal=deal, receiver=receiver, reason="Nearer.", at=AT)
    for _side in rules.SIDES:
        actions.give_consent(by=SYSTEM, consent=transfer.consents.get(state="requested"), at=AT)
    return transfer


def test_a_transfer_against_a_rivals_approval(program, tmp_path):
    giver, receiver, rival = (make_partner(f"{name} Health") for name in ("Giver", "Receiver", "Rival"))
    for number in range(ROUNDS):
        hospital = make_organization(f"Hospital {number}")
        transfer = agreed(giver, receiver, hospital)
        claims = [make.submitted(rival, AT, hospital, customer_name=hospital.name) for _n in range(4)]

        work = [f"carry_out:{transfer.pk}", *(f"approve:{deal.pk}" for deal in claims)]
        outcomes = race("any", work, tmp_path)

        assert sorted(kind for kind, _words in outcomes) == ["conflict"] * 4 + ["done"], outcomes
        running = Protection.objects.filter(organization=hospital).running().get()
        assert running.deal.partner == receiver
        assert Deal.objects.filter(organization=hospital, state="approved").get().partner == receiver


def test_a_transfer_against_its_own_end(program, tmp_path):
    """The sweep comes at the end of the last day, the confirmation a moment before: either wins, whole."""
    giver, receiver = make_partner("Giver Health"), make_partner("Receiver Health")
    for number in range(ROUNDS):
        hospital = make_organization(f"Hospital {number}")
        transfer = agreed(giver, receiver, hospital, days=1)

        outcomes = race("any", [f"carry_out:{transfer.pk}", f"expire:{transfer.deal_id}"], tmp_path)

        assert "broken" not in {kind for kind, _words in outcomes}, outcomes
        transfer.refresh_from_db()
        old = Deal.objects.get(pk=transfer.deal_id)
        if transfer.state == "carried_out":
            assert old.state == "transferred"
            assert transfer.taken_over_by.state in ("approved", "expired")
        else:
            assert (old.state, transfer.state) == ("expired", "closed")
            assert Deal.objects.filter(partner=receiver, organization=hospital).count() == 0
        mine = Protection.objects.filter(organization=hospital).running()
        assert mine.count() == Deal.objects.filter(organization=hospital, state="approved").count()


def test_two_confirmations_carry_it_out_once(program, tmp_path):
    giver, receiver = make_partner("Giver Health"), make_partner("Receiver Health")
    transfer = agreed(giver, receiver, make_organization("Hospital"))

    outcomes = race("any", [f"carry_out:{transfer.pk}"] * 6, tmp_path)

    assert sorted(kind for kind, _words in outcomes) == ["conflict"] * 5 + ["done"], outcomes
    assert Deal.objects.filter(partner=receiver).count() == 1
