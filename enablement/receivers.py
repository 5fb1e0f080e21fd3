"""What enablement hears: people who leave stop counting; expiries are announced and told to the partner's admins."""

from typing import Any

from accounts.models import User
from catalog.querysets import setting
from core import mail
from core.clock import day
from events.models import Event
from events.registry import on
from inbox.actions import plan_reminders, withdraw_reminders
from metrics.actions import touch

REMINDER = "certification"


@on("contact.left")
def certifications_stop_counting(event: Event, contact: Any) -> None:
    touch(contact.partner_id, at=event.at)


@on("certification.awarded")
def its_expiry_is_announced(event: Event, certification: Any) -> None:
    plan_reminders(
        kind=REMINDER,
        subject_id=certification.id,
        partner=certification.contact.partner,
        occasion_on=certification.expires_on,
        offsets=setting("certification.reminder_days"),
        recipients=User.objects.admins_of(certification.contact.partner_id),
        url=certification.get_absolute_url(),
        at=event.at,
    )


@on("certification.revoked")
def its_expiry_is_no_longer_announced(event: Event, certification: Any) -> None:
    withdraw_reminders(kind=REMINDER, subject_id=certification.id, at=event.at)


@on("certification.expired")
def admins_are_told(event: Event, certification: Any) -> None:
    """One letter a day to each admin, whatever number of certifications ran out."""
    told_on, partner_id = day(event.at).isoformat(), certification.contact.partner_id
    for admin in User.objects.admins_of(partner_id):
        key = f"certification.expired:{partner_id}:{admin.id}:{told_on}"
        mail.send(
            "certification.expired", to_user=admin, key=key, partner=partner_id, day=told_on, at=event.at
        )
