"""Noting the day on which a tier is lost if nothing new happens."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from uuid import UUID

from core import bulk
from core.saving import save
from tiers.models import Position, Program
from tiers.outlook import risks


def note_risks(*, as_of: date, at: datetime, partner_ids: Iterable[UUID] | None = None) -> int:
    """Note, for every program, the day on which each partner's tier is lost if nothing new happens; returns how many
    tiers are at risk."""
    ids = None if partner_ids is None else list(partner_ids)
    return sum(_note(program, as_of, at, ids) for program in Program.objects.running())


def _note(program: Program, as_of: date, at: datetime, ids: list[UUID] | None) -> int:
    found = risks(program, as_of, ids)
    positions = Position.objects.filter(program=program)
    stale = positions.exclude(at_risk_on=None)
    if ids is not None:
        stale = stale.filter(partner__in=bulk.among(ids))
    stale.exclude(partner__in=list(found)).update(at_risk_on=None, at_risk_metric="", changed_at=at)
    for position in positions.filter(partner__in=list(found)):
        _note_one(position, *found[position.partner_id])
    return len(found)


def _note_one(position: Position, on: date, metric: str) -> None:
    if (position.at_risk_on, position.at_risk_metric) != (on, metric):
        position.at_risk_on, position.at_risk_metric = on, metric
        save(position)
