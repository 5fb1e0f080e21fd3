"""Credit: who has a part in a deal. Set until the deal is booked; after that only corrected, from a day on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.roles import Permission
from core.actors import SYSTEM, Actor
from core.clock import day
from core.errors import Conflict
from core.saving import lock, save
from deals import credit, rules
from deals.actions.moves import reason_code
from deals.credit import Share
from deals.models import Deal, DealCredit
from events.actions import record
from metrics.actions import touch
from partners.models import Partner

Rows = list[DealCredit]


def give_default_credit(*, by: Actor, deal: Deal, at: datetime) -> None:
    """The registering partner has sourced the deal and fulfils it, from the day of the registration on.

    Nothing happens where the deal has credit already. Nobody typed these shares: they are written as they are.
    """
    if not deal.credits.current().exists():
        shares, since = credit.default_shares(deal.partner_id), deal.day_of(deal.submitted_at or at)
        DealCredit.objects.bulk_create(_rows(by, deal, shares, since, at))


@transaction.atomic
def set_credit(
    *, by: Actor, deal: Deal, credits: Sequence[Share], reason: str, at: datetime, comment: str = ""
) -> Deal:
    """Say who has a part in a deal, in place of what was said before. `reason` is a code of deal_credit.

    Until the deal is booked the new shares hold from the first day; after that they hold from today on, for all of its
    bookings, and what was said before keeps holding for the days before. Every partner concerned is looked at anew.
    Whoever says it may see all who are concerned. Raises ValidationError (the shares, the reason), NotVisible (a
    partner out of reach), Conflict (nothing is open any more), PermissionDenied (it is booked).
    """
    by.must(Permission.CREDIT_SET, on=deal)
    code = reason_code("deal_credit", reason, comment)
    shares = credit.checked(credits)
    deal = lock(deal)
    before = current_credit(deal)
    for partner in Partner.objects.filter(pk__in=_partners(before) | {s.partner_id for s in shares}):
        by.must(Permission.CREDIT_SET, on=partner)
    is_locked = any(row.is_locked for row in before)
    if is_locked:
        by.must(Permission.CREDIT_CORRECT, on=deal)
    elif deal.state not in (*rules.OPEN, rules.WON):
        raise Conflict(_("Credit is set while the deal is open or won."), code="closed_move")
    if set(shares) == {row.share for row in before}:
        return deal
    since = day(at) if is_locked or not before else before[0].valid_from
    _supersede(deal, since, at)
    why = {"reason": code, "comment": comment, "locked_at": at if is_locked else None}
    rows = _write(by, deal, shares, since, at, **why)
    save(deal)
    _tell(by, deal, before, rows, code, at)
    touch_all(_partners(before) | _partners(rows), at)
    return deal


def hand_credit_over(*, by: Actor, deal: Deal, taken: Deal, at: datetime) -> None:
    """Another partner takes a deal over: it has what its predecessor had, everyone else keeps their part.

    Where both had a part in one role the newcomer begins with the default.
    """
    held = [
        replace(row.share, partner_id=taken.partner_id) if row.partner_id == deal.partner_id else row.share
        for row in current_credit(deal)
    ]
    try:
        shares = credit.checked(held)
    except ValidationError:
        shares = credit.default_shares(taken.partner_id)
    _write(by, taken, shares, taken.day_of(at), at)


def split_credit(*, deal: Deal, sources: Sequence[tuple[UUID | None, int]], at: datetime) -> Deal:
    """What a conflict case decided: the sides share the sourcing, whoever keeps the deal first and fulfilling it.

    Nobody's deed: neither side reads who at the other had a say. Raises as `set_credit`.
    """
    shares = [
        Share(who, credit.SOURCED, percent, is_primary=n == 0) for n, (who, percent) in enumerate(sources)
    ]
    kept = [row.share for row in current_credit(deal) if row.family in (credit.FULFILLED, credit.IMPLEMENTED)]
    kept = kept or [Share(deal.partner_id, credit.FULFILLED, credit.WHOLE)]
    return set_credit(by=SYSTEM, deal=deal, credits=[*shares, *kept], reason="case_decision", at=at)


def require_credit(deal: Deal) -> Rows:
    """The credit of a deal that is to be won or booked. Raises Conflict where nobody has any."""
    rows = current_credit(deal)
    if not rows:
        raise Conflict(_("Say first who has a part in this deal: it has no credit."), code="no_credit")
    return rows


def lock_credit(deal: Deal, at: datetime) -> None:
    """The deal is booked: from now on its credit is corrected, with its day, and no longer set."""
    open_rows = deal.credits.current().filter(locked_at=None)
    open_rows.update(locked_at=at, changed_at=at, version=F("version") + 1)


def current_credit(deal: Deal) -> Rows:
    return list(deal.credits.current().select_related("partner"))


def touch_credited(deal: Deal, at: datetime) -> None:
    """What was booked of a deal changed: everyone who has a part in it, now or before, is looked at anew."""
    touch_all(_partners(deal.credits.all()), at)


def touch_all(partner_ids: Iterable[UUID], at: datetime) -> None:
    for partner_id in sorted(partner_ids):
        touch(partner_id, at=at)


def _partners(rows: Iterable[DealCredit]) -> set[UUID]:
    return {row.partner_id for row in rows if row.partner_id}


def _supersede(deal: Deal, on: date, at: datetime) -> None:
    old = deal.credits.current()
    old.update(superseded_on=on, superseded_at=at, changed_at=at, version=F("version") + 1)


def _write(by: Actor, deal: Deal, shares: Sequence[Share], since: date, at: datetime, **why: Any) -> Rows:
    return [save(row) for row in _rows(by, deal, shares, since, at, **why)]


def _rows(by: Actor, deal: Deal, shares: Sequence[Share], since: date, at: datetime, **why: Any) -> Rows:
    once = credit.counted_once(shares)
    return [
        DealCredit(
            deal=deal,
            partner_id=share.partner_id,
            family=share.family,
            weight=share.weight,
            is_primary=share.is_primary,
            counts_once=share.key in once and share.partner_id is not None,
            basis=share.basis,
            valid_from=since,
            set_by_id=by.user_id,
            created_at=at,
            **why,
        )
        for share in shares
    ]


def _tell(by: Actor, deal: Deal, before: Rows, after: Rows, code: str, at: datetime) -> None:
    """One event for the deal's own partner; one for each other partner whose shares changed, about its row alone."""
    data = {"reason": code, **_weights(after, deal.partner_id)}
    record("deal.credited", deal, by=by, at=at, partner=deal.partner, data=data)
    others = (_partners(before) | _partners(after)) - {deal.partner_id}
    for partner in Partner.objects.filter(pk__in=others).order_by("pk"):
        then, now = _weights(before, partner.pk), _weights(after, partner.pk)
        if then != now:
            row = next(row for row in (*after, *before) if row.partner_id == partner.pk)
            record("credit.changed", row, by=by, at=at, partner=partner, data={"deal": deal.number, **now})


def _weights(rows: Iterable[DealCredit], partner_id: UUID) -> dict[str, int]:
    """One partner's percentage in each role."""
    own = {row.family: row.weight for row in rows if row.partner_id == partner_id}
    return {family: own.get(family, 0) for family in credit.FAMILIES}
