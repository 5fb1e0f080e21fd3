"""Go-lives that customers accepted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from deals import rules
from deals.models import Implementation
from metrics.registry import Metric, Row, Value, register


def implementation_values(as_of: date, partner_ids: Iterable[UUID] | None = None) -> Iterable[Value]:
    """Accepted go-lives per partner, ever; a partner that never reported one has no value."""
    accepted = Q(state=rules.ACCEPTED, accepted_on__lte=as_of)
    rows = _of(Implementation.objects.filter(went_live_on__lte=as_of), partner_ids).values("deal__partner_id")
    for row in rows.annotate(n=Count("pk", filter=accepted)).order_by():
        yield Value(row["deal__partner_id"], row["n"], row["n"])


def implementation_rows(partner_id: UUID, as_of: date) -> list[Row]:
    """Every go-live a partner reported, newest first, with why it does not count."""
    reported = Implementation.objects.filter(deal__partner=partner_id).select_related("deal", "product")
    return [
        Row(
            label=f"{found.deal.customer_name}, {found.product.name}",
            on=found.accepted_on or found.went_live_on,
            value=1,
            url=found.get_absolute_url(),
            excluded=_why_not_accepted(found, as_of),
            subject_id=found.pk,
        )
        for found in reported
    ]


def _why_not_accepted(found: Implementation, as_of: date) -> str:
    if found.state == rules.ACCEPTED:
        return _("Accepted later than the day asked about.") if found.accepted_on > as_of else ""  # type: ignore[operator]
    return {
        rules.REPORTED: _("Not accepted by the customer yet."),
        rules.DECLINED: _("The customer says that it is not right."),
        rules.WITHDRAWN: _("Taken back."),
    }[found.state]


def _of(queryset: Any, partner_ids: Iterable[UUID] | None) -> Any:
    return queryset if partner_ids is None else queryset.filter(deal__partner__in=list(partner_ids))


register(
    Metric(
        key="implementations",
        name=_lazy("Implementations"),
        unit="count",
        direction="higher",
        question=_lazy("How many customers went live with this partner?"),
        population=_lazy(
            "Go-lives that the customer or a signed acceptance confirmed, one per deal and product."
        ),
        window=_lazy("Ever, by the day of the acceptance."),
        values=implementation_values,
        rows=implementation_rows,
    )
)
