"""Protections begin with an approval and end by date, by the deal's end or with the partnership."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from core.actors import SYSTEM
from core.errors import Conflict
from core.saving import lock, save
from deals import rules
from deals.actions.moves import _move
from deals.models import Deal, Protection
from events.actions import record
from partners.models import Organization, Partner


def protect(deal: Deal, days: int, at: datetime) -> list[Protection]:
    """One running protection per product of the deal. The caller holds the lock of the organization's root.

    What has lapsed by its own date is released first, so that a late sweep never blocks anyone.
    Raises Conflict where somebody's protection runs.
    """
    _release_lapsed_on(deal, at)
    require_free(deal)
    starts_on = deal.day_of(at)
    until = rules.protected_until(starts_on, days)
    return [
        save(
            Protection(
                deal=deal,
                organization=deal.organization,
                product=product,
                starts_on=starts_on,
                until=until,
                ends_at=rules.ends_at(until, deal.time_zone),
                created_at=at,
            )
        )
        for product in deal.products.order_by("pk")
    ]


def require_free(deal: Deal) -> None:
    """Raise Conflict with the day, and never a name, where a protection runs on the claim."""
    running = Protection.objects.on_claim(deal).running().order_by("-until").select_related("deal").first()
    if running is None:
        return
    if running.deal.partner_id == deal.partner_id:
        words = _("This partner is protected on this customer already, by %(number)s until %(day)s.")
        shown = {"number": running.deal.number, "day": format_date(running.until, "j F Y")}
        raise Conflict(words % shown, code="protected")
    raise Conflict(rules.contested(running.until), code="protected")


def lock_root(organization: Organization) -> None:
    """Approvals on one tree of organizations happen one after the other."""
    lock(Organization(pk=organization.root_id_or_self))


def release(deal: Deal, at: datetime) -> int:
    """End the running protections of a deal now; returns how many ran."""
    running = Protection.objects.filter(deal=deal).running()
    return running.update(released_at=at, changed_at=at, version=F("version") + 1)


def release_lapsed(*, at: datetime) -> int:
    """End what its own date has ended, deal by deal; safe to run twice and at any time. Returns how many deals."""
    lapsed = Protection.objects.lapsed(at).order_by().values_list("deal", flat=True).distinct()
    return sum(_lapse(Deal(pk=deal_id), at) for deal_id in list(lapsed))


@transaction.atomic
def _lapse(deal: Deal, at: datetime) -> bool:
    """Expire one deal whose protection is over. False where someone else has just done it."""
    deal = lock(deal)
    if not Protection.objects.filter(deal=deal).lapsed(at).exists():
        return False
    until = deal.protected_until.isoformat() if deal.protected_until else ""
    release(deal, at)
    if deal.state == rules.APPROVED:
        _move(SYSTEM, deal, "expire", at, {"until": until}, closed_at=at)
    else:
        data = {"because": "lapsed", "until": until}
        record("deal.protection_ended", deal, by=SYSTEM, at=at, partner=deal.partner, data=data)
    return True


def _release_lapsed_on(deal: Deal, at: datetime) -> None:
    lapsed = (
        Protection.objects.on_claim(deal)
        .lapsed(at)
        .order_by("deal")
        .values_list("deal", flat=True)
        .distinct()
    )
    for deal_id in list(lapsed):
        _lapse(Deal(pk=deal_id), at)


@transaction.atomic
def release_all_of(*, partner: Partner, at: datetime) -> None:
    """The partnership is over: pending registrations are withdrawn, protections end, won deals stay won."""
    code = "partner_terminated"
    for deal in Deal.objects.filter(partner=partner, state__in=rules.PENDING).order_by("pk"):
        _move(SYSTEM, deal, "withdraw", at, {"reason": code}, reason=code, closed_at=at)
    for deal in Deal.objects.filter(partner=partner).approved().order_by("pk"):
        release(deal, at)
        _move(SYSTEM, deal, "revoke", at, {"reason": code}, reason=code, closed_at=at)
    for deal in _still_protected(partner):
        release(deal, at)
        data = {"because": code, "until": deal.protected_until.isoformat() if deal.protected_until else ""}
        record("deal.protection_ended", deal, by=SYSTEM, at=at, partner=partner, data=data)


def _still_protected(partner: Partner) -> Any:
    running = Protection.objects.running().filter(deal__partner=partner).values("deal")
    return Deal.objects.filter(pk__in=running).order_by("pk")
