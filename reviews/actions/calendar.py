"""Reviews on the calendar: planned, moved, called off, proposed each quarter."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Permission
from catalog.querysets import reason, setting
from core.actors import SYSTEM, Actor
from core.clock import day
from core.errors import Conflict
from core.saving import lock, save
from events.actions import record
from partners.models import Contact, Partner
from reviews import rules
from reviews.actions.meeting import require_open
from reviews.actions.moving import make_move
from reviews.actions.telling import forget_reminders, remind, tell
from reviews.models import Attendee, Review, ReviewTemplate
from tiers.querysets import partners_with_feature
from tiers.rules import QBR


@transaction.atomic
def schedule_review(
    *,
    by: Actor,
    partner: Partner,
    quarter: str,
    starts_at: datetime,
    at: datetime,
    time_zone: str = "",
    length_minutes: int | None = None,
    agenda: list[str] | None = None,
    is_proposed: bool = False,
) -> Review:
    """Put a partner's review of a quarter on the calendar, plan its reminders and tell both sides.

    `time_zone` is the partner's unless given. Raises ValidationError (the past, outside the quarter, a second one).
    """
    by.must(Permission.REVIEW_SCHEDULE, on=partner)
    _require_partnership(partner)
    review = Review(
        partner=partner,
        quarter=quarter,
        starts_at=starts_at,
        time_zone=time_zone or partner.time_zone,
        length_minutes=setting("review.length_minutes") if length_minutes is None else length_minutes,
        agenda=list(ReviewTemplate.current().agenda) if agenda is None else agenda,
        is_proposed=is_proposed,
        created_at=at,
    )
    _save_dated(review, at)
    _seat(review, at)
    record(
        "review.scheduled",
        review,
        by=by,
        at=at,
        partner=partner,
        data={**_when(review), "proposed": is_proposed},
    )
    remind(review, at)
    tell(review, "review.scheduled", by, at)
    return review


def _require_partnership(partner: Partner) -> None:
    if partner.state == "terminated":
        raise Conflict(_("This partnership has ended."), code="closed_move")


def _save_dated(review: Review, at: datetime) -> Review:
    """Save once the date fits: ahead of now, and in the quarter or shortly after it. Raises ValidationError."""
    review.clean_fields()
    if review.starts_at <= at:
        raise ValidationError({"starts_at": _("Choose a time that is still to come.")})
    quarter = rules.Quarter.parse(review.quarter)
    last = quarter.ends_on + timedelta(days=setting("review.missed_days"))
    if not quarter.starts_on <= review.local_start.date() <= last:
        words = {"first": quarter.starts_on.isoformat(), "last": last.isoformat()}
        raise ValidationError({"starts_at": _("The day must lie between %(first)s and %(last)s.") % words})
    return save(review)


def _seat(review: Review, at: datetime) -> None:
    """Ask the success manager and the partner's main contact until someone chooses others."""
    if review.partner.psm_id:
        save(Attendee(review=review, user_id=review.partner.psm_id, created_at=at))
    for contact in review.partner.contacts.current().filter(is_main=True):
        save(Attendee(review=review, contact=contact, created_at=at))


def _when(review: Review) -> dict[str, Any]:
    return {"quarter": review.quarter, "on": review.on.isoformat(), "starts_at": review.starts_at}


@transaction.atomic
def move_review(
    *,
    by: Actor,
    review: Review,
    starts_at: datetime,
    at: datetime,
    time_zone: str = "",
    length_minutes: int | None = None,
) -> Review:
    """Give a planned review another time; unsent reminders are withdrawn, new ones made. Raises as scheduling does."""
    by.must(Permission.REVIEW_SCHEDULE, on=review)
    review = make_move(lock(review), "move")
    before = review.on
    review.starts_at, review.time_zone = starts_at, time_zone or review.time_zone
    review.length_minutes = length_minutes or review.length_minutes
    review.is_proposed = False
    _save_dated(review, at)
    data = {**_when(review), "from": before.isoformat()}
    record("review.moved", review, by=by, at=at, partner=review.partner, data=data)
    remind(review, at)
    tell(review, "review.moved", by, at)
    return review


@transaction.atomic
def reopen_review(*, by: Actor, review: Review, starts_at: datetime, at: datetime) -> Review:
    """Put a cancelled or missed review back on the calendar. Raises as scheduling does."""
    by.must(Permission.REVIEW_SCHEDULE, on=review)
    review = make_move(lock(review), "reopen")
    review.starts_at, review.cancel_reason, review.is_proposed = starts_at, "", False
    _save_dated(review, at)
    record("review.reopened", review, by=by, at=at, partner=review.partner, data=_when(review))
    remind(review, at)
    tell(review, "review.scheduled", by, at)
    return review


@transaction.atomic
def change_agenda(*, by: Actor, review: Review, agenda: list[str], at: datetime) -> Review:
    """Replace the points of a planned review's agenda. Raises ValidationError, Conflict."""
    by.must(Permission.REVIEW_SCHEDULE, on=review)
    review = lock(review)
    rules.LIFECYCLE.after(review.state, "move")
    review.agenda = [point.strip() for point in agenda if point.strip()]
    save(review)
    data = {"points": len(review.agenda)}
    record("review.agenda_changed", review, by=by, at=at, partner=review.partner, data=data)
    return review


