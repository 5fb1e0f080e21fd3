"""What both sides promise each other."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.roles import Permission
from core.actors import Actor
from core.clock import day
from core.saving import lock, save
from events.actions import record
from reviews import rules
from reviews.actions.meeting import require_open, take_signatures_back
from reviews.actions.moving import make_commitment_move
from reviews.models import Commitment, Review

FURTHEST_DUE = timedelta(days=5 * 366)


@transaction.atomic
def add_commitment(
    *, by: Actor, review: Review, side: str, text: str, due_on: date, at: datetime, measure: str = ""
) -> Commitment:
    """Note what one side promises; at a partner only what it promises itself. Raises ValidationError, Conflict."""
    by.must(Permission.COMMITMENT_EDIT, on=review)
    _require_side(by, side)
    review = lock(review)
    require_open(review)
    if due_on < day(at):
        raise ValidationError({"due_on": _("Choose a day that is still to come.")})
    if due_on > day(at) + FURTHEST_DUE:
        raise ValidationError({"due_on": _("This day is more than five years away.")})
    commitment = Commitment(
        review=review, side=side, text=text.strip(), measure=measure.strip(), created_at=at
    )
    commitment.due_on = due_on
    save(commitment)
    _ask_again(review)
    _record_promise("commitment.added", commitment, by, at)
    return commitment


def _require_side(by: Actor, side: str) -> None:
    if not rules.may_complete(side, by.is_vendor):
        raise PermissionDenied(_("This is the other side's to say."))


def _ask_again(review: Review) -> None:
    """Commitments are signed with the minutes: a change takes signatures back."""
    if review.state == rules.HELD:
        take_signatures_back(review)
    save(review)


def _record_promise(name: str, commitment: Commitment, by: Actor, at: datetime) -> None:
    data = {
        "side": commitment.side,
        "due_on": commitment.due_on.isoformat(),
        "review": str(commitment.review_id),
    }
    record(name, commitment, by=by, at=at, partner=commitment.review.partner, data=data)


def complete_commitment(*, by: Actor, commitment: Commitment, at: datetime, outcome: str = "") -> Commitment:
    """Note that a promise was kept, and what came of it."""
    return _close(by, commitment, "complete", "commitment.completed", at, outcome)


def drop_commitment(*, by: Actor, commitment: Commitment, at: datetime, outcome: str) -> Commitment:
    """Note that a promise no longer applies, and why. Raises ValidationError without a reason."""
    if not outcome.strip():
        raise ValidationError({"outcome": _("Say why this no longer applies.")})
    return _close(by, commitment, "drop", "commitment.dropped", at, outcome)


def reopen_commitment(*, by: Actor, commitment: Commitment, at: datetime) -> Commitment:
    """A closed promise is open again."""
    return _close(by, commitment, "reopen", "commitment.reopened", at, "")


@transaction.atomic
def _close(by: Actor, commitment: Commitment, move: str, name: str, at: datetime, outcome: str) -> Commitment:
    by.must(Permission.COMMITMENT_EDIT, on=commitment)
    commitment = lock(commitment)
    _require_side(by, commitment.side)
    make_commitment_move(commitment, move)
    commitment.closed_at = None if commitment.state == rules.TO_DO else at
    commitment.outcome = outcome.strip()
    save(commitment)
    _record_promise(name, commitment, by, at)
    return commitment
