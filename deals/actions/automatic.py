"""Approving without a person, in the transaction that sends a registration."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from catalog.querysets import convert, setting
from core.actors import SYSTEM
from core.clock import day
from core.errors import Conflict
from core.models import Vendor
from core.money import Money, exponent
from deals import automatic, conflict
from deals.actions.decisions import approve_deal
from deals.models import ConflictCheck, Deal
from events.actions import record
from metrics import registry


def automatic_conditions(deal: Deal, check: ConflictCheck, at: datetime) -> list[automatic.Condition]:
    """The program's conditions for an approval without a person, as they stand now."""
    partner, on = deal.partner, day(at)
    facts = automatic.Facts(
        is_customer_known=deal.organization_id is not None,
        claims_all_below=deal.includes_below,
        is_ours=check.candidates.filter(kind__in=conflict.OURS).exists(),
        score=check.score,
        value=_in_program_currency(deal, at),
        tier_rank=partner.tier_rank or 0,
        people=_number("certified_people", partner.pk, on),
        gates=_number("certification_gates_valid", partner.pk, on),
    )
    return automatic.conditions(facts, terms())


def terms() -> automatic.Terms:
    """The program's terms; the limit of the value is a setting in whole units of its currency."""
    currency = Vendor.current().currency
    return automatic.Terms(
        is_on=bool(setting("deal.auto_approve")),
        score_below=setting("deal.auto_approve_score"),
        value_below=Money(setting("deal.auto_approve_value") * 10 ** exponent(currency), currency),
        tier_rank=setting("deal.auto_approve_tier"),
        people=setting("deal.auto_approve_people"),
        gates=setting("deal.auto_approve_gates"),
    )


def approve_automatically(deal: Deal, at: datetime) -> Deal:
    """Approve as the system. What is refused at the last moment (somebody was faster, the tier has no room) waits for
    a person instead: the sender is told of no error.
    """
    try:
        with transaction.atomic():
            return approve_deal(by=SYSTEM, deal=deal, at=at, is_automatic=True)
    except Conflict as refused:
        data = {"because": refused.code}
        record("deal.left_to_review", deal, by=SYSTEM, at=at, partner=deal.partner, data=data)
        return deal


def _number(metric: str, partner_id: UUID, on: date) -> int:
    """A metric's value for one partner; 0 where there is no data."""
    found = registry.get(metric).values(on, [partner_id])
    return next((value.value or 0 for value in found if value.partner_id == partner_id), 0)


def _in_program_currency(deal: Deal, at: datetime) -> Money | None:
    if deal.amount is None:
        return None
    try:
        return convert(deal.amount, on=day(at))[0]
    except ValidationError:
        return None
