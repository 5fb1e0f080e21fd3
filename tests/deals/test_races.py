"""Fifty at the same instant, each through the API: one wins, the others are told why, nothing breaks.

In the suite every fifth of twenty rounds has all fifty, the others ten; `make faults` makes a hundred rounds of fifty.
Fifty in each of the twenty would be 1,000 requests a test instead of 360: in 250 of them a test took 40 to 84 s on
SQLite while two cores were busy with other work, so that would be minutes, not seconds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.db.models import F

from accounts.actions import create_key
from accounts.actors import vendor_actor
from accounts.models import User
from catalog.models import Setting
from core.actors import SYSTEM
from core.models import Mail
from core.saving import save
from deals import actions
from deals.models import Appeal, ConflictCandidate, ConflictCheck, ConflictFactor, Deal, Extension, Protection
from events.models import Event
from partners.models import Organization, Partner
from tests.deals import factories as make
from tests.deals.racers import AT, IS_LONG, ROUNDS, Answer, Ask, racers, rounds
from tests.factories import make_organization, make_partner, make_partner_user, make_program, make_vendor_user

MANY, FEW, DESKS = 50, 10, 5
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
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


def runners(number: int) -> int:
    """How many run in a round."""
    return MANY if IS_LONG or number % 5 == 0 else FEW


def broken(answers: list[Answer]) -> list[Answer]:
    return [answer for answer in answers if answer.status >= 500]


def counted(answers: list[Answer]) -> Counter:
    return Counter(answer.status for answer in answers)


def rivals_of(field: Field) -> list[Deal]:
    """Everybody's registration of the one hospital, one a minute, linked; made once, decided in each round anew."""
    return [
        make.submitted(partner, AT + turn * MINUTE, field.hospital)
        for turn, partner in enumerate(field.partners)
    ]


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
        many = runners(number)

        answers = field.go(*approvals(field, rivals[:many]))

        assert counted(answers) == {200: 1, 409: many - 1}, broken(answers)
        day = Protection.objects.get(released_at=None).until
        told = {answer.words for answer in answers if answer.status == 409}
        assert told == {f"Another partner is protected on this customer until {day.day} {day:%B} {day.year}."}
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
        many = runners(number)

        answers = field.go(*[ask] * many)

        assert counted(answers) == {201: 1, 200: many - 1}, broken(answers)
        assert len({answer.body["id"] for answer in answers}) == 1
        assert Deal.objects.count() == number + 1
        assert Event.objects.filter(type="deal.submitted").count() == number + 1


def health_system() -> tuple[Organization, list[Organization]]:
    """A network and its seven hospitals."""
    network = make_organization("Brannoc Health Network", kind="idn")
    return network, [make_organization(f"Brannoc Hospital {n}", parent=network) for n in range(7)]


def claims_in_a_tree(
    field: Field, network: Organization, hospitals: list[Organization]
) -> tuple[list[Deal], list[Deal]]:
    """Every fifth partner claims the network with all below, the others one of its hospitals each."""
    wide, narrow = [], []
    for turn, partner in enumerate(field.partners):
        at = AT + turn * MINUTE
        if turn % 5 == 0:
            wide.append(make.submitted(partner, at, network, includes_below=True, scope_reason="One budget."))
        else:
            narrow.append(make.submitted(partner, at, hospitals[turn % len(hospitals)]))
    return wide, narrow


def test_of_fifty_in_one_health_system_nobody_is_protected_where_somebody_else_is(field):
    """Either one has all of it, or no hospital has two and nobody the whole."""
    wide, narrow = claims_in_a_tree(field, *health_system())
    rivals = [*wide, *narrow]
    for number in range(rounds(5)):
        undecided(rivals)
        turn = number * 7 % MANY  # who asks first is another one each time
        asking = [*rivals[turn:], *rivals[:turn]]

        answers = field.go(*approvals(field, asking))

        running = list(Protection.objects.running())
        winners = {deal.pk for deal, answer in zip(asking, answers, strict=True) if answer.status == 200}
        assert {one.deal_id for one in running} == winners != set()
        assert set(counted(answers)) <= {200, 409}, broken(answers)
        of_all = [one for one in running if one.includes_below]
        assert len(running) == (1 if of_all else len({one.organization_id for one in running}))
        assert {answer.body["code"] for answer in answers if answer.status == 409} <= {
            "protected",
            "protected_below",
        }
        assert all(answer.words for answer in answers if answer.status == 409)


