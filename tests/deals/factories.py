"""Registrations for tests, at any point of their life, made by the actions."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from catalog.models import Product
from core.actors import SYSTEM
from core.clock import day
from core.money import Money
from core.saving import save
from deals import actions
from deals.engagement import Section
from deals.models import Deal, DealType, EngagementRules, Implementation, ProtectionLength, Stage
from partners.models import Organization, Partner
from tests.factories import make_organization, put

TYPES = ("referral", "resale", "co_sell")
STAGES = ("prospect", "qualified", "technical_validation", "committed", "launched", "closed_lost")
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def make_types_and_stages() -> None:
    put(
        DealType(code=code, name=code.replace("_", " ").capitalize(), position=position, definition="A way.")
        for position, code in enumerate(TYPES, start=1)
    )
    put(
        Stage(code=code, name=code.replace("_", " ").capitalize(), position=position, definition="A point.")
        for position, code in enumerate(STAGES, start=1)
    )


def make_lengths() -> None:
    """As the shipped program has them."""
    save(
        ProtectionLength(
            code="large_customers",
            name="Large customers",
            definition="Public bodies and hospital networks are protected longer.",
            kinds=["idn", "health_authority", "government"],
            public_bodies=True,
            days=270,
            after_tender_days=60,
        )
    )


CASE_RULES = [
    Section(
        "first_complete", "The first complete one", "The earlier one goes first.", ("approve", "decide_case")
    ),
    Section("agreement", "Both sides agreed", "What both agree to holds.", ("decide_case",)),
    Section("no_surprise", "No surprise", "Changes are announced."),
]


def hold_rules(at: datetime, sections: list[Section] | None = None, **facts) -> EngagementRules:
    """A version of the rules of engagement that is in force."""
    rules = actions.draft_rules(by=SYSTEM, name="Rules", sections=sections or CASE_RULES, at=at, **facts)
    actions.announce_rules(by=SYSTEM, rules=rules, effective_on=day(at), at=at)
    actions.activate_due(at=at)
    return EngagementRules.objects.get(pk=rules.pk)


def facts(**changes) -> dict:
    """What a complete registration says."""
    return {
        "customer_name": "St. Brannoc’s Regional Medical Center",
        "customer_country": "US",
        "customer_city": "Brannoc Falls",
        "products": [Product.objects.get(code="triage")],
        "amount": Money(42_000_000, "USD"),
        "expected_close_on": date(2027, 3, 15),
        "what_it_did": "Two discovery calls with the CMIO.",
        "no_patient_data": True,
        **changes,
    }


def draft(partner: Partner, at: datetime, **changes) -> Deal:
    return actions.start_draft(by=SYSTEM, partner=partner, at=at, **facts(**changes))


def submitted(partner: Partner, at: datetime, organization: Organization | None = None, **changes) -> Deal:
    deal = actions.register_deal(by=SYSTEM, partner=partner, at=at, **facts(**changes))
    return (
        actions.link_customer(by=SYSTEM, deal=deal, organization=organization, at=at)
        if organization
        else deal
    )


def approved(partner: Partner, at: datetime, organization: Organization | None = None, **changes) -> Deal:
    days = changes.pop("days", None)
    organization = organization or make_organization(changes.get("customer_name", facts()["customer_name"]))
    deal = submitted(partner, at, organization, **changes)
    return actions.approve_deal(by=SYSTEM, deal=deal, at=at, days=days)


def won(partner: Partner, at: datetime, organization: Organization | None = None, **changes) -> Deal:
    deal = approved(partner, at, organization, **changes)
    return actions.report_win(by=SYSTEM, deal=deal, won_on=deal.day_of(at), reference="PO 4711", at=at)


def booked(
    partner: Partner, at: datetime, on: date, minor: int = 10_000_000, currency: str = "USD", **changes
) -> Deal:
    deal = won(partner, at, **changes)
    money = Money(minor, currency)
    actions.book_deal(
        by=SYSTEM, deal=deal, amount=money, booked_on=on, at=at + timedelta(days=(on - at.date()).days)
    )
    return deal


def reported(partner: Partner, at: datetime, **changes) -> Implementation:
    deal = won(partner, at, **changes)
    return actions.report_implementation(
        by=SYSTEM,
        deal=deal,
        product=deal.products.get(),
        went_live_on=deal.day_of(at),
        contact_name="Helen Marsh",
        contact_email="helen@brannoc.example",
        at=at,
    )
