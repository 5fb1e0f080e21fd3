"""Lists of answers and of contributions, sent as CSV text: every line is recorded, known already, or refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.roles import Permission
from core.actors import Actor
from core.csv_lists import (
    ADDED,
    KNOWN,
    REFUSED,
    Line,
    Outcome,
    Report,
    Shape,
    day,
    filled,
    plain_cell,
    read,
)
from core.errors import Conflict
from core.models import Vendor
from events.actions import record
from outcomes import rules
from outcomes.actions.answers import record_answer
from outcomes.actions.contributions import record_contribution
from outcomes.models import SatisfactionAnswer, ValueContribution
from partners.models import Organization, Partner

ANSWERS = Shape(
    ("partner", "customer", "answered_on", "score", "scale_low", "scale_high"),
    ("question", "role", "reference"),
)
CONTRIBUTIONS = Shape(
    ("partner", "kind", "title", "occurred_on", "evidence"), ("customer", "quantity", "link", "reference")
)


class _TakenBack(Exception):
    """Ends the transaction of a dry run."""


def import_answers(*, by: Actor, text: str, at: datetime, dry_run: bool = False) -> Report:
    """Record a CSV list of answers: partner, customer, answered_on, score, scale_low, scale_high and, if wanted,
    question, role, reference. A line that is there already is known. Raises ValidationError where it is no such list.
    """
    by.must(Permission.ANSWER_RECORD)
    return _import(by, text, ANSWERS, _answer, "satisfaction.imported", at, dry_run)


def import_contributions(*, by: Actor, text: str, at: datetime, dry_run: bool = False) -> Report:
    """Record a CSV list of contributions: partner, kind, title, occurred_on, evidence and, if wanted, customer,
    quantity, link, reference. Each waits for someone to verify it. Raises ValidationError where it is no such list.
    """
    by.must(Permission.CONTRIBUTION_VERIFY)
    return _import(by, text, CONTRIBUTIONS, _contribution, "contribution.imported", at, dry_run)


@dataclass(frozen=True)
class Reading:
    """What lines are read with: who sends them, when, and the partners and customers that they may name."""

    by: Actor
    at: datetime
    partners: dict[str, list[Partner]]
    customers: dict[str, list[Organization]]

    def partner(self, name: str) -> Partner:
        return _one(self.partners.get(name.casefold(), []), _("partner"), name)  # type: ignore[no-any-return]

    def customer(self, name: str) -> Organization:
        return _one(self.customers.get(name.casefold(), []), _("customer"), name)  # type: ignore[no-any-return]


def _one(found: list[Any], what: str, name: str) -> Any:
    """Raises ValidationError where a name is nobody's, or several have it."""
    if not found:
        raise ValidationError(_("There is no %(what)s “%(name)s”.") % {"what": what, "name": name[:60]})
    if len(found) > 1:
        words = _("Several are called “%(name)s”; enter this one by hand.")
        raise ValidationError(words % {"name": name[:60]})
    return found[0]


Work = Callable[[dict[str, str], Reading], bool]


def _import(
    by: Actor, text: str, shape: Shape, work: Work, event: str, at: datetime, dry_run: bool
) -> Report:
    lines = list(read(text, shape))
    report = Report(saved=True)
    try:
        with transaction.atomic():
            report.outcomes = list(_outcomes(lines, work, _reading(by, at, lines)))
            if dry_run:
                raise _TakenBack
            data = {"added": report.added, "known": report.known, "refused": report.refused}
            record(event, Vendor.current(), by=by, at=at, data=data)
    except _TakenBack:
        report.saved = False
    return report


def _reading(by: Actor, at: datetime, lines: list[Line]) -> Reading:
    named = {column: {line.cells.get(column, "") for line in lines} for column in ("partner", "customer")}
    partners = Partner.objects.visible_to(by).filter(name__in=named["partner"])
    customers = Organization.objects.visible_to(by).standing().filter(name__in=named["customer"])
    return Reading(by, at, _by_name(partners), _by_name(customers))


def _by_name(rows: Any) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for row in rows.order_by("pk"):
        found.setdefault(row.name.casefold(), []).append(row)
    return found


def _outcomes(lines: list[Line], work: Work, reading: Reading) -> Iterator[Outcome]:
    for line in lines:
        name = plain_cell(line.cells.get("partner", ""))
        try:
            if line.refused:
                raise ValueError(line.refused)
            with transaction.atomic():
                is_new = work(line.cells, reading)
        except (ValidationError, Conflict, ValueError) as error:
            words = " ".join(error.messages) if isinstance(error, ValidationError) else str(error)
            yield Outcome(line.number, name, REFUSED, words)
        else:
            yield Outcome(line.number, name, ADDED if is_new else KNOWN)


def _answer(cells: dict[str, str], reading: Reading) -> bool:
    """Record one line; False where it is there already."""
    facts: dict[str, Any] = {
        "partner": reading.partner(filled("partner", cells["partner"])),
        "customer": reading.customer(filled("customer", cells["customer"])),
        "answered_on": day(filled("answered_on", cells["answered_on"])),
        **{name: _number(filled(name, cells[name])) for name in ("score", "scale_low", "scale_high")},
        "question": _code(cells.get("question", "") or rules.OVERALL, rules.QUESTIONS),
        "respondent_role": cells.get("role", ""),
    }
    reference = cells.get("reference", "")
    if not reference and SatisfactionAnswer.objects.filter(**facts).exists():
        return False
    made = record_answer(by=reading.by, at=reading.at, source=rules.IMPORT, external_ref=reference, **facts)
    return not made.is_repeat


def _contribution(cells: dict[str, str], reading: Reading) -> bool:
    """Record one line; False where it is there already."""
    quantity = cells.get("quantity", "") or "1"
    if not (quantity.isascii() and quantity.isdigit() and len(quantity) < 5):
        raise ValueError(_("“%(text)s” is not a whole number.") % {"text": quantity[:40]})
    facts: dict[str, Any] = {
        "partner": reading.partner(filled("partner", cells["partner"])),
        "kind": _code(filled("kind", cells["kind"]), rules.KINDS),
        "title": filled("title", cells["title"]),
        "occurred_on": day(filled("occurred_on", cells["occurred_on"])),
        "customer": reading.customer(cells["customer"]) if cells.get("customer") else None,
    }
    reference = cells.get("reference", "")
    if not reference and ValueContribution.objects.filter(**facts).exists():
        return False
    made = record_contribution(
        by=reading.by, at=reading.at, source=rules.IMPORT, external_ref=reference, quantity=int(quantity),
        evidence=cells.get("evidence", ""), evidence_url=cells.get("link", ""), **facts,
    )  # fmt: skip
    return not made.is_repeat


def _number(text: str) -> Decimal:
    try:
        found = Decimal(text) if len(text) < 12 and text.isascii() else None
    except InvalidOperation:
        found = None
    if found is None or not found.is_finite() or found != round(found, 2):
        raise ValueError(_("“%(text)s” is not a number such as 4.5.") % {"text": text[:40]})
    return found


def _code(text: str, known: dict[str, Any]) -> str:
    code = text.casefold().replace(" ", "_")
    if code not in known:
        words = _("There is no “%(text)s”. Write one of: %(codes)s.")
        raise ValueError(words % {"text": text[:40], "codes": ", ".join(known)})
    return code
