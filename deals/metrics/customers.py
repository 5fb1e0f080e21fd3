"""Customers of partners: those that were won as new ones, and those that stayed.

A customer is a partner's where the partner has a sourced or fulfilled share in one of its deals, as that holds on the
day that is asked about.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import NullIf
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from deals import rules
from deals.metrics.asked import FISCAL_YEAR, Asked, own_market
from deals.models import Booking, Deal, DealCredit, Implementation
from metrics import sums
from metrics.registry import Grouped, Metric, Parameter, Row, register, values_by
from metrics.scopes import MARKET, PARTNER
from metrics.windows import OF_A_DAY, TRAILING, YEARS, before, crosses, leaves_on, says, within


def _shares(as_of: date, scope: str = PARTNER) -> Any:
    """The partners' shares that count, in deals whose customer is known."""
    held = DealCredit.objects.in_force(as_of).filter(
        counts_once=True, partner__isnull=False, deal__organization__isnull=False
    )
    return held.filter(own_market("deal__")) if scope == MARKET else held


# New customers --------------------------------------------------------------------------------------------------


def _won(as_of: date, scope: str = PARTNER) -> Any:
    """Shares in deals won by a day, each with whether nobody had won the customer before (`is_new`)."""
    earlier = Deal.objects.filter(
        state=rules.WON, organization=OuterRef("deal__organization"), won_on__lt=OuterRef("deal__won_on")
    )
    won = _shares(as_of, scope).filter(deal__state=rules.WON, deal__won_on__lte=as_of)
    return won.annotate(is_new=~Exists(earlier.order_by()))


def select_wins(as_of: date, window: str = "", scope: str = PARTNER) -> Grouped:
    """Different new customers per partner in the window; a partner that never won a deal has no row."""
    new = Q(is_new=True) & within(window or TRAILING, as_of, "deal__won_on")
    customers = Count("deal__organization", distinct=True, filter=new)
    return Grouped(_won(as_of, scope), "partner_id", value=customers, n_rows=customers)


def rows_of_wins(partner_id: UUID, as_of: date, window: str = "", scope: str = PARTNER) -> list[Row]:
    """The partner's won deals, newest first: one counted per new customer, the others with the reason."""
    asked, seen = Asked.by(partner_id, as_of, window, scope), set()
    found = []
    for share in _of_one(_won(as_of), partner_id).order_by("-deal__won_on", "deal__number"):
        deal = share.deal
        why = asked.why_out(deal.won_on, deal) or _why_no_new_customer(share, seen)
        if not why:
            seen.add(deal.organization_id)
        found.append(_deal_row(deal, partner_id, deal.won_on, why))
    return found


def _why_no_new_customer(share: Any, seen: set[Any]) -> str:
    if not share.is_new:
        return _("The customer had bought from us before.")
    return _("This customer is counted already.") if share.deal.organization_id in seen else ""


def _of_one(shares: Any, partner_id: UUID) -> Any:
    return shares.filter(partner=partner_id).select_related("deal")


def _deal_row(deal: Deal, partner_id: UUID, on: date | None, why: str) -> Row:
    """A row; another partner's deal is its number alone, whoever reads."""
    is_own = deal.partner_id == partner_id
    label = (
        f"{deal.number} {deal.customer_name}"
        if is_own
        else _("%(deal)s, another partner's") % {"deal": deal.number}
    )
    return Row(label, on, 1, deal.get_absolute_url() if is_own else "", why, deal.pk if is_own else None)


def edges_of_wins(after: date, until: date, window: str = "") -> Iterable[QuerySet]:
    """Whose wins came into the window or left it, and whose shares began or ended."""
    won = Deal.objects.filter(
        crosses(window or TRAILING, after, until, "won_on", "credits__partner__activated_on")
    ).order_by()
    yield from _of_shares(won.values("pk"), after, until)


def _of_shares(deals: Any, after: date, until: date) -> Iterable[QuerySet]:
    shares = DealCredit.objects.filter(partner__isnull=False, counts_once=True).order_by()
    yield shares.filter(deal__in=deals).values("partner")
    yield shares.filter(valid_from__gt=after, valid_from__lte=until).values("partner")
    yield shares.filter(superseded_on__gt=after, superseded_on__lte=until).values("partner")


def next_change_of_wins(partner_id: UUID, as_of: date, window: str = "") -> date | None:
    """The next day on which a won customer leaves the window."""
    asked = Asked.by(partner_id, as_of, window)
    wins = _won(as_of).filter(partner=partner_id, is_new=True).values_list("deal__won_on", flat=True)
    return min((day for on in wins if (day := asked.leaves_on(on)) and day > as_of), default=None)


register(
    Metric(
        key="joint_wins",
        name=_lazy("Joint customer wins"),
        unit="count",
        direction="higher",
        question=_lazy("How many new customers did we win with this partner?"),
        population=_lazy(
            "Different customers of won deals in which the partner has a sourced or fulfilled share on the day, and "
            "of which no earlier deal was won with anybody."
        ),
        window=says(TRAILING),
        values=values_by(select_wins),
        select=select_wins,
        edges=edges_of_wins,
        rows=rows_of_wins,
        next_change=next_change_of_wins,
        windows=OF_A_DAY,
        # Two partners may have won one customer together: it would be counted twice.
        is_additive=False,
        scopes=(PARTNER, MARKET),
        exclusions=_lazy("Further deals of a customer, and deals that were lost or reopened since."),
        parameters=(
            Parameter(
                _lazy("New customer"),
                _lazy("No deal with it was won on an earlier day"),
                _lazy("Whoever sells more to our own customers has its figure in the revenue."),
            ),
            FISCAL_YEAR,
        ),
    )
)

