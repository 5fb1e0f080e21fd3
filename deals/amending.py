"""How the facts of a registration are written down in an amendment, read back, and shown side by side."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from catalog.models import Product
from core.money import Money
from core.templatetags.ui import day as say_day
from core.templatetags.ui import money
from deals import rules
from deals.models import Deal

DATES = ("expected_close_on", "tender_deadline_on")
HELP_WORDS = {
    "none": _lazy("No help"),
    "share": _lazy("Share what you know"),
    "co_sell": _lazy("Sell together"),
}
PROCUREMENT_WORDS = {
    "": _lazy("Not known yet"), "private": _lazy("Private, no tender"), "framework": _lazy("Framework agreement"),
    "tender": _lazy("Public tender"), "direct_award": _lazy("Direct award"),
}  # fmt: skip
LABELS = {
    **{name: label for name, label in rules.FIELD_LABELS.items() if name in rules.AMENDABLE},
    "help_wanted": _lazy("Help wanted"),
    "procurement_route": _lazy("Procurement"),
}


def written(name: str, value: Any) -> Any:
    """A fact as JSON: products by code, amounts with their currency, days as ISO text, nothing as ""."""
    if name == "products":
        return sorted(product.code for product in value)
    if isinstance(value, Money):
        return value.as_json()
    return value.isoformat() if isinstance(value, date) else value or ""


def read(name: str, stored: Any) -> Any:
    """The fact that was written down, as the actions take it."""
    if name == "products":
        return list(Product.objects.filter(code__in=stored).order_by("code"))
    if name == "amount":
        return Money.parse(stored["amount"], stored["currency"]) if stored else None
    if name in DATES:
        return date.fromisoformat(stored) if stored else None
    return stored


def present(deal: Deal, name: str) -> Any:
    """What the registration says now, as JSON."""
    return written(name, deal.products.all() if name == "products" else getattr(deal, name))


def differences(deal: Deal, facts: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Of the facts that are asked for those that differ, each old and new. Raises TypeError for one that stays."""
    if unknown := set(facts) - set(rules.AMENDABLE):
        raise TypeError(f"An amendment does not change {sorted(unknown)}.")
    pairs = {name: {"old": present(deal, name), "new": written(name, value)} for name, value in facts.items()}
    return {name: pair for name, pair in pairs.items() if pair["old"] != pair["new"]}


def wanted(changes: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The new facts of an amendment."""
    return {name: read(name, pair["new"]) for name, pair in changes.items()}


def added(changes: dict[str, dict[str, Any]]) -> list[Product]:
    """The products that an amendment adds."""
    return read("products", _codes(changes, "new") - _codes(changes, "old"))  # type: ignore[no-any-return]


def removed(changes: dict[str, dict[str, Any]]) -> list[Product]:
    """The products that an amendment takes away."""
    return read("products", _codes(changes, "old") - _codes(changes, "new"))  # type: ignore[no-any-return]


def listed(changes: dict[str, dict[str, Any]]) -> str:
    """The names of what changes, in one line."""
    return ", ".join(str(LABELS[name]).lower() for name in rules.AMENDABLE if name in changes)


def shown(name: str, stored: Any) -> str:
    """A stored fact as people read it."""
    value = read(name, stored)
    if name == "products":
        return ", ".join(product.name for product in value) or _("none")
    if name == "amount":
        return money(value) if value else _("none")
    if name in DATES:
        return say_day(value) if value else _("none")
    words = {"help_wanted": HELP_WORDS, "procurement_route": PROCUREMENT_WORDS}.get(name, {})
    return str(words.get(value, value)) or _("none")


def lines(changes: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """The changes side by side: what it is, the old value, the new one."""
    return [
        {
            "label": LABELS[name],
            "old": shown(name, changes[name]["old"]),
            "new": shown(name, changes[name]["new"]),
        }
        for name in rules.AMENDABLE
        if name in changes
    ]


def _codes(changes: dict[str, dict[str, Any]], side: str) -> set[str]:
    codes: Iterable[str] = changes.get("products", {}).get(side, ())
    return set(codes)
