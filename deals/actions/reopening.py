"""A won or lost deal goes on: what was booked is taken back, and the customer is protected again if it is free."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.roles import Permission
from core.actors import Actor
from core.clock import day
from core.errors import Conflict
from core.saving import lock, save
from deals import rules
from deals.actions.bookings import take_back_rest
from deals.actions.moves import _move, reason_code
from deals.actions.protections import lapse, lock_claim, protect, usual_length
from deals.models import Deal, Protection, Stage
from events.actions import record
from events.models import Event


@transaction.atomic
def reopen_deal(
    *, by: Actor, deal: Deal, reason: str, at: datetime, comment: str = "", days: int | None = None
) -> Deal:
    """The win or the loss is taken back. Bookings get their negative rows today; a protection that still runs is kept,
    else one of `days` begins today (the program's length by default). `reason` is a code of deal_reopening.

    Raises ValidationError (reason, comment, days), Conflict (neither won nor lost, somebody else is protected or may
    still renew, no room, the partner is not active, a go-live was accepted).
    """
    by.must(Permission.DEAL_REOPEN, on=deal)
    code = reason_code("deal_reopening", reason, comment)
    if days is not None and not 1 <= days <= rules.LONGEST_PROTECTION:
        raise ValidationError(
            {"days": _("Choose between 1 and %(n)s days.") % {"n": rules.LONGEST_PROTECTION}}
        )
    deal = _locked(deal, at)
    rules.LIFECYCLE.after(deal.state, "reopen")
    _require_reopenable(deal)
    before = deal.state
    for booking in deal.bookings.filter(reverses=None).order_by("pk"):
        take_back_rest(by, booking, day(at), rules.DEAL_REOPENED, comment, at)
    starts_on, until = _protected(deal, days, at)
    data = {"from": before, "reason": code, "until": until.isoformat()}
    deal = _move(
        by, deal, "reopen", at, data, protected_from=starts_on, protected_until=until, won_on=None, win_reference="",
        reason=code, comment=comment, closed_at=None,
    )  # fmt: skip
    return _to_open_stage(by, deal, at)


def _locked(deal: Deal, at: datetime) -> Deal:
    """The deal, locked with its claim; what has lapsed by its own date is released."""
    lapse(lock_claim(deal), at)
    return lock(deal)


def _require_reopenable(deal: Deal) -> None:
    if not deal.partner.is_active:
        raise Conflict(_("A deal can be reopened while the partner is active."), code="partner_not_active")
    if deal.implementations.filter(state=rules.ACCEPTED).exists():
        words = _("The customer has accepted a go-live of this deal. Correct a booking instead.")
        raise Conflict(words, code="accepted")


def _protected(deal: Deal, days: int | None, at: datetime) -> tuple[date, date]:
    """First and last day of the protection: the one that runs on after a win, or a new one if the customer is free."""
    if running := Protection.objects.filter(deal=deal).running().first():
        return running.starts_on, running.until
    protections = protect(deal, usual_length(deal, at).days if days is None else days, at)
    return protections[0].starts_on, protections[0].until


def _to_open_stage(by: Actor, deal: Deal, at: datetime) -> Deal:
    """A loss has set the stage to lost: the one before it holds again."""
    if deal.stage is None or deal.stage.code != rules.LOST_STAGE:
        return deal
    last = Event.objects.about(deal).filter(type="deal.stage_changed").order_by("-at", "-id").first()
    earlier = Stage.objects.filter(code=last.data.get("from", "")).first() if last else None
    deal.stage, deal.stage_changed_at = earlier or Stage.objects.active().first(), at
    save(deal)
    data = {"from": rules.LOST_STAGE, "to": deal.stage.code if deal.stage else ""}
    record("deal.stage_changed", deal, by=by, at=at, partner=deal.partner, data=data)
    return deal