# Customers that stayed ------------------------------------------------------------------------------------------


def _is_there(after: date, until: date, as_of: date) -> Q:
    """Whether the partner has, at the customer of its share, a booking in a window or a go-live by its end."""
    same = {
        "deal__organization": OuterRef("deal__organization"),
        "deal__credits__partner": OuterRef("partner"),
        "deal__credits__counts_once": True,
        "deal__credits__valid_from__lte": as_of,
    }
    held = Q(deal__credits__superseded_on=None) | Q(deal__credits__superseded_on__gt=as_of)
    taken_back = Booking.objects.filter(reverses=OuterRef("pk"), booked_on__lte=as_of)
    booked = Booking.objects.filter(
        held, ~Exists(taken_back), reverses=None, booked_on__gt=after, booked_on__lte=until, **same
    )
    live = Implementation.objects.filter(held, state=rules.ACCEPTED, accepted_on__lte=until, **same)
    return Q(Exists(booked.order_by())) | Q(Exists(live.order_by()))


def _stayed(as_of: date, window: str, scope: str = PARTNER) -> Any:
    """Shares, each with whether its customer was there in the window before (`was`) and in this one (`stays`)."""
    start, until = before(window, as_of)
    return _shares(as_of, scope).annotate(
        was=_is_there(start, until, as_of), stays=_is_there(until, as_of, as_of)
    )


def select_retention(as_of: date, window: str = "", scope: str = PARTNER) -> Grouped:
    """Of the customers of the window before, the percentage still there; no value where there were none."""
    there = Count("deal__organization", distinct=True, filter=Q(was=True))
    kept = Count("deal__organization", distinct=True, filter=Q(was=True, stays=True))
    return Grouped(
        _stayed(as_of, window or TRAILING, scope),
        "partner_id",
        value=sums.rounded(kept * 100, NullIf(there, 0)),
        n_rows=there,
    )


def rows_of_retention(partner_id: UUID, as_of: date, window: str = "", scope: str = PARTNER) -> list[Row]:
    """The partner's customers: 1 for one that stayed, 0 for one that went, and those that were not there before."""
    flags: dict[UUID, tuple[bool, bool]] = {}
    for of, was, stays in (
        _stayed(as_of, window or TRAILING, scope)
        .filter(partner=partner_id)
        .values_list("deal__organization", "was", "stays")
    ):
        flags[of] = was, stays
    own = Deal.objects.filter(partner=partner_id, organization__in=flags).order_by("created_at", "pk")
    deals = {deal.organization_id: deal for deal in own}
    found = [_customer_row(deals.get(of), *told) for of, told in flags.items()]
    return sorted(found, key=lambda row: row.label)


def _customer_row(deal: Deal | None, was: bool, stays: bool) -> Row:
    """A customer as the partner's last deal with it calls it; of another partner's deal nobody is named."""
    why = "" if was else _("No customer yet in the window before.")
    if deal is None:
        return Row(_("A customer of another partner's deal"), None, int(was and stays), "", why)
    return Row(deal.customer_name, None, int(was and stays), deal.get_absolute_url(), why, deal.pk)


def edges_of_retention(after: date, until: date, window: str = "") -> Iterable[QuerySet]:
    """Whose bookings or go-lives passed from one window into the other, or out of both."""
    window = window or TRAILING
    passed = Booking.objects.filter(crosses(window, after, until, "booked_on"))
    long_ago = Booking.objects.filter(
        booked_on__gt=before(window, after)[0], booked_on__lte=before(window, until)[0]
    )
    live = Implementation.objects.filter(crosses(window, after, until, "accepted_on"))
    for rows in (passed, long_ago, live):
        yield from _of_shares(rows.order_by().values("deal"), after, until)


def next_change_of_retention(partner_id: UUID, as_of: date, window: str = "") -> date | None:
    """The next day on which a booking passes from one window into the one before, or out of that."""
    window = window or TRAILING
    deals = _shares(as_of).filter(partner=partner_id).values("deal")
    booked = Booking.objects.filter(
        deal__in=deals, booked_on__gt=before(window, as_of)[0], booked_on__lte=as_of
    )
    return min(_passes(booked.values_list("booked_on", flat=True), window, as_of), default=None)


def _passes(days: Iterable[date], window: str, as_of: date) -> Iterable[date]:
    for on in days:
        first = leaves_on(window, on)
        for day in (first, leaves_on(window, first) if first else None):
            if day and day > as_of:
                yield day


register(
    Metric(
        key="customer_retention",
        name=_lazy("Customers that stayed"),
        unit="percent",
        direction="higher",
        question=_lazy("How many of the partner's customers of the window before are still there?"),
        population=_lazy(
            "Customers with a booking in the window before, or with a product live by its end; still there are those "
            "with a booking in this window, or with a product that is still live."
        ),
        window=says(TRAILING),
        values=values_by(select_retention),
        select=select_retention,
        edges=edges_of_retention,
        rows=rows_of_retention,
        next_change=next_change_of_retention,
        windows=YEARS,
        scopes=(PARTNER, MARKET),
        exclusions=_lazy("Bookings that were taken back, and go-lives that the customer did not accept."),
        parameters=(
            Parameter(
                _lazy("Live"),
                _lazy("Accepted, and not taken back since"),
                _lazy("A product at work is a customer, whatever was booked lately."),
            ),
            FISCAL_YEAR,
        ),
    )
)
