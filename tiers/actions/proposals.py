"""Changes of a tier that come to wait for a person: a rise by decision, and the fall after a grace period."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Exists, OuterRef

from catalog.querysets import setting
from core.actors import SYSTEM, Actor
from core.clock import day
from core.saving import lock, save
from events.actions import record
from partners.models import Partner
from tiers import rules
from tiers.actions.standings import look_again
from tiers.models import Evaluation, Position, Program, Proposal, Standing, Tier


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
        make_move(SYSTEM, lock(waiting), "drop", at)
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
        make_move(SYSTEM, lock(proposal), "drop", at)


def propose_again(*, at: datetime) -> int:
    """Have those judged again whose rise was declined so long ago that it may be proposed again, and of whom nothing
    new was found since; returns how many. Safe to run twice."""
    until = day(at) - timedelta(days=setting("tier.propose_again_days"))
    unchanged = Position.objects.filter(evaluation=OuterRef("evaluation")).exclude(fingerprint="")
    old = Proposal.objects.filter(Exists(unchanged), state=rules.DECLINED, kind=rules.RISE)
    found = list(old.filter(decided_at__date__lte=until).select_related("program"))
    for proposal in found:
        look_again(proposal.partner_id, proposal.program, at)
    return len(found)


def drop_overtaken(*, partner_id: UUID, program: Program, rank: int, at: datetime) -> None:
    """A decision gives the partner a tier: what waited for no more than that, and a fall, is no longer due."""
    waiting = Proposal.objects.waiting().filter(partner=partner_id, program=program)
    for proposal in waiting.exclude(kind=rules.RISE, to_tier__rank__gt=rank):
        make_move(SYSTEM, lock(proposal), "drop", at)


EVENT_OF_MOVE = {
    "grant": "tier.proposal_granted",
    "decline": "tier.proposal_declined",
    "drop": "tier.proposal_dropped",
}


def make_move(by: Actor, proposal: Proposal, move: str, at: datetime) -> Proposal:
    """Ask the table, write, tell. Called by whatever decides or drops a proposal."""
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
