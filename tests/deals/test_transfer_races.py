"""A transfer against the clock and against a rival: whoever comes first, there is one protection (P1)."""

from __future__ import annotations

import pytest

from core.actors import SYSTEM
from deals import actions, rules
from deals.actions.protections import lapse
from deals.models import Deal, Protection, Transfer
from tests.deals import factories as make
from tests.deals.racers import AT, Answer, Ask, racers, rounds
from tests.factories import make_organization, make_partner, make_program

ROUNDS = rounds(3)
DONE, TOLD = 200, 409
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]


@pytest.fixture
def program(transactional_db):
    vendor = make_program()
    make.make_types_and_stages()
    return vendor


def carry_out(transfer: str) -> None:
    actions.carry_out_transfer(by=SYSTEM, transfer=Transfer.objects.get(pk=transfer), at=AT)


def approve(deal: str) -> None:
    actions.approve_deal(by=SYSTEM, deal=Deal.objects.get(pk=deal), at=AT)


def expire(deal: str) -> None:
    """The sweep, as if the protection's last day were just over."""
    found = Deal.objects.get(pk=deal)
    assert found.ends_at is not None
    lapse(found, found.ends_at)


def ask(what: str, **ids: object) -> Ask:
    return Ask(f"{__name__}.{what}", body={name: str(pk) for name, pk in ids.items()})


@pytest.fixture
def race(tmp_path):
    running = racers(6, tmp_path)

    def go(*asks: Ask) -> list[Answer]:
        answers = running.race(list(asks), AT, [])
        assert [answer for answer in answers if answer.status >= 500] == []
        return answers

    yield go
    running.close()


def agreed(giver, receiver, hospital, days=90) -> Transfer:
    deal = make.approved(giver, AT, hospital, customer_name=hospital.name, days=days)
    transfer = actions.propose_transfer(by=SYSTEM, deal=deal, receiver=receiver, reason="Nearer.", at=AT)
    for _side in rules.SIDES:
        actions.give_consent(by=SYSTEM, consent=transfer.consents.get(state="requested"), at=AT)
    return transfer


def test_a_transfer_against_a_rivals_approval(program, race):
    giver, receiver, rival = (make_partner(f"{name} Health") for name in ("Giver", "Receiver", "Rival"))
    for number in range(ROUNDS):
        hospital = make_organization(f"Hospital {number}")
        transfer = agreed(giver, receiver, hospital)
        claims = [make.submitted(rival, AT, hospital, customer_name=hospital.name) for _n in range(4)]

        answers = race(ask("carry_out", transfer=transfer.pk), *(ask("approve", deal=d.pk) for d in claims))

        assert sorted(answer.status for answer in answers) == [DONE, *[TOLD] * 4]
        running = Protection.objects.filter(organization=hospital).running().get()
        assert running.deal.partner == receiver
        assert Deal.objects.filter(organization=hospital, state="approved").get().partner == receiver


def test_a_transfer_against_its_own_end(program, race):
    """The sweep comes at the end of the last day, the confirmation a moment before: either wins, whole."""
    giver, receiver = make_partner("Giver Health"), make_partner("Receiver Health")
    for number in range(ROUNDS):
        hospital = make_organization(f"Hospital {number}")
        transfer = agreed(giver, receiver, hospital, days=1)

        race(ask("carry_out", transfer=transfer.pk), ask("expire", deal=transfer.deal_id))

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


def test_two_confirmations_carry_it_out_once(program, race):
    giver, receiver = make_partner("Giver Health"), make_partner("Receiver Health")
    for number in range(ROUNDS):
        transfer = agreed(giver, receiver, make_organization(f"Hospital {number}"))

        answers = race(*[ask("carry_out", transfer=transfer.pk)] * 6)

        assert sorted(answer.status for answer in answers) == [DONE, *[TOLD] * 5]
        assert Deal.objects.filter(partner=receiver).count() == number + 1
