"""What can be done with gates."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.roles import Permission
from catalog.querysets import reason
from compliance import rules
from compliance.models import Gate, GateRecord
from core.actors import SYSTEM, Actor
from core.clock import day
from core.errors import Conflict
from core.saving import lock, save
from events.actions import record
from files.actions import attach
from metrics.actions import touch
from partners.models import Partner

BATCH = 200


@transaction.atomic
def record_gate(
    *,
    by: Actor,
    partner: Partner,
    gate: Gate,
    passed_on: date,
    at: datetime,
    valid_until: date | None = None,
    evidence: str = "",
    upload: Any = None,
) -> GateRecord:
    """Record that a partner passed a gate; without `valid_until` the gate's months of validity count.

    Raises ValidationError: no evidence (a reference or a file), a day in the future, the same day twice.
    """
    by.must(Permission.GATE_RECORD, on=partner)
    _require_record(gate, passed_on, evidence, upload, day(at))
    passed = GateRecord(
        partner=partner,
        gate=gate,
        passed_on=passed_on,
        valid_until=valid_until or rules.last_valid_day(passed_on, gate.validity_months),
        evidence=evidence.strip(),
        recorded_by_id=by.user_id,
        created_at=at,
    )
    if passed.valid_until < day(at):
        passed.expiry_noted_on = passed.valid_until + timedelta(
            days=1
        )  # history: nobody is told of an old expiry
    save(passed)
    if upload:
        attach(by=by, kind="gate", subject=passed, partner=partner, upload=upload, at=at)
    _note("gate.passed", passed, by, at, {"gate": gate.code, "valid_until": passed.valid_until})
    return passed


def _require_record(gate: Gate, passed_on: date, evidence: str, upload: Any, today: date) -> None:
    if passed_on > today:
        raise ValidationError({"passed_on": _("This day lies in the future.")})
    if passed_on.year < 2000:
        raise ValidationError({"passed_on": _("This day is too long ago.")})
    if not gate.is_active:
        raise ValidationError({"gate": _("This gate is no longer in use.")})
    if not evidence.strip() and not upload:
        raise ValidationError({"evidence": _("Say what proves it, or attach the document.")})


@transaction.atomic
def revoke_gate(
    *, by: Actor, gate_record: GateRecord, reason_code: str, at: datetime, comment: str = ""
) -> GateRecord:
    """From today the record no longer counts. Raises ValidationError (reason), Conflict (revoked already)."""
    by.must(Permission.GATE_RECORD, on=gate_record)
    code = reason("gate_revocation", reason_code)
    if code.requires_comment and not comment.strip():
        raise ValidationError({"comment": _("This reason needs a comment.")})
    gate_record = lock(gate_record)
    if gate_record.revoked_on:
        raise Conflict(_("This record is revoked already."), code="closed_move")
    gate_record.revoked_on = day(at)
    gate_record.revocation_reason, gate_record.revocation_comment = code.code, comment.strip()
    save(gate_record)
    _note("gate.revoked", gate_record, by, at, {"gate": gate_record.gate.code, "reason": code.code})
    return gate_record


def expire_gates(*, at: datetime) -> int:
    """Tell, once each, of the gates that have run out before today; returns how many."""
    told = 0
    while batch := list(GateRecord.objects.lapsed(day(at)).values_list("pk", flat=True)[:BATCH]):
        told += _expire(batch, at)
    return told


@transaction.atomic
def _expire(ids: list[UUID], at: datetime) -> int:
    told = 0
    for passed in GateRecord.objects.filter(pk__in=ids).select_related("gate", "partner"):
        fresh = lock(passed)
        if fresh.expiry_noted_on is None:
            fresh.expiry_noted_on = day(at)
            save(fresh)
            _note(
                "gate.expired",
                fresh,
                SYSTEM,
                at,
                {"gate": passed.gate.code, "valid_until": fresh.valid_until},
            )
            told += 1
    return told


def _note(event: str, passed: GateRecord, by: Actor, at: datetime, data: dict[str, Any]) -> None:
    touch(passed.partner_id, at=at)
    record(event, passed, by=by, at=at, partner=passed.partner, data=data)
