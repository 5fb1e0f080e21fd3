"""What partners hear from below: a person who joined becomes a contact; a terminated partner's log-ins close."""

from typing import Any

from accounts.actions import end_membership
from accounts.models import Membership
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


@on("partner.terminated")
def log_ins_close(event: Event, partner: Any) -> None:
    for membership in partner.memberships.current():
        end_membership(by=SYSTEM, membership=membership, at=event.at)
