"""Leads from a list: checked first, then entered, with a report for each line."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.roles import Permission
from catalog.models import Product
from core.actors import Actor
from core.csv_lists import ADDED, KNOWN, REFUSED, Report, plain_cell
from core.models import Vendor
from events.actions import record
from leads.actions.entering import enter_lead
from leads.imports import Given, Outcome, read_rows
from leads.models import Lead, Specialty
from leads.querysets import known_leads


class _TakenBack(Exception):
    """Nothing of the list is kept."""


def import_leads(
    *,
    by: Actor,
    text: str,
    at: datetime,
    dry_run: bool = False,
    all_or_nothing: bool = False,
    route_now: bool = False,
) -> Report:
    """Enter a CSV list of leads; see `leads.imports` for its columns. A dry run does the same and takes it back.

    A line that is there already (its reference, or customer, country and address) is known, so the same list twice
    changes nothing. Bad lines are reported with line and reason; the others are entered, unless `all_or_nothing`.
    Raises ValidationError where the text is no such list.
    """
    by.must(Permission.LEAD_EDIT)
    rows = list(read_rows(text))
    report = Report(saved=True)
    try:
        with transaction.atomic():
            report.outcomes = list(_enter_rows(by, rows, at, route_now))
            if dry_run or (all_or_nothing and report.refused):
                raise _TakenBack
            data = {"added": report.added, "known": report.known, "refused": report.refused}
            record("leads.imported", Vendor.current(), by=by, at=at, data=data)
    except _TakenBack:
        report.saved = False
        report.outcomes = [_unnumbered(outcome) for outcome in report.outcomes]
    return report


def _unnumbered(outcome: Outcome) -> Outcome:
    """What was taken back has no number."""
    return (
        Outcome(outcome.line, outcome.customer, outcome.result, outcome.reason)
        if outcome.result == ADDED
        else outcome
    )


def _enter_rows(by: Actor, rows: list[Given | Outcome], at: datetime, route_now: bool) -> Iterator[Outcome]:
    codes = {
        "specialty": {specialty.code: specialty for specialty in Specialty.objects.active()},
        "products": {product.code: product for product in Product.objects.active()},
    }
    for row in rows:
        yield row if isinstance(row, Outcome) else _enter_row(by, row, codes, at, route_now)


def _enter_row(by: Actor, row: Given, codes: dict[str, Any], at: datetime, route_now: bool) -> Outcome:
    customer = plain_cell(row.facts["customer_name"])
    try:
        facts = _looked_up(row.facts, codes)
        if known := _known(facts):
            return Outcome(row.line, customer, KNOWN, number=known.number)
        with transaction.atomic():
            lead = enter_lead(by=by, at=at, route_now=route_now, **facts)
        return Outcome(row.line, customer, ADDED, number=lead.number)
    except ValidationError as error:
        return Outcome(row.line, customer, REFUSED, _said(error))


def _looked_up(facts: dict[str, Any], codes: dict[str, Any]) -> dict[str, Any]:
    """Codes become rows. Raises ValidationError for an unknown one."""
    found = dict(facts)
    if text := found.get("specialty"):
        found["specialty"] = _row("specialty", text, codes)
    if text := found.get("products"):
        parts = text.replace("|", " ").replace(";", " ").replace(",", " ").split()
        found["products"] = [_row("products", part, codes) for part in parts]
    return found


def _row(name: str, code: str, codes: dict[str, Any]) -> Any:
    if code not in codes[name]:
        words = _("“%(code)s” is not known; choose one of %(codes)s.")
        raise ValidationError({name: words % {"code": code[:40], "codes": ", ".join(codes[name])}})
    return codes[name][code]


def _known(facts: dict[str, Any]) -> Lead | None:
    reference = facts.get("external_ref", "")
    if reference:
        return Lead.objects.filter(external_ref=reference).first()
    names = ("customer_name", "country", "contact_email")
    return known_leads(Lead(**{name: facts.get(name, "") for name in names})).first()


def _said(error: ValidationError) -> str:
    """The refusal in one line, with the columns that it is about."""
    if not hasattr(error, "error_dict"):
        return " ".join(error.messages)
    lines = [
        f"{name}: {' '.join(m for e in found for m in e.messages)}"
        for name, found in error.error_dict.items()
    ]
    return " ".join(lines)[:400]