AS_DRAFT = {
    **PENDING_AGAIN, "state": "draft", "submitted_at": None, "due_at": None, "next_at": None, "escalate_at": None,
    "is_automatic": False, "automatic_conditions": [], "conflict_score": None, "conflict_verdict": "",
}  # fmt: skip


def unsent(drafts: list[Deal]) -> None:
    """As if nobody had sent one yet."""
    for model in (Protection, ConflictFactor, ConflictCandidate, ConflictCheck):
        model.objects.all().delete()
    Deal.objects.filter(pk__in=[deal.pk for deal in drafts]).update(**AS_DRAFT)


def test_of_fifty_sent_at_once_with_automatic_approval_one_is_approved_and_the_others_wait(field):
    for key, value in {"": 1, "_value": 1_000_000, "_tier": 0, "_people": 0}.items():
        save(Setting(key=f"deal.auto_approve{key}", value=value))
    drafts = [make.draft(partner, AT, organization=field.hospital) for partner in field.partners]
    keys = [key_of(*pair) for pair in zip(field.sellers, field.partners, strict=True)]
    sent = 0
    for number in range(ROUNDS):
        unsent(drafts)
        many = runners(number)
        sent += many

        answers = field.go(
            *(
                Ask(f"/api/v1/deals/{deal.pk}/submit/", key, match="")
                for deal, key in zip(drafts[:many], keys, strict=False)
            )
        )

        assert counted(answers) == {200: many}, broken(answers)
        states = Counter(answer.body["state"] for answer in answers)
        assert states == {"approved": 1, "submitted": many - 1}
        assert Protection.objects.filter(organization=field.hospital).running().count() == 1
        assert Event.objects.filter(type="deal.approved").count() == number + 1
        assert Event.objects.filter(type="deal.submitted").count() == sent


# A guard taken away in one place: the race sees what the guard is for ----------------------------------------------

# Without locks nobody waits: who has read that the customer is free goes on. SQLite has one writer at a time whatever
# is locked, so there the question itself is left out. On both the form's own look for a double is left out too.
NO_ONE_WAITS = {"postgresql": "core.saving._locks_rows", "sqlite": "deals.actions.protections.require_free"}
UNSEEN = "core.saving._validate_unique_constraints"


@contextmanager
def no_constraint() -> Iterator[None]:
    """The database as it would be without the constraint on running protections."""
    constraint = next(c for c in Protection._meta.constraints if c.name == "one_running_protection")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Protection, constraint)
    try:
        yield
    finally:
        Protection.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Protection, constraint)


def test_without_the_lock_and_the_constraint_the_race_sees_double_protections(field):
    rivals = rivals_of(field)
    with no_constraint():
        answers = field.go(*approvals(field, rivals), guards=(NO_ONE_WAITS[connection.vendor], UNSEEN))

        assert counted(answers)[200] > 1
        assert Protection.objects.filter(organization=field.hospital).running().count() > 1


def test_without_the_lock_the_constraint_still_holds(field):
    """The last line: the database itself. Those who were too late are told so, and nothing breaks."""
    rivals = rivals_of(field)

    answers = field.go(*approvals(field, rivals), guards=(NO_ONE_WAITS[connection.vendor], UNSEEN))

    assert counted(answers) == {200: 1, 409: MANY - 1}, broken(answers)
    assert Protection.objects.filter(organization=field.hospital).running().count() == 1


# Two who want what only one can have -------------------------------------------------------------------------------


class Duel:
    """One holder, one rival, the two who decide; each round on a customer of its own."""

    def __init__(self, running) -> None:
        self.running, self.round = running, 0
        self.holder, self.rival = make_partner("Northgate Clinical Systems"), make_partner("Albion Health")
        people = [
            make_vendor_user(f"{name}@vendor.example", name, "deal_desk", AT) for name in ("Dirk", "Dora")
        ]
        self.dirk, self.dora = people[0], people[1]
        self.keys = {person: key_of(person) for person in people}
        head = make_vendor_user("head@vendor.example", "Head", "director", AT)
        self.head = key_of(head)

    def hospital(self) -> Organization:
        self.round += 1
        return make_organization(f"Hospital {self.round}")

    def go(self, *asks: Ask, at: datetime) -> list[Answer]:
        answers = self.running.race(list(asks), at, [])
        assert broken(answers) == []
        return answers

    def post(self, person: User, path: str, **body) -> Ask:
        return Ask(f"/api/v1/{path}/", self.keys[person], body)


SWEEP = Ask("deals.tasks.release_lapsed")
DAY = timedelta(days=1)


@pytest.fixture
def duel(transactional_db, running) -> Duel:
    make_program()
    make.make_types_and_stages()
    return Duel(running())


