"""Amendments: what was approved is changed by request, and the protections with it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.roles import Permission
from catalog.querysets import setting
from core.actors import SYSTEM, Actor
from core.errors import Conflict
from core.saving import lock, save
from deals import amending, rules
from deals.actions.conflicts import check_conflicts, require_nothing_new
from deals.actions.decisions import require_desk, require_no_case
from deals.actions.moves import reason_code
from deals.actions.protections import lapse, later_by_tender, lock_claim, protect_more, run_until
from deals.actions.registration import _set
from deals.models import Amendment, Deal, Protection
from deals.querysets import AmendmentQuerySet
from events.actions import record


@transaction.atomic
def request_amendment(*, by: Actor, deal: Deal, reason: str, at: datetime, **facts: Any) -> Amendment:
    """Ask that facts of `rules.AMENDABLE` are changed; what does not differ is left out. One request waits at a time.

    The answer is due as a first decision is. Raises ValidationError (reason, a fact, nothing differs), Conflict (not
    protected, one waits).
    """
    by.must(Permission.DEAL_EDIT, on=deal)
    if not reason.strip():
        raise ValidationError({"reason": _("Say why.")})
    deal = lock(deal)
    if why := why_not_amended(deal, at):
        raise Conflict(why, code="closed_move")
    changes = amending.differences(deal, facts)
    _require_sound(deal, facts, changes, at)
    days, country = setting("deal.decide_business_days"), str(deal.partner.country)
    due_at = rules.decision_due(at, days, country, deal.time_zone)
    amendment = Amendment(
        deal=deal, changes=changes, reason=reason.strip(), requested_by_id=by.user_id, due_at=due_at, created_at=at
    )  # fmt: skip
    save(amendment)
    data = {"amendment": str(amendment.pk), "changed": sorted(changes), "due_at": due_at.isoformat()}
    record("deal.amendment_requested", deal, by=by, at=at, partner=deal.partner, data=data)
    return amendment


def why_not_amended(deal: Deal, at: datetime) -> str:
    """Why no change can be asked for now; "" where one can."""
    if deal.state not in rules.PROTECTED or deal.ends_at is None or deal.ends_at <= at:
        return _("What was approved can be changed while the protection runs.")
    return _("A change is waiting for an answer already.") if deal.amendments.waiting().exists() else ""


def _require_sound(deal: Deal, facts: dict[str, Any], changes: dict[str, Any], at: datetime) -> None:
    """Raise ValidationError for a fact that no registration could have, or where nothing would change."""
    errors: dict[str, str] = {}
    if not changes:
        raise ValidationError(_("Nothing is different from what was approved."))
    if "products" in changes and not facts["products"]:
        errors["products"] = _("Choose at least one product.")
    if "amount" in changes and (facts["amount"] is None or facts["amount"].minor <= 0):
        errors["amount"] = _("Enter an amount above zero.")
    if "expected_close_on" in changes:
        today, close = deal.day_of(at), facts["expected_close_on"]
        if close is None or not today <= close <= today + rules.FURTHEST_CLOSE:
            errors["expected_close_on"] = _("Choose a day from today on, within five years.")
    if errors:
        raise ValidationError(errors)


@transaction.atomic
def accept_amendment(
    *, by: Actor, amendment: Amendment, at: datetime, comment: str = "", conflicts_seen: bool = False
) -> Amendment:
    """Carry the change out. Conflicts are looked for again; a product that is added must be free and is protected to
    the same day, one that is taken away is released. `comment` goes to the partner.

    A tender deadline that has moved moves the last day with it, where that is later. What is added is approved by this,
    and keeps to what approvals keep to: the deal desk's conflicts, a running case, and a hard conflict that is new
    since the last check; `conflicts_seen` says that it is known.
    Locks the organization's root first, as approvals do. Raises Conflict (answered already, the protection has ended,
    an added product is not free, a case runs, a new hard conflict), PermissionDenied (the deal desk decides it).
    """
    by.must(Permission.DEAL_DECIDE, on=amendment)
    amendment = _locked(amendment, at)
    rules.AMENDMENT.after(amendment.state, "accept")
    deal, changes = amendment.deal, amendment.changes
    if deal.state not in rules.PROTECTED:
        raise Conflict(_("What was approved can be changed while the protection runs."), code="closed_move")
    _release(deal, amending.removed(changes), at)
    before, until = deal.expected_close_on, later_by_tender(deal, changes)
    _set(by, deal, amending.wanted(changes))
    deal.slips += rules.is_slip(before, deal.expected_close_on)
    if until:
        run_until(deal, until, at)
    added = amending.added(changes)
    protect_more(deal, added, at)
    if added and not conflicts_seen:
        require_nothing_new(deal, at)
    check = check_conflicts(by=by, deal=deal, at=at)
    if added:
        require_no_case(deal)
        require_desk(by, deal)
    deal.conflict_score, deal.conflict_verdict = check.score, check.verdict
    save(deal)
    data = {"changed": sorted(changes), "verdict": check.verdict, "score": str(check.score),
            "until": until.isoformat() if until else None}  # fmt: skip
    return _move_amendment(by, amendment, "accept", at, data, comment=comment)


def _locked(amendment: Amendment, at: datetime) -> Amendment:
    """The request, locked after its registration. What has lapsed by then is closed."""
    lapse(lock_claim(amendment.deal), at)
    return lock_amendment(amendment)


def lock_amendment(amendment: Amendment) -> Amendment:
    """The request, fresh, locked after its registration and all that comes before that."""
    deal = lock_claim(amendment.deal)
    amendment = lock(amendment)
    amendment.deal = deal
    return amendment


def _release(deal: Deal, products: list[Any], at: datetime) -> None:
    running = Protection.objects.filter(deal=deal, product__in=products).running()
    running.update(released_at=at, changed_at=at, version=F("version") + 1)


@transaction.atomic
def refuse_amendment(
    *, by: Actor, amendment: Amendment, reason: str, at: datetime, comment: str = ""
) -> Amendment:
    """It stays as it was approved. `reason` is a code of deal_amendment_refusal. Raises ValidationError, Conflict."""
    by.must(Permission.DEAL_DECIDE, on=amendment)
    code = reason_code("deal_amendment_refusal", reason, comment)
    data = {"reason": code}
    return _move_amendment(by, lock_amendment(amendment), "refuse", at, data, refusal=code, comment=comment)


@transaction.atomic
def withdraw_amendment(*, by: Actor, amendment: Amendment, at: datetime) -> Amendment:
    """The partner takes its request back. Raises Conflict (answered already)."""
    by.must(Permission.DEAL_EDIT, on=amendment)
    return _move_amendment(by, lock_amendment(amendment), "withdraw", at)


@transaction.atomic
def close_amendments(amendments: AmendmentQuerySet, at: datetime) -> None:
    """Their deals ended otherwise: there is nothing left to change."""
    for amendment in amendments.waiting().order_by("pk"):
        _move_amendment(SYSTEM, lock(amendment), "close", at)


def _move_amendment(
    by: Actor, amendment: Amendment, move: str, at: datetime, data: dict[str, Any] | None = None, **facts: Any
) -> Amendment:
    """Ask the table about a locked amendment, set the facts, save, record at its deal. Raises Conflict (closed)."""
    amendment.state = rules.AMENDMENT.after(amendment.state, move)
    amendment.decided_at, amendment.decided_by_id = at, by.user_id
    for name, value in facts.items():
        setattr(amendment, name, value)
    save(amendment)
    deal, data = amendment.deal, {"amendment": str(amendment.pk), **(data or {})}
    record(rules.EVENT_OF_AMENDMENT[move], deal, by=by, at=at, partner=deal.partner, data=data)
    return amendment
