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

from django.db.models import Count, F, Max, Q, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from catalog.querysets import setting
from core.models import Vendor
from core.money import Money
from deals import credit, rules
from deals.metrics.asked import FISCAL_YEAR, Asked, own_market
from deals.models import Booking, DealCredit
from metrics import sums
from metrics.registry import Grouped, Metric, Parameter, Row, register, values_by
from metrics.scopes import MARKET, SCOPES
from metrics.windows import OF_A_DAY, TRAILING, crosses, says, within

BOOKED_ON = "bookings__booked_on"
OWNER_SINCE = "deal__credits__partner__activated_on"
WEIGHTED = F("bookings__program_minor") * F("weight")


def _shares(as_of: date, family: str) -> Any:
    """The shares that hold on a day, of one role or, for "", those that count a booking once."""
    held = DealCredit.objects.in_force(as_of)
    return held.filter(family=family) if family else held.filter(counts_once=True)


def select_of(family: str) -> Callable[..., Grouped]:
    """Booked amounts × share in the window per partner; no row where nothing was ever booked.

    The shares of all bookings are summed and divided once, downwards, as `credit.part_of` says.
    """

    def select(as_of: date, window: str = "", scope: str = "partner") -> Grouped:
        counted = within(window or TRAILING, as_of, BOOKED_ON)
        held = _shares(as_of, family).filter(partner__isnull=False, **{f"{BOOKED_ON}__lte": as_of})
        if scope == MARKET:
            held = held.filter(own_market("deal__"))
        total = sums.or_zero(Sum(WEIGHTED, filter=counted))
        return Grouped(
            held,
            "partner_id",
            value=sums.floor_of(total, credit.WHOLE),
            n_rows=Count("bookings", filter=counted),
        )

    return select


def edges_of(family: str) -> Callable[..., Iterable[QuerySet]]:
    """Whose bookings came into the window or left it, and whose shares began or ended."""

    def edges(after: date, until: date, window: str = "") -> Iterable[QuerySet]:
        shares = DealCredit.objects.filter(partner__isnull=False).order_by()
        shares = shares.filter(family=family) if family else shares.filter(counts_once=True)
        booked = Booking.objects.filter(crosses(window or TRAILING, after, until, "booked_on", OWNER_SINCE))
        yield shares.filter(deal__in=booked.order_by().values("deal")).values("partner")
        yield shares.filter(valid_from__gt=after, valid_from__lte=until).values("partner")
        yield shares.filter(superseded_on__gt=after, superseded_on__lte=until).values("partner")

    return edges


def rows_of(family: str) -> Callable[..., list[Row]]:
    """Every booking in which a partner has or had a part, newest first, with why it does not count."""

    def rows(partner_id: UUID, as_of: date, window: str = "", scope: str = "partner") -> list[Row]:
        own = DealCredit.objects.filter(partner=partner_id)
        own = own.filter(family=family) if family else own.filter(counts_once=True)
        asked = Asked.by(partner_id, as_of, window, scope)
        held = dict(own.in_force(as_of).values_list("deal_id", "weight"))
        deals = set(own.values_list("deal_id", flat=True))
        found = Booking.objects.filter(deal__in=deals).select_related("deal")
        found = list(found.order_by("booked_on", "pk"))
        why_not = {b.pk: _why_not(b, held, asked) for b in found}
        counted = [b for b in found if not why_not[b.pk]]
        parts = credit.parts_in_turn([b.program_minor * held[b.deal_id] for b in counted])
        part_of = {b.pk: part for b, part in zip(counted, parts, strict=True)}
        return [_row(b, partner_id, held, part_of.get(b.pk), why_not[b.pk]) for b in reversed(found)]

    return rows


def _row(booking: Booking, partner_id: UUID, held: dict[UUID, int], part: int | None, why_not: str) -> Row:
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
        excluded=why_not,
        subject_id=booking.pk if is_own else None,
    )


def _label(booking: Booking, weight: int, deal: str) -> str:
    words = _("%(deal)s, correction") % {"deal": deal} if booking.reverses_id else deal
    if weight in (0, credit.WHOLE):
        return words
    return _("%(booking)s, %(weight)s%% of it") % {"booking": words, "weight": weight}


def _why_not(booking: Booking, held: dict[UUID, int], asked: Asked) -> str:
    if why := asked.why_out(booking.booked_on, booking.deal):
        return why
    return "" if booking.deal_id in held else _("The credit of this deal went to others.")


def next_change_of(family: str) -> Callable[..., date | None]:
    """The next day on which a booking that counts for a partner leaves the window."""

    def next_change(partner_id: UUID, as_of: date, window: str = "") -> date | None:
        asked = Asked.by(partner_id, as_of, window)
        deals = _shares(as_of, family).filter(partner=partner_id).values("deal")
        counted = Booking.objects.filter(deal__in=deals, program_minor__gt=0, booked_on__lte=as_of)
        days = counted.order_by("booked_on").values_list("booked_on", flat=True)
        if (start := asked.starts_after) is not None:
            days = days.filter(booked_on__gt=start)
        oldest = days.first() if asked.is_open else None
        return asked.leaves_on(oldest) if oldest else None

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


OFFERED: dict[str, Any] = {
    "unit": "money",
    "direction": "higher",
    "window": says(TRAILING),
    "windows": OF_A_DAY,
    "is_additive": True,
    "scopes": SCOPES,
    "exclusions": _lazy(
        "Bookings outside of the window, bookings whose credit went to others, and what was never booked."
    ),
    "parameters": (
        Parameter(
            _lazy("Share"),
            _lazy("The larger of the sourced and the fulfilled share"),
            _lazy("A deal that one partner brought in and fulfils is counted once."),
        ),
        Parameter(
            _lazy("Currency"),
            lambda: Vendor.current().currency,
            _lazy("Each booking at the rate stored with it, of its own day."),
        ),
        Parameter(
            _lazy("Oldest rate, in days"),
            lambda: setting("deal.fx_most_days_old"),
            _lazy("A booking without a rate that young is refused."),
        ),
        FISCAL_YEAR,
    ),
}

register(
    Metric(
        key="annual_revenue",
        name=_lazy("Annual revenue"),
        question=_lazy("How much did the deals that the partner brought in or fulfils bring within a year?"),
        population=_lazy(
            "Bookings, corrections included, each once: its amount times the larger of the partner's sourced and "
            "fulfilled shares in the deal, as they hold on the day."
        ),
        values=values_by(select_of("")),
        select=select_of(""),
        edges=edges_of(""),
        rows=rows_of(""),
        next_change=next_change_of(""),
        **OFFERED,
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
            question=QUESTIONS[_family],
            population=_lazy(
                "Bookings, corrections included, each times the partner's share in this role as it holds on the day. "
                "The roles are four views of the same bookings and are never added."
            ),
            values=values_by(select_of(_family)),
            select=select_of(_family),
            edges=edges_of(_family),
            rows=rows_of(_family),
            next_change=next_change_of(_family),
            **{**OFFERED, "parameters": OFFERED["parameters"][1:]},
        )
    )