def state_of(deal: Deal) -> str:
    return Deal.objects.get(pk=deal.pk).state


def told(deal: Deal, *types: str) -> list[str]:
    return sorted(Event.objects.about(deal).filter(type__in=types).values_list("type", flat=True))


def running_on(hospital: Organization) -> list[Deal]:
    """The registrations whose protection runs there: never more than one."""
    return [p.deal for p in Protection.objects.filter(organization=hospital).running().select_related("deal")]


def every_round() -> range:
    return range(ROUNDS)


def test_an_approval_and_the_expiry_of_the_rival_s_protection_have_one_outcome(duel):
    """The sweep comes late, after the grace: the approval ends the old protection itself, or finds it ended."""
    for _number in every_round():
        hospital = duel.hospital()
        old = make.approved(duel.holder, AT, hospital, days=5)
        new = make.submitted(duel.rival, AT, hospital)

        approval, *_swept = duel.go(
            duel.post(duel.dirk, f"deals/{new.pk}/approve"), SWEEP, SWEEP, at=AT + 20 * DAY
        )

        assert approval.status == 200
        assert running_on(hospital) == [new]
        assert (state_of(old), told(old, "deal.expired")) == ("expired", ["deal.expired"])


def test_in_the_grace_an_approval_that_meets_the_expiry_is_refused_with_the_day(duel):
    for _number in every_round():
        hospital = duel.hospital()
        old = make.approved(duel.holder, AT, hospital, days=5)
        new = make.submitted(duel.rival, AT, hospital)

        approval, _swept = duel.go(duel.post(duel.dirk, f"deals/{new.pk}/approve"), SWEEP, at=AT + 8 * DAY)

        assert approval.status == 409
        assert approval.words == (
            "This customer can still be renewed by whoever was protected, until 6 December 2026."
        )
        assert (running_on(hospital), state_of(old), state_of(new)) == ([], "expired", "submitted")
        assert told(old, "deal.expired") == ["deal.expired"]


def asked(deal: Deal, at: datetime) -> Extension:
    return actions.request_extension(
        by=SYSTEM, deal=deal, evidence="A call.", activity_on=deal.day_of(at), at=at
    )


def test_an_extension_granted_as_the_protection_lapses_is_a_renewal_or_comes_first(duel):
    for _number in every_round():
        hospital = duel.hospital()
        deal = make.approved(duel.holder, AT, hospital, days=5)
        extension = asked(deal, AT + 4 * DAY)

        granted, _swept, _again = duel.go(
            duel.post(duel.dirk, f"extensions/{extension.pk}/grant"), SWEEP, SWEEP, at=AT + 6 * DAY
        )

        assert granted.status == 200
        assert (state_of(deal), running_on(hospital)) == ("approved", [deal])
        assert told(deal, "deal.expired", "deal.renewed", "deal.extended") == ["deal.expired", "deal.renewed"]


def test_two_answers_to_one_request_for_more_time_are_one(duel):
    for _number in every_round():
        hospital = duel.hospital()
        deal = make.approved(duel.holder, AT, hospital, days=5)
        path = f"extensions/{asked(deal, AT).pk}"

        answers = duel.go(
            duel.post(duel.dirk, f"{path}/grant"),
            duel.post(duel.dora, f"{path}/refuse", reason="no_activity"),
            at=AT,
        )

        assert counted(answers) == {200: 1, 409: 1}
        assert len(told(deal, "deal.extended", "deal.extension_refused")) == 1
        days = 65 if answers[0].status == 200 else 5
        assert Protection.objects.get(deal=deal).until == (AT + days * DAY).date()


def test_a_renewal_granted_at_the_deal_and_at_the_request_is_granted_once(duel):
    for _number in every_round():
        hospital = duel.hospital()
        deal = make.approved(duel.holder, AT, hospital, days=5)
        at = AT + 7 * DAY
        request = actions.request_renewal(
            by=SYSTEM, deal=deal, evidence="A call.", activity_on=deal.day_of(at), at=at
        )

        answers = duel.go(
            duel.post(duel.dirk, f"deals/{deal.pk}/renew"),
            duel.post(duel.dora, f"extensions/{request.pk}/grant"),
            at=at,
        )

        assert counted(answers) == {200: 1, 409: 1}
        assert running_on(hospital) == [deal]
        assert told(deal, "deal.renewed") == ["deal.renewed"]


