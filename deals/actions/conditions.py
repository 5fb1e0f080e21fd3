"""Conditions of an approval: imposed with it, answered by the partner, met or missed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.roles import Permission
from core.actors import Actor
from core.errors import Conflict
from core.saving import lock, save
from deals import rules
from deals.actions.moves import _move, reason_code
from deals.models import Condition, Deal, Protection
from events.actions import record
from files.actions import attach


def impose(deal: Deal, texts: Sequence[str], until: date | None, full: date, at: datetime) -> date:
    """Write the conditions of an approval that is decided now; returns their last day.

    `full` is the last day of the whole protection. Raises ValidationError (no sentence, too many, a day that cannot
    be).
    """
    texts = [text.strip() for text in texts if text.strip()]
    if not 0 < len(texts) <= rules.MOST_CONDITIONS:
        words = _("Give between one and %(most)s conditions.") % {"most": rules.MOST_CONDITIONS}
        raise ValidationError({"conditions": words})
    if until is None or not deal.day_of(at) < until <= full:
        raise ValidationError({"conditions_until": _("Choose a day after today and within the protection.")})
    for position, text in enumerate(texts, start=1):
        condition = Condition(deal=deal, decided_at=at, position=position, text=text, created_at=at)
        try:
            save(condition)
        except ValidationError as error:
            raise ValidationError({"conditions": error.messages}) from error
    return until


@transaction.atomic
def answer_condition(
    *, by: Actor, condition: Condition, answer: str, at: datetime, evidence: Any = None
) -> Condition:
    """Say how a condition is met; `evidence` is an uploaded file. It may be said anew until the vendor ticks it off.

    Raises ValidationError (no words, the file), Conflict (met already, the registration is no longer under it).
    """
    by.must(Permission.DEAL_EDIT, on=condition)
    if not answer.strip():
        raise ValidationError({"answer": _("Say how the condition is met.")})
    condition = lock_condition(condition)
    deal = condition.deal
    _require_open(deal, condition)
    condition.answer, condition.answered_at, condition.answered_by_id = answer.strip(), at, by.user_id
    save(condition)
    if evidence is not None:
        attach(by=by, kind="condition", subject=condition, partner=deal.partner, upload=evidence, at=at)
    data = {"condition": str(condition.pk), "position": condition.position}
    record("deal.condition_answered", deal, by=by, at=at, partner=deal.partner, data=data)
    return condition


def lock_condition(condition: Condition) -> Condition:
    """The condition, fresh, locked after its registration."""
    deal = lock(condition.deal)
    condition = lock(condition)
    condition.deal = deal
    return condition


@transaction.atomic
def meet_conditions(
    *, by: Actor, deal: Deal, at: datetime, met: Sequence[Condition] | None = None, comment: str = ""
) -> Deal:
    """Tick conditions off, all that are left unless some are named. With the last one the approval has none any more:
    the protection runs for its own days.

    Raises ValidationError (a condition of another decision, none named), Conflict (not under conditions, their day
    is over).
    """
    by.must(Permission.DEAL_DECIDE, on=deal)
    deal = lock(deal)
    rules.LIFECYCLE.after(deal.state, "meet_conditions")
    if deal.ends_at is None or deal.ends_at <= at:
        raise Conflict(_("The day of the conditions is over."), code="too_late")
    left = list(deal.conditions.standing().unmet())
    chosen = left if met is None else [condition for condition in left if condition in met]
    if met is not None and (not chosen or len(chosen) < len(set(met))):
        raise ValidationError({"conditions": _("Choose conditions that are not met yet.")})
    for condition in chosen:
        _tick(by, condition, at)
    if len(chosen) < len(left):
        data = {"met": len(chosen), "left": len(left) - len(chosen)}
        record("deal.conditions_ticked", deal, by=by, at=at, partner=deal.partner, data=data)
        return save(deal)
    return _unconditional(by, deal, comment, at)


def _tick(by: Actor, condition: Condition, at: datetime) -> None:
    condition.met_at, condition.met_by_id = at, by.user_id
    save(condition)


def _unconditional(by: Actor, deal: Deal, comment: str, at: datetime) -> Deal:
    """The protection's own days hold from now on. No check is needed: nobody else could get in meanwhile."""
    until = deal.unconditional_until
    assert until is not None
    facts = {"protected_until": until, "unconditional_until": None, "comment": comment}
    deal = _move(by, deal, "meet_conditions", at, {"until": until.isoformat()}, **facts)
    running = Protection.objects.filter(deal=deal).running()
    running.update(until=until, ends_at=deal.ends_at, changed_at=at, version=F("version") + 1)
    return deal


@transaction.atomic
def miss_conditions(*, by: Actor, deal: Deal, reason: str, at: datetime, comment: str = "") -> Deal:
    """The conditions will not be met: the protection ends today rather than on their day, as if by its date.

    `reason` is a code of deal_condition_miss. Raises ValidationError (reason, comment), Conflict (closed).
    """
    by.must(Permission.DEAL_DECIDE, on=deal)
    code = reason_code("deal_condition_miss", reason, comment)
    deal = lock(deal)
    rules.LIFECYCLE.after(deal.state, "miss_conditions")
    assert deal.protected_until is not None
    until = min(deal.day_of(at), deal.protected_until)
    running = Protection.objects.filter(deal=deal).running()
    running.update(
        until=until, ends_at=rules.ends_at(until, deal.time_zone), released_at=at, changed_at=at,
        version=F("version") + 1,
    )  # fmt: skip
    data = {"until": until.isoformat(), "reason": code}
    facts = {"protected_until": until, "reason": code, "comment": comment, "closed_at": at}
    return _move(by, deal, "miss_conditions", at, data, **facts)


def _require_open(deal: Deal, condition: Condition) -> None:
    if deal.state != rules.CONDITIONAL or condition.decided_at != deal.decided_at:
        raise Conflict(_("This registration is no longer under conditions."), code="closed_move")
    if condition.met_at:
        raise Conflict(_("This condition is met already."), code="closed_move")
