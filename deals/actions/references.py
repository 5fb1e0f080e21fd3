"""A partner's own reference makes a registration happen once: the same facts get the first one, others are refused."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from hashlib import sha256
from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from core.actors import Actor
from core.errors import Conflict
from core.money import Money
from deals import rules
from deals.models import Deal
from partners.models import Partner


def with_reference(by: Actor, partner: Partner, facts: dict[str, Any]) -> Deal | None:
    """The registration that carries the reference of these facts already; None where there is none.

    Raises Conflict where a colleague's, which the actor does not see, carries it.
    """
    reference = str(facts.get("external_ref") or "").strip()
    found = Deal.objects.filter(partner=partner, external_ref=reference).first() if reference else None
    if found and by.own_only and not Deal.objects.visible_to(by).filter(pk=found.pk).exists():
        raise Conflict(
            _("Another registration of your company carries this reference."), code="reference_taken"
        )
    return found


def require_same(deal: Deal, facts: dict[str, Any]) -> Deal:
    """The registration, marked as a repeat. Raises Conflict, naming the fields, where the facts are others."""
    if deal.reference_facts != fingerprint(facts) and (others := differing(deal, facts)):
        words = _(
            "The reference %(reference)s belongs to %(number)s, which says something else about: %(fields)s."
        )
        named = ", ".join(
            str(rules.FIELD_LABELS.get(name, name.replace("_", " "))).lower() for name in others
        )
        shown = {"reference": deal.external_ref, "number": deal.number, "fields": named}
        raise Conflict(words % shown, code="reference_reused")
    deal.is_repeat = True
    return deal


def differing(deal: Deal, facts: dict[str, Any]) -> list[str]:
    """The names of the facts that the registration states otherwise."""
    plain = {name: _plain(value) for name, value in facts.items() if name not in ("organization", "products")}
    others = [name for name, value in plain.items() if value != _plain(getattr(deal, name))]
    if "products" in facts and _plain(list(facts["products"])) != _plain(list(deal.products.all())):
        others.append("products")
    if deal.is_customer_known and facts.get("organization") and facts["organization"] != deal.organization:
        others.append("customer_name")
    return others


def fingerprint(facts: dict[str, Any]) -> str:
    """One hash of what was said; what was left out and what was left empty are the same."""
    said = {name: _plain(value) for name, value in facts.items() if _plain(value) not in ("", [], False)}
    return sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _plain(value: Any) -> Any:
    """A fact as plain JSON; nothing is "" whatever kind it is of."""
    if isinstance(value, Money):
        return [value.minor, value.currency]
    if isinstance(value, models.Model):
        return str(value.pk)
    if isinstance(value, bool):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Iterable) and not isinstance(value, str):
        return sorted(_plain(item) for item in value)
    return "" if value is None else str(value).strip()
