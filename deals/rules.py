"""Deal registrations: states and moves, due times, the protection's days, and how alike two claims are. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from core.clock import end_of
from core.lifecycle import Lifecycle
from core.workdays import after_workdays, is_workday, workdays_between
from metrics import windows

# Registrations -------------------------------------------------------------------------------------------------

DRAFT, SUBMITTED, IN_REVIEW, ACTION_REQUIRED = "draft", "submitted", "in_review", "action_required"
APPROVED, REJECTED, DUPLICATE = "approved", "rejected", "duplicate"
CONDITIONAL, LAPSED = "conditionally_approved", "lapsed"
TRANSFERRED = "transferred"
WON, LOST, EXPIRED, WITHDRAWN, REVOKED, DISCARDED = (
    "won",
    "lost",
    "expired",
    "withdrawn",
    "revoked",
    "discarded",
)
STATES = (
    DRAFT, SUBMITTED, IN_REVIEW, ACTION_REQUIRED, APPROVED, CONDITIONAL, REJECTED, DUPLICATE,
    WON, LOST, EXPIRED, LAPSED, WITHDRAWN, TRANSFERRED, REVOKED, DISCARDED,
)  # fmt: skip

# The registration's status is the vendor's; the stage is the partner's own and is no part of this table.
LIFECYCLE = Lifecycle(
    {
        "submit": ("draft", SUBMITTED),
        "discard": ("draft", DISCARDED),
        "start_review": ("submitted", IN_REVIEW),
        "ask_for_more": ("submitted in_review", ACTION_REQUIRED),
        "resubmit": ("action_required", SUBMITTED),
        "lapse": ("action_required", LAPSED),
        "approve": ("submitted in_review", APPROVED),
        "approve_with_conditions": ("submitted in_review", CONDITIONAL),
        "meet_conditions": ("conditionally_approved", APPROVED),
        "miss_conditions": ("conditionally_approved", EXPIRED),
        "reject": ("submitted in_review action_required", REJECTED),
        "mark_duplicate": ("submitted in_review action_required", DUPLICATE),
        "withdraw": ("submitted in_review action_required approved conditionally_approved", WITHDRAWN),
        "report_win": ("approved", WON),
        "report_loss": ("approved conditionally_approved", LOST),
        "expire": ("approved", EXPIRED),
        "renew": ("expired", APPROVED),
        "reopen": ("won lost", APPROVED),
        "transfer": ("approved", TRANSFERRED),
        "take_over": ("draft", APPROVED),
        "revoke": ("approved conditionally_approved", REVOKED),
        "uphold": ("rejected revoked duplicate", IN_REVIEW),
    },
    # A registration is not upheld, its appeal is: that move makes this one. So it is with transfers.
    by_itself=["expire", "lapse", "uphold", "transfer", "take_over"],
)
EVENT_OF_MOVE = {
    "submit": "deal.submitted",
    "discard": "deal.discarded",
    "start_review": "deal.review_started",
    "ask_for_more": "deal.more_asked",
    "resubmit": "deal.resubmitted",
    "lapse": "deal.lapsed",
    "approve": "deal.approved",
    "approve_with_conditions": "deal.approved_with_conditions",
    "meet_conditions": "deal.conditions_met",
    "miss_conditions": "deal.conditions_missed",
    "reject": "deal.rejected",
    "mark_duplicate": "deal.duplicate",
    "withdraw": "deal.withdrawn",
    "report_win": "deal.won",
    "report_loss": "deal.lost",
    "expire": "deal.expired",
    "renew": "deal.renewed",
    "reopen": "deal.reopened",
    "transfer": "deal.transferred",
    "take_over": "deal.taken_over",
    "revoke": "deal.revoked",
    "uphold": "deal.review_reopened",
}
# What shows that a deal is alive, as long as it is open.
SIGNS_OF_LIFE = (
    "deal.submitted", "deal.resubmitted", "deal.approved", "deal.renewed", "deal.stage_changed", "deal.close_moved",
    "deal.extension_requested", "deal.extended", "deal.approved_with_conditions", "deal.conditions_met",
)  # fmt: skip
EDITABLE = (DRAFT, ACTION_REQUIRED)
AWAITING_DECISION = (SUBMITTED, IN_REVIEW)
PENDING = (*AWAITING_DECISION, ACTION_REQUIRED)
# A protection runs: under conditions it does until their day, and a win is reported once they are met.
PROTECTED = (APPROVED, CONDITIONAL)
OPEN = (*PENDING, *PROTECTED)
PRICED = (*OPEN, WON)  # a margin agreed before the win may be written down after it
LINKABLE = PENDING
DECIDED = (*PROTECTED, REJECTED, DUPLICATE, WON, LOST, EXPIRED, LAPSED, WITHDRAWN, TRANSFERRED, REVOKED)
APPEALABLE = (REJECTED, REVOKED, DUPLICATE)
# What a renewal may name as the deal that it continues.
RENEWABLE = (*PROTECTED, WON, EXPIRED)
HAD_PROTECTION = (*PROTECTED, WON, LOST, EXPIRED, TRANSFERRED, REVOKED)
# What came to nothing and can be registered anew; an expired one once nobody can renew it any more.
COME_TO_NOTHING = (LAPSED, REJECTED, WITHDRAWN)
NEVER_SUBMITTED = (DRAFT, DISCARDED)
# Refusals and ends whose reason is somebody else's claim: only there the partner is told what was compared.
CONFLICT_REASONS = ("already_protected", "existing_customer", "direct_engagement", "conflict_decided")
REFUSED_FOR_A_CLAIM = (REJECTED, REVOKED)

SOURCES = ("portal", "api", "csv", "manager")
HELP = ("none", "share", "co_sell")
PROCUREMENT = ("private", "framework", "tender", "direct_award")

# What a partner fills in. A question opens only the fields that it names.
FIELDS = (
    "customer_name", "customer_country", "customer_city", "customer_website", "organization", "includes_below",
    "scope_reason", "products", "type",
    "channel", "amount", "expected_close_on", "what_it_did", "no_patient_data", "external_ref", "contact",
    "competitor", "help_wanted", "procurement_route", "procurement_reference", "tender_deadline_on",
    "renews", "contact_agreed", "champion", "need", "use_case", "clinical_specialty", "facilities", "service_lines",
    "incumbent",
)  # fmt: skip
FIELD_LABELS = {
    "customer_name": _lazy("Customer"),
    "customer_country": _lazy("Country"),
    "customer_city": _lazy("City"),
    "customer_website": _lazy("Customer's website"),
    "includes_below": _lazy("Whether all that belongs to the customer is meant"),
    "scope_reason": _lazy("Why all that belongs to the customer is meant"),
    "products": _lazy("Products"),
    "type": _lazy("Type"),
    "channel": _lazy("Sales channel"),
    "renews": _lazy("Earlier registration"),
    "amount": _lazy("Value, first year"),
    "expected_close_on": _lazy("Expected close"),
    "what_it_did": _lazy("What you have done so far"),
    "contact": _lazy("Contact at the customer"),
    "contact_agreed": _lazy("Whether the contact agreed to hear from us"),
    "competitor": _lazy("Competitor"),
    "champion": _lazy("Who wants it there"),
    "need": _lazy("What they need"),
    "use_case": _lazy("Use case"),
    "clinical_specialty": _lazy("Clinical specialty"),
    "facilities": _lazy("Facilities"),
    "service_lines": _lazy("Service lines"),
    "incumbent": _lazy("What they use today"),
    "help_wanted": _lazy("Help wanted"),
    "procurement_route": _lazy("How the customer buys"),
    "procurement_reference": _lazy("Tender reference"),
    "tender_deadline_on": _lazy("Tender deadline"),
    "no_patient_data": _lazy("The declaration that it contains no patient data"),
}
FURTHEST_CLOSE = timedelta(days=5 * 366)
LOST_STAGE = "closed_lost"
# Why a protection under conditions ended, where the system says it.
NOT_MET_IN_TIME = "not_met_in_time"
# Why a booking is taken back, where a deal goes on.
DEAL_REOPENED = "deal_reopened"


def is_slip(before: date | None, after: date | None) -> bool:
    """Whether the expected close was put off."""
    return before is not None and after is not None and after > before


def weighted(minor: int, probability: int) -> int:
    """An amount times the chance of its stage (percent), in whole minor units, rounded half up."""
    return (2 * minor * probability + 100) // 200


def decision_due(submitted_at: datetime, days: int, country: str, zone: str) -> datetime:
    """When the first decision is due: so many business days of the partner's country, in its time zone."""
    return after_workdays(submitted_at, days, country, ZoneInfo(zone))


