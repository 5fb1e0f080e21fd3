"""What partners hear: a person who joined becomes a contact; its admins get letters; log-ins close at the end."""

from typing import Any

from accounts.actions import end_membership
from accounts.models import Membership, User
from core import mail
from core.actors import SYSTEM
from events.models import Event
from events.registry import on
from partners.actions import add_contact


@on("membership.started")
def a_person_who_joined_is_a_contact(event: Event, membership: Membership) -> None:
    if membership.partner:
        user = membership.user
        add_contact(
            by=SYSTEM, partner=membership.partner, name=user.name, email=user.email, user=user, at=event.at
        )


# Before the log-ins close: afterwards nobody is an admin any more.
@on("partner.activated", "partner.suspended", "partner.resumed", "partner.terminated")
def its_admins_get_a_letter(event: Event, partner: Any) -> None:
    for admin in User.objects.admins_of(partner.pk):
        mail.send(event.type, at=event.at, to_user=admin, partner=partner.pk)


@on("partner.terminated")
def log_ins_close(event: Event, partner: Any) -> None:
    for membership in partner.memberships.current():
        end_membership(by=SYSTEM, membership=membership, at=event.at)
