"""Asking for more time: a running protection is extended, one that has just ended is renewed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from accounts.roles import Permission
from catalog.querysets import setting
from core.actors import Actor
from core.errors import Conflict
from core.saving import lock, save
from deals import rules
from deals.actions.moves import _move, reason_code
from deals.actions.protections import lapse, lock_claim, protect
from deals.models import Deal, Extension, Protection, Transfer
from deals.querysets import ExtensionQuerySet
from events.actions import record


@transaction.atomic
def request_extension(*, by: Actor, deal: Deal, evidence: str, activity_on: date, at: datetime) -> Extension:
    """Ask for a longer protection. What counts as activity is one sentence about what happened, with its day.

    `activity_on` lies within the setting's days. The answer is due as a first decision is.
    Raises ValidationError (evidence, activity_on), Conflict (nothing to extend, as often as allowed, one waits).
    """
    by.must(Permission.DEAL_EDIT, on=deal)
    deal = lock(deal)
    if why := why_not_extended(deal, at):
        raise Conflict(why, code="closed_move")
    return _request(by, deal, rules.EXTENSION, setting("deal.extension_days"), evidence, activity_on, at)


@transaction.atomic
def request_renewal(*, by: Actor, deal: Deal, evidence: str, activity_on: date, at: datetime) -> Extension:
    """Ask for a protection that has ended to begin again, within the grace. Raises as `request_extension`."""
    by.must(Permission.DEAL_EDIT, on=deal)
    lapse(deal, at)
    deal = lock(deal)
    if why := why_not_renewed(deal, at):
        raise Conflict(why, code="closed_move")
    return _request(by, deal, rules.RENEWAL, setting("deal.renewal_days"), evidence, activity_on, at)


def why_not_extended(deal: Deal, at: datetime) -> str:
    """The reason for which an extension is out of the question now, an empty text where it can be asked for."""
    most = setting("deal.most_extensions")
    if deal.state not in rules.PROTECTED or deal.ends_at is None or deal.ends_at <= at:
        return _("Only a protection that runs can be extended.")
    if deal.extensions.waiting().exists():
        return _("A request is waiting for an answer already.")
    if times_extended(deal) >= most:
        return _("This protection was extended %(n)s times; that is as often as the program allows.") % {
            "n": most
        }
    return ""


def times_extended(deal: Deal) -> int:
    """How often the protection was extended, by this holder and by those that it was taken over from."""
    times: int = deal.extensions.granted().count()
    came_from = Transfer.objects.filter(taken_over_by=deal).select_related("deal").first()
    return times + (times_extended(came_from.deal) if came_from else 0)


def why_not_renewed(deal: Deal, at: datetime) -> str:
    """The reason for which a renewal is out of the question now, an empty text where it can be asked for."""
    if deal.state != rules.EXPIRED:
        return _("Only a protection that has ended by its date can be renewed.")
    last = renewable_until(deal)
    if rules.ends_at(last, deal.time_zone) <= at:
        return _("A renewal could be asked for until %(day)s.") % {"day": format_date(last, "j F Y")}
    return _("A request is waiting for an answer already.") if deal.extensions.waiting().exists() else ""


def renewable_until(deal: Deal) -> date:
    """The last day on which the renewal of a protection that ended by its date can be asked for."""
    assert deal.protected_until is not None
    return rules.grace_until(deal.protected_until, setting("deal.grace_days"))


def _request(
    by: Actor, deal: Deal, kind: str, days: int, evidence: str, activity_on: date, at: datetime
) -> Extension:
    _require_activity(deal, evidence, activity_on, at)
    partner = deal.partner
    due_at = rules.decision_due(
        at, setting("deal.decide_business_days"), str(partner.country), deal.time_zone
    )
    extension = save(
        Extension(
            deal=deal,
            kind=kind,
            days=days,
            evidence=evidence.strip(),
            activity_on=activity_on,
            requested_by_id=by.user_id,
            due_at=due_at,
            created_at=at,
        )
    )
    data = {"kind": kind, "days": days, "extension": str(extension.pk), "due_at": due_at.isoformat()}
    record("deal.extension_requested", deal, by=by, at=at, partner=partner, data=data)
    return extension


def _require_activity(deal: Deal, evidence: str, activity_on: date, at: datetime) -> None:
    """Raise ValidationError unless something is said that happened within the setting's days."""
    days = setting("deal.activity_days")
    if not evidence.strip():
        raise ValidationError({"evidence": _("Say what happened.")})
    if not rules.is_recent(activity_on, deal.day_of(at), days):
        words = _("Give a day within the last %(n)s days, not a later one.") % {"n": days}
        raise ValidationError({"activity_on": words})


