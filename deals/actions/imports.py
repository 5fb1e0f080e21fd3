"""Registrations from a file: take the file in, register its lines once somebody says so, call it off."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.roles import Permission
from core.actors import Actor
from core.errors import Conflict
from core.jobs import doorbell
from core.saving import lock, save
from deals import rules
from deals.imports import columns, reading
from deals.models import DealImport, DealImportRow
from events.actions import record
from files.rules import clean_name
from partners.models import Partner

MOST_AT_WORK = 3


@transaction.atomic
def start_import(
    *, by: Actor, partner: Partner, name: str, content: bytes, submits: bool, at: datetime
) -> DealImport:
    """Take a CSV file of registrations in; a worker says next, line by line, what would become of it.

    `submits`: send what is complete; else keep all as drafts. Raises ValidationError (the file cannot be read),
    Conflict (the partner is not active; too many at once).
    """
    by.must(Permission.DEAL_REGISTER, on=partner)
    if by.user_id is None:
        raise PermissionDenied(_("A file comes from a person."))
    if not partner.is_active:
        raise Conflict(_("Deals can be registered once the partner is active."), code="partner_not_active")
    if DealImport.objects.filter(user=by.user_id, partner=partner).at_work().count() >= MOST_AT_WORK:
        raise Conflict(
            _("%(n)s of your files are being worked on. Wait for one.") % {"n": MOST_AT_WORK}, code="many"
        )
    try:
        table = reading.read(content)
        keys, unknown = columns.mapped(table.header)
    except ValidationError as error:
        raise ValidationError({"file": error.messages}) from error
    found = DealImport(
        partner=partner, user_id=by.user_id, is_of_vendor=by.is_vendor, name=clean_name(name) or "deals.csv",
        submits=submits, encoding=table.encoding, delimiter=table.delimiter, unknown_columns=unknown[:60],
        of=len(table.lines), created_at=at,
    )  # fmt: skip
    save(found)
    DealImportRow.objects.bulk_create(_rows(found, table, keys))
    data = {"rows": found.of, "submits": submits}
    record("deal_import.started", found, by=by, at=at, partner=partner, data=data)
    transaction.on_commit(lambda: doorbell("deals.tasks.work_on_imports"))
    return found


def _rows(found: DealImport, table: reading.Table, keys: list[str]) -> list[DealImportRow]:
    """A row per line; what can be said without looking anything up is said now."""
    lines: dict[str, int] = {}
    return [_row(found, line, keys, lines) for line in table.lines]


def _row(found: DealImport, line: reading.Line, keys: list[str], lines: dict[str, int]) -> DealImportRow:
    values = {key: cell for key, cell in zip(keys, line.cells, strict=False) if key and cell}
    row = DealImportRow(deal_import=found, line=line.number, values=values, created_at=found.created_at)
    if len(line.cells) > len(keys):
        _refuse(row, "", _("This line has more cells than the header has columns."))
    reference = values.get("external_ref", "")
    if reference and reference in lines:
        words = _("This reference stands on line %(n)s too.")
        _refuse(row, "external_ref", words % {"n": lines[reference]})
    elif reference:
        lines[reference] = line.number
    return row


def _refuse(row: DealImportRow, column: str, reason: str) -> None:
    row.outcome, row.is_done = rules.REFUSED_ROW, True
    row.problems = [*row.problems, {"column": column, "reason": reason}]


@transaction.atomic
def confirm_import(*, by: Actor, deal_import: DealImport, at: datetime) -> DealImport:
    """Register the lines of a checked file. Raises Conflict (not checked yet, done already)."""
    by.must(Permission.DEAL_REGISTER, on=deal_import)
    deal_import = _move(deal_import, "confirm", attempts=0, lease_until=None)
    _note(by, deal_import, "confirm", at)
    transaction.on_commit(lambda: doorbell("deals.tasks.work_on_imports"))
    return deal_import


@transaction.atomic
def cancel_import(*, by: Actor, deal_import: DealImport, at: datetime) -> DealImport:
    """Call a file off; what was registered from it stays. Raises Conflict where it is finished."""
    by.must(Permission.DEAL_REGISTER, on=deal_import)
    deal_import = _move(deal_import, "cancel", finished_at=at)
    _note(by, deal_import, "cancel", at)
    return deal_import


def _note(
    by: Actor, deal_import: DealImport, move: str, at: datetime, data: dict[str, Any] | None = None
) -> None:
    partner = deal_import.partner
    record(rules.EVENT_OF_IMPORT[move], deal_import, by=by, at=at, partner=partner, data=data)


@transaction.atomic
def _move(deal_import: DealImport, move: str, **facts: Any) -> DealImport:
    deal_import = lock(deal_import)
    deal_import.state = rules.IMPORT.after(deal_import.state, move)
    for name, value in facts.items():
        setattr(deal_import, name, value)
    return save(deal_import)


def remove_old_imports(*, at: datetime) -> int:
    """Files and their lines go after a month: they hold names of people; returns how many."""
    old = DealImport.objects.filter(created_at__lt=at - timedelta(days=rules.DAYS_KEPT))
    return int(old.delete()[1].get("deals.DealImport", 0))
