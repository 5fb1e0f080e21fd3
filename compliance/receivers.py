"""What compliance hears of itself: a passed gate's end is announced, and told when it has come."""

from typing import Any

from accounts.models import User
from catalog.querysets import setting
from core import mail
from events.models import Event
from events.registry import on
from inbox.actions import plan_reminders, withdraw_reminders

REMINDER = "gate"


@on("gate.passed")
def its_end_is_announced(event: Event, passed: Any) -> None:
    """To the partner's admins and its manager; the occasion is the last valid day."""
    recipients = [*User.objects.admins_of(passed.partner_id), *filter(None, [passed.partner.psm])]
    plan_reminders(
        kind=REMINDER,
        subject_id=passed.id,
        partner=passed.partner,
        occasion_on=passed.valid_until,
        offsets=setting("gate.reminder_days"),
        recipients=recipients,
        url=passed.get_absolute_url(),
        at=event.at,
    )


@on("gate.revoked")
def its_end_is_no_longer_announced(event: Event, passed: Any) -> None:
    withdraw_reminders(kind=REMINDER, subject_id=passed.id, at=event.at)


@on("gate.expired")
def admins_are_told(event: Event, passed: Any) -> None:
    for admin in User.objects.admins_of(passed.partner_id):
        key = f"gate.expired:{passed.id}:{admin.id}"
        mail.send("gate.expired", to_user=admin, key=key, gate_record=passed.id, at=event.at)
