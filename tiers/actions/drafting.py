"""Changing a draft, part by part or as a whole. Nothing that is announced or in force is ever edited in place.

Each verb changes the draft's plain form (tiers.portable), has the whole read and checked as a file would be, and writes
it. What is refused comes back at the field that it is about.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.roles import Permission
from core.actors import Actor
from core.errors import Conflict
from core.program_file import ProgramFileError
from core.saving import lock
from events.actions import record
from tiers import rules
from tiers.content import Content, content_of, write
from tiers.diff import differences
from tiers.models import Program, ProgramVersion
from tiers.portable import Plain, from_plain, from_yaml, plain, refused

Edit = Callable[[Plain], None]


# The whole --------------------------------------------------------------------------------------------------------


@transaction.atomic
def import_version(*, by: Actor, program: Program, text: str, at: datetime) -> ProgramVersion:
    """A new draft of a program from YAML. Raises ValidationError naming line and path of whatever is wrong."""
    by.must(Permission.TIER_DRAFT)
    content = read_yaml(text)
    program = lock(program)
    highest = program.versions.aggregate(n=Max("number"))["n"] or 0
    draft = ProgramVersion(program=program, number=highest + 1, drafted_by_id=by.user_id, created_at=at)
    return _write(by, draft, None, content, at)


@transaction.atomic
def replace_draft(*, by: Actor, version: ProgramVersion, content: Plain, at: datetime) -> ProgramVersion:
    """The draft says what the plain content says. Raises ValidationError naming the path, Conflict (no draft)."""
    version = _draft(by, version)
    try:
        found = from_plain(content)
    except ProgramFileError as error:
        raise refused(error) from error
    return _write(by, version, content_of(version), found, at)


def read_yaml(text: str) -> Content:
    """Raises ValidationError naming line and path of whatever is wrong."""
    try:
        return from_yaml(text)
    except ProgramFileError as error:
        raise refused(error) from error


# Its parts ----------------------------------------------------------------------------------------------------------


@transaction.atomic
def change_settings(
    *, by: Actor, version: ProgramVersion, at: datetime, name: str, **settings: Any
) -> ProgramVersion:
    """The draft's name and its settings (values as the YAML says them).

    With another evaluation window, requirements that were counted over the one before are counted over it. Raises
    ValidationError (a metric that is not counted over it), Conflict.
    """

    def edit(data: Plain) -> None:
        data["name"] = name
        before = data["settings"].get("evaluation_window")
        data["settings"] |= settings
        _count_anew(data, before, data["settings"].get("evaluation_window"))

    return _edit(by, version, edit, at, within="settings")


def _count_anew(data: Plain, before: str | None, year: str | None) -> None:
    """Requirements that were counted over the program's year before are counted over its year now."""
    for tier in data["tiers"].values() if year else ():
        for need in tier["requirements"]:
            if need["window"] == before:
                need["window"] = year


@transaction.atomic
def set_tier(*, by: Actor, version: ProgramVersion, code: str, at: datetime, **facts: Any) -> ProgramVersion:
    """Add a tier, or change one: name, rank, colour, upgrade, margin, co_marketing, investment as text.

    Raises ValidationError (ranks that clash, margins that overlap, a range that is none), Conflict (no draft).
    """

    def edit(data: Plain) -> None:
        tier = data["tiers"].setdefault(code, {"requirements": [], "benefits": {}})
        tier |= facts

    return _edit(by, version, edit, at, within=f"tiers.{code}")


@transaction.atomic
def remove_tier(*, by: Actor, version: ProgramVersion, code: str, at: datetime) -> ProgramVersion:
    """The draft no longer has the tier; who holds it stands in the next lower one once the version is in force."""
    return _edit(by, version, lambda data: data["tiers"].pop(code, None), at)


@transaction.atomic
def set_group(
    *, by: Actor, version: ProgramVersion, tier: str, code: str, at: datetime, **facts: Any
) -> ProgramVersion:
    """Add a group of requirements, or change its name, rule and number. Raises ValidationError, Conflict."""

    def edit(data: Plain) -> None:
        of_tier = data["tiers"][tier]
        of_tier["groups"] = {**(of_tier.get("groups") or {}), code: facts}

    return _edit(by, version, edit, at, within=f"tiers.{tier}.groups.{code}")


@transaction.atomic
def remove_group(*, by: Actor, version: ProgramVersion, tier: str, code: str, at: datetime) -> ProgramVersion:
    """The group is gone; it must be empty. Raises ValidationError (it holds requirements), Conflict."""

    def edit(data: Plain) -> None:
        of_tier = data["tiers"][tier]
        if any(need.get("group") == code for need in of_tier["requirements"]):
            raise ValidationError(_("Requirements belong to this group. Take them out of it first."))
        (of_tier.get("groups") or {}).pop(code, None)

    return _edit(by, version, edit, at)


