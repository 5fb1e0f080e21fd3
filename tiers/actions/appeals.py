"""Appeals against decisions about a tier: filed by the partner, decided by someone who did not make the decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.roles import Permission
from catalog.querysets import setting
from core.actors import SYSTEM, Actor
from core.clock import day
from core.errors import Conflict
from core.saving import lock, save
from core.workdays import after_workdays
from events.actions import record
from files.actions import attach
from partners.models import Partner
from tiers import rules
from tiers.actions.decisions import tier_of_today
from tiers.actions.overrides import end_override, override_tier
from tiers.models import Evaluation, Grace, Override, Program, Proposal, Standing, Tier, TierAppeal
from tiers.querysets import evaluation_of


@dataclass(frozen=True)
class Appealable:
    """A decision about a tier that may be appealed: what it is, the tier that it is about, who made it, and when."""

    against: str
    subject_id: UUID
    program: Program
    tier: Tier
    evaluation: Evaluation | None
    decided_by_id: UUID | None
    on: date

    def until(self) -> date:
        """The last day on which it may be appealed."""
        return self.on + timedelta(days=setting("tier.appeal_days"))


def appealable(partner: Partner, on: date) -> list[Appealable]:
    """The decisions about a partner's tiers that may still be appealed on a day, the newest first."""
    if not partner.is_active:
        return []
    known = set(TierAppeal.objects.filter(partner=partner).values_list("subject_id", flat=True))
    found = [*_graces(partner), *_falls(partner), *_declined(partner)]
    fresh = [one for one in found if one.subject_id not in known and one.on <= on <= one.until()]
    return sorted(fresh, key=lambda one: one.on, reverse=True)


def _graces(partner: Partner) -> list[Appealable]:
    running = (
        Grace.objects.open().filter(partner=partner).select_related("standing__tier", "program", "partner")
    )
    return [
        Appealable("grace", g.pk, g.program, g.standing.tier, _found(g, g.starts_on), None, g.starts_on)
        for g in running
    ]


def _found(grace: Grace, on: date) -> Evaluation | None:
    """The evaluation of the day: the facts that the decision rests on."""
    return evaluation_of(grace.partner, on, grace.program)


def _falls(partner: Partner) -> list[Appealable]:
    """Tiers that fell after a grace period and were not won back since."""
    lost = Grace.objects.filter(partner=partner, outcome=rules.LOWERED)
    held = {
        s.program_id: s.tier.rank
        for s in Standing.objects.open().filter(partner=partner).select_related("tier")
    }
    return [
        Appealable(
            "lowered",
            g.pk,
            g.program,
            g.standing.tier,
            _found(g, g.closed_on or g.ends_on),
            _lowered_by(g),
            g.closed_on or g.ends_on,
        )
        for g in lost.select_related("standing__tier", "program", "partner")
        if held.get(g.program_id, 0) < g.standing.tier.rank
    ]


def _lowered_by(grace: Grace) -> UUID | None:
    fall = Proposal.objects.filter(partner=grace.partner_id, program=grace.program_id, kind=rules.FALL)
    granted = fall.filter(state=rules.GRANTED, proposed_on__gte=grace.ends_on).order_by("decided_at").first()
    return granted.decided_by_id if granted else None


def _declined(partner: Partner) -> list[Appealable]:
    rises = Proposal.objects.filter(partner=partner, kind=rules.RISE, state=rules.DECLINED)
    return [
        Appealable("declined", p.pk, p.program, p.to_tier, p.evaluation, p.decided_by_id, day(p.decided_at))
        for p in rises.select_related("to_tier", "program", "evaluation")
        if p.to_tier and p.decided_at
    ]


@transaction.atomic
def file_tier_appeal(
    *, by: Actor, partner: Partner, subject_id: UUID, grounds: str, at: datetime, evidence: Any = None
) -> TierAppeal:
    """Appeal a decision about the tier, once and in time; `evidence` is an uploaded file.

    Raises ValidationError (grounds, the file), Conflict (nothing that may be appealed).
    """
    by.must(Permission.TIER_APPEAL, on=partner)
    if not grounds.strip():
        raise ValidationError({"grounds": _("Say why the decision should be another.")})
    decision = next((one for one in appealable(partner, day(at)) if one.subject_id == subject_id), None)
    if decision is None:
        raise Conflict(_("This cannot be appealed, or no longer."), code="closed_move")
    appeal = TierAppeal(
        partner=partner,
        program=decision.program,
        against=decision.against,
        subject_id=subject_id,
        evaluation=decision.evaluation,
        tier=decision.tier,
        grounds=grounds.strip(),
        submitted_by_id=by.user_id,
        first_decided_by_id=decision.decided_by_id,
        due_at=_due(partner, at),
        created_at=at,
    )
    save(appeal)
    if evidence is not None:
        attach(by=by, kind="tier_appeal", subject=appeal, partner=partner, upload=evidence, at=at)
    record("tier_appeal.submitted", appeal, by=by, at=at, partner=partner, data=_data(appeal))
    return appeal


