"""Changes of a tier that wait for a person: a rise by decision, and the fall after a grace period."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.roles import Permission
from catalog.querysets import setting
from core.actors import SYSTEM, Actor
from core.clock import day
from core.saving import lock, save
from events.actions import record
from partners.models import Partner
from tiers import rules
from tiers.actions.overrides import override_tier
from tiers.actions.standings import award_tier, lower_tier
from tiers.models import Evaluation, Program, Proposal, Standing, Tier


def propose(
    *, by: Actor, kind: str, evaluation: Evaluation, to_tier: Tier | None, at: datetime
) -> Proposal | None:
    """Ask a person to decide; None where this very change waits already, or was declined lately. Called by the
    recalculation."""
    program = evaluation.program_version.program
    known = Proposal.objects.filter(partner=evaluation.partner_id, program=program)
    waiting = known.waiting().select_related("to_tier").first()
    code = to_tier.code if to_tier else ""
    if waiting and waiting.kind == kind and (waiting.to_tier.code if waiting.to_tier else "") == code:
        return None
    if waiting:
        _move(SYSTEM, lock(waiting), "drop", at)
    if kind == rules.RISE and _was_declined(known, code, day(at)):
        return None
    partner = Partner.objects.get(pk=evaluation.partner_id)
    held = Standing.objects.open().filter(partner=partner, program=program).select_related("tier").first()
    proposal = Proposal(
        partner=partner,
        program=program,
        evaluation=evaluation,
        kind=kind,
        from_tier=held.tier if held else None,
        to_tier=to_tier,
        proposed_on=evaluation.as_of,
        created_at=at,
    )
    save(proposal)
    record("tier.proposed", proposal, by=by, at=at, partner=partner, data=_data(proposal))
    return proposal


def _was_declined(known: object, code: str, today: date) -> bool:
    since = today - timedelta(days=setting("tier.propose_again_days"))
    declined = known.filter(state=rules.DECLINED, kind=rules.RISE, to_tier__code=code)  # type: ignore[attr-defined]
    return bool(declined.filter(decided_at__date__gt=since).exists())


def is_proposed(partner_id: UUID, program: Program, kind: str) -> bool:
    """Whether a change of this kind waits for a decision."""
    return Proposal.objects.waiting().filter(partner=partner_id, program=program, kind=kind).exists()


def drop_proposals(*, partner_id: UUID, program: Program, at: datetime) -> None:
    """What waits is no longer due: the facts have changed, or the partner left. Called by the recalculation."""
    for proposal in Proposal.objects.waiting().filter(partner=partner_id, program=program):
        _move(SYSTEM, lock(proposal), "drop", at)


@transaction.atomic
def grant_proposal(
    *, by: Actor, proposal: Proposal, at: datetime, answer: str = "", note: str = ""
) -> Proposal:
    """The tier rises, or falls, today; `answer` is for the partner, `note` for colleagues. Raises Conflict."""
    by.must(Permission.TIER_DECIDE, on=proposal)
    proposal = _decide(by, proposal, "grant", at, answer, note)
    tier = _tier_of_today(proposal.to_tier)
    if proposal.kind == rules.RISE:
        assert tier is not None
        award_tier(
            by=by, partner=proposal.partner, tier=tier, evaluation=proposal.evaluation, on=day(at), at=at
        )
    else:
        lower_tier(
            by=by, partner=proposal.partner, tier=tier, evaluation=proposal.evaluation, on=day(at), at=at
        )
    return proposal


@transaction.atomic
def decline_proposal(
    *,
    by: Actor,
    proposal: Proposal,
    answer: str,
    at: datetime,
    note: str = "",
    until: date | None = None,
) -> Proposal:
    """The tier stays as it is; `answer` tells the partner why. A fall that is declined keeps the tier until a day.

    Raises ValidationError (no answer, for a fall no day), Conflict (decided).
    """
    by.must(Permission.TIER_DECIDE, on=proposal)
    if not answer.strip():
        raise ValidationError({"answer": _("Tell the partner why.")})
    if proposal.kind == rules.FALL and until is None:
        raise ValidationError({"until": _("Until when does the partner keep its tier?")})
    proposal = _decide(by, proposal, "decline", at, answer, note)
    tier = _tier_of_today(proposal.from_tier)
    if proposal.kind == rules.FALL and tier and until:
        override_tier(by=by, partner=proposal.partner, tier=tier, reason=answer, expires_on=until, at=at)
    return proposal


def _tier_of_today(tier: Tier | None) -> Tier | None:
    """The tier of the same code in the version in force: a version may have changed while the proposal waited."""
    if tier is None:
        return None
    active = Tier.objects.filter(
        program_version__program=tier.program_version.program_id, program_version__state=rules.ACTIVE
    )
    return active.filter(code=tier.code).first() or tier


def _decide(by: Actor, proposal: Proposal, move: str, at: datetime, answer: str, note: str) -> Proposal:
    proposal = lock(proposal)
    proposal.decided_at, proposal.decided_by_id = at, by.user_id
    proposal.answer, proposal.note = answer.strip(), note.strip()
    return _move(by, proposal, move, at)


EVENT_OF_MOVE = {
    "grant": "tier.proposal_granted",
    "decline": "tier.proposal_declined",
    "drop": "tier.proposal_dropped",
}


def _move(by: Actor, proposal: Proposal, move: str, at: datetime) -> Proposal:
    proposal.state = rules.PROPOSAL.after(proposal.state, move)
    save(proposal)
    record(EVENT_OF_MOVE[move], proposal, by=by, at=at, partner=proposal.partner, data=_data(proposal))
    return proposal


def _data(proposal: Proposal) -> dict[str, str | None]:
    return {
        "kind": proposal.kind,
        "from": proposal.from_tier.code if proposal.from_tier else None,
        "to": proposal.to_tier.code if proposal.to_tier else None,
        "program": proposal.program.code,
    }
