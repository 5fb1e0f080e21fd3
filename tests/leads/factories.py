"""Leads for tests, at any point of their life, made by the actions."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from catalog.models import Product
from compliance.actions import record_gate
from compliance.models import Gate
from core.actors import SYSTEM
from core.money import Money
from core.saving import save
from leads import actions
from leads.models import Lead, RoutingRule, Specialty
from partners.actions import note_standing
from partners.models import Partner
from tests.factories import make_partner, put

SPECIALTIES = ("radiology", "cardiology", "oncology")
REASONS = {
    "lead_decline": ["no_capacity", "too_far"],
    "lead_return": ["unreachable"],
    "lead_loss": ["no_need"],
    "lead_closing": ["no_partner"],
    "lead_choice": ["customer_wish", "other"],
    "lead_withdrawal": ["wrong_partner"],
}
# Words that no partner may read before it has accepted.
CANARIES = {
    "customer_name": "Zyxquill Infirmary", "street": "77 Quibblethorn Road", "postcode": "QX9 9ZZ",
    "city": "Vorpalminster", "website": "https://www.zyxquill.example", "contact_name": "Jabberina Wockleton",
    "contact_role": "Frumious director", "contact_email": "jabberina@zyxquill.example",
    "contact_phone": "+44 20 7946 0991", "details": "Ask for Bandersnatch at the gate.",
    "source_detail": "Slithytove fair", "consent_text": "Mimsy form, line seven",
}  # fmt: skip


def make_routing(*rules: dict) -> None:
    """The program's rules in order; one rule for everyone in the market, in turn, where none is given."""
    RoutingRule.objects.all().delete()
    given = rules or ({"code": "in_turn"},)
    for position, rule in enumerate(given, start=1):
        plain = {"name": rule["code"].replace("_", " ").capitalize(), "method": "round_robin",
                 "partner_must": ["market", "language"], "position": position}  # fmt: skip
        save(RoutingRule(**{**plain, **rule}))


def make_specialties() -> None:
    put(
        Specialty(code=code, name=code.capitalize(), position=position)
        for position, code in enumerate(SPECIALTIES, start=1)
    )


def facts(**changes) -> dict:
    """What a complete lead says; all that tells who it is are canaries."""
    return {
        **CANARIES,
        "country": "US",
        "language": "en",
        "specialty": Specialty.objects.get(code="radiology"),
        "products": [Product.objects.get(code="triage")],
        "need": "Wants to read night scans faster, two sites.",
        "amount": Money(24_000_000, "USD"),
        "source": "event",
        "consent_basis": "consent",
        "consent_on": date(2025, 1, 10),
        **changes,
    }


def entered(at: datetime, by=SYSTEM, **changes) -> Lead:
    return actions.enter_lead(by=by, at=at, **facts(**changes))


def offered(partner: Partner, at: datetime, by=SYSTEM, **changes) -> Lead:
    lead = entered(at, by, **changes)
    return actions.offer_lead(by=SYSTEM, lead=lead, partner=partner, reason="customer_wish", at=at)


def accepted(partner: Partner, at: datetime, **changes) -> Lead:
    return actions.accept_lead(by=SYSTEM, lead=offered(partner, at, **changes), at=at)


def contacted(partner: Partner, at: datetime, **changes) -> Lead:
    lead = accepted(partner, at, **changes)
    return actions.note_contact(by=SYSTEM, lead=lead, way="phone", note="They want a demo.", at=at)


def converted(partner: Partner, at: datetime, **changes) -> Lead:
    lead = contacted(partner, at, **changes)
    return actions.convert_lead(by=SYSTEM, lead=lead, at=at, **registration(at))


def registration(at: datetime) -> dict:
    """What a lead does not say of its registration."""
    return {"expected_close_on": at.date() + timedelta(days=90), "no_patient_data": True}


def pooled(at: datetime, **changes) -> Lead:
    return actions.pool_lead(by=SYSTEM, lead=entered(at, **changes), at=at)


def ready(name: str, rank: int = 0, gates: tuple[str, ...] = (), country: str = "US", at=None) -> Partner:
    """An active partner with a tier and gates."""
    partner = make_partner(name, country=country)
    if rank:
        note_standing(partner_id=partner.pk, code=f"tier{rank}", name=f"Tier {rank}", rank=rank, at=at)
        partner.refresh_from_db()
    for code in gates:
        gate = Gate.objects.filter(code=code).first() or save(
            Gate(code=code, name=code.capitalize(), validity_months=12, evidence="Paper")
        )
        record_gate(by=SYSTEM, partner=partner, gate=gate, passed_on=at.date(), evidence="Paper", at=at)
    return partner
