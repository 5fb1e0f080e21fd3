"""What the partner says about its own deal: how far it is, and how it ended."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.roles import Permission
from core.actors import Actor
from core.errors import Conflict
from core.saving import lock, save
from deals import rules
from deals.actions.credits import require_credit
from deals.actions.moves import _move, reason_code
from deals.actions.protections import release
from deals.models import Deal, Stage
from events.actions import record
from files.actions import attach


@transaction.atomic
def update_stage(
    *, by: Actor, deal: Deal, stage: Stage, at: datetime, expected_close_on: date | None = None
) -> Deal:
    """Say how far the deal is and, where a day is given, when it is expected to close.

    The stage is the partner's; someone of the vendor moves it on the partner's behalf, and the event says so.
    Raises ValidationError (lost is reported, not set; a day that cannot be), Conflict (it is closed).
    """
    by.must(Permission.STAGE_MOVE, on=deal)
    if stage.code == rules.LOST_STAGE:
        raise ValidationError({"stage": _("Report the loss with its reason instead.")})
    deal = lock(deal)
    if deal.state not in (*rules.OPEN, rules.WON):
        raise Conflict(_("The stage can be changed while the deal is open or won."), code="closed_move")
    if expected_close_on and expected_close_on != deal.expected_close_on:
        deal = _expect(by, deal, expected_close_on, at)
    return _to_stage(by, deal, stage, at)


def _expect(by: Actor, deal: Deal, close_on: date, at: datetime) -> Deal:
    """Note another expected close; a later day counts as a slip."""
    today = deal.day_of(at)
    if deal.state not in rules.OPEN:
        raise Conflict(_("The deal is closed: nothing is expected any more."), code="closed_move")
    if close_on < today:
        raise ValidationError({"expected_close_on": _("The expected close lies in the past.")})
    if close_on > today + rules.FURTHEST_CLOSE:
        raise ValidationError({"expected_close_on": _("The expected close is more than five years away.")})
    before = deal.expected_close_on
    deal.expected_close_on = close_on
    deal.slips += rules.is_slip(before, close_on)
    save(deal)
    data = {
        "from": before.isoformat() if before else "",
        "to": close_on.isoformat(),
        "on_behalf": by.is_vendor,
    }
    record("deal.close_moved", deal, by=by, at=at, partner=deal.partner, data=data)
    return deal


def _to_stage(by: Actor, deal: Deal, stage: Stage | None, at: datetime) -> Deal:
    if stage is None or stage.pk == deal.stage_id:
        return deal
    before = deal.stage.code if deal.stage else ""
    deal.stage, deal.stage_changed_at = stage, at
    save(deal)
    data = {"from": before, "to": stage.code, "on_behalf": by.is_vendor}
    record("deal.stage_changed", deal, by=by, at=at, partner=deal.partner, data=data)
    return deal


@transaction.atomic
def report_win(
    *, by: Actor, deal: Deal, won_on: date, at: datetime, reference: str = "", evidence: Any = None
) -> Deal:
    """The customer signed. Evidence is an uploaded file, a reference (order number …), or both.

    The deal counts from the moment it is booked. The protection runs on to its own date.
    Raises ValidationError (no evidence, a day that cannot be), Conflict (closed, or nobody has credit).
    """
    by.must(Permission.DEAL_EDIT, on=deal)
    reference = reference.strip()
    if not reference and evidence is None:
        raise ValidationError({"reference": _("Give the order's reference, or attach the order.")})
    deal = lock(deal)
    rules.LIFECYCLE.after(deal.state, "report_win")
    require_credit(deal)
    _require_between(deal, "won_on", won_on, at)
    if evidence is not None:
        attach(by=by, kind="deal", subject=deal, partner=deal.partner, upload=evidence, at=at)
    data = {"won_on": won_on.isoformat()}
    return _move(by, deal, "report_win", at, data, won_on=won_on, win_reference=reference, closed_at=at)


@transaction.atomic
def report_loss(*, by: Actor, deal: Deal, reason: str, at: datetime, comment: str = "") -> Deal:
    """The customer decided otherwise: the protection ends. `reason` is a code of deal_loss.

    Raises ValidationError (reason, comment), Conflict (closed).
    """
    by.must(Permission.DEAL_EDIT, on=deal)
    code = reason_code("deal_loss", reason, comment)
    deal = _move(by, deal, "report_loss", at, {"reason": code}, reason=code, comment=comment, closed_at=at)
    release(deal, at)
    return _to_stage(by, deal, Stage.objects.filter(code=rules.LOST_STAGE).first(), at)


def _require_between(deal: Deal, field: str, on: date, at: datetime) -> None:
    """Raise ValidationError unless the day lies between the submission and today, in the deal's time zone."""
    if on > deal.day_of(at):
        raise ValidationError({field: _("This day lies in the future.")})
    if deal.submitted_at and on < deal.day_of(deal.submitted_at):
        raise ValidationError({field: _("This day lies before the registration.")})
