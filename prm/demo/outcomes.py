"""What customers said a month after their go-live, and what partners contributed besides revenue."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from core.actors import SYSTEM
from core.clock import day
from deals.models import Implementation
from outcomes import rules
from outcomes.actions import decline_contribution, record_answer, record_contribution, verify_contribution
from partners.models import Partner
from prm.demo.plot import SHOWN, Role
from prm.demo.stage import Stage

# One customer in four answers: the question, the ends of its scale, and the scores in turn.
ASKED_OF = 4
SCALES: tuple[tuple[str, int, int, tuple[str, ...]], ...] = (
    (rules.CSAT, 1, 5, ("4.5", "4", "5", "3.5", "5")),
    (rules.NPS, 0, 10, ("9", "8", "10", "6", "9", "7")),
)
ROLES = ("Head of radiology", "Chief nursing officer", "CIO", "Head of emergency care")
CONTRIBUTIONS = (
    (SHOWN, rules.REFERENCE, "Reference calls with two hospital networks", 2, 210, rules.VERIFIED),
    (SHOWN, rules.CASE_STUDY, "A year of triage in a regional network", 1, 95, rules.VERIFIED),
    (SHOWN, rules.INTEGRATION, "Order entry by FHIR", 1, 9, rules.RECORDED),
    ("Albion Health", rules.VALIDATION, "Sensitivity in three emergency departments", 1, 160, rules.VERIFIED),
    ("Ironwood EHR", rules.INTEGRATION, "Results in the record, both ways", 1, 320, rules.VERIFIED),
    (
        "Hanse Medizindaten",
        rules.PUBLICATION,
        "Waiting times before and after, a poster",
        1,
        130,
        rules.VERIFIED,
    ),
    ("Gulfstream Care Partners", rules.REFERENCE, "Two hospitals that take calls", 2, 150, rules.VERIFIED),
    ("Gulfstream Care Partners", rules.CASE_STUDY, "Triage at three sites", 1, 90, rules.VERIFIED),
    ("Severn Clinical Advisers", rules.VALIDATION, "Sensitivity against two readers", 1, 110, rules.VERIFIED),
    ("Borealis EHR", rules.REFERENCE, "Site visit of a health authority", 1, 4, rules.RECORDED),
    (
        "Kanto Medical Systems",
        rules.CASE_STUDY,
        "Documentation in a university hospital",
        1,
        75,
        rules.DECLINED,
    ),
)


def plan_contributions(stage: Stage, roles: list[Role]) -> None:
    known = {role.name for role in roles}
    for name, kind, title, quantity, back, becomes in CONTRIBUTIONS:
        if name in known:
            facts = {"kind": kind, "title": title, "quantity": quantity}
            stage.on(stage.as_of - timedelta(days=back), contribute, name, facts, becomes)


def contribute(stage: Stage, at: datetime, name: str, facts: dict[str, Any], becomes: str) -> None:
    partner = Partner.objects.get(name=name)
    made = record_contribution(
        by=SYSTEM, partner=partner, occurred_on=day(at), evidence="In the shared archive", at=at, **facts
    )
    if becomes != rules.RECORDED:
        stage.soon(at, 3, judge, made, becomes)


def judge(stage: Stage, at: datetime, made: Any, becomes: str) -> None:
    psm = stage.actor_of(made.partner.psm)
    if becomes == rules.VERIFIED:
        verify_contribution(by=psm, contribution=made, at=at)
    else:
        decline_contribution(by=psm, contribution=made, why="The hospital did not agree to be named.", at=at)


def ask(stage: Stage, at: datetime) -> None:
    """Once a week: of the go-lives that were accepted a month ago some customers say how it went."""
    month_ago = day(at) - timedelta(days=30)
    week = Implementation.objects.accepted_by(month_ago).filter(accepted_on__gt=month_ago - timedelta(days=7))
    for live in week.select_related("deal__partner", "deal__organization").order_by(
        "deal__number", "product__code"
    ):
        turn = int("".join(sign for sign in live.deal.number if sign.isdigit()))
        if turn % ASKED_OF == 0 and live.deal.organization:
            answer(live, turn // ASKED_OF, at)


def answer(live: Implementation, turn: int, at: datetime) -> None:
    question, low, high, scores = SCALES[turn % len(SCALES)]
    record_answer(
        by=SYSTEM, partner=live.deal.partner, customer=live.deal.organization, answered_on=day(at),
        question=question, score=Decimal(scores[turn % len(scores)]), scale_low=Decimal(low),
        scale_high=Decimal(high), respondent_role=ROLES[turn % len(ROLES)], source=rules.IMPORT, at=at,
    )  # fmt: skip
