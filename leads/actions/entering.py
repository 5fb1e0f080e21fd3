"""Leads come in: entered, changed, closed, opened again; and what the program knows of who takes which."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.roles import Permission
from catalog.querysets import market_of, setting
from core.actors import Actor
from core.clock import day
from core.errors import Conflict
from core.models import Vendor, next_number
from core.money import Money
from core.saving import lock, save
from events.actions import record
from leads import rules
from leads.actions.moves import UNHELD, _move, reason_code
from leads.actions.routing import route
from leads.models import Lead, LeadProfile
from partners.models import Partner


@transaction.atomic
def enter_lead(*, by: Actor, at: datetime, route_now: bool = False, **facts: Any) -> Lead:
    """Record a lead; with `route_now` the rules look for a partner at once.

    `facts` are those of `rules.FIELDS`: `amount` is a Money, `products` a list. With an `external_ref` it happens
    once: a repeat gets the first one. Raises ValidationError.
    """
    by.must(Permission.LEAD_EDIT)
    if earlier := _with_reference(str(facts.get("external_ref") or "")):
        return earlier
    lead = _new(by, at, facts, owner_id=by.user_id)
    return route(by, lead, at) if route_now else lead


def _with_reference(reference: str) -> Lead | None:
    return Lead.objects.filter(external_ref=reference).first() if reference else None


def _new(by: Actor, at: datetime, facts: dict[str, Any], **more: Any) -> Lead:
    lead = Lead(created_at=at, currency=Vendor.current().currency, due_at=at + _routing_time(), **more)
    lead.number = next_number("L")
    _set(lead, facts)
    _require_sound(lead, at)
    _write(lead, facts.get("products"))
    data = {"source": lead.source, "score": lead.score, "referral": lead.referrer_id is not None}
    record("lead.entered", lead, by=by, at=at, data=data)
    return lead


def _routing_time() -> timedelta:
    return timedelta(hours=setting("lead.route_hours"))


@transaction.atomic
def change_lead(*, by: Actor, lead: Lead, at: datetime, **facts: Any) -> Lead:
    """Change what is known of a lead that is not over. Raises ValidationError, Conflict (it is over)."""
    by.must(Permission.LEAD_EDIT, on=lead)
    lead = lock(lead)
    if lead.state not in rules.OPEN:
        raise Conflict(_("This lead is over."), code="closed_move")
    before = {name: getattr(lead, name, None) for name in rules.FIELDS if name not in ("products", "amount")}
    amount, products = lead.amount, set(lead.products.all())
    _set(lead, facts)
    _require_sound(lead, at)
    _write(lead, facts.get("products"))
    changed = [name for name, value in before.items() if getattr(lead, name) != value]
    changed += ["amount"] if lead.amount != amount else []
    changed += ["products"] if set(lead.products.all()) != products else []
    if changed:
        about = lead.partner if lead.is_disclosed else None
        record("lead.changed", lead, by=by, at=at, partner=about, data={"changed": changed})
    return lead


def _set(lead: Lead, facts: dict[str, Any]) -> None:
    """Write the given facts. Raises TypeError for an unknown one."""
    if unknown := set(facts) - set(rules.FIELDS):
        raise TypeError(f"A lead has no {sorted(unknown)}.")
    for name, value in facts.items():
        if name == "amount":
            _set_amount(lead, value)
        elif name != "products":
            is_text = isinstance(getattr(lead, name), str)
            setattr(lead, name, "" if value is None and is_text else value)
    if lead.organization and not lead.customer_name:
        lead.customer_name, lead.country = lead.organization.name, lead.organization.country
    lead.market = market_of(str(lead.country))


def _set_amount(lead: Lead, amount: Money | None) -> None:
    lead.amount_minor = amount.minor if amount else None
    lead.currency = amount.currency if amount else lead.currency


def _require_sound(lead: Lead, at: datetime) -> None:
    """Raise ValidationError where the consent is missing or lies ahead."""
    has_person = lead.contact_name or lead.contact_email or lead.contact_phone
    if has_person and not lead.consent_basis:
        raise ValidationError({"consent_basis": _("Say why this person may be passed on to a partner.")})
    if lead.consent_on and lead.consent_on > day(at):
        raise ValidationError({"consent_on": _("This day lies in the future.")})


def _write(lead: Lead, products: list[Any] | None) -> None:
    lead.score = rules.score(score_of(lead, products))
    save(lead)
    if products is not None:
        lead.products.set(products)


def score_of(lead: Lead, products: list[Any] | None = None) -> list[rules.ScoreLine]:
    """The score of a lead, line by line."""
    if products is None:
        products = list(lead.products.all()) if not lead._state.adding else []
    return rules.score_lines(
        {
            "person": bool(lead.contact_name),
            "reachable": bool(lead.contact_email or lead.contact_phone),
            "role": bool(lead.contact_role),
            "need": len(lead.need.split()) >= 5,
            "products": bool(products),
            "value": lead.amount_minor is not None,
            "organization": lead.organization_id is not None,
        }
    )


@transaction.atomic
def close_lead(*, by: Actor, lead: Lead, reason: str, at: datetime, comment: str = "") -> Lead:
    """Nobody follows this lead up. `reason` is a code of lead_closing. Raises ValidationError, Conflict (closed)."""
    by.must(Permission.LEAD_ROUTE, on=lead)
    code = reason_code("lead_closing", reason, comment)
    facts = {"reason": code, "comment": comment, "closed_at": at, "due_at": None}
    return _move(by, lead, "close", at, {"reason": code}, **facts)


@transaction.atomic
def reopen_lead(*, by: Actor, lead: Lead, at: datetime) -> Lead:
    """A closed or lost lead is looked for a partner again. Raises Conflict."""
    by.must(Permission.LEAD_ROUTE, on=lead)
    facts = {**UNHELD, "reason": "", "comment": "", "closed_at": None, "due_at": at + _routing_time()}
    before = lock(lead)
    _let_partner_go(before, at)
    return _move(by, before, "reopen", at, about=before.partner, deal=None, **facts)


def _let_partner_go(lead: Lead, at: datetime) -> None:
    """The partner of a lost lead is not asked about it again."""
    from leads.actions.answering import standing_offer
    from leads.actions.moves import _move_offer

    if offer := standing_offer(lead):
        _move_offer(offer, "hand_back", reason=lead.reason, comment=lead.comment, ended_at=at)


@transaction.atomic
def change_profile(*, by: Actor, partner: Partner, at: datetime, **facts: Any) -> LeadProfile:
    """Say which leads a partner takes: languages, specialties, products, how many at once, its weight.

    Raises ValidationError.
    """
    by.must(Permission.LEAD_ROUTE, on=partner)
    specialties, products = facts.pop("specialties", None), facts.pop("products", None)
    profile = LeadProfile.objects.filter(partner=partner).first() or LeadProfile(
        partner=partner, created_at=at
    )
    profile = lock(profile) if not profile._state.adding else profile
    for name, value in facts.items():
        setattr(profile, name, value)
    profile.languages = sorted(set(profile.languages))
    save(profile)
    for many, rows in ((profile.specialties, specialties), (profile.products, products)):
        if rows is not None:
            many.set(rows)  # type: ignore[attr-defined]
    record("lead_profile.changed", profile, by=by, at=at, partner=partner)
    return profile
