"""Endpoints of bookings."""

from __future__ import annotations

from typing import Any

from accounts.roles import Permission as P
from core.api import BaseViewSet, creates, verb
from deals import actions, filters, serializers
from deals.models import (
    Booking,
)


class BookingViewSet(BaseViewSet):
    """Bookings. They are never changed: a correction is another one."""

    queryset = Booking.objects.select_related("deal")
    serializer_class = serializers.BookingSerializer
    filterset_class = filters.BookingFilters
    view_permission = P.DEAL_VIEW
    orderings = {"booked_on": "booked_on", "created_at": "created_at"}
    default_ordering = "-booked_on"

    @creates(serializers.BookSerializer, permission=P.DEAL_BOOK)
    def create(self, data: dict[str, Any]) -> Booking:
        """Book an amount of a won deal."""
        return actions.book_deal(by=self.actor, at=self.at, **data)

    @verb(serializers.CorrectBookingSerializer, permission=P.DEAL_BOOK)
    def correct(self, booking: Booking, data: dict[str, Any]) -> Booking:
        """Take a booking back, wholly or in part: the answer is the negative booking."""
        return actions.correct_booking(by=self.actor, booking=booking, at=self.at, **data)
