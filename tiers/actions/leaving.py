"""Whoever leaves a tier program leaves nothing behind in it that still waits or holds."""

from __future__ import annotations

from datetime import datetime

from core.clock import day
from partners.models import Partner
from tiers.actions.appeals import withdraw_tier_appeals_of
from tiers.actions.overrides import end_decisions_of
from tiers.actions.proposals import drop_proposals
from tiers.models import Program


def leave(*, partner: Partner, at: datetime, program: Program | None = None) -> None:
    """Overrides, waivers, proposals and appeals of one program (of all) end with the partner's tier."""
    end_decisions_of(partner=partner, on=day(at), at=at, program=program)
    withdraw_tier_appeals_of(partner=partner, at=at, program=program)
    for left in [program] if program else Program.objects.all():
        drop_proposals(partner_id=partner.pk, program=left, at=at)
