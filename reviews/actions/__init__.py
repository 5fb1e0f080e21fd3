"""What can be done with reviews and commitments."""

from reviews.actions.calendar import (
    call_off_reviews,
    cancel_review,
    change_agenda,
    choose_attendees,
    is_entitled,
    miss_review,
    move_review,
    propose_reviews,
    reopen_review,
    schedule_quarter,
    schedule_review,
)
from reviews.actions.commitments import (
    add_commitment,
    complete_commitment,
    drop_commitment,
    reopen_commitment,
)
from reviews.actions.meeting import change_minutes, hold_review, sign_off
from reviews.actions.telling import replan_reminders

__all__ = [
    "add_commitment",
    "call_off_reviews",
    "cancel_review",
    "change_agenda",
    "change_minutes",
    "choose_attendees",
    "complete_commitment",
    "drop_commitment",
    "hold_review",
    "is_entitled",
    "miss_review",
    "move_review",
    "propose_reviews",
    "reopen_commitment",
    "reopen_review",
    "replan_reminders",
    "schedule_quarter",
    "schedule_review",
    "sign_off",
]
