"""Deciding what waits: a proposed rise or fall is granted, or declined with a reason for the partner."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.roles import Permission
from core.actors import Actor
from core.clock import day
from core.saving import lock
from tiers import rules
from tiers.actions.overrides import override_tier
from tiers.actions.proposals import make_move
from tiers.actions.standings import award_tier, lower_tier
from tiers.models import Proposal, Tier


@transaction.atomic
def grant_proposal(
    *, by: Actor, proposal: Proposal, at: datetime, answer: str = "", note: str = ""
) -> Proposal:
    """The tier rises, or falls, today; `answer` is for the partner, `note` for colleagues. Raises Conflict."""
    by.must(Permission.TIER_DECIDE, on=proposal)
    proposal = _decide(by, proposal, "grant", at, answer, note)
    move = award_tier if proposal.kind == rules.RISE else lower_tier
    move(  # type: ignore[operator]
        by=by, partner=proposal.partner, tier=tier_of_today(proposal.to_tier), evaluation=proposal.evaluation,
        on=day(at), at=at, reason=rules.DECISION,
    )  # fmt: skip
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

    Raises ValidationError (no answer, for a fall no day to come), Conflict (decided).
    """
    by.must(Permission.TIER_DECIDE, on=proposal)
    if not answer.strip():
        raise ValidationError({"answer": _("Tell the partner why.")})
    if proposal.kind == rules.FALL and (until is None or until <= day(at)):
        raise ValidationError({"until": _("Until which day to come does the partner keep its tier?")})
    proposal = _decide(by, proposal, "decline", at, answer, note)
    tier = tier_of_today(proposal.from_tier)
    if proposal.kind == rules.FALL and tier and until:
        override_tier(
            by=by, partner=proposal.partner, tier=tier, reason=answer, expires_on=until, at=at,
            standing_reason=rules.DECISION,
        )  # fmt: skip
    return proposal


def tier_of_today(tier: Tier | None) -> Tier | None:
    """The tier of the same code in the version in force: a version may have changed while a decision waited."""
    if tier is None:
        return None
    active = Tier.objects.filter(
        program_version__program=tier.program_version.program_id, program_version__state=rules.ACTIVE
    ).select_related("program_version__program")
    return active.filter(code=tier.code).first() or tier


def _decide(by: Actor, proposal: Proposal, move: str, at: datetime, answer: str, note: str) -> Proposal:
    proposal = lock(proposal)
    proposal.decided_at, proposal.decided_by_id = at, by.user_id
    proposal.answer, proposal.note = answer.strip(), note.strip()
    return make_move(by, proposal, move, at)