@transaction.atomic
def uphold_tier_appeal(
    *, by: Actor, appeal: TierAppeal, until: date, at: datetime, answer: str = "", note: str = ""
) -> TierAppeal:
    """The partner is right: it holds the tier until a day, by decision. `answer` goes to it, `note` to colleagues.

    Raises PermissionDenied (the first decider), ValidationError (the day), Conflict (decided).
    """
    by.must(Permission.TIER_DECIDE, on=appeal)
    if until <= day(at):
        raise ValidationError({"until": _("Enter a day that is to come.")})
    appeal = _move_decided(by, appeal, "uphold", at, answer, note, until)
    tier = tier_of_today(appeal.tier)
    if tier is None or tier.program_version.state != rules.ACTIVE:
        raise Conflict(_("The program no longer has this tier."), code="closed_move")
    _give(by, appeal, tier, until, at)
    return appeal


def _give(by: Actor, appeal: TierAppeal, tier: Tier, until: date, at: datetime) -> None:
    """The tier by decision, in place of an override that holds for a tier that is no higher."""
    held = Override.objects.open().filter(partner=appeal.partner, program=appeal.program)
    for override in held.filter(tier__rank__lte=tier.rank):
        end_override(by=by, override=override, at=at, reason=rules.REPLACED)
    override_tier(
        by=by, partner=appeal.partner, tier=tier, reason=appeal.answer or _("An appeal was upheld."),
        expires_on=until, at=at, standing_reason=rules.APPEAL,
    )  # fmt: skip


@transaction.atomic
def dismiss_tier_appeal(
    *, by: Actor, appeal: TierAppeal, answer: str, at: datetime, note: str = ""
) -> TierAppeal:
    """The decision stands. Raises PermissionDenied (the first decider), ValidationError (no answer), Conflict."""
    by.must(Permission.TIER_DECIDE, on=appeal)
    if not answer.strip():
        raise ValidationError({"answer": _("Tell the partner why.")})
    return _move_decided(by, appeal, "dismiss", at, answer, note)


@transaction.atomic
def withdraw_tier_appeal(*, by: Actor, appeal: TierAppeal, at: datetime) -> TierAppeal:
    """The partner takes its appeal back. Raises Conflict (decided)."""
    by.must(Permission.TIER_APPEAL, on=appeal)
    return _move(by, lock(appeal), "withdraw", at)


def withdraw_tier_appeals_of(*, partner: Partner, at: datetime, program: Program | None = None) -> None:
    """The partner left the program (all of them): its appeals are about nothing."""
    waiting = TierAppeal.objects.waiting().filter(partner=partner)
    for appeal in waiting.filter(program=program) if program else waiting:
        _move(SYSTEM, lock(appeal), "withdraw", at)


def is_first_decider(actor: Actor, appeal: TierAppeal) -> bool:
    """Whether this actor made the decision that is appealed."""
    return actor.user_id is not None and appeal.first_decided_by_id == actor.user_id


def _due(partner: Partner, at: datetime) -> datetime:
    """The end of the promised business days of the partner's country."""
    days = setting("tier.appeal_business_days")
    return after_workdays(at, days, str(partner.country), ZoneInfo(partner.time_zone))


def _move_decided(
    by: Actor,
    appeal: TierAppeal,
    move: str,
    at: datetime,
    answer: str,
    note: str,
    until: date | None = None,
) -> TierAppeal:
    appeal = lock(appeal)
    if is_first_decider(by, appeal):
        raise PermissionDenied(_("Whoever made the decision does not decide its appeal."))
    appeal.decided_at, appeal.decided_by_id = at, by.user_id
    appeal.answer, appeal.note, appeal.upheld_until = answer.strip(), note.strip(), until
    return _move(by, appeal, move, at)


EVENT_OF_MOVE = {
    "uphold": "tier_appeal.upheld",
    "dismiss": "tier_appeal.dismissed",
    "withdraw": "tier_appeal.withdrawn",
}


def _move(by: Actor, appeal: TierAppeal, move: str, at: datetime) -> TierAppeal:
    appeal.state = rules.APPEAL_MOVES.after(appeal.state, move)
    save(appeal)
    record(EVENT_OF_MOVE[move], appeal, by=by, at=at, partner=appeal.partner, data=_data(appeal))
    return appeal


def _data(appeal: TierAppeal) -> dict[str, str]:
    return {
        "against": appeal.against,
        "tier": appeal.tier.code,
        "program": appeal.program.code,
        "due_at": appeal.due_at.isoformat(),
    }
