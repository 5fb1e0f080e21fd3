"""Partners that only refer hand us a contact, with the person's consent."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.roles import Permission
from core.actors import Actor
from core.clock import day
from core.errors import Conflict
from core.models import next_number
from core.saving import save
from events.actions import record
from leads.actions.entering import _new
from leads.models import Referral
from partners.models import Partner


@transaction.atomic
def refer_lead(
    *, by: Actor, partner: Partner, consented_on: date, has_consent: bool, at: datetime, **facts: Any
) -> Referral:
    """Hand over a contact who agreed to it: it becomes a lead of ours, and its referrer is told how it goes.

    With an `external_ref` it happens once: a repeat gets the first one. What the partner writes is for us; no other
    partner reads it before it accepts. Raises ValidationError (no consent …), Conflict (the partner is not active).
    """
    by.must(Permission.LEAD_REFER, on=partner)
    if not partner.is_active:
        raise Conflict(_("Contacts can be referred once the partner is active."), code="partner_not_active")
    if not has_consent:
        raise ValidationError({"has_consent": _("Refer only people who agreed to be contacted.")})
    if consented_on > day(at):
        raise ValidationError({"consented_on": _("This day lies in the future.")})
    reference = str(facts.get("external_ref") or "")
    if reference and (earlier := Referral.objects.filter(partner=partner, external_ref=reference).first()):
        return earlier
    referral = Referral(
        partner=partner, submitted_by_id=by.user_id, consented_on=consented_on, number=next_number("R"),
        created_at=at, **facts,
    )  # fmt: skip
    referral.clean_fields(exclude={"lead"})
    if not (referral.contact_email or referral.contact_phone):
        raise ValidationError({"contact_email": _("Give a mail address or a phone number.")})
    referral.lead = _new(by, at, _lead_facts(referral), referrer=partner)
    save(referral)
    record("referral.received", referral, by=by, at=at, partner=partner)
    return referral


def _lead_facts(referral: Referral) -> dict[str, Any]:
    """The message becomes the details: it may tell who it is, and partners read the need before they accept."""
    return {
        "customer_name": referral.customer_name,
        "country": referral.country,
        "city": referral.city,
        "contact_name": referral.contact_name,
        "contact_role": referral.contact_role,
        "contact_email": referral.contact_email,
        "contact_phone": referral.contact_phone,
        "details": referral.message,
        "source": "referral",
        "consent_basis": "consent",
        "consent_on": referral.consented_on,
    }
