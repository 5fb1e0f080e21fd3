"""Booked revenue: a partner's own, counted once, and the four views of it by the role that was credited.

A booking counts for whoever has credit in its deal on the day that is asked about. So a correction of credit holds for
all of the deal's bookings from its own day on, and a booking that is taken back leaves nothing with anybody.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Max, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from core.models import Vendor
from core.money import Money
from deals import credit, rules
from deals.models import Booking, DealCredit
from metrics.registry import Metric, Row, Value, register

BOOKED_ON = "deal__bookings__booked_on"
WEIGHTED = F("deal__bookings__program_minor") * F("weight")


def _shares(as_of: date, family: str) -> Any:
    """The shares that hold on a day, of one role or, for "", those that count a booking once."""
    held = DealCredit.objects.in_force(as_of)
    return held.filter(family=family) if family else held.filter(counts_once=True)


def values_of(family: str) -> Callable[..., Iterable[Value]]:
    """Booked amounts × share of the trailing twelve months per partner; no value where nothing was ever booked."""

    def values(as_of: date, partner_ids: Iterable[UUID] | None = None) -> Iterable[Value]:
        counted = Q(**{f"{BOOKED_ON}__gt": rules.window_start(as_of)})
        held = _shares(as_of, family).filter(partner__isnull=False, **{f"{BOOKED_ON}__lte": as_of})
        if partner_ids is not None:
            held = held.filter(partner__in=list(partner_ids))
        rows = held.values("partner_id").annotate(
            total=Sum(WEIGHTED, filter=counted), n=Count("deal__bookings", filter=counted)
        )
        for row in rows.order_by():
            yield Value(row["partner_id"], credit.part_of(row["total"] or 0), row["n"])

    return values


def rows_of(family: str) -> Callable[[UUID, date], list[Row]]:
    """Every booking in which a partner has or had a part, newest first, with why it does not count."""

    def rows(partner_id: UUID, as_of: date) -> list[Row]:
        own = DealCredit.objects.filter(partner=partner_id)
        own = own.filter(family=family) if family else own.filter(counts_once=True)
        held = dict(own.in_force(as_of).values_list("deal_id", "weight"))
        deals = set(own.values_list("deal_id", flat=True))
        found = Booking.objects.filter(deal__in=deals).select_related("deal")
        found = list(found.order_by("booked_on", "pk"))
        counted = [b for b in found if not _why_not(b, held, as_of)]
        parts = credit.parts_in_turn([b.program_minor * held[b.deal_id] for b in counted])
        part_of = {b.pk: part for b, part in zip(counted, parts, strict=True)}
        return [_row(b, partner_id, held, part_of.get(b.pk), as_of) for b in reversed(found)]

    return rows


def _row(booking: Booking, partner_id: UUID, held: dict[UUID, int], part: int | None, as_of: date) -> Row:
    """A row; another partner's deal is its number alone, whoever reads."""
    weight = held.get(booking.deal_id, 0)
    deal, is_own = booking.deal, booking.deal.partner_id == partner_id
    name = (
        f"{deal.number} {deal.customer_name}"
        if is_own
        else _("%(deal)s, another partner's") % {"deal": deal.number}
    )
    return Row(
        label=_label(booking, weight, name),
        on=booking.booked_on,
        value=credit.part_of(booking.program_minor * weight) if part is None else part,
        url=booking.get_absolute_url() if is_own else "",
        excluded=_why_not(booking, held, as_of),
        subject_id=booking.pk if is_own else None,
    )


def _label(booking: Booking, weight: int, deal: str) -> str:
    words = _("%(deal)s, correction") % {"deal": deal} if booking.reverses_id else deal
    if weight in (0, credit.WHOLE):
        return words
    return _("%(booking)s, %(weight)s%% of it") % {"booking": words, "weight": weight}


def _why_not(booking: Booking, held: dict[UUID, int], as_of: date) -> str:
    if booking.booked_on > as_of:
        return _("Later than the day asked about.")
    if booking.booked_on <= rules.window_start(as_of):
        return _("Older than twelve months.")
    return "" if booking.deal_id in held else _("The credit of this deal went to others.")


