"""The library of metrics in words: what each means, how it is reckoned and where it is used. For page and API."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from metrics import registry, scopes, windows
from metrics.registry import Metric

UNITS = {
    "money": _("Money"),
    "people": _("People"),
    "count": _("Number"),
    "percent": _("Percent"),
    "hours": _("Hours"),
    "days": _("Business days"),
    "bool": _("Yes or no"),
}
DIRECTIONS = {"higher": _("Higher is better"), "lower": _("Lower is better")}


def by_name() -> list[Metric]:
    """All metrics that there are now, by name."""
    return sorted(registry.every().values(), key=lambda metric: str(metric.name))


def described(metric: Metric) -> dict[str, Any]:
    """A metric as plain text: the definition, its parameters with their values, and the places that use it."""
    return {
        "key": metric.key,
        "name": str(metric.name),
        "question": str(metric.question),
        "unit": metric.unit,
        "direction": metric.direction,
        "population": str(metric.population),
        "window": str(metric.window),
        "exclusions": str(metric.exclusions),
        "windows": [{"code": code, "says": str(windows.says(code))} for code in metric.windows],
        "scopes": [{"code": code, "says": str(scopes.NAMES[code])} for code in metric.scopes],
        "is_additive": metric.is_additive,
        "parameters": [
            {"name": str(one.name), "value": one.shown, "reason": str(one.reason)}
            for one in metric.parameters
        ],
        "uses": [{"label": str(label), "url": url} for label, url in registry.uses(metric.key)],
    }
