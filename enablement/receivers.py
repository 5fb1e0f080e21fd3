"""What enablement hears: people who leave stop counting, or count elsewhere; ends are announced and told."""

from typing import Any

from accounts.models import Membership, User
from core import mail
from core.clock import day
from enablement.actions import settle
from enablement.models import Certification
from enablement.reminding import REMINDER, announce, told
from events.models import Event
from events.registry import on
from inbox.actions import withdraw_reminders
from metrics.actions import touch


@on("membership.started", "membership.made_primary")
def certifications_follow_their_person(event: Event, membership: Membership) -> None:
    if membership.partner_id:
        settle(user=membership.user, at=event.at)


@on("contact.left")
def certifications_stop_counting(event: Event, contact: Any) -> None:
    touch(contact.partner_id, at=event.at)
    for held in Certification.objects.filter(contact=contact).values_list("pk", flat=True):
        withdraw_reminders(kind=REMINDER, subject_id=held, at=event.at)


@on("certification.awarded", "certification.arrived")
def its_end_is_announced(event: Event, certification: Certification) -> None:
    """And no longer the end of those that it renews."""
    announce(certification, at=event.at)
    before = Certification.objects.of_person(certification.contact).filter(track=certification.track_id)
    for held in before.filter(expires_on__lt=certification.expires_on).values_list("pk", flat=True):
        withdraw_reminders(kind=REMINDER, subject_id=held, at=event.at)


@on("certification.revoked", "certification.departed")
def its_end_is_no_longer_announced(event: Event, certification: Certification) -> None:
    withdraw_reminders(kind=REMINDER, subject_id=certification.id, at=event.at)


@on("certification.revoked")
def its_revocation_is_told(event: Event, certification: Certification) -> None:
    for user in told(certification):
        key = f"certification.revoked:{certification.id}:{user.id}"
        mail.send("certification.revoked", to_user=user, key=key, certification=certification.id, at=event.at)


@on("certification.expired")
def admins_are_told(event: Event, certification: Certification) -> None:
    """One letter a day to each admin, whatever number of certifications ran out."""
    told_on, partner_id = day(event.at).isoformat(), certification.contact.partner_id
    for admin in User.objects.admins_of(partner_id):
        key = f"certification.expired:{partner_id}:{admin.id}:{told_on}"
        mail.send(
            "certification.expired", to_user=admin, key=key, partner=partner_id, day=told_on, at=event.at
        )
