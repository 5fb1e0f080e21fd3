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
from metrics.actions import touch
from partners.models import Partner
from tiers import rules
from tiers.actions.standings import award_tier
from tiers.models import Override, Requirement, Tier, Waiver


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

    Raises ValidationError (no reason, a day that is not to come, a tier of a version not in force), Conflict (another
    override holds).
    """
    by.must(Permission.TIER_DECIDE, on=partner)
    today = day(at)
    _require(reason, expires_on, today)
    if tier.program_version.state != rules.ACTIVE:
        raise ValidationError({"tier": _("This tier belongs to a version that is not in force.")})
    override = Override(
        partner=partner,
        program=tier.program_version.program,
        tier=tier,
        reason=reason.strip(),
        approved_by_id=by.user_id,
        starts_on=today,
        expires_on=expires_on,
        created_at=at,
    )
    save(override)
    award_tier(by=by, partner=partner, tier=tier, evaluation=None, at=at, on=today, reason=standing_reason)
    data = {"tier": tier.code, "expires_on": expires_on, "program": override.program.code}
    record("tier.overridden", override, by=by, at=at, partner=partner, data=data)
    touch(partner.pk, at=at)
    return override


def _require(reason: str, expires_on: date, today: date) -> None:
    if not reason.strip():
        raise ValidationError({"reason": _("Say why.")})
    if expires_on <= today:
        raise ValidationError({"expires_on": _("Enter a day that is to come.")})


@transaction.atomic
def end_override(*, by: Actor, override: Override, at: datetime) -> Override:
    """The decision no longer holds; if the tier is not earned, its grace period starts. Raises Conflict (ended)."""
    by.must(Permission.TIER_DECIDE, on=override)
    override = lock(override)
    if override.ended_on:
        raise Conflict(_("This override has ended already."), code="closed_move")
    _end(by, override, rules.REVOKED, day(at), at)
    touch(override.partner_id, at=at)
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

    Raises ValidationError (no reason, a day that is not to come, a requirement that cannot be waived), Conflict.
    """
    by.must(Permission.TIER_DECIDE, on=partner)
    _require(reason, expires_on, day(at))
    if not requirement.is_waivable:
        raise ValidationError({"requirement": _("This requirement cannot be waived.")})
    waiver = Waiver(
        partner=partner,
        program=requirement.tier.program_version.program,
        tier_code=requirement.tier.code,
        key=requirement.key,
        reason=reason.strip(),
        approved_by_id=by.user_id,
        starts_on=day(at),
        expires_on=expires_on,
        created_at=at,
    )
    save(waiver)
    data = {"tier": waiver.tier_code, "requirement": waiver.key, "expires_on": expires_on}
    record("tier.requirement_waived", waiver, by=by, at=at, partner=partner, data=data)
    touch(partner.pk, at=at)
    return waiver


@transaction.atomic
def end_waiver(*, by: Actor, waiver: Waiver, at: datetime) -> Waiver:
    """The requirement is asked for again from today. Raises Conflict (ended)."""
    by.must(Permission.TIER_DECIDE, on=waiver)
    waiver = lock(waiver)
    if waiver.ended_on:
        raise Conflict(_("This waiver has ended already."), code="closed_move")
    waiver.ended_on = day(at)
    save(waiver)
    data = {"tier": waiver.tier_code, "requirement": waiver.key}
    record("tier.waiver_ended", waiver, by=by, at=at, partner=waiver.partner, data=data)
    touch(waiver.partner_id, at=at)
    return waiver
