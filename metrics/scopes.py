"""Whose facts a figure counts: the partner's own, those of its organization's whole tree, or of its own market."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import BigIntegerField, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from metrics.models import Touched
from metrics.registry import Grouped, Metric, Row, Value, values_in

PARTNER, TREE, MARKET = "partner", "tree", "market"
SCOPES = (PARTNER, TREE, MARKET)
NAMES = {
    PARTNER: _("The partner"),
    TREE: _("All partners of its organization's tree"),
    MARKET: _("The partner, in its own market"),
}
ROOT = Coalesce(F("organization__root_id"), F("organization_id"))


class SumOf(Subquery):
    """The sum of one column over the rows of a grouped query."""

    template = "(SELECT CAST(SUM(members.%(column)s) AS bigint) FROM (%(subquery)s) members)"
    output_field = BigIntegerField()

    def __init__(self, queryset: QuerySet, column: str) -> None:
        super().__init__(queryset, column=column)


def partners() -> Any:
    """All partners, each with the top of the tree in which its organization stands (`root`)."""
    model: Any = Touched._meta.get_field("partner").related_model
    return model._default_manager.order_by().annotate(root=ROOT)


def select(metric: Metric, as_of: date, window: str = "", scope: str = PARTNER) -> QuerySet:
    """A metric's rows (of, value, n_rows) in a scope. Raises ValueError where it does not offer the scope."""
    rows = grouped(metric, as_of, window, scope).queryset
    return _of_trees(rows) if scope == TREE else rows


def grouped(metric: Metric, as_of: date, window: str = "", scope: str = PARTNER) -> Grouped:
    """A metric's facts in a scope; those of a tree are its members' own. Raises ValueError where it offers none."""
    if metric.select is None or scope not in metric.scopes:
        raise ValueError(f"{metric.key} is not offered for the scope {scope}.")
    return metric.select(as_of, window, PARTNER if scope == TREE else scope)


def _of_trees(own: QuerySet) -> QuerySet:
    """For each partner what all partners of its tree have together; no value where none of them has one."""
    family = partners().filter(root=OuterRef(OuterRef("root"))).values("pk")
    members = own.filter(of__in=family)
    found = partners().annotate(
        of=F("pk"), value=SumOf(members, "value"), n_rows=Coalesce(SumOf(members, "n_rows"), 0)
    )
    return found.values_list("of", "value", "n_rows")


def values(
    metric: Metric,
    as_of: date,
    partner_ids: Iterable[UUID] | None = None,
    window: str = "",
    scope: str = PARTNER,
) -> Iterable[Value]:
    """A metric's values in a scope, for all partners or for some."""
    if metric.select is None and scope == PARTNER:
        return metric.values(as_of, partner_ids)
    return values_in(select(metric, as_of, window, scope), partner_ids)


def members(partner_id: UUID) -> list[UUID]:
    """The partners of one partner's tree, itself among them."""
    root = partners().filter(pk=partner_id).values("root")[:1]
    return list(partners().filter(root=Subquery(root)).values_list("pk", flat=True))


def rows(metric: Metric, partner_id: UUID, as_of: date, window: str = "", scope: str = PARTNER) -> list[Row]:
    """The rows behind a value in a scope."""
    if scope == TREE:
        return [row for member in members(partner_id) for row in metric.rows(member, as_of, window)]
    if scope == MARKET:
        return metric.rows(partner_id, as_of, window, scope)
    return metric.rows(partner_id, as_of, window) if metric.windows else metric.rows(partner_id, as_of)


def next_change(
    metric: Metric, partner_id: UUID, as_of: date, window: str = "", scope: str = PARTNER
) -> date | None:
    """The next day on which the value in a scope falls by itself."""
    if metric.next_change is None:
        return None
    asked = (as_of, window) if metric.windows else (as_of,)
    of = members(partner_id) if scope == TREE else [partner_id]
    return min((day for member in of if (day := metric.next_change(member, *asked))), default=None)
