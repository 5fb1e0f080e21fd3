"""The review itself: held, its minutes, and the signatures of both sides."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.roles import Permission
from catalog.querysets import setting
from core.actors import Actor
from core.clock import day
from core.errors import Conflict
from core.saving import lock, save
from events.actions import record
from reviews import rules
from reviews.actions.moving import make_move
from reviews.actions.telling import forget_reminders, tell
from reviews.models import Review
from tiers.querysets import evaluation_of


@transaction.atomic
def hold_review(
    *, by: Actor, review: Review, minutes: str, at: datetime, held_on: date | None = None
) -> Review:
    """Note that the review took place and how; both sides are asked to sign. Raises ValidationError, Conflict."""
    by.must(Permission.REVIEW_HOLD, on=review)
    review = make_move(lock(review), "hold")
    review.held_on = _held_on(review, held_on, at)
    review.held_at = at
    review.sign_by = day(at) + timedelta(days=setting("review.sign_days"))
    review.minutes = _written(minutes)
    review.evaluation = evaluation_of(review.partner, review.held_on)
    save(review)
    forget_reminders(review, at)
    data = {"quarter": review.quarter, "held_on": review.held_on.isoformat()}
    record("review.held", review, by=by, at=at, partner=review.partner, data=data)
    tell(review, "review.held", by, at)
    return review


def _held_on(review: Review, held_on: date | None, at: datetime) -> date:
    """The day it took place, in its own zone: today unless told, not ahead, not before its quarter."""
    today = at.astimezone(ZoneInfo(review.time_zone)).date()
    held_on = held_on or today
    if held_on > today:
        raise ValidationError({"held_on": _("This day is still to come.")})
    if held_on < rules.Quarter.parse(review.quarter).starts_on:
        raise ValidationError({"held_on": _("This day lies before the quarter of the review.")})
    return held_on


def _written(minutes: str) -> str:
    if not minutes.strip():
        raise ValidationError({"minutes": _("Write down what was said and agreed.")})
    return minutes.strip()


@transaction.atomic
def change_minutes(*, by: Actor, review: Review, minutes: str, at: datetime) -> Review:
    """Correct the minutes of a review that is not signed off; a signature given already is taken back."""
    by.must(Permission.REVIEW_HOLD, on=review)
    review = lock(review)
    rules.LIFECYCLE.after(review.state, "sign_off")
    review.minutes = _written(minutes)
    take_signatures_back(review)
    save(review)
    record("review.minutes_changed", review, by=by, at=at, partner=review.partner)
    return review


def take_signatures_back(review: Review) -> None:
    """What a side signed has changed, so it is asked again."""
    review.signed_by_vendor = review.signed_by_partner = None
    review.vendor_signed_at = review.partner_signed_at = None


@transaction.atomic
def sign_off(*, by: Actor, review: Review, at: datetime) -> Review:
    """Sign the minutes and commitments for one's own side; the second signature closes the review. Raises Conflict."""
    by.must(Permission.REVIEW_SIGN, on=review)
    if by.user_id is None:
        raise PermissionDenied(_("A person signs."))
    review = lock(review)
    rules.LIFECYCLE.after(review.state, "sign_off")
    side = rules.VENDOR if by.is_vendor else rules.PARTNER
    if getattr(review, f"{side}_signed_at"):
        raise Conflict(_("Your side has signed already."), code="closed_move")
    setattr(review, f"signed_by_{side}_id", by.user_id)
    setattr(review, f"{side}_signed_at", at)
    is_complete = bool(review.vendor_signed_at and review.partner_signed_at)
    save(make_move(review, "sign_off") if is_complete else review)
    record("review.signed", review, by=by, at=at, partner=review.partner, data={"side": side})
    if is_complete:
        record(
            "review.signed_off",
            review,
            by=by,
            at=at,
            partner=review.partner,
            data={"quarter": review.quarter},
        )
    return review


def require_open(review: Review) -> None:
    """Raise Conflict where nothing of a review changes any more."""
    if review.state not in rules.OPEN:
        raise Conflict(_("This review is closed."), code="closed_move")
