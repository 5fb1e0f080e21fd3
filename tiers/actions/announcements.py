"""Telling partners what an announced version means for them, calling it off, and noting that they have read it."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.roles import Permission
from core.actors import SYSTEM, Actor
from core.clock import day
from core.saving import lock, save
from events.actions import record
from tiers import diff
from tiers.announcing import sentences
from tiers.content import content_of
from tiers.impact import Impact, Move, impact_of, in_force_beside
from tiers.models import Announcement, ProgramVersion


@transaction.atomic
def announce_version(*, by: Actor, version: ProgramVersion, at: datetime) -> list[Announcement]:
    """Tell each partner for which a scheduled version changes something what that is, and from which day.

    In the transaction of the schedule, by the facts of its day; each partner once, however often this runs.
    """
    by.must(Permission.TIER_PUBLISH)
    assert version.effective_from is not None
    impact = impact_of(version, by=SYSTEM, on=day(at), starts_on=version.effective_from)
    known = set(version.announcements.filter(called_off_at=None).values_list("partner", flat=True))
    changes = _changes(version)
    told = [
        _tell(by, version, move, said, at)
        for move in impact.moves
        if move.partner_id not in known and (said := sentences(move, impact, changes))
    ]
    return told


def previewed(version: ProgramVersion, impact: Impact) -> list[tuple[Move, list[str]]]:
    """Whom an announcement would tell, and what."""
    changes = _changes(version)
    return [(move, said) for move in impact.moves if (said := sentences(move, impact, changes))]


def _changes(version: ProgramVersion) -> list[diff.Change]:
    before = in_force_beside(version)
    return list(diff.changes(content_of(before), content_of(version))) if before else []


def _tell(by: Actor, version: ProgramVersion, move: Move, said: list[str], at: datetime) -> Announcement:
    announcement = save(
        Announcement(
            partner_id=move.partner_id,
            program_version=version,
            effective_from=_first_day(version),
            change=move.change,
            held_code=move.held_code,
            then_code=move.then_code,
            sentences=said,
            created_at=at,
        )
    )
    _record("tier_announcement.made", announcement, by, at)
    return announcement


def _first_day(version: ProgramVersion) -> date:
    assert version.effective_from is not None
    return version.effective_from


@transaction.atomic
def call_off_announcements(*, by: Actor, version: ProgramVersion, at: datetime) -> list[Announcement]:
    """Tell the partners that were told that it does not come. Running it twice tells nobody twice."""
    by.must(Permission.TIER_PUBLISH)
    told = list(version.announcements.filter(called_off_at=None).select_related("program_version__program"))
    for announcement in told:
        announcement.called_off_at = at
        save(announcement)
        _record("tier_announcement.called_off", announcement, by, at)
    return told


@transaction.atomic
def acknowledge_announcement(*, by: Actor, announcement: Announcement, at: datetime) -> Announcement:
    """Somebody at the partner has read it. A second time changes nothing. Raises ValidationError (called off)."""
    by.must(Permission.TIER_ACKNOWLEDGE, on=announcement)
    announcement = lock(announcement)
    if announcement.called_off_at:
        raise ValidationError(_("This change was called off; there is nothing to acknowledge."))
    if announcement.acknowledged_at is None:
        announcement.acknowledged_at, announcement.acknowledged_by_id = at, by.user_id
        save(announcement)
        _record("tier_announcement.acknowledged", announcement, by, at)
    return announcement


def _record(name: str, announcement: Announcement, by: Actor, at: datetime) -> None:
    version = announcement.program_version
    data = {
        "program": version.program.code,
        "version": version.number,
        "effective_from": announcement.effective_from.isoformat(),
    }
    record(name, announcement, by=by, at=at, partner=announcement.partner, data=data)
