"""Who is told of a review: the bell, the letter, and the reminders ahead of its day."""

from __future__ import annotations

from datetime import datetime

from catalog.querysets import setting
from core import mail
from core.actors import Actor
from inbox.actions import notify, plan_reminders, withdraw_reminders
from partners.models import Partner
from reviews.models import Review
from reviews.querysets import people_of

REMINDER = "review"


def remind(review: Review, at: datetime) -> None:
    """The review's reminders are those of its day, its people and the days ahead; others are withdrawn."""
    plan_reminders(
        kind=REMINDER,
        subject_id=review.id,
        partner=review.partner,
        occasion_on=review.on,
        offsets=setting("review.reminder_days"),
        recipients=people_of(review.partner),
        at=at,
        url=review.get_absolute_url(),
    )


def replan_reminders(*, partner: Partner, at: datetime) -> None:
    """The people of a partner's reviews changed: who is out is no longer reminded, who came is."""
    for review in Review.objects.planned().filter(partner=partner).select_related("partner"):
        remind(review, at)


def forget_reminders(review: Review, at: datetime) -> None:
    """Nobody is reminded of this review any more."""
    withdraw_reminders(kind=REMINDER, subject_id=review.id, at=at)


def tell(review: Review, name: str, by: Actor, at: datetime, *, by_letter: bool = True) -> None:
    """The bell rings for everyone concerned but who acted; the partner's admins get a letter."""
    args = {"partner": review.partner.name, "quarter": review.quarter_name, "on": review.on.isoformat()}
    for user in people_of(review.partner):
        if user.pk == by.user_id:
            continue
        notify(user=user, kind=name, url=review.get_absolute_url(), partner=review.partner, args=args, at=at)
        if by_letter and user.pk != review.partner.psm_id:
            mail.send(name, at=at, to_user=user, review=review.id)
