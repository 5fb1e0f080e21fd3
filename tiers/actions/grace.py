"""The time that a partner has to win back what its tier asks for."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from core.actors import Actor
from core.saving import lock, save
from events.actions import record
from tiers import rules
from tiers.models import Grace, Standing


@transaction.atomic
def start_grace(*, by: Actor, standing: Standing, missing: list[str], on: date, at: datetime) -> Grace:
    """What the tier asks for is no longer met: it stays for the program's days of grace. Called by the recalculation.

    `missing` are the keys of the facts that fall short.
    """
    days = standing.tier.program_version.settings["downgrade_grace_days"]
    grace = Grace(
        partner=standing.partner,
        program_id=standing.program_id,
        standing=standing,
        starts_on=on,
        ends_on=rules.grace_end(on, days),
        missing=missing,
        created_at=at,
    )
    save(grace)
    data = {"tier": standing.tier.code, "ends_on": grace.ends_on, "missing": missing}
    record("tier.grace_started", grace, by=by, at=at, partner=standing.partner, data=data)
    return grace


@transaction.atomic
def end_grace(*, by: Actor, grace: Grace, outcome: str, on: date, at: datetime) -> Grace:
    """The grace period is over: what was missing came back, the tier fell, it was overridden, or the partner left."""
    grace = lock(grace)
    grace.closed_on, grace.outcome = on, outcome
    save(grace)
    data = {"tier": grace.standing.tier.code, "outcome": outcome}
    record("tier.grace_ended", grace, by=by, at=at, partner=grace.partner, data=data)
    return grace


def close_grace(by: Actor, partner_id: UUID, program_id: UUID, outcome: str, on: date, at: datetime) -> None:
    """End the grace period that runs for a partner in a program, if one does."""
    if grace := Grace.objects.open().filter(partner=partner_id, program=program_id).first():
        end_grace(by=by, grace=grace, outcome=outcome, on=on, at=at)
