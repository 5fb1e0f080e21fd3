"""The library of metrics in the workspace: all of them, and the definition of one."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission as P
from core.pages import Page
from metrics import registry, windows
from metrics.definitions import DIRECTIONS, UNITS, by_name, described
from metrics.registry import Metric

LIBRARY = "/manage/metrics/"


class MetricLibrary(Page):
    """Every number that tiers, reports and pages name, with the question that it answers."""

    permission = P.WORKSPACE_VIEW
    template_name = "metrics/workspace/library.html"
    title = gettext_lazy("Metrics")
    subtitle = gettext_lazy("Every number is defined once; tiers, reports and pages name it by its key.")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.permit()
        return self.answer(metrics=[_line(metric) for metric in by_name()])


def _line(metric: Metric) -> dict[str, Any]:
    offered = [windows.NAMES[window] for window in metric.windows] or [metric.window]
    return {
        "name": metric.name,
        "url": f"{LIBRARY}{metric.key}/",
        "question": metric.question,
        "unit": UNITS[metric.unit],
        "windows": ", ".join(str(window) for window in offered),
        "uses": [str(label) for label, _url in registry.uses(metric.key)],
    }


class MetricPage(Page):
    """One metric: what is counted, since when, what is left out, and by which settings."""

    permission = P.WORKSPACE_VIEW
    template_name = "metrics/workspace/metric.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        metric = registry.every().get(self.kwargs["key"])
        if metric is None:
            raise Http404
        self.permit()
        found = described(metric)
        return self.answer(
            metric=found,
            title=found["name"],
            subtitle=found["question"],
            crumbs=[{"label": _("Metrics"), "url": LIBRARY}, {"label": found["name"]}],
            pairs=_definition(metric, found),
        )


def _definition(metric: Metric, found: dict[str, Any]) -> list[dict[str, Any]]:
    pairs = [
        {"label": _("Counted"), "value": found["population"]},
        {"label": _("Not counted"), "value": found["exclusions"]},
        {"label": _("Window"), "value": found["window"]},
        {"label": _("Unit"), "value": UNITS[metric.unit]},
        {"label": _("Direction"), "value": DIRECTIONS[metric.direction]},
        {"label": _("Without any fact"), "value": _("No data, which is not zero.")},
        {"label": _("Key"), "value": metric.key},
    ]
    return [pair for pair in pairs if pair["value"]]
