"""The matrix of partners and gates: one state per gate from the records that are there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from compliance import rules
from compliance.models import Gate, GateRecord
from core.templatetags.ui import day as say_day

ORDER = (rules.VALID, rules.EXPIRING, rules.EXPIRED, rules.REVOKED, rules.NONE)


def best(records: Iterable[GateRecord], on: date, expiring_days: int) -> tuple[str, GateRecord | None]:
    """The state of a gate on a day, and the record that it comes from (of two alike the one that lasts longer)."""
    judged = [
        (ORDER.index(record.state(on, expiring_days)), -record.valid_until.toordinal(), record)
        for record in records
    ]
    if not judged:
        return rules.NONE, None
    state, _longest, record = min(judged, key=lambda found: found[:2])
    return ORDER[state], None if ORDER[state] == rules.NONE else record


def cell(gate: Gate, records: Iterable[GateRecord], on: date, expiring_days: int) -> dict[str, Any]:
    """A gate's state as a table's cell shows it: icon and words."""
    state, record = best((r for r in records if r.gate_id == gate.pk), on, expiring_days)
    if record is None:
        return {"state": "not_started", "word": _("Not passed"), "record": None}
    words = {
        rules.VALID: _("until %(day)s"),
        rules.EXPIRING: _("until %(day)s"),
        rules.EXPIRED: _("ended %(day)s"),
        rules.REVOKED: _("revoked %(day)s"),
    }
    on_day = record.revoked_on if state == rules.REVOKED else record.valid_until
    return {"state": state, "word": words[state] % {"day": say_day(on_day)}, "record": record}
