"""Open deals of a partner: how much, at which stage, and whose protection ends when."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from catalog.querysets import rate_on
from core import charts
from core.actors import Actor
from core.models import Vendor
from core.money import Money
from core.templatetags.ui import day as say_day
from core.templatetags.ui import days_left, money_short
from deals import rules
from deals.models import Deal

MOST_SHOWN = 5


def open_deals(partner: Any, actor: Actor) -> Any:
    return Deal.objects.visible_to(actor).filter(partner=partner).open()


def sums(deals: Any) -> list[Money]:
    """What deals are worth, per currency, the most frequent first. Currencies are never added silently."""
    rows = deals.filter(amount_minor__isnull=False).order_by().values("currency")
    found = rows.annotate(sum=Sum("amount_minor"), n=Count("pk")).order_by("-n", "currency")
    return [Money(row["sum"], row["currency"]) for row in found]


def about(amounts: list[Money], on: date) -> Money | None:
    """All of it in the program's currency at the latest rates; None where a rate is missing."""
    base = Vendor.current().currency
    try:
        converted = [amount.convert(rate_on(amount.currency, on), base) for amount in amounts]
    except ValidationError:
        return None
    return sum(converted, Money(0, base))


def total(amounts: list[Money], on: date) -> str:
    """One figure where there is one currency, “about $6.3M” for several, else the sums side by side."""
    if len(amounts) == 1:
        return money_short(amounts[0])
    converted = about(amounts, on)
    if converted is not None:
        return (
            _("about %(amount)s") % {"amount": money_short(converted)} if amounts else money_short(converted)
        )
    return ", ".join(money_short(amount) for amount in amounts)


def by_stage(partner: Any, actor: Actor, on: date) -> dict[str, Any]:
    """The card of the open pipeline: one bar in stages with their sums, and the deals that end or close first."""
    deals = open_deals(partner, actor)
    rows = deals.filter(amount_minor__isnull=False).order_by()
    rows = rows.values("stage__name", "stage__position", "currency").annotate(sum=Sum("amount_minor"))
    stages: dict[tuple[int, str], list[Money]] = defaultdict(list)
    for row in rows:
        name = row["stage__name"] or _("No stage yet")
        stages[row["stage__position"] or 0, name].append(Money(row["sum"], row["currency"]))
    parts = [_part(name, amounts, on) for (_position, name), amounts in sorted(stages.items())]
    amounts = sums(deals)
    return {
        "n": deals.count(),
        "total": total(amounts, on),
        "bar": charts.stacked_bar(parts, title=_("Open pipeline by stage")) if parts else "",
        "legend": [
            {"label": p.label, "note": p.note, "tone": f"step-{min(n, 4) + 1}"} for n, p in enumerate(parts)
        ],
        "amounts": amounts,
    }


def _part(name: str, amounts: list[Money], on: date) -> charts.Part:
    converted = about(amounts, on)
    weight = converted.decimal if converted else sum(amount.decimal for amount in amounts)
    return charts.Part(name, float(weight), total(amounts, on))


def rows(deals: Any, at: datetime, portal: bool = False) -> list[dict[str, Any]]:
    """Rows of components/table.html for `columns`."""
    return [_row(deal, at, portal) for deal in deals]


def columns() -> list[dict[str, Any]]:
    return [
        {"key": "deal", "label": _("Deal")},
        {"key": "stage", "label": _("Stage")},
        {"key": "value", "label": _("Value"), "align": "right"},
        {"key": "close", "label": _("Close"), "align": "right", "phone": "hide"},
        {"key": "protection", "label": _("Protection"), "align": "right"},
    ]


def _row(deal: Deal, at: datetime, portal: bool) -> dict[str, Any]:
    cells = [
        {"template": "name", "value": deal.customer_name, "note": deal.number},
        {"template": "text", "value": deal.stage.name if deal.stage else ""},
        {"template": "money", "value": deal.amount, "align": "right"},
        {"template": "date", "value": deal.expected_close_on, "align": "right"},
        protection_cell(deal, at),
    ]
    return {
        "url": deal.portal_url if portal else deal.get_absolute_url(),
        "key": str(deal.pk),
        "cells": cells,
    }


def protection_cell(deal: Deal, at: datetime) -> dict[str, Any]:
    """The days that are left of a protection, or the registration's state where there is none."""
    if (
        deal.state not in rules.PROTECTED
        or not deal.ends_at
        or not deal.protected_from
        or not deal.protected_until
    ):
        return {"template": "state", "value": deal.state}
    whole = (deal.protected_until - deal.protected_from).days or 1
    left = (deal.ends_at - at).total_seconds() / 86_400
    if left <= 0:
        return {
            "template": "text",
            "value": _("ended %(day)s") % {"day": say_day(deal.protected_until, "near")},
        }
    return {
        "template": "due",
        "value": days_left(deal.ends_at),
        "used": min(max(1 - left / whole, 0), 1),
        "align": "right",
    }


def ending(partner: Any, actor: Actor, at: datetime) -> Any:
    """The deals to look at first: protections by their end, then those that wait for a decision."""
    found = open_deals(partner, actor).select_related("stage", "partner")
    return found.order_by("protected_until", "expected_close_on", "pk")[:MOST_SHOWN]
