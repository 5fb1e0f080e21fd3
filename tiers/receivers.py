"""What tiers hear: who came into the program or left it, and what the people concerned are told."""

from typing import Any

from accounts.models import User
from catalog.querysets import setting
from core import mail
from core.clock import day
from events.models import Event
from events.registry import on
from inbox.actions import plan_reminders, withdraw_reminders
from metrics.actions import touch
from tiers.actions import end_standings

REMINDER = "tier-grace"


@on("partner.activated", "partner.changed", "partner.resumed")
def its_tier_is_looked_at(event: Event, partner: Any) -> None:
    touch(partner.pk, at=event.at)


@on("partner.terminated")
def its_tier_ends(event: Event, partner: Any) -> None:
    end_standings(partner=partner, on=day(event.at), at=event.at)


@on("tier.awarded", "tier.lowered")
def admins_are_told_of_their_tier(event: Event, standing: Any) -> None:
    _write_to_admins(event, standing=standing.id, event=event.id)


@on("tier.grace_started")
def both_sides_are_told_of_the_grace_period(event: Event, grace: Any) -> None:
    _write_to_admins(event, grace=grace.id)
    partner = grace.partner
    plan_reminders(
        kind=REMINDER,
        subject_id=grace.id,
        partner=partner,
        occasion_on=grace.ends_on,
        offsets=setting("tier.grace_reminder_days"),
        recipients=[*User.objects.admins_of(partner.pk), *filter(None, [partner.psm])],
        url=grace.get_absolute_url(),
        at=event.at,
    )


@on("tier.grace_ended")
def reminders_of_the_grace_period_stop(event: Event, grace: Any) -> None:
    withdraw_reminders(kind=REMINDER, subject_id=grace.id, at=event.at)


def _write_to_admins(about: Event, **ids: Any) -> None:
    for admin in User.objects.admins_of(about.partner_id):
        mail.send(about.type, to_user=admin, key=f"{about.type}:{about.id}:{admin.id}", at=about.at, **ids)
