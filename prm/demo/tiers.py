"""What people decided about tiers lately, so that each queue and each page has something to show."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from accounts.actors import partner_actor
from accounts.models import User
from core.clock import day
from partners.models import Partner
from prm.demo import plot
from prm.demo.stage import Stage
from tiers import rules
from tiers.actions import file_tier_appeal, grant_proposal, override_tier, waive_requirement
from tiers.actions.appeals import appealable
from tiers.models import Grace, Override, Program, Proposal, Requirement, Standing, Tier

DIRECTOR = "Ingrid Solberg"
REASONS = (
    "A new product line comes in spring; its first bookings are signed.",
    "Two of their sellers moved to the new office and are certified again in March.",
)
WAIT = timedelta(days=5)  # before a rise is decided
WHY_RISEN = (
    "Two years of growth, a team of its own in every region it sells in, and customers who take calls for us.",
    "The figures are met with room to spare, and their roadmap and ours go the same way.",
    "They carry the largest go-lives of the market and asked for a joint plan; we are ready to make one.",
)


def decide_rises(stage: Stage, at: datetime) -> None:
    """Once a week a director decides on the rises that wait, but for those that are still to wait on the last day."""
    waiting = Proposal.objects.waiting().filter(kind=rules.RISE, created_at__lte=at - WAIT)
    for turn, proposal in enumerate(
        waiting.exclude(partner__name__in=plot.UNDECIDED).order_by("created_at", "pk")
    ):
        if proposal.partner.state == "active":
            by, answer = (
                stage.colleague(DIRECTOR),
                WHY_RISEN[(proposal.proposed_on.month + turn) % len(WHY_RISEN)],
            )
            grant_proposal(by=by, proposal=proposal, answer=answer, at=at)


def main_program() -> Program:
    return Program.objects.running()[0]


def standings(rank: int) -> Any:
    """Those who hold a tier of the main program and are not in a grace period, in the order of their names."""
    program = main_program()
    held = Standing.objects.open().filter(program=program, tier__rank=rank, partner__state="active")
    free = held.exclude(partner__in=Grace.objects.open().filter(program=program).values("partner"))
    return free.select_related("partner__psm", "tier").order_by("partner__name")


def decide(stage: Stage, at: datetime) -> None:
    """Two tiers by decision, and a waived requirement."""
    for turn, standing in enumerate(standings(2)[:2]):
        _give(stage, standing.partner, 3, REASONS[turn], 24 + 90 * turn, at)
    _waive(stage, at)


def _give(stage: Stage, partner: Partner, rank: int, reason: str, days: int, at: datetime) -> Override:
    tiers = Tier.objects.select_related("program_version__program")
    tier = tiers.get(program_version__program=main_program(), program_version__state=rules.ACTIVE, rank=rank)
    until, by = day(at) + timedelta(days=days), stage.colleague(DIRECTOR)
    return override_tier(by=by, partner=partner, tier=tier, reason=reason, expires_on=until, at=at)


def _waive(stage: Stage, at: datetime) -> None:
    held = standings(3).last()
    asked = Requirement.objects.filter(
        tier__program_version__program=main_program(), tier__program_version__state=rules.ACTIVE,
        tier__rank=4, is_waivable=True,
    )  # fmt: skip
    need = asked.select_related("tier__program_version__program").order_by("position").last()
    if held and need:
        until, by = day(at) + timedelta(days=75), stage.colleague(DIRECTOR)
        waive_requirement(
            by=by, partner=held.partner, requirement=need, reason=REASONS[1], expires_on=until, at=at
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