def test_of_a_renewal_and_a_rival_s_approval_after_the_grace_one_wins(duel):
    for _number in every_round():
        hospital = duel.hospital()
        old = make.approved(duel.holder, AT, hospital, days=5)
        new = make.submitted(duel.rival, AT, hospital)
        at = AT + 12 * DAY
        request = actions.request_renewal(
            by=SYSTEM, deal=old, evidence="A call.", activity_on=old.day_of(at), at=at
        )

        renewal, approval = duel.go(
            duel.post(duel.dirk, f"extensions/{request.pk}/grant"),
            duel.post(duel.dora, f"deals/{new.pk}/approve"),
            at=AT + 20 * DAY,
        )

        assert {renewal.status, approval.status} == {200, 409}
        winner = old if renewal.status == 200 else new
        assert running_on(hospital) == [winner]
        assert Extension.objects.get(pk=request.pk).state == (
            "granted" if renewal.status == 200 else "requested"
        )


def appealed(duel: Duel, hospital: Organization) -> tuple[Deal, Appeal]:
    """Refused by Dirk, appealed by the partner."""
    by = vendor_actor(duel.dirk)
    deal = make.submitted(duel.holder, AT, hospital)
    deal = actions.reject_deal(by=by, deal=deal, reason="not_eligible", at=AT)
    return deal, actions.file_appeal(by=SYSTEM, deal=deal, grounds="We were first.", at=AT)


def test_of_an_appeal_upheld_with_approval_and_a_rival_s_approval_one_wins(duel):
    for _number in every_round():
        hospital = duel.hospital()
        deal, appeal = appealed(duel, hospital)
        rival = make.submitted(duel.rival, AT, hospital)

        answers = duel.go(
            duel.post(duel.dora, f"appeals/{appeal.pk}/uphold", approve=True),
            duel.post(duel.dirk, f"deals/{rival.pk}/approve"),
            # Someone else presses the button of the registration that is being reopened.
            duel.post(duel.dora, f"deals/{deal.pk}/approve"),
            at=AT + DAY,
        )

        assert len(running_on(hospital)) == 1
        is_rival = running_on(hospital) == [rival]
        assert answers[1].status == (200 if is_rival else 409)
        assert Appeal.objects.get(pk=appeal.pk).state == ("submitted" if is_rival else "upheld")
        assert state_of(deal) == ("rejected" if is_rival else "approved")
        assert len(told(deal, "deal.approved") + told(rival, "deal.approved")) == 1


def test_two_answers_to_one_appeal_are_one(duel):
    for _number in every_round():
        hospital = duel.hospital()
        deal, appeal = appealed(duel, hospital)
        path = f"appeals/{appeal.pk}"

        upheld, dismissed = duel.go(
            duel.post(duel.dora, f"{path}/uphold"),
            Ask(f"/api/v1/{path}/dismiss/", duel.head, {"answer": "It was late."}),
            at=AT + DAY,
        )

        assert {upheld.status, dismissed.status} == {200, 409}
        assert state_of(deal) == ("in_review" if upheld.status == 200 else "rejected")
        assert Event.objects.about(appeal).filter(type__in=["appeal.upheld", "appeal.dismissed"]).count() == 1


def test_a_partnership_that_ends_during_an_approval_leaves_no_protection_and_nothing_pending(duel):
    for number in every_round():
        hospital = duel.hospital()
        partner = make_partner(f"Leaving{number} Health")
        deal, sent = make.submitted(partner, AT, hospital), make.draft(partner, AT)

        answers = duel.go(
            duel.post(duel.dirk, f"deals/{deal.pk}/approve"),
            Ask(f"/api/v1/partners/{partner.pk}/terminate/", duel.head, {"reason": "mutual"}),
            duel.post(duel.dora, f"deals/{sent.pk}/submit"),
            at=AT + DAY,
        )

        assert answers[1].status == 200
        assert running_on(hospital) == []
        assert state_of(deal) == ("revoked" if answers[0].status == 200 else "withdrawn")
        assert state_of(sent) == ("withdrawn" if answers[2].status == 200 else "draft")


def test_registrations_of_one_customer_that_are_linked_at_once_do_not_wait_for_each_other(duel):
    """Each check refers to the other's registration while that one is locked."""
    for _number in every_round():
        hospital = duel.hospital()
        deals = [make.submitted(partner, AT) for partner in (duel.holder, duel.rival)]

        answers = duel.go(
            *(
                duel.post(person, f"deals/{deal.pk}/link-customer", organization=str(hospital.pk))
                for person, deal in zip((duel.dirk, duel.dora), deals, strict=True)
            ),
            at=AT,
        )

        assert counted(answers) == {200: 2}
