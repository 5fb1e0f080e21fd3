"""The letter that a partner would get for a decision that is only considered. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from catalog.querysets import reason as find_reason
from catalog.querysets import setting
from deals import actions, engagement, rules, words
from deals.models import Deal

APPROVE, CONDITIONS = "approve", "approve_with_conditions"
ASK, REJECT, DUPLICATE = "ask_for_more", "reject", "mark_duplicate"
MOVES = (APPROVE, CONDITIONS, ASK, REJECT, DUPLICATE)


def letter_for(
    deal: Deal,
    move: str,
    at: datetime,
    *,
    days: int | None = None,
    conditions: Iterable[str] = (),
    conditions_until: date | None = None,
    reason: str = "",
    comment: str = "",
    question: str = "",
    fields: Iterable[str] = (),
    duplicate_of: Deal | None = None,
) -> words.Words:
    """Subject and paragraphs for one of MOVES, decided at `at`; `days` are the usual ones where none are given."""
    today = deal.day_of(at)
    full = rules.protected_until(today, days or actions.usual_length(deal, at).days)
    until = min(conditions_until or full, full) if move == CONDITIONS else full
    considered = words.decision_of(
        deal,
        move=move,
        until=until,
        unconditional_until=full,
        conditions=tuple(conditions),
        reason=reason,
        comment=comment,
        question=question,
        fields=tuple(fields),
        contested_until=actions.contested_until(deal) if reason == "already_protected" else None,
        duplicate_of=duplicate_of.number if duplicate_of else "",
        answer_until=rules.answer_until(today, setting("deal.answer_days")),
        rule=words.rule_words(deal, _rule_of(deal, move, reason)),
        appeal_until=rules.appeal_until(today, setting("deal.appeal_days")),
    )
    return words.words_of(considered)


def possible_letter(deal: Deal, move: str, at: datetime, **facts: Any) -> words.Words:
    """The letter for a decision that can be made now.

    Raises Conflict (the move is closed), ValidationError (no such reason; a repeat of another partner's).
    """
    rules.LIFECYCLE.after(deal.state, move)
    if move == REJECT:
        find_reason("deal_rejection", facts.get("reason", ""))
    if move == DUPLICATE and not _is_repeat(deal, facts.get("duplicate_of")):
        raise ValidationError({"duplicate_of": _("Choose another registration of the same partner.")})
    return letter_for(deal, move, at, **facts)


def _is_repeat(deal: Deal, earlier: Deal | None) -> bool:
    return earlier is not None and earlier.pk != deal.pk and earlier.partner_id == deal.partner_id


def _rule_of(deal: Deal, move: str, reason: str) -> str:
    """The code of the rule that such a decision would rest on."""
    kind = move if move in engagement.DECISIONS else engagement.APPROVE
    grounds = (reason, kind) if move == REJECT else (kind,)
    return str(actions.cited(deal, *grounds).get("rule", "")) if move != ASK else ""
