"""Makers of rows for tests, through the actions where there is one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TypeVar

from django.db.models import Model

from accounts.actions import add_user, create_key, start_membership
from accounts.models import User
from catalog.models import FxRate, Market, Product, ReasonCode
from core.actors import SYSTEM
from core.clock import now
from core.models import Vendor
from core.saving import save
from partners.actions import activate_partner, add_organization, add_partner
from partners.models import Category, Organization, Partner, Taxonomy

R = TypeVar("R", bound=Model)
START = datetime(2026, 1, 5, 9, tzinfo=UTC)
PASSWORD = "correct-horse-battery"
MARKETS = {
    "us": ("United States", ["US"], "USD", "America/New_York"),
    "uk": ("United Kingdom", ["GB"], "GBP", "Europe/London"),
    "eu": ("European Union", ["DE", "FR", "IT", "ES", "NL"], "EUR", "Europe/Berlin"),
    "jp": ("Japan", ["JP"], "JPY", "Asia/Tokyo"),
}
RATES = {"EUR": "1.08", "GBP": "1.27", "JPY": "0.0067"}
REASONS = {
    "application_rejection": ["no_fit", "incomplete"],
    "deal_rejection": ["already_protected", "not_eligible", "insufficient_evidence", "conflict_decided"],
    "deal_loss": ["price", "no_decision"],
    "deal_withdrawal": ["no_opportunity", "entered_in_error"],
    "deal_revocation": ["inaccurate", "no_activity", "conflict_decided"],
    "deal_reopening": ["customer_came_back", "order_cancelled"],
    "deal_amendment_refusal": ["not_agreed", "not_convincing"],
    "deal_condition_miss": ["not_met_in_time", "cannot_be_met"],
    "deal_extension_refusal": ["no_activity", "too_long"],
    "deal_credit": ["agreed", "evidence", "case_decision", "entered_in_error"],
    "answer_withdrawal": ["entered_in_error"],
    "booking_correction": ["wrong_amount", "cancelled"],
    "partner_suspension": ["compliance", "payment"],
    "partner_termination": ["mutual", "breach"],
    "review_cancellation": ["not_needed", "no_date"],
}


def make_program() -> Vendor:
    """Vendor, markets, products, reason codes, categories and rates."""
    vendor = Vendor.objects.first() or save(Vendor(name="Corvane", currency="USD", time_zone="UTC"))
    put(
        Market(code=code, name=name, countries=countries, currency=currency, time_zone=zone)
        for code, (name, countries, currency, zone) in MARKETS.items()
    )
    put(Product(code=code, name=code.capitalize()) for code in ("triage", "documentation", "imaging"))
    make_reasons(REASONS)
    taxonomy = save(Taxonomy(code="framework", name="Framework categories"))
    save(Category(taxonomy=taxonomy, code="channel", name="Channel Partners"))
    put(
        FxRate(currency=currency, base="USD", on=date(2026, month, 1), rate=Decimal(rate))
        for currency, rate in RATES.items()
        for month in range(1, 13)
    )
    return vendor


def put(rows: Iterable[R]) -> list[R]:
    """Reference data of one model, in one statement: nearly every test begins with a hundred such rows."""
    made = list(rows)
    return type(made[0])._default_manager.bulk_create(made)


def make_reasons(codes_of: dict[str, list[str]]) -> None:
    put(
        ReasonCode(domain=domain, code=code, label=code.replace("_", " ").capitalize())
        for domain, codes in codes_of.items()
        for code in codes
    )


def make_vendor_user(email: str, name: str, role: str, at: datetime) -> User:
    user = add_user(by=SYSTEM, email=email, name=name, password=PASSWORD, at=at)
    start_membership(by=SYSTEM, user=user, partner=None, role=role, at=at)
    return user


def make_organization(name: str, country: str = "US", at: datetime = START, **facts) -> Organization:
    return add_organization(by=SYSTEM, at=at, origin="test", name=name, country=country, **facts)


def make_partner(
    name: str, country: str = "US", psm: User | None = None, at: datetime = START, active: bool = True
) -> Partner:
    website = f"https://www.{name.split()[0].lower()}.example"
    organization = make_organization(name, country, at, legal_name=f"{name} Ltd", website=website)
    category = Category.objects.get(code="channel")
    partner = add_partner(by=SYSTEM, organization=organization, categories=[category], psm=psm, at=at)
    return activate_partner(by=SYSTEM, partner=partner, because="test", at=at) if active else partner


def make_partner_user(email: str, name: str, partner: Partner, role: str, at: datetime) -> User:
    user = add_user(by=SYSTEM, email=email, name=name, password=PASSWORD, at=at)
    start_membership(by=SYSTEM, user=user, partner=partner, role=role, at=at)
    return user


def make_key(user: User, partner: Partner | None = None, **facts) -> str:
    return create_key(
        by=SYSTEM, user=user, partner=partner, name="test", at=now(), life=timedelta(days=30), **facts
    )[1]
