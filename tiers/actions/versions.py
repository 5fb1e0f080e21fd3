"""A version's way: drafted, reviewed, approved, announced, in force, superseded."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max, Q
from django.utils.translation import gettext as _

from accounts.roles import Permission
from core.actors import SYSTEM, Actor
from core.clock import day
from core.saving import lock, save
from core.templatetags.ui import day as say_day
from events.actions import record
from events.models import Event
from tiers import rules
from tiers.content import content_of, write
from tiers.models import Program, ProgramVersion


@transaction.atomic
def draft_version(*, by: Actor, version: ProgramVersion, at: datetime) -> ProgramVersion:
    """A new draft that says what a version says; whatever is in force stays as it is."""
    by.must(Permission.TIER_DRAFT)
    program = lock(version.program)
    highest = program.versions.aggregate(n=Max("number"))["n"] or 0
    draft = ProgramVersion(
        program=program, number=highest + 1, name=version.name, drafted_by_id=by.user_id, created_at=at
    )
    write(draft, content_of(version))
    data = {"program": program.code, "number": draft.number, "changes": 0}
    record("program_version.drafted", draft, by=by, at=at, data=data)
    return draft


@transaction.atomic
def submit_version(*, by: Actor, version: ProgramVersion, at: datetime) -> ProgramVersion:
    """The draft waits for another person's review. Raises ValidationError (no tier), Conflict (no draft)."""
    by.must(Permission.TIER_DRAFT)
    if not version.tiers.exists():
        raise ValidationError(_("A version without a tier cannot be reviewed."))
    return _move(by, lock(version), "submit", at)


@transaction.atomic
def return_version(*, by: Actor, version: ProgramVersion, at: datetime, reason: str) -> ProgramVersion:
    """Back to a draft, with what is to be changed. Raises ValidationError (no reason), Conflict."""
    by.must(Permission.TIER_PUBLISH)
    if not reason.strip():
        raise ValidationError({"reason": _("Say what is to be changed.")})
    version = lock(version)
    version.approved_by = None
    return _move(by, version, "return", at, reason=reason.strip())


@transaction.atomic
def approve_version(*, by: Actor, version: ProgramVersion, at: datetime) -> ProgramVersion:
    """The version may be announced. Raises PermissionDenied (its drafter, or who changed it), Conflict."""
    by.must(Permission.TIER_PUBLISH)
    version = lock(version)
    if has_drafted(by, version):
        raise PermissionDenied(_("Whoever drafted the version does not approve it."))
    version.approved_by_id = by.user_id
    return _move(by, version, "approve", at)


def has_drafted(by: Actor, version: ProgramVersion) -> bool:
    """Whether somebody has made the draft or changed it: a second person approves it."""
    if by.is_system:
        return False
    if by.user_id is not None and by.user_id == version.drafted_by_id:
        return True
    drafted = Event.objects.about(version).filter(type="program_version.drafted")
    own = Q(actor_user=by.user_id) if by.user_id else Q(actor_key_id=by.key_id)
    return drafted.filter(own).exists()


def earliest_day(version: ProgramVersion, on: date) -> date:
    """The first day on which an approved version may come into force when it is announced on a day: after the notice
    that the version in force promises; at once where the program has none in force yet."""
    active = version.program.versions.active().first()
    days = active.settings.get("notice_days", 0) if active else 0
    return on + timedelta(days=days)


@transaction.atomic
def schedule_version(
    *, by: Actor, version: ProgramVersion, effective_from: date, at: datetime
) -> ProgramVersion:
    """Announce the version: each partner that it changes something for is told its own change and the day.

    Raises ValidationError (earlier than the notice), Conflict (not approved, another one is announced).
    """
    by.must(Permission.TIER_PUBLISH)
    version = lock(version)
    earliest = earliest_day(version, day(at))
    if effective_from < earliest:
        words = _("Partners are promised notice: %(day)s is the earliest day.")
        raise ValidationError({"effective_from": words % {"day": say_day(earliest)}})
    version.announced_on, version.effective_from = day(at), effective_from
    return _move(by, version, "schedule", at, effective_from=effective_from)


@transaction.atomic
def call_off_version(*, by: Actor, version: ProgramVersion, at: datetime, reason: str) -> ProgramVersion:
    """What was announced does not come; the partners who were told are told. Raises ValidationError, Conflict."""
    by.must(Permission.TIER_PUBLISH)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why it does not come.")})
    version = lock(version)
    version.announced_on = version.effective_from = None
    return _move(by, version, "call_off", at, reason=reason.strip())


@transaction.atomic
def begin_program(
    *, by: Actor, version: ProgramVersion, at: datetime, since: date | None = None
) -> ProgramVersion:
    """A program's first version comes into force: nobody has a tier yet, so nobody needs notice.

    `since` is the day from which a program that was run before has held these rules; today unless said. Raises
    ValidationError (a day that is to come), Conflict (the version is no draft, or another one is in force).
    """
    by.must(Permission.TIER_PUBLISH)
    since = since or day(at)
    if since > day(at):
        raise ValidationError({"since": _("This day is still to come: announce the version instead.")})
    version = lock(version)
    for move in ("submit", "approve"):
        _move(by, version, move, at)
    version.announced_on = version.effective_from = since
    _move(by, version, "schedule", at, effective_from=since)
    return _activate(by, version, at)


def activate_due_versions(*, at: datetime) -> list[ProgramVersion]:
    """Announced versions whose day has come come into force; those before them are superseded."""
    due = ProgramVersion.objects.due(day(at)).order_by("program", "number")
    return [found for version in due if (found := _activate_due(version, at))]


@transaction.atomic
def _activate_due(version: ProgramVersion, at: datetime) -> ProgramVersion | None:
    version = lock(version)
    return _activate(SYSTEM, version, at) if version.state == rules.SCHEDULED else None


def _activate(by: Actor, version: ProgramVersion, at: datetime) -> ProgramVersion:
    program = lock(Program.objects.get(pk=version.program_id))
    before = program.versions.active().first()
    if before:
        _move(by, lock(before), "supersede", at)
    return _move(by, version, "activate", at, replaces=before.number if before else None)


EVENT_OF_MOVE = {
    "submit": "program_version.submitted",
    "return": "program_version.returned",
    "approve": "program_version.approved",
    "schedule": "program_version.scheduled",
    "call_off": "program_version.called_off",
    "activate": "program_version.activated",
    "supersede": "program_version.superseded",
}


def _move(by: Actor, version: ProgramVersion, move: str, at: datetime, **data: object) -> ProgramVersion:
    version.state = rules.LIFECYCLE.after(version.state, move)
    save(version)
    stated = {"program": version.program.code, "number": version.number, **data}
    record(EVENT_OF_MOVE[move], version, by=by, at=at, data=stated)
    return version
