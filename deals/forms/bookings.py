"""Forms that book and correct."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.fields import ReasonField
from core.forms import BaseForm, DateInput, MoneyField
from core.money import Money
from deals.forms.moves import ReasonForm
from deals.forms.registrations import LongText
from deals.models import Booking


class BookForm(BaseForm):
    """What is booked."""

    amount = MoneyField(label=_("Amount"))
    booked_on = forms.DateField(
        label=_("Booked on"), widget=DateInput(), help_text=_("The rate of this day is used.")
    )
    reference = forms.CharField(label=_("Invoice or order number"), max_length=100, required=False)
    comment = forms.CharField(label=_("Note"), max_length=400, required=False)


class CorrectBookingForm(ReasonForm):
    """How much of a booking is taken back."""

    reason = ReasonField("booking_correction")
    amount = MoneyField(label=_("Take back"))
    booked_on = forms.DateField(label=_("On"), widget=DateInput())
    comment = forms.CharField(label=_("In your own words"), max_length=400, required=False, widget=LongText())
    field_order = ["amount", "booked_on", "reason", "comment"]


def money_left(booking: Booking) -> Money:
    """What of a booking was not taken back yet."""
    return booking.amount if booking.reverses_id else booking.amount + Money(
        sum(correction.amount_minor for correction in booking.corrections.all()), booking.currency
    )  # fmt: skip