@transaction.atomic
def grant_extension(*, by: Actor, extension: Extension, at: datetime, comment: str = "") -> Extension:
    """Say yes: the protection runs on, or begins again today. `comment` goes to the partner.

    Raises Conflict (answered already, the deal has ended otherwise, for a renewal: the customer is taken).
    """
    by.must(Permission.DEAL_DECIDE, on=extension)
    extension = _locked(extension, at)
    rules.EXTENSION_LIFECYCLE.after(extension.state, "grant")
    give = _renew if extension.kind == rules.RENEWAL else _extend
    until = give(by, extension, at)
    return _move_extension(by, extension, "grant", at, until=until, comment=comment)


@transaction.atomic
def refuse_extension(
    *, by: Actor, extension: Extension, reason: str, at: datetime, comment: str = ""
) -> Extension:
    """Say no with a reason (a code of deal_extension_refusal). Raises ValidationError, Conflict (answered already)."""
    by.must(Permission.DEAL_DECIDE, on=extension)
    code = reason_code("deal_extension_refusal", reason, comment)
    extension = _move_extension(by, lock(extension), "refuse", at, reason=code, comment=comment)
    deal, data = extension.deal, {"kind": extension.kind, "reason": code, "extension": str(extension.pk)}
    record("deal.extension_refused", deal, by=by, at=at, partner=deal.partner, data=data)
    return extension


@transaction.atomic
def renew_deal(*, by: Actor, deal: Deal, at: datetime, comment: str = "") -> Deal:
    """Grant the renewal that the partner has asked for. Raises Conflict (nobody asked, the customer is taken)."""
    by.must(Permission.DEAL_DECIDE, on=deal)
    rules.LIFECYCLE.after(deal.state, "renew")
    asked = deal.extensions.waiting().first()
    if asked is None:
        raise Conflict(_("The partner has not asked for a renewal."), code="not_requested")
    return grant_extension(by=by, extension=asked, at=at, comment=comment).deal


def lock_extension(extension: Extension) -> Extension:
    """The request, fresh, locked after its registration and all that comes before that."""
    deal = lock_claim(extension.deal)
    extension = lock(extension)
    extension.deal = deal
    return extension


def _locked(extension: Extension, at: datetime) -> Extension:
    """The request, locked after its registration. What has lapsed by then is a renewal."""
    lapse(lock_claim(extension.deal), at)
    return lock_extension(extension)


def _extend(by: Actor, extension: Extension, at: datetime) -> date:
    """Move the end of the running protections and of the deal, conditions' day included; returns the new last day."""
    deal = extension.deal
    if deal.state not in rules.PROTECTED or deal.protected_until is None:
        raise Conflict(_("Only a protection that runs can be extended."), code="closed_move")
    until = rules.protected_until(deal.protected_until, extension.days)
    deal.protected_until = until
    if deal.unconditional_until:
        deal.unconditional_until = rules.protected_until(deal.unconditional_until, extension.days)
    deal.next_at = rules.next_at(deal.state, deal.due_at, deal.ends_at)
    save(deal)
    running = Protection.objects.filter(deal=deal).running()
    running.update(until=until, ends_at=deal.ends_at, changed_at=at, version=F("version") + 1)
    data = {"until": until.isoformat(), "days": extension.days, "extension": str(extension.pk)}
    record("deal.extended", deal, by=by, at=at, partner=deal.partner, data=data)
    return until


def _renew(by: Actor, extension: Extension, at: datetime) -> date:
    """Protect again from today on; returns the last day."""
    deal = extension.deal
    rules.LIFECYCLE.after(deal.state, "renew")
    protections = protect(deal, extension.days, at)
    until = protections[0].until
    data = {"until": until.isoformat(), "days": extension.days, "extension": str(extension.pk)}
    facts = {"protected_from": protections[0].starts_on, "protected_until": until, "closed_at": None, "reason": "",
             "unconditional_until": None}  # fmt: skip
    extension.deal = _move(by, deal, "renew", at, data, **facts)
    return until


def _move_extension(by: Actor, extension: Extension, move: str, at: datetime, **facts: Any) -> Extension:
    extension.state = rules.EXTENSION_LIFECYCLE.after(extension.state, move)
    extension.decided_at, extension.decided_by_id = at, by.user_id
    for name, value in facts.items():
        setattr(extension, name, value)
    return save(extension)


def close_requests(requests: ExtensionQuerySet, at: datetime) -> int:
    """There is nothing left to extend: what waits is closed. The deal's own event says why. Returns how many."""
    facts = {"state": rules.CLOSED, "decided_at": at, "changed_at": at, "version": F("version") + 1}
    return requests.waiting().update(**facts)
