"""Amounts that count."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Record
from core.money import LARGEST_MINOR, CurrencyField, Money
from deals.models.registrations import USER, Deal
from deals.querysets import (
    BookingQuerySet,
)


class Booking(Record):
    """An amount that counts, from its day on. Rows are never changed: a correction is another row, negative, dated."""

    tenant = "deal__partner_id"
    deal = models.ForeignKey(Deal, models.PROTECT, related_name="bookings")
    amount_minor = models.BigIntegerField()
    currency = CurrencyField()
    booked_on = models.DateField()
    program_minor = models.BigIntegerField()
    program_currency = CurrencyField()
    rate = models.DecimalField(max_digits=18, decimal_places=8)
    reference = models.CharField(max_length=100, blank=True)
    booked_by = models.ForeignKey(USER, models.PROTECT, null=True, blank=True, related_name="+")
    reverses = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="corrections")
    reason = models.CharField(max_length=40, blank=True)
    comment = models.CharField(max_length=400, blank=True)

    objects = BookingQuerySet.as_manager()

    class Meta:
        ordering = ["-booked_on", "-id"]
        indexes = [
            models.Index(fields=["deal", "booked_on"], name="booking_deal_day"),
            models.Index(
                fields=["booked_on"], name="booking_day"
            ),  # what a day brings into a window, or out of it
        ]
        constraints = [
            models.CheckConstraint(
                name="correction_is_negative",
                condition=Q(reverses__isnull=True, amount_minor__gt=0)
                | (Q(reverses__isnull=False, amount_minor__lt=0) & ~Q(reason="")),
                violation_error_message=_("A booking is above zero; a correction is below and has a reason."),
            ),
            models.CheckConstraint(
                name="booking_amount_is_sane",
                condition=Q(amount_minor__lte=LARGEST_MINOR, amount_minor__gte=-LARGEST_MINOR),
                violation_error_message=_("This amount is too large."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} on {self.booked_on}"

    @property
    def amount(self) -> Money:
        return Money(self.amount_minor, self.currency)

    @property
    def correct_url(self) -> str:
        return f"/manage/bookings/{self.pk}/correct/"

    @property
    def program_amount(self) -> Money:
        return Money(self.program_minor, self.program_currency)

    def get_absolute_url(self) -> str:
        return f"/manage/deals/{self.deal_id}/"