@transaction.atomic
def choose_attendees(
    *, by: Actor, review: Review, users: Iterable[User], contacts: Iterable[Contact], at: datetime
) -> Review:
    """Say who is asked: people of the vendor and contacts of this partner. Raises ValidationError, Conflict."""
    by.must(Permission.REVIEW_SCHEDULE, on=review)
    review = lock(review)
    require_open(review)
    users, contacts = set(users), set(contacts)
    _require_own_people(review, users, contacts)
    review.attendees.exclude(user__in=users).exclude(contact__in=contacts).delete()
    seated = set(review.attendees.values_list("user", "contact"))
    for user in sorted(users, key=lambda u: u.name):
        if (user.pk, None) not in seated:
            save(Attendee(review=review, user=user, created_at=at))
    for contact in sorted(contacts, key=lambda c: c.name):
        if (None, contact.pk) not in seated:
            save(Attendee(review=review, contact=contact, created_at=at))
    data = {"people": len(users) + len(contacts)}
    record("review.attendees_changed", review, by=by, at=at, partner=review.partner, data=data)
    return save(review)


def _require_own_people(review: Review, users: set[User], contacts: set[Contact]) -> None:
    of_vendor = User.objects.of_vendor().filter(pk__in=[u.pk for u in users], is_active=True)
    if of_vendor.count() != len(users):
        raise ValidationError({"users": _("Choose people of your own company.")})
    if any(contact.partner_id != review.partner_id or contact.left_on for contact in contacts):
        raise ValidationError({"contacts": _("Choose people who work at this partner.")})


@transaction.atomic
def cancel_review(*, by: Actor, review: Review, reason_code: str, at: datetime) -> Review:
    """Call a planned review off, with a reason of the domain "review_cancellation"; its reminders are withdrawn."""
    by.must(Permission.REVIEW_SCHEDULE, on=review)
    return _cancel(by, lock(review), reason("review_cancellation", reason_code).code, at)


def _cancel(by: Actor, review: Review, code: str, at: datetime) -> Review:
    make_move(review, "cancel")
    review.cancel_reason = code
    save(review)
    forget_reminders(review, at)
    data = {"quarter": review.quarter, "reason": code}
    record("review.cancelled", review, by=by, at=at, partner=review.partner, data=data)
    tell(review, "review.cancelled", by, at)
    return review


@transaction.atomic
def call_off_reviews(*, partner: Partner, at: datetime) -> int:
    """The partnership ended: nothing of it stays on the calendar. Returns how many."""
    planned = Review.objects.planned().filter(partner=partner).order_by("quarter")
    return len([_cancel(SYSTEM, lock(review), "partner_ended", at) for review in planned])


@transaction.atomic
def miss_review(*, review: Review, at: datetime) -> Review:
    """The quarter and its margin passed without this review."""
    review = make_move(lock(review), "miss")
    save(review)
    forget_reminders(review, at)
    record(
        "review.missed", review, by=SYSTEM, at=at, partner=review.partner, data={"quarter": review.quarter}
    )
    tell(review, "review.missed", SYSTEM, at, by_letter=False)
    return review


# Each quarter ---------------------------------------------------------------------------------------------------


def schedule_quarter(*, at: datetime) -> dict[str, int]:
    """Propose the missing reviews of this quarter and, once it is near, of the next; note those that were missed.

    For active partners whose tier brings the review as a benefit. Safe to run twice. Returns the counts.
    """
    return {"created": _propose_all(at), "missed": _miss_all(at)}


def _propose_all(at: datetime) -> int:
    entitled = _entitled(day(at)).active().select_related("psm", "market", "organization")
    made = [propose_reviews(partner=partner, at=at) for partner in entitled.order_by("pk")]
    return sum(len(reviews) for reviews in made)


def _entitled(on: date) -> Any:
    return partners_with_feature(QBR, on)


def is_entitled(partner: Partner, on: date) -> bool:
    """Whether the partner is active and its tier brings reviews on this day."""
    return bool(_entitled(on).active().filter(pk=partner.pk).exists())


@transaction.atomic
def propose_reviews(*, partner: Partner, at: datetime) -> list[Review]:
    """Put the missing reviews of one entitled partner on the calendar, on proposed days."""
    today = day(at)
    wanted = rules.quarters_to_plan(today, setting("review.plan_days_ahead"))
    known = set(Review.objects.filter(partner=partner).values_list("quarter", flat=True))
    missing = [quarter for quarter in wanted if str(quarter) not in known]
    return [review for quarter in missing if (review := _propose(partner, quarter, at))]


def _propose(partner: Partner, quarter: rules.Quarter, at: datetime) -> Review | None:
    on = rules.propose(
        quarter,
        today=day(at),
        notice_days=setting("review.notice_days"),
        from_day=setting("review.from_day"),
        country=str(partner.country),
        busy=_busy_days(partner, quarter),
    )
    if on is None:
        return None
    starts_at = datetime.combine(on, time(setting("review.hour")), ZoneInfo(partner.time_zone))
    return schedule_review(
        by=SYSTEM, partner=partner, quarter=str(quarter), starts_at=starts_at, is_proposed=True, at=at
    )


def _busy_days(partner: Partner, quarter: rules.Quarter) -> set[date]:
    """Days on which the success manager has a review already."""
    if partner.psm_id is None:
        return set()
    taken = Review.objects.planned().filter(partner__psm=partner.psm_id, on__gte=quarter.starts_on)
    return set(taken.values_list("on", flat=True))


def _miss_all(at: datetime) -> int:
    today, after_days = day(at), setting("review.missed_days")
    planned = Review.objects.planned().filter(starts_at__lt=at).order_by("quarter", "pk")
    overdue = [r for r in planned if rules.is_overdue(rules.Quarter.parse(r.quarter), today, after_days)]
    return len([miss_review(review=review, at=at) for review in overdue])
