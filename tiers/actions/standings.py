"""A partner's tier from day to day: awarded, carried over, lowered, ended."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from core.actors import SYSTEM, Actor
from core.clock import day
from core.saving import save
from events.actions import record
from metrics.actions import touch
from partners.actions import note_standing
from partners.models import Partner
from tiers import rules
from tiers.actions.grace import close_grace
from tiers.models import Evaluation, Grace, Position, Program, Standing, Tier
from tiers.querysets import primary_program


@transaction.atomic
def award_tier(
    *,
    by: Actor,
    partner: Partner,
    tier: Tier,
    evaluation: Evaluation | None,
    at: datetime,
    on: date | None = None,
    reason: str = "",
) -> Standing:
    """The partner stands in a tier from a day on (the evaluation's, else today); an open grace period is over.

    Called by the recalculation and by decisions, which have asked for their permission; `reason` is theirs.
    """
    on = on or (evaluation.as_of if evaluation else day(at))
    program = tier.program_version.program
    before = close_standing(partner.pk, program, on)
    ends_as = _end_of_grace(reason)
    close_grace(by, partner.pk, program.pk, ends_as, on, at)
    reason = reason or (rules.EVALUATION if before else rules.INITIAL)
    standing = open_standing(by, partner.pk, tier, on, reason, evaluation, at)
    data = {
        "from": before.tier.code if before else None,
        "to": tier.code,
        "program": program.code,
        "version": tier.program_version.number,
        "reason": reason,
    }
    record("tier.awarded", standing, by=by, at=at, partner=standing.partner, data=data)
    return standing


def _end_of_grace(reason: str) -> str:
    return reason if reason in (rules.OVERRIDE, rules.APPEAL) else rules.RECOVERED


@transaction.atomic
def lower_tier(
    *,
    by: Actor,
    partner: Partner,
    tier: Tier | None,
    evaluation: Evaluation,
    at: datetime,
    on: date | None = None,
    reason: str = rules.GRACE_ENDED,
) -> Standing | None:
    """The tier falls to a lower one, or to none, after its grace period or by a decision."""
    on, version = on or evaluation.as_of, evaluation.program_version
    before = close_standing(partner.pk, version.program, on)
    close_grace(by, partner.pk, version.program_id, rules.LOWERED, on, at)
    if before is None:
        return None
    lower = open_standing(by, partner.pk, tier, on, reason, evaluation, at) if tier else None
    if lower is None:
        mirror(partner.pk, at)
    data = {
        "from": before.tier.code,
        "to": tier.code if tier else None,
        "program": version.program.code,
        "version": version.number,
        "reason": reason,
    }
    record("tier.lowered", lower or before, by=by, at=at, partner=before.partner, data=data)
    return lower


@transaction.atomic
def end_standings(*, partner: Partner, on: date, at: datetime, programs: list[Program] | None = None) -> None:
    """The partner leaves a program (all of them), and with it its tier: it is terminated or was taken out."""
    held = Standing.objects.open().filter(partner=partner).select_related("program")
    for standing in held if programs is None else held.filter(program__in=programs):
        ended = close_standing(partner.pk, standing.program, on)
        close_grace(SYSTEM, partner.pk, standing.program_id, rules.LEFT, on, at)
        mirror(partner.pk, at)
        if ended:
            data = {"tier": ended.tier.code, "program": standing.program.code}
            record("tier.ended", ended, by=SYSTEM, at=at, partner=partner, data=data)


def carry_over(by: Actor, standing: Standing, tier: Tier, evaluation: Evaluation, at: datetime) -> Standing:
    """The same tier under another version; from then on its margin and benefits are that version's."""
    close_standing(standing.partner_id, standing.program, evaluation.as_of)
    carried = open_standing(
        by, standing.partner_id, tier, evaluation.as_of, rules.PROGRAM_CHANGE, evaluation, at
    )
    Grace.objects.open().filter(partner=standing.partner_id, program=standing.program_id).update(
        standing=carried
    )
    data = {
        "from": standing.tier.code,
        "to": tier.code,
        "program": standing.program.code,
        "version": evaluation.program_version.number,
    }
    record("tier.carried_over", carried, by=by, at=at, partner=carried.partner, data=data)
    return carried


def open_standing(
    by: Actor,
    partner_id: UUID,
    tier: Tier,
    on: date,
    reason: str,
    evaluation: Evaluation | None,
    at: datetime,
) -> Standing:
    """A new row, and the partner's own tier where this is its primary program."""
    standing = Standing(
        partner=Partner.objects.get(pk=partner_id),
        program=tier.program_version.program,
        tier=tier,
        starts_on=on,
        reason=reason,
        evaluation=evaluation,
        decided_by_id=by.user_id,
        created_at=at,
    )
    save(standing)
    standing.partner = mirror(partner_id, at)
    return standing


def close_standing(partner_id: UUID, program: Program, on: date) -> Standing | None:
    """The open standing no longer holds from a day on; returns it, None where there is none."""
    held = Standing.objects.open().filter(partner=partner_id, program=program)
    standing = held.select_related("tier", "partner").first()
    if standing:
        standing.ends_on = max(on, standing.starts_on)
        save(standing)
    return standing


def mirror(partner_id: UUID, at: datetime) -> Partner:
    """Note on the partner itself the tier that it holds in its primary program."""
    partner = Partner.objects.get(pk=partner_id)
    tier = _primary_tier(partner)
    return note_standing(
        partner_id=partner_id,
        code=tier.code if tier else "",
        name=tier.name if tier else "",
        rank=tier.rank if tier else None,
        at=at,
    )


def mirror_if_changed(partner_id: UUID, at: datetime) -> None:
    """The same where another program became the partner's primary one: by its category or market, or a new program."""
    partner = Partner.objects.get(pk=partner_id)
    tier = _primary_tier(partner)
    if partner.tier_code != (tier.code if tier else ""):
        mirror(partner_id, at)


def _primary_tier(partner: Partner) -> Tier | None:
    program = primary_program(partner)
    held = Standing.objects.open().filter(partner=partner, program=program).select_related("tier").first()
    return held.tier if held else None


def look_again(partner_id: UUID, program: Program, at: datetime) -> None:
    """Have the partner judged by the next run although its facts have not changed: a decision has."""
    Position.objects.filter(partner=partner_id, program=program).update(fingerprint="", changed_at=at)
    touch(partner_id, at=at)
