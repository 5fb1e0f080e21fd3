"""A small world in which every metric has something to count, and something that does not."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from compliance.actions import record_gate
from compliance.models import Gate
from core.actors import SYSTEM
from core.models import ActionLink
from core.saving import save
from deals import actions
from deals.actions.implementations import CUSTOMER
from deals.credit import FULFILLED, SOURCED, Share
from deals.models import Booking
from enablement.actions import revoke_certification, sign_learning_plan
from outcomes.actions import decline_contribution, verify_contribution, withdraw_answer
from partners.models import Contact, Organization, Partner
from tests.deals import factories as deals
from tests.enablement.factories import certify, make_reasons, make_tracks
from tests.factories import make_organization, make_partner
from tests.outcomes.factories import answered, contributed

DAY = timedelta(days=1)


def build(at: datetime) -> dict[str, Partner]:
    """Two companies of one tree, one beside them, and one of which nothing is known."""
    names = ("Northgate", "Northgate South", "Albion", "Quiet")
    partners = {name: make_partner(name, at=at - 400 * DAY) for name in names}
    top = partners["Northgate"].organization
    Organization.objects.filter(pk=partners["Northgate South"].organization_id).update(parent=top, root=top)
    deals.make_types_and_stages()
    sell(partners, at)
    teach(partners, at)
    come_out(partners, at)
    return partners


def sell(partners: dict[str, Partner], at: datetime) -> None:
    """Two currencies, a shared deal, a customer abroad, a correction, a go-live accepted and one not yet."""
    first, south, albion = partners["Northgate"], partners["Northgate South"], partners["Albion"]
    shared = booked(first, at, at.date(), 10_001, "EUR", "Larkhill")
    parts = [
        Share(first.pk, SOURCED, 67, is_primary=True),
        Share(albion.pk, SOURCED, 33),
        Share(None, FULFILLED, 100),
    ]
    actions.set_credit(by=SYSTEM, deal=shared, credits=parts, reason="agreed", at=at)
    booked(first, at, at.date() + 3 * DAY, 777, "USD", "Brannoc", customer_country="GB")
    taken_back = booked(south, at, at.date() + DAY, 333_333, "USD", "Eastbrook")
    actions.correct_booking(
        by=SYSTEM, booking=Booking.objects.get(deal=taken_back), booked_on=at.date() + 2 * DAY, reason="cancelled",
        at=at + 2 * DAY,
    )  # fmt: skip
    deals.submitted(south, at, customer_name="Fairview")
    live = deals.reported(albion, at, organization=make_organization("Harrow"), customer_name="Harrow")
    deals.reported(albion, at, organization=make_organization("Ilford"), customer_name="Ilford")
    link = ActionLink.objects.get(subject_id=live.pk)
    actions.confirm_by_customer(by=CUSTOMER, link=link, implementation=live, at=at + DAY)


def come_out(partners: dict[str, Partner], at: datetime) -> None:
    """Answers on two scales, one withdrawn; contributions verified, declined and waiting."""
    hospital, on = make_organization("Kingsmere"), at.date()
    for days, score, high in ((1, "9", "10"), (2, "3", "5"), (300, "4", "5")):
        last = answered(partners["Northgate"], hospital, on - days * DAY, score, at, "0", high)
    withdraw_answer(by=SYSTEM, answer=last, reason_code="entered_in_error", at=at)
    answered(partners["Northgate South"], hospital, on, "1", at)
    for kind in ("reference", "case_study", "clinical_validation", "integration", "publication"):
        found = [contributed(partners["Northgate"], on - n * DAY, at, kind, quantity=n) for n in (1, 2, 3)]
        verify_contribution(by=SYSTEM, contribution=found[0], at=at)
        verify_contribution(by=SYSTEM, contribution=found[1], at=at)
        decline_contribution(by=SYSTEM, contribution=found[1], why="Another company's.", at=at)


def booked(partner: Partner, at: datetime, on: date, minor: int, currency: str, customer: str, **facts):
    organization = make_organization(customer)
    return deals.booked(
        partner, at, on, minor, currency, organization=organization, customer_name=customer, **facts
    )


def teach(partners: dict[str, Partner], at: datetime) -> None:
    """People with several certifications, a revoked one, a plan that ended, gates."""
    make_reasons()
    tracks, on = make_tracks(), at.date() - 30 * DAY
    dana, luis, gwen = (
        save(Contact(partner=partners[name], name=who, email=f"{who}@partner.example", created_at=at))
        for who, name in (("dana", "Northgate"), ("luis", "Northgate South"), ("gwen", "Albion"))
    )
    certify(dana, tracks["sales"], on)
    certify(dana, tracks["platform"], on)
    certify(luis, tracks["platform"], on - 20 * DAY)
    revoked = certify(gwen, tracks["fundamentals"], on)
    revoke_certification(by=SYSTEM, certification=revoked, reason_code="left_company", at=at)
    sign_learning_plan(by=SYSTEM, partner=partners["Northgate"], signed_by=dana, at=at)
    sign_learning_plan(
        by=SYSTEM, partner=partners["Albion"], signed_by=gwen, at=at, signed_on=at.date() - 380 * DAY
    )
    gate = save(Gate(code="security", name="Security", validity_months=12, evidence="A report"))
    record_gate(
        by=SYSTEM, partner=partners["Northgate"], gate=gate, passed_on=at.date() - DAY, evidence="R 1", at=at
    )
