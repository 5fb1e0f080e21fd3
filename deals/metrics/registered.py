"""How many of a partner's registrations were approved."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from core.clock import end_of
from deals.metrics.asked import FISCAL_YEAR, Asked, own_market
from deals.models import Deal, Protection
from metrics.registry import Grouped, Metric, Parameter, Row, register, values_by
from metrics.scopes import MARKET, SCOPES
from metrics.windows import OF_A_DAY, TRAILING, crosses, says, within


def _sent(as_of: date) -> Any:
    """The registrations sent by a day, each with the day of its first approval."""
    first = Protection.objects.filter(deal=OuterRef("pk")).order_by("starts_on").values("starts_on")[:1]
    return Deal.objects.filter(submitted_at__lt=end_of(as_of)).annotate(approved_on=Subquery(first))


def select(as_of: date, window: str = "", scope: str = "partner") -> Grouped:
    """Approved registrations per partner in the window; a partner that never sent one has no row."""
    sent = _sent(as_of)
    if scope == MARKET:
        sent = sent.filter(own_market())
    approved = Count("pk", filter=within(window or TRAILING, as_of, "approved_on"))
    return Grouped(sent, "partner_id", value=approved, n_rows=approved)


def rows(partner_id: UUID, as_of: date, window: str = "", scope: str = "partner") -> list[Row]:
    """Every registration a partner sent, newest first, with why it does not count."""
    asked = Asked.by(partner_id, as_of, window, scope)
    sent = _sent(as_of).filter(partner=partner_id).order_by("-submitted_at")
    return [_row(deal, asked) for deal in sent]


def _row(deal: Any, asked: Asked) -> Row:
    why = asked.why_out(deal.approved_on, deal) if deal.approved_on else _("It was not approved.")
    label = f"{deal.number} {deal.customer_name}"
    return Row(label, deal.approved_on, 1, deal.get_absolute_url(), why, deal.pk)


def edges(after: date, until: date, window: str = "") -> Iterable[QuerySet]:
    """Whose registrations came into the window or left it: by the first day of the protection, or of the sending."""
    begun = crosses(window or TRAILING, after, until, "starts_on", "deal__partner__activated_on")
    yield Protection.objects.filter(begun).order_by().values("deal__partner")
    yield _sent(until).filter(submitted_at__gte=end_of(after)).order_by().values("partner")


def next_change(partner_id: UUID, as_of: date, window: str = "") -> date | None:
    """The next day on which an approval leaves the window."""
    asked = Asked.by(partner_id, as_of, window)
    approved = (deal.approved_on for deal in _sent(as_of).filter(partner=partner_id, approved_on__lte=as_of))
    days = [asked.leaves_on(on) for on in approved]
    return min((day for day in days if day and day > as_of), default=None)


register(
    Metric(
        key="registered_deals",
        name=_lazy("Registered deals"),
        unit="count",
        direction="higher",
        question=_lazy("How many of the partner's registrations did we approve?"),
        population=_lazy("Registrations with an approval, each once, by the day of its first one."),
        window=says(TRAILING),
        values=values_by(select),
        select=select,
        edges=edges,
        rows=rows,
        next_change=next_change,
        windows=OF_A_DAY,
        is_additive=True,
        scopes=SCOPES,
        exclusions=_lazy("Registrations that wait for a decision, or were refused."),
        parameters=(
            Parameter(
                _lazy("Day that counts"),
                _lazy("The first day of the first protection"),
                _lazy("A renewal or a later end changes nothing."),
            ),
            FISCAL_YEAR,
        ),
    )
)
