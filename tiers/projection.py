"""The money that a tier asks for over time: twelve months behind each month so far, and ahead if nothing new comes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.utils import formats
from django.utils.translation import gettext as _

from core import charts
from core.clock import months_before
from core.money import exponent
from metrics import registry, scopes, windows
from tiers import wording
from tiers.explained import Explanation
from tiers.facts import Ask, ask_of
from tiers.rules import Finding

BEHIND, AHEAD = 12, 6  # months shown


@dataclass
class Projection:
    """One fact of money that counts twelve months back, by the credits as they are on the day of the page."""

    found: Explanation
    finding: Finding
    ask: Ask

    @cached_property
    def days(self) -> list[date]:
        """The same day of each month, from a year ago to half a year ahead."""
        return [months_before(self.found.on, back) for back in range(BEHIND, -AHEAD - 1, -1)]

    @cached_property
    def values(self) -> list[int]:
        """In minor units of the program's currency."""
        metric, on = registry.get(self.ask.metric), self.found.on
        rows = scopes.rows(metric, self.found.partner.pk, on, windows.LIFETIME, self.ask.scope)
        counted = [(row.on, row.value) for row in rows if not row.excluded and row.on and row.value]
        return [
            sum(value for booked, value in counted if months_before(until, 12) < booked <= until)
            for until in self.days
        ]

    @property
    def asked(self) -> list[tuple[str, int]]:
        """What the next tier and the held one ask for, each with its name."""
        judged = [rung for rung in (self.found.above, self.found.held) if rung]
        return [
            (self.found.tiers[rung.rung.code].name, finding.need.threshold)
            for rung in judged
            for finding in rung.findings
            if finding.need.key == self.ask.key
        ]

    def title(self) -> str:
        """“If nothing new comes, annual revenue falls below $2M by February 2027”, or what is left of it."""
        name, ahead = wording.in_line(wording.name_of(self.ask.key)), self.values[BEHIND:]
        for _tier, needed in self.asked:
            fallen = [day for day, value in zip(self.days[BEHIND:], ahead, strict=True) if value < needed]
            if ahead[0] >= needed and fallen:
                words = {
                    "name": name,
                    "needed": self.say(needed),
                    "day": formats.date_format(fallen[0], "F Y"),
                }
                return _("If nothing new comes, %(name)s falls below %(needed)s by %(day)s") % words
        words = {"name": name, "left": self.say(ahead[-1])}
        return _("If nothing new comes, %(name)s is %(left)s in six months") % words

    def say(self, minor: int) -> str:
        return wording.value(self.ask.key, minor, short=True)

    def chart(self) -> Any:
        """The line so far, the steps ahead, and what the tiers ask for."""
        scale = 10 ** exponent(wording.currency())
        money = [value / scale for value in self.values]
        nothing = [None] * BEHIND
        return charts.line_chart(
            [formats.date_format(day, "M y" if day.month == 1 else "M") for day in self.days],
            [
                charts.Series(_("So far"), [*money[: BEHIND + 1], *[None] * AHEAD]),
                charts.Series(
                    _("If nothing new comes"), [*nothing, *money[BEHIND:]], "otherwise", steps=True
                ),
            ],
            thresholds=[
                charts.Threshold(needed / scale, f"{tier}, {self.say(needed)}") for tier, needed in self.asked
            ],
            marks=[charts.Mark(BEHIND, _("Today"))],
            unit=lambda value: self.say(int(value * scale)),
            title=self.title(),
        )

    def table(self) -> Sequence[dict[str, Any]]:
        return [
            {
                "cells": [
                    {"template": "date", "value": day},
                    {"template": "text", "value": self.say(value)},
                ]
            }
            for day, value in zip(self.days, self.values, strict=True)
        ]


def projection_of(found: Explanation) -> dict[str, Any] | None:
    """The chart card of a tier page; nothing for an earlier day, or where no money is asked for over twelve months."""
    judged = [rung for rung in (found.above, found.held) if rung] if found.is_today else []
    for finding in (finding for rung in judged for finding in rung.findings):
        ask = ask_of(finding.need.key)
        metric = registry.get(ask.metric)
        if metric.unit == "money" and windows.LIFETIME in metric.windows and _is_trailing(ask, metric):
            return _card(Projection(found, finding, ask))
    return None


def _is_trailing(ask: Ask, metric: registry.Metric) -> bool:
    return (ask.window or metric.windows[0]) == windows.TRAILING


def _card(projection: Projection) -> dict[str, Any] | None:
    if not any(projection.values):
        return None
    return {
        "title": projection.title(),
        "unit": _("Trailing 12 months, %(currency)s") % {"currency": wording.currency()},
        "chart": projection.chart(),
        "legend": [
            {"label": _("So far"), "kind": "fact"},
            {"label": _("If nothing new comes"), "kind": "otherwise"},
        ],
        "columns": [
            {"key": "day", "label": _("Day")},
            {"key": "value", "label": _("Value"), "align": "right"},
        ],
        "rows": projection.table(),
    }
