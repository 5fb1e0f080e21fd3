"""The margin of a deal: what the partner's tier gives for its products, or what was decided for it; what it earns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext as _

from core.money import Money
from deals.models import Booking, Deal
from partners.models import Partner
from tiers.margins import Margin, Pricing, margin_of


def margin_of_deal(deal: Deal, on: date) -> Margin | None:
    """The margin of a registration on a day; None where nothing gives one."""
    return margin_of(deal.partner, on, products_of(deal), deal.pk)


def products_of(deal: Deal) -> tuple[str, ...]:
    """The products by code: they say which program prices the deal."""
    return tuple(product.code for product in deal.products.all())


def priced_on(deal: Deal, today: date) -> date:
    """The day whose tier prices a deal: the day it was won, until then today."""
    return deal.won_on or today


@dataclass(frozen=True)
class Earning:
    """What a partner earns on a booking: the margin at which its deal was won, of the amount; None without one."""

    booking: Booking
    margin: Margin | None

    @property
    def amount(self) -> Money | None:
        """In the booking's currency, to the minor unit; a correction takes back what its booking gave."""
        if self.margin is None:
            return None
        part = Decimal(self.booking.amount_minor) * self.margin.percent / 100
        return Money(int(part.quantize(Decimal(1), ROUND_HALF_UP)), self.booking.currency)


def earnings(partner: Partner, bookings: Iterable[Booking]) -> list[Earning]:
    """What each of a partner's bookings earns it. The bookings come with their deals and products, and with the
    booking that they correct: a deal that was won no more is priced by the day of what is taken back."""
    pricing = Pricing(partner)
    return [Earning(booking, _kept(pricing, booking)) for booking in bookings]


def _kept(pricing: Pricing, booking: Booking) -> Margin | None:
    deal, first = booking.deal, booking.reverses or booking
    return pricing.margin(priced_on(deal, first.booked_on), products_of(deal), deal.pk)


def told(margin: Margin | None, *, is_own: bool = False) -> dict[str, Any]:
    """A margin in words, the figure and why; `is_own`: for the partner itself."""
    if margin is None:
        return {"words": _("none"), "why": _nothing(is_own)}
    return {"words": margin.words, "why": margin.why}


def _nothing(is_own: bool) -> str:
    if is_own:
        return _(
            "You are in no tier that gives a margin, and none was agreed; ask your contact before you quote."
        )
    return _("The partner is in no tier that gives a margin, its category gives none, and none was decided.")


def at_registration(partner: Partner, on: date, *, is_own: bool = True) -> dict[str, Any]:
    """What a partner is told of its margin before it registers."""
    return told(margin_of(partner, on), is_own=is_own)


def card(deal: Deal, today: date, *, is_own: bool) -> dict[str, Any]:
    """The margin on a registration, with all that it follows from."""
    on = priced_on(deal, today)
    margin = margin_of_deal(deal, on)
    return {**told(margin, is_own=is_own), "pairs": _pairs(margin), "on": on, "is_won": bool(deal.won_on)}


def _pairs(margin: Margin | None) -> list[dict[str, str]]:
    if margin is None:
        return []
    found = {
        _("Tier"): margin.source,
        _("Program"): margin.program,
        _("Band"): margin.band,
        _("Within it"): margin.policy_words,
    }
    return [{"label": label, "value": value} for label, value in found.items() if value]
