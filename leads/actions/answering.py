"""What a partner does with a lead: takes it, declines it, calls, gives it back, loses it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.roles import Permission
from catalog.querysets import setting
from core.actors import SYSTEM, Actor
from core.errors import Conflict, NotVisible
from core.saving import lock, save
from leads import rules
from leads.actions.moves import UNHELD, _move, _move_offer, reason_code
from leads.actions.routing import route
from leads.candidates import facts_of_partners
from leads.models import Lead, LeadOffer
from partners.actions import note_knowledge
from partners.models import Partner


@transaction.atomic
def accept_lead(*, by: Actor, lead: Lead, at: datetime) -> Lead:
    """Take a lead that is offered, or one from the pool: from now on its partner reads who it is, and calls in time.

    Of several that reach for one lead in the pool one has it; the others are told. A partner takes one lead after the
    other, so that two at once do not exceed its capacity: its row is locked first. Raises NotVisible (never offered),
    Conflict (taken, lapsed, no room for one more).
    """
    by.must(Permission.LEAD_WORK)
    if by.partner_id:
        lock(Partner(pk=by.partner_id))
    lead = lock(lead)
    partner = _taker(by, lead, at)
    due_at = rules.contact_by(at, setting("lead.contact_days"))
    pulled = lead.state == rules.POOLED
    offer = _pulled(lead, partner, at) if pulled else LeadOffer.objects.asked().get(lead=lead)
    if offer.due_at <= at and not pulled:
        raise Conflict(_("The time to accept this lead is over; it is passed on."), code="lapsed")
    _move_offer(offer, "accept", answered_at=at, answered_by_id=by.user_id)
    facts = {"partner": partner, "due_at": due_at, "accepted_at": at, "accepted_by_id": by.user_id}
    data = {"due_at": due_at.isoformat(), "pulled": pulled}
    lead = _move(by, lead, "accept", at, data, about=partner, **facts)
    if lead.organization:
        note_knowledge(organization=lead.organization, partner=partner, because="lead", at=at)
    return lead


def _taker(by: Actor, lead: Lead, at: datetime) -> Partner:
    """Whose lead it becomes. Raises as accepting does."""
    if by.is_vendor:
        return _asked_partner(lead)
    partner = Partner.objects.visible_to(by).filter(pk=by.partner_id).first()
    if partner is None:
        raise NotVisible(str(lead.pk))
    if lead.partner_id == partner.pk:
        rules.LIFECYCLE.after(lead.state, "accept")
        return partner
    if not Lead.objects.filter(pk=lead.pk).once_pooled_for(partner.pk).exists():
        raise NotVisible(str(lead.pk))
    if lead.state != rules.POOLED:
        raise Conflict(_("Another partner was faster: this lead is taken."), code="lost_race")
    _require_room(lead, partner, at)
    return partner


def _asked_partner(lead: Lead) -> Partner:
    """For a colleague of the vendor who answers on the partner's behalf: only where one partner is asked."""
    if lead.state != rules.OFFERED or lead.partner is None:
        raise Conflict(_("No partner is asked about this lead now."), code="closed_move")
    return lead.partner


def _require_room(lead: Lead, partner: Partner, at: datetime) -> None:
    if not partner.is_active:
        raise Conflict(_("Leads can be taken once the partner is active."), code="partner_not_active")
    facts = facts_of_partners(lead, [partner], at)[0]
    if facts.open_leads >= facts.capacity:
        words = _("You have %(n)s open leads, the most at once. Call one of them first.")
        raise Conflict(words % {"n": facts.open_leads}, code="no_capacity")


def _pulled(lead: Lead, partner: Partner, at: datetime) -> LeadOffer:
    return save(
        LeadOffer(
            lead=lead,
            partner=partner,
            routing=lead.pool,
            due_at=lead.due_at or at,
            is_pulled=True,
            created_at=at,
        )
    )


def standing_offer(lead: Lead) -> LeadOffer | None:
    """The offer by which its partner has the lead."""
    return LeadOffer.objects.standing().filter(lead=lead).first()