def resumed_due(due_at: datetime, paused_at: datetime, at: datetime, country: str, zone: str) -> datetime:
    """When the decision is due after a pause: the business time that was left begins to run again now."""
    return _business_time_after(at, business_days(paused_at, due_at, country, zone), country, zone)


def escalation_due(
    at: datetime, due_at: datetime, *, days: int, percent: int, country: str, zone: str
) -> datetime:
    """When a registration that nobody has answered goes to a superior: so many percent of the promised business
    `days` are used then. `at` is when the clock starts, or goes on after a pause: only what is left is counted.
    """
    spare = days * (100 - percent) / 100
    wait = business_days(at, due_at, country, zone) - spare
    return min(_business_time_after(at, wait, country, zone), due_at) if wait > 0 else at


def _business_time_after(start: datetime, days: float, country: str, zone: str) -> datetime:
    """So many business days, and a part of one, later."""
    tz = ZoneInfo(zone)
    found = after_workdays(start, int(days), country, tz) + timedelta(days=days - int(days))
    while not is_workday(found.astimezone(tz).date(), country):
        found += timedelta(days=1)
    return found


def business_days(start: datetime, end: datetime, country: str, zone: str) -> float:
    """The business time between two instants, in days of the partner's country."""
    return workdays_between(start, end, country, ZoneInfo(zone))


