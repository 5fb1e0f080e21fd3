"""Booking: from that moment a won deal counts. Bookings are never changed; a correction is a negative one."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.roles import Permission
from catalog.querysets import convert
from core.actors import Actor
from core.clock import day
from core.errors import Conflict
from core.money import Money
from core.saving import lock, save
from deals import rules
from deals.actions.credits import lock_credit, require_credit, touch_credited
from deals.actions.moves import reason_code
from deals.models import Booking, Deal
from events.actions import record


@transaction.atomic
def book_deal(
    *,
    by: Actor,
    deal: Deal,
    amount: Money,
    booked_on: date,
    at: datetime,
    reference: str = "",
    comment: str = "",
) -> Booking:
    """Book an amount of a won deal, converted at the rate of its day. A deal may be booked in parts.

    The first booking locks the deal's credit. Raises ValidationError (amount, a future day, a day before the win, no
    rate), Conflict (the deal is not won, or nobody has credit).
    """
    by.must(Permission.DEAL_BOOK, on=deal)
    deal = lock(deal)
    if deal.state != rules.WON:
        raise Conflict(_("A deal is booked once its win was reported."), code="closed_move")
    require_credit(deal)
    if amount.minor <= 0:
        raise ValidationError({"amount": _("Enter an amount above zero.")})
    if deal.won_on and booked_on < deal.won_on:
        raise ValidationError({"booked_on": _("This day lies before the win.")})
    _require_not_future(booked_on, at)
    converted, rate = convert(amount, on=booked_on)
    booking = Booking(
        deal=deal,
        amount_minor=amount.minor,
        currency=amount.currency,
        booked_on=booked_on,
        program_minor=converted.minor,
        program_currency=converted.currency,
        rate=rate,
        reference=reference,
        comment=comment,
        booked_by_id=by.user_id,
        created_at=at,
    )
    save(booking)
    lock_credit(deal, at)
    data = {**_said(booking), "rate": str(rate)}
    record("booking.recorded", deal, by=by, at=at, partner=deal.partner, data=data)
    touch_credited(deal, at)
    return booking


@transaction.atomic
def correct_booking(
    *,
    by: Actor,
    booking: Booking,
    booked_on: date,
    reason: str,
    at: datetime,
    amount: Money | None = None,
    comment: str = "",
) -> Booking:
    """Take a booking back, wholly or by `amount` (above zero, its currency): a negative row of its own day.

    The booking's own rate is used, so that a whole correction leaves nothing. `reason` is a code of
    booking_correction. Raises ValidationError, Conflict (nothing is left of it).
    """
    by.must(Permission.DEAL_BOOK, on=booking)
    code = reason_code("booking_correction", reason, comment)
    deal = lock(booking.deal)
    if booking.reverses_id:
        raise Conflict(_("A correction is not corrected. Book the amount again."), code="closed_move")
    left, program_left = _left_of(booking)
    if left.minor <= 0:
        raise Conflict(_("This booking has been taken back already."), code="closed_move")
    _require_correction(booking, amount, left, booked_on, at)
    taken = amount or left
    program = program_left if taken == left else taken.convert(booking.rate, booking.program_currency)
    booking.deal = deal
    return _take_back(by, booking, taken, program, booked_on, code, comment, at)


def booked(deal: Deal) -> list[Money]:
    """What is booked of a deal after its corrections, per currency."""
    rows = deal.bookings.order_by().values("currency").annotate(left=Sum("amount_minor"))
    return [Money(row["left"], row["currency"]) for row in rows.order_by("currency") if row["left"]]


def take_back_rest(
    by: Actor, booking: Booking, booked_on: date, code: str, comment: str, at: datetime
) -> Booking | None:
    """Take back what is left of a booking whose deal is locked; None where nothing is. For actions that have asked."""
    left, program = _left_of(booking)
    if left.minor <= 0:
        return None
    return _take_back(by, booking, left, program, booked_on, code, comment, at)


def _take_back(
    by: Actor,
    booking: Booking,
    taken: Money,
    program: Money,
    booked_on: date,
    code: str,
    comment: str,
    at: datetime,
) -> Booking:
    deal = booking.deal
    correction = Booking(
        deal=deal,
        amount_minor=-taken.minor,
        currency=taken.currency,
        booked_on=booked_on,
        program_minor=-program.minor,
        program_currency=program.currency,
        rate=booking.rate,
        reverses=booking,
        reason=code,
        comment=comment,
        booked_by_id=by.user_id,
        created_at=at,
    )
    save(correction)
    data = {**_said(correction), "reason": code}
    record("booking.corrected", deal, by=by, at=at, partner=deal.partner, data=data)
    touch_credited(deal, at)
    return correction


def _left_of(booking: Booking) -> tuple[Money, Money]:
    """What is left of a booking after its corrections, in its own and in the program's currency."""
    taken = booking.corrections.aggregate(amount=Sum("amount_minor"), program=Sum("program_minor"))
    left = Money(booking.amount_minor + (taken["amount"] or 0), booking.currency)
    return left, Money(booking.program_minor + (taken["program"] or 0), booking.program_currency)


def _require_correction(
    booking: Booking, amount: Money | None, left: Money, booked_on: date, at: datetime
) -> None:
    if amount and amount.currency != booking.currency:
        raise ValidationError({"amount": _("A correction is in the booking's currency.")})
    if amount and not 0 < amount.minor <= left.minor:
        raise ValidationError({"amount": _("Enter an amount above zero, at most %(left)s.") % {"left": left}})
    if booked_on < booking.booked_on:
        raise ValidationError({"booked_on": _("A correction is not dated before its booking.")})
    _require_not_future(booked_on, at)


def _require_not_future(booked_on: date, at: datetime) -> None:
    if booked_on > day(at):
        raise ValidationError({"booked_on": _("This day lies in the future.")})


def _said(booking: Booking) -> dict[str, str]:
    return {
        "booking": str(booking.pk),
        "amount": str(booking.amount.decimal),
        "currency": booking.currency,
        "booked_on": booking.booked_on.isoformat(),
    }
