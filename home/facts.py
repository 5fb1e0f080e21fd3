"""Numbers about one partner, asked of the metric registry: a value with its unit, and the rows behind it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils.translation import gettext as _

from core.actors import Actor
from core.models import Vendor
from core.templatetags.ui import day as say_day
from home.tiers import in_unit
from metrics import registry


def value_of(key: str, partner_id: UUID, on: date) -> int | None:
    """A metric's value for a partner on a day; None is "no data"."""
    metric = registry.find(key)
    if metric is None:
        return None
    found = next((v for v in metric.values(on, [partner_id]) if v.partner_id == partner_id), None)
    return found.value if found else None


def values_of(key: str, partner_ids: Iterable[UUID], on: date) -> dict[UUID, int | None]:
    """The same for several partners in one query."""
    metric = registry.find(key)
    return {v.partner_id: v.value for v in metric.values(on, list(partner_ids))} if metric else {}


def why(key: str, partner: Any, on: date, *, actor: Actor, portal: bool = False) -> dict[str, Any]:
    """What components/why_panel.html shows of a metric: the question, the rows counted and those left out."""
    metric = registry.find(key)
    if metric is None:
        raise Http404
    currency = Vendor.current().currency
    value = value_of(key, partner.pk, on)
    rows = registry.rows_for(metric, partner.pk, on, actor)
    return {
        "title": metric.name,
        "sentence": metric.question,
        "rule": metric.population,
        "window": metric.window,
        "actual": _("no data") if value is None else in_unit(value, metric.unit, currency),
        "counted": [_counted(row, metric.unit, currency, portal) for row in rows if not row.excluded],
        "excluded": [{"label": row.label, "reason": row.excluded} for row in rows if row.excluded],
        "as_of": say_day(on),
    }


def _counted(row: registry.Row, unit: str, currency: str, portal: bool) -> dict[str, Any]:
    url = row.url.replace("/manage/", "/portal/", 1) if portal else row.url
    return {
        "label": row.label,
        "url": url,
        "note": say_day(row.on) if row.on else "",
        "value": ""
        if row.value is None or unit in ("people", "bool", "count")
        else in_unit(row.value, unit, currency),
    }
