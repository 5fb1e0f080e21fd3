"""Partners' contributions: recorded by either side, verified or declined by another person."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.roles import Permission
from core.actors import Actor
from core.clock import day
from core.saving import lock, save
from events.actions import record
from metrics.actions import touch
from outcomes import rules
from outcomes.actions.answers import require_past
from outcomes.actions.repeats import with_reference
from outcomes.models import ValueContribution
from partners.models import Organization, Partner


@transaction.atomic
def record_contribution(
    *,
    by: Actor,
    partner: Partner,
    kind: str,
    title: str,
    occurred_on: date,
    at: datetime,
    customer: Organization | None = None,
    quantity: int = 1,
    evidence: str = "",
    evidence_url: str = "",
    external_ref: str = "",
    source: str = rules.ENTERED,
) -> ValueContribution:
    """Record what a partner contributed. It counts once another person has verified it.

    The same reference with the same facts answers with the first one. Raises ValidationError (a day in the future, no
    evidence), Conflict (the reference belongs to other facts).
    """
    by.must(Permission.CONTRIBUTION_RECORD, on=partner)
    require_past("occurred_on", occurred_on, day(at))
    if not (evidence.strip() or evidence_url):
        raise ValidationError({"evidence": _("Say where it can be seen, in words or by a link.")})
    facts = {
        "kind": kind, "title": title.strip(), "occurred_on": occurred_on, "customer": customer, "quantity": quantity,
        "evidence": evidence.strip(), "evidence_url": evidence_url,
    }  # fmt: skip
    if found := with_reference(ValueContribution, partner, external_ref, facts):
        return found
    contribution = ValueContribution(
        partner=partner, **facts, external_ref=external_ref.strip(), source=source, recorded_by_id=by.user_id,
        created_at=at,
    )  # fmt: skip
    save(contribution)
    data = {"kind": kind, "occurred_on": occurred_on, "quantity": quantity, "source": source}
    _note("contribution.recorded", contribution, by, at, data)
    return contribution


@transaction.atomic
def verify_contribution(*, by: Actor, contribution: ValueContribution, at: datetime) -> ValueContribution:
    """Another person says that it is so; now it counts. Raises PermissionDenied (who recorded it), Conflict."""
    by.must(Permission.CONTRIBUTION_VERIFY, on=contribution)
    if by.user_id and by.user_id == contribution.recorded_by_id:
        raise PermissionDenied(_("Another person than the one who recorded it verifies it."))
    facts = {"verified_by_id": by.user_id, "verified_on": day(at)}
    data = {"kind": contribution.kind, "quantity": contribution.quantity}
    return _move(by, contribution, "verify", at, data, **facts)


@transaction.atomic
def decline_contribution(
    *, by: Actor, contribution: ValueContribution, why: str, at: datetime
) -> ValueContribution:
    """It is not counted, or no longer. The partner reads why. Raises ValidationError (no reason), Conflict (again)."""
    by.must(Permission.CONTRIBUTION_VERIFY, on=contribution)
    if not why.strip():
        raise ValidationError({"why": _("Say why it is not counted.")})
    facts = {"declined_on": day(at), "decline_reason": why.strip()}
    return _move(by, contribution, "decline", at, {"kind": contribution.kind}, **facts)


EVENTS = {"verify": "contribution.verified", "decline": "contribution.declined"}


def _move(
    by: Actor, contribution: ValueContribution, move: str, at: datetime, data: dict[str, Any], **facts: Any
) -> ValueContribution:
    fresh = lock(contribution)
    fresh.state = rules.LIFECYCLE.after(fresh.state, move)
    for name, value in facts.items():
        setattr(fresh, name, value)
    save(fresh)
    _note(EVENTS[move], fresh, by, at, data)
    return fresh


def _note(event: str, contribution: ValueContribution, by: Actor, at: datetime, data: dict[str, Any]) -> None:
    touch(contribution.partner_id, at=at)
    record(event, contribution, by=by, at=at, partner=contribution.partner, data=data)