def next_at(state: str, due_at: datetime | None, ends_at: datetime | None) -> datetime | None:
    """The instant that matters next and that lists sort by: the decision, or the end of the protection."""
    if state in AWAITING_DECISION:
        return due_at
    return ends_at if state in PROTECTED else None


def answer_until(asked_on: date, days: int) -> date:
    """The last day on which a question is answered; after it the registration lapses. `days` from the setting."""
    return asked_on + timedelta(days=days)


# Protection ----------------------------------------------------------------------------------------------------

LONGEST_PROTECTION = 730  # days
MOST_CONDITIONS = 10


@dataclass(frozen=True)
class Length:
    """How long a protection lasts by the program's rules, in days, and the sentence that says why."""

    days: int
    because: str


@dataclass(frozen=True)
class LengthRule:
    """A row of the program's lengths; empty sets fit all. Days, and days after the tender's deadline."""

    because: str
    days: int
    types: frozenset[str] = frozenset()
    tiers: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    public_bodies: bool = False
    after_tender: int | None = None

    def fits(self, *, type_code: str, tier: str, kind: str, is_public_body: bool) -> bool:
        """Whether a registration of this type, by a partner of this tier, for such a customer is meant."""
        any_customer = not self.kinds and not self.public_bodies
        customer = any_customer or kind in self.kinds or (self.public_bodies and is_public_body)
        return customer and _in(type_code, self.types) and _in(tier, self.tiers)

    def length(self, starts_on: date, tender_deadline_on: date | None) -> Length:
        """The row's days, or until some days after the tender's deadline where that is later."""
        if self.after_tender is None or tender_deadline_on is None:
            return Length(self.days, self.because)
        days = (tender_deadline_on - starts_on).days + self.after_tender
        if days <= self.days:
            return Length(self.days, self.because)
        because = _("Until %(n)s days after the tender's deadline.") % {"n": self.after_tender}
        return Length(min(days, LONGEST_PROTECTION), because)


def _in(value: str, wanted: frozenset[str]) -> bool:
    return not wanted or value in wanted


def usual_length(
    lengths: Iterable[LengthRule], usual: int, starts_on: date, tender: date | None, **facts: Any
) -> Length:
    """The program's length of a protection: of the first row that fits (`facts` as `LengthRule.fits`), else `usual`."""
    fitting = next((row for row in lengths if row.fits(**facts)), None)
    return (
        fitting.length(starts_on, tender) if fitting else Length(usual, _("The program's usual protection."))
    )


def protected_until(starts_on: date, days: int) -> date:
    """The last included day of a protection. `days` from the program's setting."""
    return starts_on + timedelta(days=days)


def ends_at(until: date, zone: str) -> datetime:
    """The instant at which a protection is over: the end of its last day in the registration's time zone."""
    return end_of(until, ZoneInfo(zone))


def cap_of(tier_rank: int | None, caps: list[int]) -> int:
    """How many open protections a partner may have, 0 for any number. `caps` from the program's setting: first for
    partners without a tier, then by rank from the lowest; a tier beyond them has no cap.
    """
    rank = tier_rank or 0
    return caps[rank] if rank < len(caps) else 0


def contested(until: date) -> str:
    """What everyone is told, whoever holds the protection."""
    words = _("Another partner is protected on this customer until %(day)s.")
    return words % {"day": format_date(until, "j F Y")}


