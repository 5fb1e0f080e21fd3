"""Planning, withdrawing and sending reminders; telling people and noting that they read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

import structlog
from django.db import transaction
from django.db.models import F, Q

from accounts.models import Membership, User
from accounts.roles import Permission
from core import mail
from core.actors import SYSTEM, Actor
from core.clock import day
from core.saving import lock, save
from events.actions import record
from inbox import notices, rules
from inbox.models import Notification, Reminder

log = structlog.get_logger(__name__)


@transaction.atomic
def plan_reminders(
    *,
    kind: str,
    subject_id: UUID,
    partner: Any,
    occasion_on: date,
    offsets: Iterable[int],
    recipients: Iterable[User],
    at: datetime,
    url: str = "",
) -> list[Reminder]:
    """Make the unsent reminders of a subject exactly these: one per person and day that is not past.

    Unsent ones of another date, offset or person are withdrawn; what was sent for this date is not sent again.
    The letter is "reminder.<kind>", with the ids `reminder` and `subject`; `url` is the workspace's page.
    Returns the planned ones.
    """
    people = {user.pk: user for user in recipients}
    ahead = rules.offsets_ahead(occasion_on, offsets, day(at))
    wanted = Q(occasion_on=occasion_on, offset_days__in=ahead, recipient__in=people)
    _withdraw(Reminder.objects.about(kind, subject_id).planned().exclude(wanted), at)
    again = Reminder.objects.about(kind, subject_id).filter(wanted, state=rules.WITHDRAWN)
    again.update(state=rules.PLANNED, url=url, version=F("version") + 1, changed_at=at)
    Reminder.objects.bulk_create(
        [
            Reminder(
                kind=kind,
                subject_id=subject_id,
                partner=partner,
                recipient=user,
                occasion_on=occasion_on,
                offset_days=offset,
                due_on=rules.due_on(occasion_on, offset),
                url=url,
                created_at=at,
            )
            for user in people.values()
            for offset in ahead
        ],
        ignore_conflicts=True,
    )
    return list(Reminder.objects.about(kind, subject_id).planned())


@transaction.atomic
def withdraw_reminders(*, kind: str, subject_id: UUID, at: datetime) -> int:
    """The occasion is off: what was not sent yet never will be. Returns how many."""
    return _withdraw(Reminder.objects.about(kind, subject_id).planned(), at)


def _withdraw(reminders: Any, at: datetime) -> int:
    return int(reminders.update(state=rules.WITHDRAWN, version=F("version") + 1, changed_at=at))


def send_due_reminders(*, at: datetime) -> dict[str, int]:
    """Queue the letter of every reminder that is due, each exactly once, whatever is killed or run twice.

    For each person and occasion only the latest due one goes, marked late where its day is past; the earlier ones
    become missed. A person who is out, or no longer of this partner or the vendor, is skipped. Returns the counts.
    """
    counts = Counter(sent=0, late=0, missed=0, skipped=0, failed=0)
    for occasion in _due_occasions(day(at)):
        try:
            counts.update(_send_one(occasion, at))
        except Exception:
            log.exception("reminder failed", kind=occasion["kind"], subject=str(occasion["subject_id"]))
            counts["failed"] += 1
    return dict(counts)


def _due_occasions(today: date) -> list[dict[str, Any]]:
    due = Reminder.objects.due(today).order_by("occasion_on")
    return list(due.values("kind", "subject_id", "occasion_on", "recipient_id").distinct())


@transaction.atomic
def _send_one(occasion: dict[str, Any], at: datetime) -> Counter[str]:
    """Claim one person's due reminders of one occasion and queue the letter, in one transaction."""
    today = day(at)
    claimed = Reminder.objects.due(today).filter(**occasion).select_for_update(of=("self",))
    due = {reminder.offset_days: reminder for reminder in claimed.select_related("partner", "recipient")}
    if not due:
        return Counter()
    if not _is_concerned(next(iter(due.values()))):
        return Counter(skipped=_close(due.values(), rules.SKIPPED))
    verdict = rules.dispatch(occasion["occasion_on"], due, today)
    _send(due[verdict.goes], verdict.is_late, at)
    for offset in verdict.missed:
        _record("reminder.missed", due[offset], at)
    missed = _close([due[offset] for offset in verdict.missed], rules.MISSED)
    return Counter(sent=1, late=int(verdict.is_late), missed=missed)