def next_change_of(family: str) -> Callable[[UUID, date], date | None]:
    """The next day on which a booking that counts for a partner leaves the window."""

    def next_change(partner_id: UUID, as_of: date) -> date | None:
        deals = _shares(as_of, family).filter(partner=partner_id).values("deal")
        counted = Booking.objects.filter(deal__in=deals, program_minor__gt=0).in_window(as_of)
        oldest = counted.order_by("booked_on").values_list("booked_on", flat=True).first()
        return rules.leaves_window_on(oldest) if oldest else None

    return next_change


# The four views of all bookings ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Lens:
    """One role's view of what was booked: the partners' parts, our own team's, and what nobody has in this role."""

    family: str
    partners: Money
    direct: Money
    nobody: Money
    n_partners: int

    @property
    def booked(self) -> Money:
        return self.partners + self.direct + self.nobody

    @property
    def key(self) -> str:
        return f"{self.family}_revenue"


def lenses(as_of: date, deals: Any) -> list[Lens]:
    """The four views of the bookings of these deals over the trailing twelve months; each adds up to what was booked.

    `deals` is a queryset of those that the reader may see. Two queries, however many rows.
    """
    currency = Vendor.current().currency
    window = Q(**{f"{BOOKED_ON}__gt": rules.window_start(as_of), f"{BOOKED_ON}__lte": as_of})
    held = DealCredit.objects.in_force(as_of).filter(window, deal__in=deals).order_by()
    weighted: dict[str, dict[UUID | None, int]] = defaultdict(dict)
    for row in held.values("family", "partner_id").annotate(total=Sum(WEIGHTED), n=Max("weight")):
        weighted[row["family"]][row["partner_id"]] = credit.part_of(row["total"])
    booked = Booking.objects.filter(deal__in=deals).in_window(as_of).aggregate(sum=Sum("program_minor"))
    return [_lens(family, weighted[family], booked["sum"] or 0, currency) for family in credit.FAMILIES]


def _lens(family: str, parts: dict[UUID | None, int], booked: int, currency: str) -> Lens:
    direct = parts.pop(None, 0)
    partners = sum(parts.values())
    rest = booked - partners - direct
    return Lens(family, Money(partners, currency), Money(direct, currency), Money(rest, currency), len(parts))


WINDOW = _lazy("The trailing twelve months: later than the same day a year before, up to and with the day.")

register(
    Metric(
        key="annual_revenue",
        name=_lazy("Annual revenue"),
        unit="money",
        direction="higher",
        question=_lazy("How much did the deals that the partner brought in or fulfils bring within a year?"),
        population=_lazy(
            "Bookings, corrections included, each once: its amount times the larger of the partner's sourced and "
            "fulfilled shares in the deal, as they hold on the day."
        ),
        window=WINDOW,
        values=values_of(""),
        rows=rows_of(""),
        next_change=next_change_of(""),
    )
)

QUESTIONS = {
    credit.SOURCED: _lazy("How much revenue came from deals that the partner brought in?"),
    credit.INFLUENCED: _lazy("How much revenue did the partner help to win without having brought it in?"),
    credit.IMPLEMENTED: _lazy("How much revenue lies in deals that the partner puts to work?"),
    credit.FULFILLED: _lazy("How much revenue does the partner sell and deliver?"),
}
NAMES = {
    credit.SOURCED: _lazy("Sourced revenue"),
    credit.INFLUENCED: _lazy("Influenced revenue"),
    credit.IMPLEMENTED: _lazy("Implemented revenue"),
    credit.FULFILLED: _lazy("Fulfilled revenue"),
}

for _family in credit.FAMILIES:
    register(
        Metric(
            key=f"{_family}_revenue",
            name=NAMES[_family],
            unit="money",
            direction="higher",
            question=QUESTIONS[_family],
            population=_lazy(
                "Bookings, corrections included, each times the partner's share in this role as it holds on the day. "
                "The roles are four views of the same bookings and are never added."
            ),
            window=WINDOW,
            values=values_of(_family),
            rows=rows_of(_family),
            next_change=next_change_of(_family),
        )
    )