# Extensions and renewals ---------------------------------------------------------------------------------------

EXTENSION, RENEWAL = "extension", "renewal"
EXTENSION_KINDS = (EXTENSION, RENEWAL)
REQUESTED, GRANTED, REFUSED, CLOSED = "requested", "granted", "refused", "closed"
EXTENSION_STATES = (REQUESTED, GRANTED, REFUSED, CLOSED)
# It is closed when its deal ends otherwise: there is nothing left to extend.
EXTENSION_LIFECYCLE = Lifecycle(
    {
        "grant": ("requested", GRANTED),
        "refuse": ("requested", REFUSED),
        "close": ("requested", CLOSED),
    },
    by_itself=["close"],
)


def grace_until(until: date, days: int) -> date:
    """The last day on which the former holder may ask for a renewal. `days` from the program's setting."""
    return until + timedelta(days=days)


def kept_for_another(until: date) -> str:
    """What everyone is told while a protection that has ended may still be renewed: the day and no name."""
    words = _("This customer can still be renewed by whoever was protected, until %(day)s.")
    return words % {"day": format_date(until, "j F Y")}


def is_recent(activity_on: date, on: date, days: int) -> bool:
    """Whether something happened within so many days before a day, and not after it."""
    return on - timedelta(days=days) <= activity_on <= on


# Appeals -------------------------------------------------------------------------------------------------------

UPHELD, DISMISSED = "upheld", "dismissed"
APPEAL_STATES = (SUBMITTED, UPHELD, DISMISSED, WITHDRAWN)
APPEAL = Lifecycle(
    {
        "uphold": ("submitted", UPHELD),
        "dismiss": ("submitted", DISMISSED),
        "withdraw": ("submitted", WITHDRAWN),
    }
)
EVENT_OF_APPEAL = {
    "uphold": "appeal.upheld",
    "dismiss": "appeal.dismissed",
    "withdraw": "appeal.withdrawn",
}
# What an upheld appeal does with the registration.
LOOKED_AT_AGAIN, APPROVED_AT_ONCE = "in_review", "approved"


def appeal_until(refused_on: date, days: int) -> date:
    """The last included day on which a refusal may be appealed. `days` from the program's setting."""
    return refused_on + timedelta(days=days)


# Transfers -----------------------------------------------------------------------------------------------------
# The holder is asked first. The receiver learns of the registration, and of its holder, once the holder has agreed.

PROPOSED, OFFERED, AGREED, CARRIED_OUT, CANCELLED = (
    "proposed",
    "offered",
    "agreed",
    "carried_out",
    "cancelled",
)
GIVEN, DECLINED = "given", "declined"
OPEN_TRANSFERS = (REQUESTED, PROPOSED, OFFERED, AGREED)
TRANSFER_STATES = (*OPEN_TRANSFERS, CARRIED_OUT, DECLINED, CANCELLED, CLOSED)
TRANSFER = Lifecycle(
    {
        "propose": ("requested", PROPOSED),
        "offer": ("proposed", OFFERED),
        "agree": ("offered", AGREED),
        "carry_out": ("agreed", CARRIED_OUT),
        "decline": ("proposed offered agreed", DECLINED),
        "cancel": ("requested proposed offered agreed", CANCELLED),
        "close": ("requested proposed offered agreed", CLOSED),
    },
    # The partners' consents make these; it is closed when its deal ends otherwise.
    by_itself=["offer", "agree", "decline", "close"],
)
EVENT_OF_TRANSFER = {
    "propose": "transfer.proposed",
    "offer": "transfer.offered",
    "agree": "transfer.agreed",
    "carry_out": "transfer.carried_out",
    "decline": "transfer.declined",
    "cancel": "transfer.cancelled",
    "close": "transfer.closed",
}
GIVING, RECEIVING = "giving", "receiving"
SIDES = (GIVING, RECEIVING)
CONSENT_STATES = (REQUESTED, GIVEN, DECLINED, CLOSED)
# A consent can be taken back until the vendor carries the transfer out.
CONSENT = Lifecycle(
    {
        "give": ("requested", GIVEN),
        "decline": ("requested given", DECLINED),
        "close": ("requested given", CLOSED),
    },
    by_itself=["close"],
)
EVENT_OF_CONSENT = {"give": "consent.given", "decline": "consent.declined", "close": "consent.closed"}
# What of a registration passes over with its protection; the rest stays the holder's own.
PASSED_ON = (
    "customer_name", "customer_country", "customer_city", "customer_website", "organization", "includes_below",
    "scope_reason", "facilities", "service_lines", "clinical_specialty", "products", "type", "channel",
    "amount", "expected_close_on", "no_patient_data", "procurement_route", "procurement_reference",
    "tender_deadline_on",
)  # fmt: skip
STAYS = (
    "what_it_did", "external_ref", "contact", "contact_agreed", "competitor", "incumbent", "help_wanted", "renews",
    "champion", "need", "use_case",
)  # fmt: skip

