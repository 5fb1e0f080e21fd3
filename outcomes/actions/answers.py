"""Customers' answers: recorded, withdrawn."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.roles import Permission
from catalog.querysets import reason
from core.actors import Actor
from core.clock import day
from core.errors import Conflict
from core.saving import lock, save
from events.actions import record
from metrics.actions import touch
from outcomes import rules
from outcomes.actions.repeats import with_reference
from outcomes.models import SatisfactionAnswer
from partners.models import Organization, Partner


@transaction.atomic
def record_answer(
    *,
    by: Actor,
    partner: Partner,
    customer: Organization,
    answered_on: date,
    score: Decimal,
    scale_low: Decimal,
    scale_high: Decimal,
    at: datetime,
    question: str = rules.OVERALL,
    respondent_role: str = "",
    external_ref: str = "",
    source: str = rules.ENTERED,
) -> SatisfactionAnswer:
    """Record how content a customer is with a partner's work, on the scale on which it was asked.

    The same reference with the same facts answers with the first one. Raises ValidationError (a day in the future, a
    score off its scale), Conflict (the reference belongs to other facts).
    """
    by.must(Permission.ANSWER_RECORD, on=partner)
    require_past("answered_on", answered_on, day(at))
    _require_scale(score, scale_low, scale_high)
    facts = {
        "customer": customer, "answered_on": answered_on, "question": question, "score": score,
        "scale_low": scale_low, "scale_high": scale_high, "respondent_role": respondent_role.strip(),
    }  # fmt: skip
    if found := with_reference(SatisfactionAnswer, partner, external_ref, facts):
        return found
    percent = rules.percent_of(score, scale_low, scale_high)
    answer = SatisfactionAnswer(
        partner=partner, **facts, percent=percent, external_ref=external_ref.strip(), source=source,
        recorded_by_id=by.user_id, created_at=at,
    )  # fmt: skip
    save(answer)
    data = {"question": question, "percent": percent, "answered_on": answered_on, "source": source}
    _note("satisfaction.recorded", answer, by, at, data)
    return answer


def require_past(name: str, on: date, today: date) -> None:
    """Raise ValidationError for a day in the future, or before the century."""
    if on > today:
        raise ValidationError({name: _("This day lies in the future.")})
    if on.year < rules.FIRST_YEAR:
        raise ValidationError({name: _("This day is too long ago.")})


def _require_scale(score: Decimal, low: Decimal, high: Decimal) -> None:
    if not rules.SMALLEST <= low < high <= rules.LARGEST:
        raise ValidationError({"scale_high": _("The highest score lies above the lowest.")})
    if not low <= score <= high:
        raise ValidationError({"score": _("The score lies between the ends of its scale.")})


@transaction.atomic
def withdraw_answer(
    *, by: Actor, answer: SatisfactionAnswer, reason_code: str, at: datetime, comment: str = ""
) -> SatisfactionAnswer:
    """From today the answer no longer counts; it stays on record. Raises ValidationError (reason), Conflict (again)."""
    by.must(Permission.ANSWER_RECORD, on=answer)
    code = reason("answer_withdrawal", reason_code)
    if code.requires_comment and not comment.strip():
        raise ValidationError({"comment": _("This reason needs a comment.")})
    answer = lock(answer)
    if answer.withdrawn_on:
        raise Conflict(_("This answer is withdrawn already."), code="closed_move")
    answer.withdrawn_on = day(at)
    answer.withdrawal_reason, answer.withdrawal_comment = code.code, comment.strip()
    save(answer)
    _note("satisfaction.withdrawn", answer, by, at, {"question": answer.question, "reason": code.code})
    return answer


def _note(event: str, answer: SatisfactionAnswer, by: Actor, at: datetime, data: dict[str, Any]) -> None:
    touch(answer.partner_id, at=at)
    record(event, answer, by=by, at=at, partner=answer.partner, data=data)
