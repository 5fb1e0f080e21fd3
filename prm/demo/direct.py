"""Direct sales beside the partners: what they follow up, the list they serve, one account closed to all."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from core.actors import SYSTEM
from core.money import Money
from deals.actions.direct import approve_direct_account, block_account, record_opportunity
from deals.models import Deal
from partners.models import Organization
from prm.demo.stage import Stage

OPPORTUNITIES = [
    ("Enterprise agreement", "Joanna Reyes", "Proposal", 18, 1_450_000),
    ("Documentation for all sites", "Marcus Bell", "Discovery", 41, 620_000),
    ("Imaging pilot", "Joanna Reyes", "Pilot", 9, 180_000),
    ("Renewal of triage", "Ines Aguilar", "Negotiation", 75, 310_000),
]
REASONS = ("Key account of direct sales", "Framework agreement with the vendor", "Global account team")


def plan_direct_sales(stage: Stage, customers: dict[str, list[Organization]]) -> None:
    """The accounts nobody else registers are set aside; the last opportunity meets a registration that waits."""
    aside = [customers["US"].pop() for _turn in range(len(OPPORTUNITIES) + len(REASONS) + 1)]
    for (title, *facts), customer in zip(OPPORTUNITIES, aside, strict=False):
        stage.on(stage.as_of - timedelta(days=facts[2]), opportunity, customer, title, facts)
    for turn, (reason, customer) in enumerate(zip(REASONS, aside[len(OPPORTUNITIES) :], strict=False)):
        stage.on(stage.as_of - timedelta(days=200 + turn), listed, customer, reason)
    stage.on(stage.as_of - timedelta(days=120), blocked, aside[-1])


def opportunity(stage: Stage, at: datetime, customer: Organization, title: str, facts: list[Any]) -> None:
    owner, step, _back, amount = facts
    record_opportunity(
        by=SYSTEM, at=at, organization=customer, title=title, owner=owner, stage=step,
        first_activity_on=at.date(), amount=Money(amount * 100, "USD"),
    )  # fmt: skip


def listed(stage: Stage, at: datetime, customer: Organization, reason: str) -> None:
    approve_direct_account(by=SYSTEM, at=at, organization=customer, reason=reason)


def blocked(stage: Stage, at: datetime, customer: Organization) -> None:
    block_account(by=SYSTEM, at=at, organization=customer, reason="Excluded by an export rule")


def meet_a_registration(stage: Stage) -> None:
    """On the last morning direct sales record what they have at the customer of a registration that waits."""
    waiting = Deal.objects.awaiting_decision().exclude(organization=None).filter(conflict_verdict="clear")
    if deal := waiting.order_by("-number").first():
        record_opportunity(
            by=SYSTEM, at=stage.end, organization=deal.organization, title="First talks with the CIO",
            owner="Marcus Bell", stage="Discovery", first_activity_on=stage.as_of - timedelta(days=12),
            expected_close_on=deal.expected_close_on,
        )  # fmt: skip
