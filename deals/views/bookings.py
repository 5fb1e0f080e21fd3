"""Bookings and go-lives on the vendor's side."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission as P
from core.clock import day
from core.list_page import ListPage
from core.pages import MovePage
from core.tables import Column
from core.templatetags.ui import money
from deals import actions, filters, forms, presentation
from deals.models import Booking, Deal, Implementation
from deals.views import shared


class BookDeal(shared.OfDeal):
    """Book a won deal."""

    permission = P.DEAL_BOOK
    form_class = forms.BookForm
    title = gettext_lazy("Book this win")
    submit_label = gettext_lazy("Book")
    done_message = gettext_lazy("Booked. It counts from its day on.")

    def initial(self) -> dict[str, Any]:
        deal = self.record
        amount = [deal.currency, ""] if deal.bookings.exists() else deal.amount
        return {"amount": amount, "booked_on": day(self.at), "reference": deal.win_reference[:100]}

    def effects(self) -> list[str]:
        booked = [
            _("Booked already: %(amount)s on %(day)s.")
            % {"amount": money(booking.amount), "day": presentation.say_day(booking.booked_on)}
            for booking in self.record.bookings.all()
        ]
        return [
            *booked,
            _("It counts towards the partner's revenue and tier from its day on."),
            _("A booking is never changed. A mistake is corrected by a negative one."),
        ]

    def perform_on(self, record: Deal, data: dict[str, Any]) -> Booking:
        return actions.book_deal(by=self.actor, deal=record, at=self.at, **data)


class BookingList(ListPage):
    """All bookings, newest first."""

    name = "bookings"
    permission = P.DEAL_VIEW
    title = gettext_lazy("Bookings")
    queryset = Booking.objects.select_related("deal__partner")
    filterset_class = filters.BookingFilters
    default_sort = "-booked_on"
    columns: ClassVar[list[Column]] = [
        Column("deal", gettext_lazy("Deal"), lambda b: {"name": b.deal.customer_name, "note": b.deal.number},
               cell="name", export=lambda b: b.deal.number),
        Column("partner", gettext_lazy("Partner"), "deal.partner.name"),
        Column("booked_on", gettext_lazy("Booked on"), cell="date", align="right", sort="booked_on"),
        Column("amount", gettext_lazy("Amount"), cell="money", align="right"),
        Column("program_amount", gettext_lazy("In the program's currency"), cell="money", align="right"),
        Column("rate", gettext_lazy("Rate"), lambda b: f"{b.rate.normalize():f}", align="right"),
        Column("correction", gettext_lazy("Kind"), lambda b: _("Correction") if b.reverses_id else _("Booking")),
        Column("reference", gettext_lazy("Reference"), optional=True),
    ]  # fmt: skip
    views: ClassVar[list[tuple[str, Any, str]]] = [
        ("all", gettext_lazy("All"), ""),
        ("corrections", gettext_lazy("Corrections"), "is_correction=true"),
    ]
    empty: ClassVar[dict[str, Any]] = {
        "icon": "receipt",
        "title": gettext_lazy("Nothing is booked yet"),
        "text": gettext_lazy("A won deal counts once the deal desk or finance books it."),
        "action": {
            "label": gettext_lazy("See what waits to be booked"),
            "url": "/manage/deals/?status=to_book",
        },
    }

    def row_url(self, row: Booking) -> str:
        return row.get_absolute_url()


class CorrectBooking(MovePage):
    """Take a booking back, wholly or in part."""

    permission = P.DEAL_BOOK
    queryset = Booking.objects.select_related("deal__partner").prefetch_related("corrections")
    form_class = forms.CorrectBookingForm
    title = gettext_lazy("Correct this booking")
    submit_label = gettext_lazy("Book the correction")
    done_message = gettext_lazy("The correction is booked.")

    def initial(self) -> dict[str, Any]:
        return {"amount": forms.money_left(self.record), "booked_on": day(self.at)}

    def context(self, **more: Any) -> dict[str, Any]:
        booking = self.record
        pairs = [
            {"label": _("Deal"), "value": str(booking.deal)},
            {
                "label": _("Booked"),
                "value": money(booking.amount),
                "note": presentation.say_day(booking.booked_on),
            },
            {"label": _("In the program's currency"), "value": money(booking.program_amount)},
        ]
        effects = [
            _("A negative booking of its own day is made at the same rate; the first one stays as it is.")
        ]
        return super().context(
            **{"about": {"title": _("Booking"), "pairs": pairs}, "effects": effects, **more}
        )

    def perform_on(self, record: Booking, data: dict[str, Any]) -> Booking:
        return actions.correct_booking(by=self.actor, booking=record, at=self.at, **data)


class AcceptGoLive(shared.OfGoLive):
    """Attach the customer's signed acceptance."""

    permission = P.IMPLEMENTATION_CONFIRM
    form_class = forms.AcceptGoLiveForm
    title = gettext_lazy("Accept with the signed document")
    submit_label = gettext_lazy("Attach and accept")
    done_message = gettext_lazy("Accepted. It counts as an implementation.")

    def perform_on(self, record: Implementation, data: dict[str, Any]) -> Implementation:
        return actions.accept_implementation(by=self.actor, implementation=record, at=self.at, **data)


class GoLiveList(ListPage):
    """All go-lives."""

    name = "implementations"
    permission = P.DEAL_VIEW
    title = gettext_lazy("Go-lives")
    queryset = Implementation.objects.select_related("deal__partner", "product")
    filterset_class = filters.ImplementationFilters
    default_sort = "-went_live_on"
    columns: ClassVar[list[Column]] = [
        Column("customer", gettext_lazy("Customer"), lambda i: {"name": i.deal.customer_name, "note": i.deal.number},
               cell="name", export=lambda i: i.deal.customer_name),
        Column("partner", gettext_lazy("Partner"), "deal.partner.name"),
        Column("product", gettext_lazy("Product"), "product.name"),
        Column("went_live_on", gettext_lazy("In use since"), cell="date", align="right", sort="went_live_on"),
        Column("state", gettext_lazy("State"), cell="state"),
        Column("accepted_on", gettext_lazy("Accepted on"), cell="date", align="right", sort="accepted_on"),
    ]  # fmt: skip
    views: ClassVar[list[tuple[str, Any, str]]] = [
        ("all", gettext_lazy("All"), ""),
        ("reported", gettext_lazy("Waiting for the customer"), "state=reported"),
        ("accepted", gettext_lazy("Accepted"), "state=accepted"),
    ]
    empty: ClassVar[dict[str, Any]] = {
        "icon": "rosette-discount-check",
        "title": gettext_lazy("No go-lives yet"),
        "text": gettext_lazy("A partner reports a go-live for a won deal; the customer confirms it."),
    }

    def row_url(self, row: Implementation) -> str:
        return row.get_absolute_url()