@transaction.atomic
def decline_lead(*, by: Actor, lead: Lead, reason: str, at: datetime, comment: str = "") -> Lead:
    """Say no to an offered lead. This partner is not asked about it again; the rules look for the next.

    `reason` is a code of lead_decline. Raises ValidationError (reason), Conflict (closed).
    """
    by.must(Permission.LEAD_WORK, on=lead)
    code = reason_code("lead_decline", reason, comment)
    lead = lock(lead)
    rules.LIFECYCLE.after(lead.state, "decline")
    offer = LeadOffer.objects.asked().get(lead=lead)
    said = {"reason": code, "comment": comment}
    _move_offer(offer, "decline", answered_at=at, answered_by_id=by.user_id, ended_at=at, **said)
    lead = _move(
        by, lead, "decline", at, {"reason": code}, about=offer.partner, partner=None, due_at=_soon(at)
    )
    return pass_on(lead, at)


def pass_on(lead: Lead, at: datetime) -> Lead:
    """Look for the next partner at once; where the lead lacks something by now, a colleague is asked."""
    try:
        with transaction.atomic():
            return route(SYSTEM, lead, at)
    except ValidationError:
        return lead


def _soon(at: datetime) -> datetime:
    return at + timedelta(hours=setting("lead.route_hours"))


@transaction.atomic
def note_contact(*, by: Actor, lead: Lead, way: str, at: datetime, note: str = "") -> Lead:
    """The first contact is made. `way` is one of `rules.WAYS`. Raises ValidationError, Conflict (closed)."""
    by.must(Permission.LEAD_WORK, on=lead)
    if way not in rules.WAYS:
        raise ValidationError({"way": _("Say how you reached them.")})
    lead = lock(lead)
    rules.LIFECYCLE.after(lead.state, "note_contact")
    if offer := standing_offer(lead):
        offer.contacted_at = at
        save(offer)
    facts = {"contacted_at": at, "contacted_by": way, "contact_note": note, "due_at": None}
    return _move(by, lead, "note_contact", at, {"way": way}, about=lead.partner, **facts)


@transaction.atomic
def return_lead(*, by: Actor, lead: Lead, reason: str, at: datetime, comment: str = "") -> Lead:
    """Give an accepted lead back; the rules look for the next partner. `reason` is a code of lead_return.

    Raises ValidationError (reason), Conflict (closed).
    """
    by.must(Permission.LEAD_WORK, on=lead)
    code = reason_code("lead_return", reason, comment)
    lead = _take_from(by, lead, "hand_back", code, comment, at)
    return pass_on(lead, at)


def _take_from(by: Actor, lead: Lead, move: str, code: str, comment: str, at: datetime) -> Lead:
    """The lead back from the partner that has it, its offer ended by the same move."""
    lead = lock(lead)
    rules.LIFECYCLE.after(lead.state, move)
    partner = lead.partner
    if offer := standing_offer(lead):
        _move_offer(offer, move, reason=code, comment=comment, ended_at=at)
    facts: dict[str, Any] = {**UNHELD, "reason": code, "comment": comment, "due_at": _soon(at)}
    return _move(by, lead, move, at, {"reason": code}, about=partner, **facts)


@transaction.atomic
def lose_lead(*, by: Actor, lead: Lead, reason: str, at: datetime, comment: str = "") -> Lead:
    """It comes to nothing. `reason` is a code of lead_loss. A registration is lost by its own move.

    Raises ValidationError (reason), Conflict (closed; its registration is open).
    """
    by.must(Permission.LEAD_WORK, on=lead)
    code = reason_code("lead_loss", reason, comment)
    lead = lock(lead)
    if lead.state == rules.CONVERTED:
        raise Conflict(_("Report the loss on the registration; the lead follows."), code="has_registration")
    facts = {"reason": code, "comment": comment, "closed_at": at, "due_at": None}
    return _move(by, lead, "lose", at, {"reason": code}, about=lead.partner, **facts)
