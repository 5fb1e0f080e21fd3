"""Who is reminded of a certification's end, and when."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.models import User
from catalog.querysets import setting
from core.clock import day
from enablement.models import Certification
from inbox.actions import plan_reminders

REMINDER = "certification"


def told(certification: Certification) -> list[User]:
    """The person itself, where it has an account here, and its partner's admins."""
    contact = certification.contact
    own = [contact.user] if contact.user and contact.left_on is None and contact.user.is_active else []
    others = User.objects.admins_of(contact.partner_id).exclude(pk__in=[user.pk for user in own])
    return [*own, *others]


def announce(certification: Certification, *, at: datetime) -> None:
    """Plan the reminders of its end: to the person, the partner's admins and the partner's manager."""
    if certification.counts_until or certification.revoked_on or certification.is_renewed():
        return
    partner = certification.contact.partner
    plan_reminders(
        kind=REMINDER,
        subject_id=certification.id,
        partner=partner,
        occasion_on=certification.expires_on,
        offsets=setting("certification.reminder_days"),
        recipients=[*told(certification), *([partner.psm] if partner.psm else [])],
        url=certification.get_absolute_url(),
        at=at,
    )


def announce_anew(*, at: datetime) -> int:
    """Those of which a reminder is due today go to whoever looks after them today; returns how many."""
    today = day(at)
    ends = [today + timedelta(days=offset) for offset in setting("certification.reminder_days")]
    found = Certification.objects.counting(today).filter(expires_on__in=ends)
    for certification in found.select_related("contact__partner__psm", "contact__user"):
        announce(certification, at=at)
    return len(found)
