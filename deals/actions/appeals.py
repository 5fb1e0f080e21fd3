"""Appeals against refusals: filed by the partner, decided by someone who did not decide the registration."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from accounts.roles import Permission
from catalog.querysets import setting
from core.actors import SYSTEM, Actor
from core.errors import Conflict
from core.saving import lock, save
from deals import rules
from deals.actions.conflicts import check_conflicts
from deals.actions.decisions import approve_deal
from deals.actions.moves import _move
from deals.actions.protections import lock_claim
from deals.models import Appeal, Deal
from events.actions import record
from events.models import Event
from files.actions import attach
from partners.models import Partner

REFUSALS = [rules.EVENT_OF_MOVE[move] for move in ("reject", "mark_duplicate", "revoke")]


@transaction.atomic
def file_appeal(*, by: Actor, deal: Deal, grounds: str, at: datetime, evidence: Any = None) -> Appeal:
    """Appeal a refusal, once per decision and in time; `evidence` is an uploaded file.

    The answer is due after the setting's business days of the partner's country.
    Raises ValidationError (grounds, the file), Conflict (not refused, too late, appealed already).
    """
    by.must(Permission.APPEAL_FILE, on=deal)
    if not grounds.strip():
        raise ValidationError({"grounds": _("Say why the decision should be another.")})
    deal = lock(deal)
    _require_appealable(deal, at)
    appeal = Appeal(
        deal=deal,
        grounds=grounds.strip(),
        submitted_by_id=by.user_id,
        refusal=deal.state,
        refused_at=deal.closed_at,
        first_decided_by_id=_decider(deal),
        due_at=_due(deal, "deal.appeal_business_days", at),
        created_at=at,
    )
    save(appeal)
    if evidence is not None:
        attach(by=by, kind="appeal", subject=appeal, partner=deal.partner, upload=evidence, at=at)
    data = {"refusal": appeal.refusal, "due_at": appeal.due_at.isoformat()}
    record("appeal.submitted", appeal, by=by, at=at, partner=deal.partner, data=data)
    return appeal


@transaction.atomic
def uphold_appeal(
    *,
    by: Actor,
    appeal: Appeal,
    at: datetime,
    answer: str = "",
    note: str = "",
    approve: bool = False,
    days: int | None = None,
) -> Appeal:
    """The partner is right: the registration is in review again, or approved at once and protected for `days`.

    `answer` goes to the partner, `note` to colleagues. Where the approval is refused the appeal stays open.
    Raises PermissionDenied (the first decider), ValidationError (days), Conflict (closed; those of `approve_deal`).
    """
    by.must(Permission.DEAL_DECIDE, on=appeal)
    appeal = lock_appeal(appeal)
    require_second_reviewer(by, appeal)
    outcome = rules.APPROVED_AT_ONCE if approve else rules.LOOKED_AT_AGAIN
    appeal = _move_appeal(by, appeal, "uphold", at, {"outcome": outcome}, **_decided(by, at, answer, note))
    deal = _reopen(by, appeal.deal, at)
    if approve:
        appeal.deal = approve_deal(by=by, deal=deal, days=days, at=at)
    return appeal


def lock_appeal(appeal: Appeal) -> Appeal:
    """The appeal, fresh, locked after its registration and all that comes before that."""
    deal = lock_claim(appeal.deal)
    appeal = lock(appeal)
    appeal.deal = deal
    return appeal


@transaction.atomic
def dismiss_appeal(*, by: Actor, appeal: Appeal, answer: str, at: datetime, note: str = "") -> Appeal:
    """The decision stands; `answer` tells the partner why, `note` is for colleagues.

    Raises PermissionDenied (the first decider), ValidationError (no answer), Conflict (closed).
    """
    by.must(Permission.DEAL_DECIDE, on=appeal)
    appeal = lock(appeal)
    require_second_reviewer(by, appeal)
    if not answer.strip():
        raise ValidationError({"answer": _("Tell the partner why.")})
    return _move_appeal(by, appeal, "dismiss", at, **_decided(by, at, answer, note))


@transaction.atomic
def withdraw_appeal(*, by: Actor, appeal: Appeal, at: datetime) -> Appeal:
    """The partner takes its appeal back; the decision stands. Raises Conflict (decided)."""
    by.must(Permission.APPEAL_FILE, on=appeal)
    return _move_appeal(by, lock(appeal), "withdraw", at)


@transaction.atomic
def withdraw_appeals_of(*, partner: Partner, at: datetime) -> None:
    """The partnership is over: nobody answers what still waits."""
    for appeal in Appeal.objects.filter(deal__partner=partner).waiting().order_by("pk"):
        _move_appeal(SYSTEM, lock(appeal), "withdraw", at)


def appeal_until(deal: Deal) -> date | None:
    """The last day on which a refusal may be appealed; None where there is none, or the partner is not active."""
    if deal.state not in rules.APPEALABLE or deal.closed_at is None or not deal.partner.is_active:
        return None
    return rules.appeal_until(deal.day_of(deal.closed_at), setting("deal.appeal_days"))


def appeal_of(deal: Deal) -> Appeal | None:
    """The appeal against the decision that stands, whatever became of it."""
    return deal.appeals.filter(refused_at=deal.closed_at).first() if deal.state in rules.APPEALABLE else None


def is_appealable(deal: Deal, at: datetime) -> bool:
    """Whether the decision that stands may be appealed now."""
    until = appeal_until(deal)
    return until is not None and deal.day_of(at) <= until and appeal_of(deal) is None


def is_first_decider(by: Actor, appeal: Appeal) -> bool:
    """Whether the actor made the decision that is appealed. Decisions of the system exclude nobody."""
    return appeal.first_decided_by_id is not None and appeal.first_decided_by_id == by.user_id


def require_second_reviewer(by: Actor, appeal: Appeal) -> None:
    """Raise PermissionDenied where the actor would judge its own decision."""
    if is_first_decider(by, appeal):
        raise PermissionDenied(_("You decided this registration. Someone else decides its appeal."))


def _require_appealable(deal: Deal, at: datetime) -> None:
    until = appeal_until(deal)
    if until is None:
        raise Conflict(_("Only a registration that was refused can be appealed."), code="closed_move")
    if appeal_of(deal):
        raise Conflict(_("This decision has been appealed already."), code="appealed")
    if deal.day_of(at) > until:
        words = _("It could be appealed until %(day)s.") % {"day": format_date(until, "j F Y")}
        raise Conflict(words, code="too_late")


def _decider(deal: Deal) -> UUID | None:
    """Who refused the registration, as the log tells it; None where the system did."""
    refusals = Event.objects.about(deal).filter(type__in=REFUSALS).order_by("-at", "-id")
    return refusals.values_list("actor_user_id", flat=True).first()


def _due(deal: Deal, days: str, at: datetime) -> datetime:
    return rules.decision_due(at, setting(days), str(deal.partner.country), deal.time_zone)


def _decided(by: Actor, at: datetime, answer: str, note: str) -> dict[str, Any]:
    return {"decided_at": at, "decided_by_id": by.user_id, "answer": answer.strip(), "note": note.strip()}


def _move_appeal(
    by: Actor, appeal: Appeal, move: str, at: datetime, data: dict[str, Any] | None = None, **facts: Any
) -> Appeal:
    """Ask the table about a locked appeal, set the facts, save, record. Raises Conflict where the move is closed."""
    appeal.state = rules.APPEAL.after(appeal.state, move)
    for name, value in facts.items():
        setattr(appeal, name, value)
    save(appeal)
    record(rules.EVENT_OF_APPEAL[move], appeal, by=by, at=at, partner=appeal.deal.partner, data=data)
    return appeal


def _reopen(by: Actor, deal: Deal, at: datetime) -> Deal:
    """The refused registration is in review again: the refusal is gone from it, the clock and the check are new."""
    deal = lock(deal)
    rules.LIFECYCLE.after(deal.state, "uphold")
    check, due = check_conflicts(by=by, deal=deal, at=at), _due(deal, "deal.decide_business_days", at)
    data = {"due_at": due.isoformat()}
    return _move(
        by, deal, "uphold", at, data, due_at=due, conflict_score=check.score, conflict_verdict=check.verdict,
        reason="", comment="", contested_until=None, duplicate_of=None, protected_from=None, protected_until=None,
        decided_at=None, decided_by_id=None, closed_at=None, escalated_at=None,
        is_automatic=False, decided_rule="",
    )  # fmt: skip
