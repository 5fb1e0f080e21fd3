"""What people decided about tiers lately, so that each queue and each page has something to show."""

from __future__ import annotations

from datetime import datetime, timedelta

from accounts.actors import partner_actor
from accounts.models import User
from core.actors import SYSTEM
from core.clock import day
from partners.models import Partner
from tiers.actions import file_tier_appeal, override_tier, waive_requirement
from tiers.actions.appeals import appealable
from tiers.models import Grace, Override, Program, Requirement, Standing, Tier

REASONS = (
    "A new product line comes in spring; its first bookings are signed.",
    "Two of their sellers moved to the new office and are certified again in March.",
)


def decide(at: datetime) -> None:
    """Two tiers by decision, and a waived requirement."""
    program = Program.objects.earliest("position")
    free = Standing.objects.open().exclude(partner__in=Grace.objects.open().values("partner"))
    silver = free.filter(program=program, tier__rank=2).select_related("partner").order_by("pk")
    gold = Tier.objects.select_related("program_version__program").get(
        program_version__program=program, program_version__state="active", rank=3
    )
    for n, standing in enumerate(silver[:2]):
        _give(standing.partner, gold, REASONS[n], 24 + 90 * n, at)
    _waive(program, at)


def _give(partner: Partner, tier: Tier, reason: str, days: int, at: datetime) -> Override:
    until = day(at) + timedelta(days=days)
    return override_tier(by=SYSTEM, partner=partner, tier=tier, reason=reason, expires_on=until, at=at)


def _waive(program: Program, at: datetime) -> None:
    held = (
        Standing.objects.open()
        .filter(program=program, tier__rank=3)
        .select_related("partner")
        .order_by("pk")
        .last()
    )
    asked = Requirement.objects.filter(
        tier__program_version__program=program,
        tier__program_version__state="active",
        tier__rank=4,
        is_waivable=True,
    )
    need = asked.select_related("tier__program_version__program").order_by("position").last()
    if held and need:
        until = day(at) + timedelta(days=75)
        waive_requirement(
            by=SYSTEM, partner=held.partner, requirement=need, reason=REASONS[1], expires_on=until, at=at
        )


def appeal(at: datetime) -> None:
    """Against the grace period that began last, where somebody there may appeal and still can."""
    running = Grace.objects.open().filter(starts_on__lte=day(at)).order_by("-starts_on")
    for grace in running.select_related("partner"):
        admin = User.objects.admins_of(grace.partner_id).first()
        actor = admin and partner_actor(admin, grace.partner_id)
        if actor and any(one.subject_id == grace.pk for one in appealable(grace.partner, day(at))):
            file_tier_appeal(
                by=actor, partner=grace.partner, subject_id=grace.pk, at=at,
                grounds="Two certificates were renewed last week; the records reach you this month.",
            )  # fmt: skip
            return
