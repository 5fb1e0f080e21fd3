"""Fifty at the same instant, each through the API: one wins, the others are told why, nothing breaks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.db.models import F

from accounts.actions import create_key
from accounts.models import User
from core.actors import SYSTEM
from core.models import Mail
from deals.models import Deal, Protection
from events.models import Event
from partners.models import Organization, Partner
from tests.deals import factories as make
from tests.deals.racers import AT, ROUNDS, Answer, Ask, racers
from tests.factories import make_organization, make_partner, make_partner_user, make_program, make_vendor_user

MANY, DESKS = 50, 5
HOUR = timedelta(hours=1)
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]
PENDING_AGAIN = {
    "state": "submitted", "decided_at": None, "decided_by": None, "protected_from": None, "protected_until": None,
    "closed_at": None, "reason": "", "comment": "", "next_at": F("due_at"), "is_customer_known": False,
}  # fmt: skip


def key_of(user: User, partner: Partner | None = None) -> str:
    """A key that lasts longer than all rounds."""
    return create_key(by=SYSTEM, user=user, partner=partner, name="race", at=AT, life=timedelta(days=365))[1]


class Field:
    """A program, its racers, and fifty partners, each with a seller and a registration of one hospital."""

    def __init__(self, running) -> None:
        self.running, self.round = running, 0
        # Several at the deal desk: nobody may ask more than 600 times a minute.
        self.desks = [
            key_of(make_vendor_user(f"desk{n}@vendor.example", f"Desk {n}", "deal_desk", AT))
            for n in range(DESKS)
        ]
        self.hospital = make_organization("St. Brannoc’s Regional Medical Center", city="Brannoc Falls")
        self.partners = [make_partner(f"Rival{n} Health") for n in range(MANY)]
        self.sellers = [
            make_partner_user(f"seller@rival{n}.example", "Seller", partner, "partner_admin", AT)
            for n, partner in enumerate(self.partners)
        ]

    def desk(self, number: int) -> str:
        return self.desks[number % DESKS]

    def go(self, *asks: Ask, guards: tuple[str, ...] = ()) -> list[Answer]:
        """One round: all at once, an hour after the round before. Nothing may break."""
        self.round += 1
        return self.running.race(list(asks), self.at, list(guards))

    @property
    def at(self) -> datetime:
        return AT + self.round * HOUR


@pytest.fixture(scope="module")
def running(tmp_path_factory) -> Iterator:
    """The racers of all tests here: processes are started once."""
    found: list = []

    def started():
        if not found:
            found.append(racers(MANY, tmp_path_factory.mktemp("racers")))
        return found[0]

    yield started
    for one in found:
        one.close()


@pytest.fixture
def field(transactional_db, running) -> Field:
    make_program()
    make.make_types_and_stages()
    return Field(running())


def broken(answers: list[Answer]) -> list[Answer]:
    return [answer for answer in answers if answer.status >= 500]


def counted(answers: list[Answer]) -> Counter:
    return Counter(answer.status for answer in answers)


def rivals_of(field: Field) -> list[Deal]:
    """Everybody's registration of the one hospital, submitted and linked; made once, decided in each round anew."""
    return [make.submitted(partner, AT, field.hospital) for partner in field.partners]


def undecided(rivals: list[Deal]) -> None:
    """As if nobody had decided yet."""
    Protection.objects.all().delete()
    Deal.objects.filter(pk__in=[deal.pk for deal in rivals]).update(**PENDING_AGAIN)


def approvals(field: Field, rivals: list[Deal]) -> list[Ask]:
    return [Ask(f"/api/v1/deals/{deal.pk}/approve/", field.desk(n)) for n, deal in enumerate(rivals)]


def test_of_fifty_rival_approvals_one_wins_and_the_others_are_told_why(field):
    rivals = rivals_of(field)
    for number in range(ROUNDS):
        undecided(rivals)

        answers = field.go(*approvals(field, rivals))

        assert counted(answers) == {200: 1, 409: MANY - 1}, broken(answers)
        day = Protection.objects.get(released_at=None).until
        told = {answer.words for answer in answers if answer.status == 409}
        assert told == {
            f"Another partner is protected on this customer until {day.day} {day:%B} {day.year}."
        }
        assert Counter(Deal.objects.values_list("state", flat=True)) == {
            "approved": 1,
            "submitted": MANY - 1,
        }
        assert Event.objects.filter(type="deal.approved").count() == number + 1
        assert Mail.objects.filter(letter="deal.approved").count() == number + 1


def test_fifty_submissions_of_one_reference_are_one_deal(field):
    key = key_of(field.sellers[0], field.partners[0])
    body = {
        "customer_name": "St. Brannoc’s Regional Medical Center", "customer_country": "US",
        "products": ["triage"], "amount": {"amount": "420000.00", "currency": "USD"},
        "expected_close_on": "2027-06-15", "what_it_did": "Two calls with the CMIO.", "no_patient_data": True,
    }  # fmt: skip
    for number in range(ROUNDS):
        ask = Ask("/api/v1/deals/", key, {**body, "external_ref": f"CRM-{number}"})

        answers = field.go(*[ask] * MANY)

        assert counted(answers) == {201: MANY}, broken(answers)
        assert len({answer.body["id"] for answer in answers}) == 1
        assert Deal.objects.count() == number + 1
        assert Event.objects.filter(type="deal.submitted").count() == number + 1
