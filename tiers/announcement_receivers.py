"""What is told when a version is announced or called off: each partner its own change, by letter and under the bell."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core import mail
from core.actors import SYSTEM
from events.models import Event
from events.registry import on
from inbox import notices
from inbox.actions import notify
from tiers.actions import announce_version, call_off_announcements

notices.declare(
    "tier_announcement.made", _("The partner program changes on %(day)s: see what it means for you.")
)
notices.declare("tier_announcement.called_off", _("What was to change on %(day)s does not come."))


@on("program_version.scheduled")
def partners_are_told_their_own_change(event: Event, version: Any) -> None:
    announce_version(by=SYSTEM, version=version, at=event.at)


@on("program_version.called_off")
def the_same_partners_are_told_that_it_does_not_come(event: Event, version: Any) -> None:
    call_off_announcements(by=SYSTEM, version=version, at=event.at)


@on("tier_announcement.made", "tier_announcement.called_off")
def admins_get_the_letter(event: Event, announcement: Any) -> None:
    for admin in User.objects.admins_of(event.partner_id):
        key = f"{event.type}:{event.id}:{admin.id}"
        mail.send(event.type, to_user=admin, key=key, at=event.at, announcement=announcement.id)
        notify(
            user=admin,
            kind=event.type,
            url=announcement.get_absolute_url(),
            partner=event.partner,
            args={"day": announcement.effective_from.isoformat()},
            at=event.at,
        )