@transaction.atomic
def set_requirement(
    *, by: Actor, version: ProgramVersion, tier: str, position: int | None, at: datetime, **facts: Any
) -> ProgramVersion:
    """Add a requirement to a tier (position None), or change the one at a position, counted from 1.

    Raises ValidationError (an unknown metric, a threshold of another unit, a window that the metric does not offer,
    a fact that the tier asks for already), Conflict (no draft).
    """

    def edit(data: Plain) -> None:
        needs = data["tiers"][tier]["requirements"]
        if position is None:
            needs.append(facts)
        else:
            needs[position - 1] |= facts

    at_place = position or len(content_of(version)["tiers"][tier]["requirements"]) + 1
    return _edit(by, version, edit, at, within=f"tiers.{tier}.requirements.{at_place}")


@transaction.atomic
def remove_requirement(
    *, by: Actor, version: ProgramVersion, tier: str, position: int, at: datetime
) -> ProgramVersion:
    """The tier no longer asks for it. Raises Conflict (no draft)."""

    def edit(data: Plain) -> None:
        del data["tiers"][tier]["requirements"][position - 1]

    return _edit(by, version, edit, at)


@transaction.atomic
def set_benefit(
    *, by: Actor, version: ProgramVersion, code: str, at: datetime, **facts: Any
) -> ProgramVersion:
    """Add a benefit to the draft's library, or change its name, kind, frequency, feature."""

    def edit(data: Plain) -> None:
        data["benefits"][code] = {**data["benefits"].get(code, {}), **facts}

    return _edit(by, version, edit, at, within=f"benefits.{code}")


@transaction.atomic
def remove_benefit(*, by: Actor, version: ProgramVersion, code: str, at: datetime) -> ProgramVersion:
    """The library no longer holds the benefit, and no tier gives it."""

    def edit(data: Plain) -> None:
        data["benefits"].pop(code, None)
        for tier in data["tiers"].values():
            tier["benefits"].pop(code, None)

    return _edit(by, version, edit, at)


@transaction.atomic
def give_benefit(
    *,
    by: Actor,
    version: ProgramVersion,
    tier: str,
    code: str,
    is_given: bool,
    quantity: int | None,
    hours: int | None,
    at: datetime,
) -> ProgramVersion:
    """A tier gives a benefit of the library, so often in its period and within so many hours; or gives it no more.

    What a lower tier gives is inherited where the version says so. Raises ValidationError, Conflict.
    """

    def edit(data: Plain) -> None:
        given = data["tiers"][tier]["benefits"]
        if is_given:
            given[code] = {"quantity": quantity, "hours": hours}
        else:
            given.pop(code, None)

    return _edit(by, version, edit, at, within=f"tiers.{tier}.benefits.{code}")


# How ----------------------------------------------------------------------------------------------------------------


def _draft(by: Actor, version: ProgramVersion) -> ProgramVersion:
    """The version, locked, for someone who may draft. Raises Conflict where it is no draft."""
    by.must(Permission.TIER_DRAFT)
    version = lock(version)
    if version.state != rules.DRAFT:
        words = _("Nothing but a draft is ever edited. Make a new draft from this version, and change that.")
        raise Conflict(words, code="not_a_draft")
    return version


def _edit(by: Actor, version: ProgramVersion, edit: Edit, at: datetime, within: str = "") -> ProgramVersion:
    version = _draft(by, version)
    old = content_of(version)
    data = plain(old)
    try:
        edit(data)
    except LookupError:
        raise Conflict(_("This part is no longer in the draft."), code="gone") from None
    try:
        new = from_plain(data)
    except ProgramFileError as error:
        raise _at_its_field(refused(error), within) from error
    return _write(by, version, old, new, at)


def _write(
    by: Actor, version: ProgramVersion, old: Content | None, new: Content, at: datetime
) -> ProgramVersion:
    version = write(version, new)
    changed = len(list(differences(old, new))) if old else 0
    data = {"program": version.program.code, "number": version.number, "changes": changed}
    record("program_version.drafted", version, by=by, at=at, data=data)
    return version


def _at_its_field(error: ValidationError, within: str) -> ValidationError:
    """The messages about the part that was edited by its fields; others as they are, with their path."""
    found: dict[str, list[str]] = {}
    for path, messages in error.message_dict.items():
        if path == "name" or path.startswith(f"{within}.") and within:
            field = path.removeprefix(f"{within}.").partition(".")[0]
            found.setdefault(field, []).extend(messages)
        elif path == within:
            found.setdefault(NON_FIELD_ERRORS, []).extend(messages)
        else:
            found.setdefault(NON_FIELD_ERRORS, []).extend(f"{path}: {words}" for words in messages)
    return ValidationError(found)
