"""Bookings as the API shows and takes them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from core.api import MoneyField, StrictSerializer, VisibleRelated
from deals.models import (
    Booking,
    Deal,
)
from deals.serializers.registrations import DealRefSerializer


class BookingSerializer(serializers.ModelSerializer):
    """An amount that counts; corrections are negative and name what they reverse."""

    deal = DealRefSerializer()
    amount = MoneyField()
    program_amount = MoneyField()
    rate = serializers.DecimalField(18, 8)
    reverses = serializers.UUIDField(source="reverses_id", allow_null=True)

    class Meta:
        model = Booking
        fields = ["id", "deal", "amount", "booked_on", "program_amount", "rate", "reference", "reverses", "reason",
                  "comment", "created_at", "changed_at"]  # fmt: skip


class BookSerializer(StrictSerializer):
    deal = VisibleRelated(queryset=Deal.objects.all())
    amount = MoneyField()
    booked_on = serializers.DateField()
    reference = serializers.CharField(max_length=100, required=False, allow_blank=True, default="")
    comment = serializers.CharField(max_length=400, required=False, allow_blank=True, default="")


class CorrectBookingSerializer(StrictSerializer):
    booked_on = serializers.DateField()
    amount = MoneyField(required=False, help_text=_("What to take back; all of it by default."))
    reason = serializers.SlugField(max_length=40)
    comment = serializers.CharField(max_length=400, required=False, allow_blank=True, default="")
