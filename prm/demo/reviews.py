"""Quarterly reviews: proposed by the program, held, signed, with promises that carry over."""

from datetime import datetime, timedelta

from accounts.models import Membership
from core.errors import Conflict
from prm.demo.stage import Stage
from reviews.actions.calendar import schedule_quarter
from reviews.actions.commitments import add_commitment, complete_commitment
from reviews.actions.meeting import hold_review, sign_off
from reviews.models import Commitment, Review

MINUTES = [
    "Pipeline is on plan. Two deals slip into next quarter because of procurement. Training is ahead of plan.",
    "Good quarter. The integration backlog was discussed; the specialist joins the next two projects.",
    "Fewer registrations than planned. Both sides agree on a joint campaign in the region.",
]
PROMISES = [("vendor", "Send the integration guide for the new record system"), ("partner", "Certify one more person in sales"),
            ("vendor", "Name a specialist for the largest project"), ("partner", "Register the three deals that were discussed")]  # fmt: skip


def propose(stage: Stage, at: datetime) -> None:
    """What the daily job does."""
    schedule_quarter(at=at)


def hold_due(stage: Stage, at: datetime) -> None:
    """Reviews whose time has come are held; most are signed by both sides within days."""
    for review in due_reviews(at):
        psm = stage.actor_of(review.partner.psm)
        try:
            hold_review(by=psm, review=review, minutes=stage.rng.choice(MINUTES), at=at)
        except Conflict:
            continue
        for side, text in stage.rng.sample(PROMISES, k=2):
            due = at.date() + timedelta(days=stage.rng.randint(20, 60))
            add_commitment(by=psm, review=review, side=side, text=text, due_on=due, at=at)
        stage.at(at + timedelta(days=stage.rng.randint(1, 6)), sign, review)


def due_reviews(at: datetime) -> list[Review]:
    """Those whose time has come, in an order that does not hang on chance."""
    due = Review.objects.filter(state="scheduled", starts_at__lt=at).select_related("partner__psm")
    return list(due.order_by("starts_at", "partner__name"))


def sign(stage: Stage, at: datetime, review: Review) -> None:
    review.refresh_from_db()
    admin = Membership.objects.current().filter(partner=review.partner, role="partner_admin").first()
    for actor in (
        stage.actor_of(review.partner.psm),
        stage.actor_of(admin.user, review.partner) if admin else None,
    ):
        if actor and review.state == "held" and (stage.as_of - at.date()).days > 5:
            try:
                review = sign_off(by=actor, review=review, at=at)
            except Conflict:
                continue
    for promise in Commitment.objects.filter(review=review).order_by("text"):
        if stage.rng.random() < 0.9 or (stage.as_of - promise.due_on).days > 14:
            stage.on(promise.due_on - timedelta(days=2), keep, promise)


def keep(stage: Stage, at: datetime, promise: Commitment) -> None:
    promise.refresh_from_db()
    try:
        by = stage.actor_of(promise.review.partner.psm)
        complete_commitment(by=by, commitment=promise, at=at, outcome="Done as promised.")
    except Conflict:
        return
