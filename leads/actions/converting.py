"""A lead becomes a registration without typing anything twice, and the registration's end becomes the lead's."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.roles import Permission
from core.actors import SYSTEM, Actor
from core.saving import lock, save
from deals import actions as deals
from deals.models import Deal
from leads import rules
from leads.actions.answering import standing_offer
from leads.actions.moves import _move
from leads.models import Lead

LONGEST_CONTACT = 200


def facts_for_registration(lead: Lead) -> dict[str, Any]:
    """What a lead already says of its registration, as `deals.actions.start_draft` takes it."""
    known: dict[str, Any] = {
        "customer_name": lead.customer_name,
        "customer_country": str(lead.country),
        "customer_city": lead.city,
        "customer_website": lead.website,
        "products": list(lead.products.all()),
        "amount": lead.amount,
        "contact": contact_line(lead),
        "contact_agreed": bool(lead.contact_name),
        "need": lead.need,
        "clinical_specialty": lead.specialty.name if lead.specialty else "",
        "what_it_did": what_was_done(lead),
        "organization": lead.organization,
    }
    return {name: value for name, value in known.items() if value}


def contact_line(lead: Lead) -> str:
    """The contact person in one line."""
    parts = (lead.contact_name, lead.contact_role, lead.contact_email, lead.contact_phone)
    return ", ".join(part for part in parts if part)[:LONGEST_CONTACT]


def what_was_done(lead: Lead) -> str:
    """What the partner noted of its first contact, else the need."""
    return lead.contact_note or lead.need


@transaction.atomic
def convert_lead(*, by: Actor, lead: Lead, at: datetime, is_draft: bool = False, **facts: Any) -> Lead:
    """Register the deal of an accepted lead: what the lead knows is taken over, `facts` say the rest or say it better.

    With `is_draft` it is kept as a draft that only the customer's name is needed for; else it is submitted.
    Raises ValidationError (what a registration lacks), Conflict (closed, the partner is not active).
    """
    by.must(Permission.LEAD_WORK, on=lead)
    by.must(Permission.DEAL_REGISTER)
    lead = lock(lead)
    rules.LIFECYCLE.after(lead.state, "convert")
    assert lead.partner is not None
    said = {name: value for name, value in facts.items() if value not in (None, "", [])}
    work = deals.start_draft if is_draft else deals.register_deal
    deal = work(by=by, partner=lead.partner, at=at, **{**facts_for_registration(lead), **said})
    return _converted(by, lead, deal, at)


def _converted(by: Actor, lead: Lead, deal: Deal, at: datetime) -> Lead:
    if Lead.objects.filter(deal=deal).exclude(pk=lead.pk).exists():
        raise ValidationError("This registration belongs to another lead.")
    deal = deals.note_origin(deal=deal, lead_id=lead.pk, lead_number=lead.number)
    if offer := standing_offer(lead):
        offer.converted_at, offer.contacted_at = at, offer.contacted_at or at
        save(offer)
    facts = {"deal": deal, "due_at": None, "contacted_at": lead.contacted_at or at}
    return _move(by, lead, "convert", at, {"deal": str(deal.pk)}, about=lead.partner, **facts)


def note_win(*, deal: Deal, at: datetime) -> None:
    """The registration of a lead is won: so is the lead."""
    if lead := _open_to("win", deal):
        facts = {"closed_at": at, "due_at": None, "reason": "", "comment": ""}
        _move(SYSTEM, lead, "win", at, {"deal": str(deal.pk)}, about=lead.partner, **facts)


def note_loss(*, deal: Deal, at: datetime) -> None:
    """The registration of a lead is lost, for the registration's reason."""
    if lead := _open_to("lose_with_deal", deal):
        facts = {"reason": deal.reason or "lost", "closed_at": at, "due_at": None}
        _move(SYSTEM, lead, "lose_with_deal", at, {"reason": facts["reason"]}, about=lead.partner, **facts)


def undo_conversion(*, deal: Deal, at: datetime) -> None:
    """The registration came to nothing before it was decided, or was refused: the lead is with its partner again."""
    if lead := _open_to("undo_conversion", deal):
        data = {"deal": str(deal.pk)}
        _move(SYSTEM, lead, "undo_conversion", at, data, about=lead.partner, deal=None, due_at=None)


def redo_conversion(*, deal: Deal, at: datetime) -> None:
    """A registration that was refused is looked at again, after an appeal: its partner's lead is the registration's."""
    lead = Lead.objects.filter(pk=deal.origin_id).first() if deal.origin_id else None
    is_open = lead and lead.deal_id is None and lead.state in rules.LIFECYCLE.moves["convert"].sources
    if lead and is_open and lead.partner_id == deal.partner_id:
        _converted(SYSTEM, lead, deal, at)


def _open_to(move: str, deal: Deal) -> Lead | None:
    """The lead of a registration where this move is open."""
    lead = Lead.objects.filter(deal=deal).first()
    return lead if lead and lead.state in rules.LIFECYCLE.moves[move].sources else None
