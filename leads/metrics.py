"""The numbers that leads offer: how many a partner accepts, how fast, and what becomes of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from core.clock import end_of, months_before
from leads import rules
from leads.models import LeadOffer
from metrics.registry import Metric, Row, Value, register

ANSWERED = Q(answered_at__isnull=False) | Q(state=rules.LAPSED)
TOOK = Q(answered_at__isnull=False) & ~Q(state=rules.DECLINED)
WINDOW = _lazy("Offers made in the trailing twelve months, up to and with the day.")


def offers(as_of: date, partner_ids: Iterable[UUID] | None = None) -> Any:
    """Offers made in the trailing twelve months."""
    since, until = end_of(months_before(as_of, 12)), end_of(as_of)
    found = LeadOffer.objects.filter(created_at__gte=since, created_at__lt=until)
    return found if partner_ids is None else found.filter(partner__in=list(partner_ids))


def _share(counted: Q, of: Q) -> Callable[..., Iterable[Value]]:
    """Per partner the share of `counted` among `of`, in whole percent."""

    def values(as_of: date, partner_ids: Iterable[UUID] | None = None) -> Iterable[Value]:
        rows = offers(as_of, partner_ids).filter(of).values("partner")
        for row in rows.annotate(n=Count("pk"), good=Count("pk", filter=counted)).order_by():
            yield Value(row["partner"], round(100 * row["good"] / row["n"]), row["n"])

    return values


def _mean(start: str, end: str, of: Q) -> Callable[..., Iterable[Value]]:
    """Per partner the mean time between two instants of an offer, in whole hours."""

    def values(as_of: date, partner_ids: Iterable[UUID] | None = None) -> Iterable[Value]:
        took = ExpressionWrapper(F(end) - F(start), output_field=DurationField())
        rows = offers(as_of, partner_ids).filter(of).values("partner")
        for row in rows.annotate(mean=Avg(took), n=Count("pk")).order_by():
            yield Value(row["partner"], round(row["mean"] / timedelta(hours=1)), row["n"])

    return values


def _rows(
    value: Callable[[LeadOffer], int | None], why_not: Callable[[LeadOffer], str]
) -> Callable[..., list[Row]]:
    """Every offer of a partner, newest first, with why it does not count."""

    def rows(partner_id: UUID, as_of: date) -> list[Row]:
        since, until = end_of(months_before(as_of, 12)), end_of(as_of)
        found = LeadOffer.objects.filter(partner=partner_id).select_related("lead")
        return [
            _row(offer, value, _outside(offer.created_at, since, until) or why_not(offer)) for offer in found
        ]

    return rows


def _row(offer: LeadOffer, value: Callable[[LeadOffer], int | None], excluded: str) -> Row:
    return Row(
        label=f"{offer.lead.number}, {offer.get_state_display()}",
        on=offer.created_at.date(),
        value=None if excluded else value(offer),
        url=offer.get_absolute_url() if offer.lead.partner_id == offer.partner_id else "",
        excluded=excluded,
        subject_id=offer.lead_id,
    )


def _outside(at: datetime, since: datetime, until: datetime) -> str:
    if at >= until:
        return _("Later than the day asked about.")
    return _("Older than twelve months.") if at < since else ""


def _hours(start: datetime | None, end: datetime | None) -> int | None:
    return round((end - start) / timedelta(hours=1)) if start and end else None


def _unanswered(offer: LeadOffer) -> str:
    if offer.state == rules.WITHDRAWN and not offer.answered_at:
        return _("We took the offer back.")
    return _("Not answered yet.") if offer.state == rules.ASKED else ""


def _not_accepted(offer: LeadOffer) -> str:
    took = offer.answered_at is not None and offer.state != rules.DECLINED
    return "" if took else _unanswered(offer) or _("Not accepted.")


def _not_timed(offer: LeadOffer) -> str:
    return _("Taken from the pool.") if offer.is_pulled else _not_accepted(offer)


def _not_called(offer: LeadOffer) -> str:
    return _not_accepted(offer) or ("" if offer.contacted_at else _("No contact was noted."))


for _metric in (
    Metric(
        key="lead_acceptance_rate",
        name=_lazy("Leads accepted"),
        unit="percent",
        direction="higher",
        question=_lazy("Of the leads that the partner was offered, how many did it accept?"),
        population=_lazy("Offers that were answered or lapsed; those we took back are left out."),
        window=WINDOW,
        values=_share(TOOK, ANSWERED),
        rows=_rows(lambda offer: 100 if not _not_accepted(offer) else 0, _unanswered),
    ),
    Metric(
        key="lead_time_to_accept",
        name=_lazy("Time to accept a lead"),
        unit="hours",
        direction="lower",
        question=_lazy("How long does the partner take to accept a lead?"),
        population=_lazy("Accepted offers; leads taken from the pool are left out."),
        window=WINDOW,
        values=_mean("created_at", "answered_at", TOOK & Q(is_pulled=False)),
        rows=_rows(lambda offer: _hours(offer.created_at, offer.answered_at), _not_timed),
    ),
    Metric(
        key="lead_time_to_contact",
        name=_lazy("Time to first contact"),
        unit="hours",
        direction="lower",
        question=_lazy("How long after accepting does the partner make the first contact?"),
        population=_lazy("Accepted leads whose first contact was noted."),
        window=WINDOW,
        values=_mean("answered_at", "contacted_at", TOOK & Q(contacted_at__isnull=False)),
        rows=_rows(lambda offer: _hours(offer.answered_at, offer.contacted_at), _not_called),
    ),
    Metric(
        key="lead_conversion",
        name=_lazy("Leads that became registrations"),
        unit="percent",
        direction="higher",
        question=_lazy("Of the leads that the partner accepted, how many became a registration?"),
        population=_lazy("Accepted leads, given back and lost ones included."),
        window=WINDOW,
        values=_share(Q(converted_at__isnull=False), TOOK),
        rows=_rows(lambda offer: 100 if offer.converted_at else 0, _not_accepted),
    ),
):
    register(_metric)