# Amendments ----------------------------------------------------------------------------------------------------

# What may be changed after the approval. Another customer is another registration.
AMENDABLE = (
    "products", "amount", "expected_close_on", "contact", "competitor", "help_wanted", "procurement_route",
    "procurement_reference", "tender_deadline_on",
)  # fmt: skip
ACCEPTED = "accepted"
AMENDMENT_STATES = (REQUESTED, ACCEPTED, REFUSED, WITHDRAWN, CLOSED)
AMENDMENT = Lifecycle(
    {
        "accept": ("requested", ACCEPTED),
        "refuse": ("requested", REFUSED),
        "withdraw": ("requested", WITHDRAWN),
        "close": ("requested", CLOSED),
    },
    by_itself=["close"],
)
EVENT_OF_AMENDMENT = {
    "accept": "deal.amended",
    "refuse": "deal.amendment_refused",
    "withdraw": "deal.amendment_withdrawn",
    "close": "deal.amendment_closed",
}

# Imports -------------------------------------------------------------------------------------------------------

CHECKING, CHECKED, QUEUED, RUNNING, DONE, FAILED, CANCELLED = (
    "checking", "checked", "queued", "running", "done", "failed", "cancelled",
)  # fmt: skip
IMPORT_STATES = (CHECKING, CHECKED, QUEUED, RUNNING, DONE, FAILED, CANCELLED)
IMPORT_AT_WORK = (CHECKING, QUEUED, RUNNING)
IMPORT = Lifecycle(
    {
        "note_check": ("checking", CHECKED),
        "confirm": ("checked", QUEUED),
        "start": ("queued running", RUNNING),
        "finish": ("running", DONE),
        "fail": ("checking queued running", FAILED),
        "cancel": ("checking checked queued running", CANCELLED),
    },
    by_itself=["note_check", "start", "finish", "fail"],
)
EVENT_OF_IMPORT = {
    "confirm": "deal_import.confirmed",
    "finish": "deal_import.finished",
    "cancel": "deal_import.cancelled",
}
WAITING, WOULD_SUBMIT, WOULD_DRAFT, KNOWN, REFUSED_ROW = (
    "waiting",
    "would_submit",
    "would_draft",
    "known",
    "refused",
)
ROW_OUTCOMES = (WAITING, WOULD_SUBMIT, WOULD_DRAFT, KNOWN, REFUSED_ROW, SUBMITTED, DRAFT)
ROW_WORDS = {
    WAITING: _lazy("not looked at yet"),
    WOULD_SUBMIT: _lazy("would be sent"),
    WOULD_DRAFT: _lazy("would be a draft"),
    KNOWN: _lazy("is there already"),
    REFUSED_ROW: _lazy("cannot be taken"),
    SUBMITTED: _lazy("was sent"),
    DRAFT: _lazy("is a draft"),
}
MOST_ATTEMPTS = 3
DAYS_KEPT = 30

# Bookings ------------------------------------------------------------------------------------------------------


def window_start(as_of: date) -> date:
    """The last day that no longer counts in the trailing twelve months up to `as_of`."""
    start = windows.starts_after(windows.TRAILING, as_of)
    assert start is not None
    return start


def leaves_window_on(booked_on: date) -> date:
    """The first day on which a booking is out of the trailing twelve months."""
    day = windows.leaves_on(windows.TRAILING, booked_on)
    assert day is not None
    return day


# Go-lives ------------------------------------------------------------------------------------------------------

REPORTED = "reported"
IMPLEMENTATION_STATES = (REPORTED, ACCEPTED, DECLINED, WITHDRAWN)
IMPLEMENTATION = Lifecycle(
    {
        "accept": ("reported", ACCEPTED),
        "decline": ("reported", DECLINED),
        "withdraw": ("reported", WITHDRAWN),
    }
)
ACCEPTED_BY = ("customer", "document")


def local(at: datetime, zone: str) -> datetime:
    """An instant as the clocks of a zone show it."""
    return at.astimezone(ZoneInfo(zone))
