"""Recorded decisions that a partner holds a tier for a time, whatever the requirements say, and that one is waived."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.roles import Permission
from core.actors import SYSTEM, Actor
from core.clock import day
from core.errors import Conflict
from core.saving import lock, save
from events.actions import record
from partners.models import Partner
from tiers import rules
from tiers.actions.outlook import note_risks
from tiers.actions.proposals import drop_overtaken
from tiers.actions.standings import award_tier, look_again
from tiers.models import Override, Program, Requirement, Standing, Tier, Waiver


@transaction.atomic
def override_tier(
    *,
    by: Actor,
    partner: Partner,
    tier: Tier,
    reason: str,
    expires_on: date,
    at: datetime,
    standing_reason: str = rules.OVERRIDE,
) -> Override:
    """The partner holds a tier until a day by decision; its own requirements are looked at again then.

    It never takes a tier away: that needs a grace period. A proposal that it answers is dropped. Raises
    ValidationError (no reason, a day that is not to come, a tier of a version not in force or below the one held),
    Conflict (another override holds).
    """
    by.must(Permission.TIER_DECIDE, on=partner)
    today, program = day(at), tier.program_version.program
    _require(reason, expires_on, today)
    _require_tier(partner, tier)
    override = Override(
        partner=partner,
        program=program,
        tier=tier,
        reason=reason.strip(),
        approved_by_id=by.user_id,
        starts_on=today,
        expires_on=expires_on,
        created_at=at,
    )
    save(override)
    award_tier(by=by, partner=partner, tier=tier, evaluation=None, at=at, on=today, reason=standing_reason)
    drop_overtaken(partner_id=partner.pk, program=program, rank=tier.rank, at=at)
    data = {
        "tier": tier.code,
        "expires_on": expires_on,
        "program": program.code,
        "because": standing_reason,
    }
    record("tier.overridden", override, by=by, at=at, partner=partner, data=data)
    note_risks(as_of=today, at=at, partner_ids=[partner.pk])  # nothing falls while it holds
    look_again(partner.pk, program, at)
    return override


def _require(reason: str, expires_on: date, today: date) -> None:
    if not reason.strip():
        raise ValidationError({"reason": _("Say why.")})
    if expires_on <= today:
        raise ValidationError({"expires_on": _("Enter a day that is to come.")})


def _require_tier(partner: Partner, tier: Tier) -> None:
    version = tier.program_version
    if version.state != rules.ACTIVE:
        raise ValidationError({"tier": _("This tier belongs to a version that is not in force.")})
    held = Standing.objects.open().filter(partner=partner, program=version.program).select_related("tier")
    if any(standing.tier.rank > tier.rank for standing in held):
        raise ValidationError(
            {"tier": _("The partner holds a higher tier. A decision never takes one away.")}
        )


@transaction.atomic
def end_override(*, by: Actor, override: Override, at: datetime, reason: str = rules.REVOKED) -> Override:
    """The decision no longer holds; if the tier is not earned, its grace period starts. Raises Conflict (ended)."""
    by.must(Permission.TIER_DECIDE, on=override)
    override = lock(override)
    if override.ended_on:
        raise Conflict(_("This override has ended already."), code="closed_move")
    _end(by, override, reason, day(at), at)
    look_again(override.partner_id, override.program, at)
    return override


def expire_override(*, override: Override, on: date, at: datetime, reason: str = rules.EXPIRED) -> None:
    """Its day has come, or the tier above it was earned. Called by the recalculation."""
    _end(SYSTEM, lock(override), reason, on, at)


def _end(by: Actor, override: Override, reason: str, on: date, at: datetime) -> None:
    override.ended_on, override.end_reason = max(on, override.starts_on), reason
    save(override)
    data = {"tier": override.tier.code, "outcome": reason, "program": override.program.code}
    record("tier.override_ended", override, by=by, at=at, partner=override.partner, data=data)


@transaction.atomic
def waive_requirement(
    *, by: Actor, partner: Partner, requirement: Requirement, reason: str, expires_on: date, at: datetime
) -> Waiver:
    """The partner need not meet one requirement of a tier until a day.

    Raises ValidationError (no reason, a day that is not to come, a requirement that cannot be waived or of a version
    not in force), Conflict (it is waived already).
    """
    by.must(Permission.TIER_DECIDE, on=partner)
    _require(reason, expires_on, day(at))
    if not requirement.is_waivable:
        raise ValidationError({"requirement": _("This requirement cannot be waived.")})
    version = requirement.tier.program_version
    if version.state != rules.ACTIVE:
        raise ValidationError({"requirement": _("This requirement is of a version that is not in force.")})
    expire_waivers(at=at, partner=partner)
    waiver = Waiver(
        partner=partner,
        program=version.program,
        tier_code=requirement.tier.code,
        key=requirement.key,
        reason=reason.strip(),
        approved_by_id=by.user_id,
        starts_on=day(at),
        expires_on=expires_on,
        created_at=at,
    )
    save(waiver)
    data = {**_waived(waiver), "expires_on": expires_on}
    record("tier.requirement_waived", waiver, by=by, at=at, partner=partner, data=data)
    look_again(partner.pk, waiver.program, at)
    return waiver


@transaction.atomic
def end_waiver(*, by: Actor, waiver: Waiver, at: datetime) -> Waiver:
    """The requirement is asked for again from today. Raises Conflict (ended)."""
    by.must(Permission.TIER_DECIDE, on=waiver)
    waiver = lock(waiver)
    if waiver.ended_on:
        raise Conflict(_("This waiver has ended already."), code="closed_move")
    return _end_waiver(by, waiver, rules.REVOKED, day(at), at)


def expire_waivers(*, at: datetime, partner: Partner | None = None) -> int:
    """End the waivers whose day has come, of all partners or of one; returns how many. Safe to run twice."""
    due = Waiver.objects.open().filter(expires_on__lte=day(at))
    due = due.filter(partner=partner) if partner else due
    return sum(_expire_waiver(waiver, at) for waiver in due.order_by("expires_on", "pk"))


@transaction.atomic
def _expire_waiver(waiver: Waiver, at: datetime) -> bool:
    waiver = lock(waiver)
    if waiver.ended_on:
        return False
    _end_waiver(SYSTEM, waiver, rules.EXPIRED, waiver.expires_on, at)
    return True


def _end_waiver(by: Actor, waiver: Waiver, outcome: str, on: date, at: datetime) -> Waiver:
    waiver.ended_on = on
    save(waiver)
    data = {**_waived(waiver), "outcome": outcome}
    record("tier.waiver_ended", waiver, by=by, at=at, partner=waiver.partner, data=data)
    look_again(waiver.partner_id, waiver.program, at)
    return waiver


def _waived(waiver: Waiver) -> dict[str, str]:
    return {"tier": waiver.tier_code, "requirement": waiver.key, "program": waiver.program.code}


def end_decisions_of(*, partner: Partner, on: date, at: datetime, program: Program | None = None) -> None:
    """The partner left the program (all of them): no override and no waiver of it holds any longer."""
    overrides = Override.objects.open().filter(partner=partner)
    waivers = Waiver.objects.open().filter(partner=partner)
    if program:
        overrides, waivers = overrides.filter(program=program), waivers.filter(program=program)
    for override in overrides:
        expire_override(override=override, on=on, at=at, reason=rules.LEFT)
    for waiver in waivers:
        _end_waiver(SYSTEM, lock(waiver), rules.LEFT, on, at)
