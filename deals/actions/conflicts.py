"""Looking for conflicts, and keeping what was found with the arithmetic behind it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from core.actors import Actor
from core.saving import save
from deals import rules
from deals.models import ConflictCheck, ConflictFactor, Deal
from events.actions import record

MOST_CANDIDATES = 10
KIND_OF_STATE = {rules.APPROVED: "protection", rules.CONDITIONAL: "protection", rules.WON: "won_customer"}
Finding = tuple[Decimal, Deal, list[rules.Factor]]


@transaction.atomic
def check_conflicts(*, by: Actor, deal: Deal, at: datetime) -> ConflictCheck:
    """Compare a registration with other partners' claims and with its partner's own; keep every factor.

    Never decides anything. Called by the actions that submit, answer and link: they asked for the permission, and
    note score and verdict on the registration.
    """
    findings = sorted(_findings(deal), key=lambda finding: -finding[0])[:MOST_CANDIDATES]
    score = findings[0][0] if findings else Decimal("0.0")
    check = ConflictCheck(
        deal=deal, rule_version=rules.RULE_VERSION, score=score, verdict=rules.verdict(score), created_at=at
    )
    save(check)
    ConflictFactor.objects.bulk_create(_rows(check, deal, findings))
    data = {"verdict": check.verdict, "score": str(check.score), "rule_version": check.rule_version}
    record("deal.conflict_checked", check, by=by, at=at, partner=deal.partner, data=data)
    return check


def _findings(deal: Deal) -> Iterator[Finding]:
    mine = claim_of(deal)
    for other in Deal.objects.contesting(deal).prefetch_related("products"):
        score, factors = rules.compare(mine, claim_of(other))
        yield score, other, factors


def claim_of(deal: Deal) -> rules.Claim:
    """What a registration claims, for the comparison."""
    return rules.Claim(
        organization_id=deal.organization_id,
        name=deal.customer_name,
        domain=deal.customer_domain,
        city=deal.customer_city,
        products=frozenset(product.name for product in deal.products.all()),
        close_on=deal.expected_close_on,
        until=deal.protected_until if deal.state in rules.PROTECTED else None,
    )


def kind_of(other: Deal, deal: Deal) -> str:
    """What another registration is to this one."""
    return "own" if other.partner_id == deal.partner_id else KIND_OF_STATE.get(other.state, "registration")


def _rows(check: ConflictCheck, deal: Deal, findings: list[Finding]) -> Iterator[ConflictFactor]:
    position = 0
    for _score, other, factors in findings:
        for factor in factors:
            position += 1
            yield ConflictFactor(
                conflict_check=check,
                position=position,
                other=other,
                kind=kind_of(other, deal),
                complete_since=other.day_of(other.submitted_at),  # type: ignore[arg-type]
                protected_until=other.protected_until if other.state in rules.PROTECTED else None,
                code=factor.code,
                mine=factor.mine[:400],
                theirs=factor.theirs[:400],
                alike=factor.alike,
                weight=factor.weight,
                points=factor.points,
                created_at=check.created_at,
            )
