"""Makers of answers and contributions for tests."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from core.actors import SYSTEM, Actor
from outcomes.actions import record_answer, record_contribution
from outcomes.models import SatisfactionAnswer, ValueContribution
from partners.models import Organization, Partner


def answered(
    partner: Partner, customer: Organization, on: date, score: str, at: datetime, low: str = "0", high: str = "10",
    **facts: Any,
) -> SatisfactionAnswer:  # fmt: skip
    return record_answer(
        by=SYSTEM, partner=partner, customer=customer, answered_on=on, score=Decimal(score), scale_low=Decimal(low),
        scale_high=Decimal(high), at=at, **facts,
    )  # fmt: skip


def contributed(
    partner: Partner, on: date, at: datetime, kind: str = "reference", by: Actor = SYSTEM, **facts: Any
) -> ValueContribution:
    facts = {"title": "A reference call", "evidence": "Minutes of the call", **facts}
    return record_contribution(by=by, partner=partner, kind=kind, occurred_on=on, at=at, **facts)
