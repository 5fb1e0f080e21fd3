"""What can happen to reviews and commitments."""

from django.utils.translation import gettext_lazy as _

from events.sentences import say
from events.types import INTERNAL, VISIBLE, declare

WHEN = {"quarter": VISIBLE, "on": VISIBLE, "starts_at": VISIBLE}
PROMISE = {"side": VISIBLE, "due_on": VISIBLE, "review": INTERNAL}


def _declare(name: str, promise: str, done: object, happened: object, icon: str, **keys: str) -> None:
    declare(name, promise, keys=keys, partner_visible=True)
    say(name, done, happened, icon=icon)


_declare("review.scheduled", "A review was put on the calendar.", _("scheduled the %(subject)s for %(on)s"),
         _("The %(subject)s was proposed for %(on)s"), "calendar-event", **WHEN, proposed=VISIBLE)  # fmt: skip
_declare("review.moved", "A review got another date or length.", _("moved the review from %(from)s to %(on)s"),
         _("The review moved from %(from)s to %(on)s"), "calendar-time", **WHEN, **{"from": VISIBLE})  # fmt: skip
_declare("review.agenda_changed", "The agenda of a review was changed.", _("changed the agenda"), "", "pencil",
         points=VISIBLE)  # fmt: skip
_declare("review.attendees_changed", "Other people are asked to a review.", _("changed who attends"), "", "users",
         people=VISIBLE)  # fmt: skip
_declare("review.held", "A review took place; its minutes wait for both signatures.",
         _("held the review on %(held_on)s"), "", "circle-check", quarter=VISIBLE, held_on=VISIBLE)  # fmt: skip
_declare("review.minutes_changed", "The minutes of a held review were changed; signatures were taken back.",
         _("changed the minutes"), "", "pencil")  # fmt: skip
_declare("review.signed", "One side signed a review off.", _("signed the review for the %(side)s"), "", "circle-check",
         side=VISIBLE)  # fmt: skip
_declare("review.signed_off", "Both sides have signed a review off.", _("closed the review: both sides have signed"),
         _("Both sides have signed the review off"), "circle-check", quarter=VISIBLE)  # fmt: skip
_declare("review.cancelled", "A review was called off, with a reason.", _("cancelled the review"),
         _("The review was cancelled"), "circle-minus", quarter=VISIBLE, reason=VISIBLE)  # fmt: skip
_declare("review.missed", "A quarter passed without its review.", _("noted that the review was missed"),
         _("The %(subject)s was missed"), "alert-circle", quarter=VISIBLE)  # fmt: skip
_declare("review.reopened", "A cancelled or missed review is on the calendar again.",
         _("put the review back on the calendar, for %(on)s"), "", "calendar-event", **WHEN)  # fmt: skip
_declare("commitment.added", "One side promised something by a day.",
         _("added a commitment of the %(side)s by %(due_on)s"), "", "checklist", **PROMISE)  # fmt: skip
_declare(
    "commitment.completed",
    "A commitment was kept.",
    _("completed “%(subject)s”"),
    "",
    "circle-check",
    **PROMISE,
)
_declare(
    "commitment.dropped",
    "A commitment no longer applies.",
    _("dropped “%(subject)s”"),
    "",
    "circle-minus",
    **PROMISE,
)
_declare("commitment.reopened", "A closed commitment is open again.", _("reopened “%(subject)s”"), "", "arrow-back-up",
         **PROMISE)  # fmt: skip