def _is_concerned(reminder: Reminder) -> bool:
    """Whether the recipient still belongs to the vendor or to the reminder's partner."""
    current = Membership.objects.current().filter(user=reminder.recipient_id)
    return current.filter(Q(partner=None) | Q(partner=reminder.partner_id)).exists()


def _close(reminders: Iterable[Reminder], state: str) -> int:
    closed = [_mark(reminder, state) for reminder in reminders]
    return len(closed)


def _mark(reminder: Reminder, state: str, **facts: Any) -> Reminder:
    reminder.state = state
    for name, value in facts.items():
        setattr(reminder, name, value)
    return save(reminder)


def _send(reminder: Reminder, is_late: bool, at: datetime) -> None:
    _mark(reminder, rules.SENT, sent_at=at, is_late=is_late)
    mail.send(
        f"reminder.{reminder.kind}",
        at=at,
        to_user=reminder.recipient,
        key=f"reminder:{reminder.id}",
        reminder=reminder.id,
        subject=reminder.subject_id,
    )
    _ring_bell(reminder, at)
    _record("reminder.sent", reminder, at, late=is_late)


def _ring_bell(reminder: Reminder, at: datetime) -> None:
    kind = f"reminder.{reminder.kind}"
    if reminder.url and notices.is_known(kind):
        args = {
            "partner": reminder.partner.name if reminder.partner else "",
            "days": reminder.offset_days,
            "on": reminder.occasion_on.isoformat(),
        }
        notify(
            user=reminder.recipient, kind=kind, url=reminder.url, partner=reminder.partner, args=args, at=at
        )


def _record(name: str, reminder: Reminder, at: datetime, **more: Any) -> None:
    data = {
        "kind": reminder.kind,
        "about": str(reminder.subject_id),
        "occasion_on": reminder.occasion_on.isoformat(),
        "offset_days": reminder.offset_days,
    }
    record(name, reminder, by=SYSTEM, at=at, partner=reminder.partner, data={**data, **more})


def notify(
    *, user: User, kind: str, url: str, at: datetime, partner: Any = None, args: dict[str, Any] | None = None
) -> Notification:
    """Put a line under a person's bell. `url` is the workspace's page; a partner's person gets the portal's.

    Called by receivers and actions, in their transaction. Raises LookupError for a kind that is not declared.
    """
    if not notices.is_known(kind):
        raise LookupError(f"No notice is called {kind}.")
    url = url if _is_of_vendor(user) else url.replace("/manage/", "/portal/", 1)
    return save(Notification(user=user, partner=partner, kind=kind, url=url, args=args or {}, created_at=at))


def _is_of_vendor(user: User) -> bool:
    return Membership.objects.current().filter(user=user, partner=None).exists()


@transaction.atomic
def read_notification(*, by: Actor, notification: Notification, at: datetime) -> Notification:
    """Note that its person has seen it. A second time changes nothing."""
    by.must(Permission.NOTIFICATION_CLEAR, on=notification)
    notification = lock(notification)
    if notification.read_at is None:
        notification.read_at = at
        save(notification)
    return notification


@transaction.atomic
def read_all_notifications(*, by: Actor, at: datetime) -> int:
    """Note that a person has seen all that lies under its bell; returns how many were new."""
    by.must(Permission.NOTIFICATION_CLEAR)
    unread = Notification.objects.visible_to(by).unread()
    return int(unread.update(read_at=at, version=F("version") + 1, changed_at=at))
