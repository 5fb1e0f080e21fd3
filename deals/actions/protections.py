"""Protections begin with an approval and end by date, by the deal's end or with the partnership."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _

from catalog.models import Product
from catalog.querysets import setting
from core.actors import SYSTEM
from core.errors import Conflict
from core.saving import lock, save
from deals import amending, rules
from deals.actions.moves import _move
from deals.models import Deal, Extension, Protection, ProtectionLength
from deals.querysets import ProtectionQuerySet
from events.actions import record
from partners.actions import lock_trees
from partners.models import Organization, Partner


def usual_length(deal: Deal, at: datetime) -> rules.Length:
    """How long the program protects this registration if it is approved now, and why."""
    customer, kind_of_deal = deal.organization, deal.type
    return rules.usual_length(
        ProtectionLength.objects.as_rules(),
        setting("deal.protection_days"),
        deal.day_of(at),
        deal.tender_deadline_on,
        type_code=kind_of_deal.code if kind_of_deal else "",
        tier=deal.partner.tier_code,
        kind=customer.kind if customer else "",
        is_public_body=customer is not None and customer.is_public_body,
    )


def later_by_tender(deal: Deal, changes: dict[str, Any]) -> date | None:
    """The last day that an amended tender deadline gives, counted from the protection's own first day.

    None where the deadline stays, or where that day is not later: a protection is never shortened by it.
    """
    if "tender_deadline_on" not in changes or deal.protected_from is None:
        return None
    moved = Deal.objects.get(pk=deal.pk)
    moved.tender_deadline_on = amending.wanted(changes)["tender_deadline_on"]
    days = usual_length(moved, first_day_s_end(moved)).days
    until, last = rules.protected_until(deal.protected_from, days), getattr(deal, last_day_of(deal))
    return until if until > last else None


def first_day_s_end(deal: Deal) -> datetime:
    """An instant of the protection's first day, in the registration's time zone: its very end."""
    assert deal.protected_from is not None
    return rules.ends_at(deal.protected_from, deal.time_zone) - timedelta(seconds=1)


def last_day_of(deal: Deal) -> str:
    """The field with the protection's own last day: under conditions the one that holds once they are met."""
    return "unconditional_until" if deal.state == rules.CONDITIONAL else "protected_until"


def run_until(deal: Deal, until: date, at: datetime) -> None:
    """Let the protection of a locked registration run to a later day; its conditions' day stays."""
    setattr(deal, last_day_of(deal), until)
    deal.next_at = rules.next_at(deal.state, deal.due_at, deal.ends_at)
    save(deal)
    running = Protection.objects.filter(deal=deal).running()
    running.update(until=deal.protected_until, ends_at=deal.ends_at, changed_at=at, version=F("version") + 1)


def protect(deal: Deal, days: int, at: datetime) -> list[Protection]:
    """One running protection per product of the deal. The caller has locked the claim.

    What has lapsed by its own date is released first, so that a late sweep never blocks anyone.
    Raises Conflict where the partner is not active, where somebody's protection runs or may still be renewed, where
    the partner's own has ended lately under another registration, or where its tier has no room for one more.
    """
    require_active(deal.partner)
    _require_claim(deal, at)
    require_room(deal, at)
    until = rules.protected_until(deal.day_of(at), days)
    return _rows(deal, deal.products.order_by("pk"), until, at)


def protect_more(deal: Deal, products: list[Product], at: datetime) -> list[Protection]:
    """Protect products that an amendment has added to a protected deal, to its own last day.

    The caller holds the lock of the organization's root. Raises Conflict as `protect` does.
    """
    if not products:
        return []
    _require_claim(deal, at)
    assert deal.protected_until is not None
    return _rows(deal, products, deal.protected_until, at)


def _rows(deal: Deal, products: Iterable[Product], until: date, at: datetime) -> list[Protection]:
    return [
        save(
            Protection(
                deal=deal,
                organization=deal.organization,
                includes_below=deal.includes_below,
                product=product,
                starts_on=deal.day_of(at),
                until=until,
                ends_at=rules.ends_at(until, deal.time_zone),
                created_at=at,
            )
        )
        for product in products
    ]


def require_active(partner: Partner) -> None:
    """Raise Conflict where the partnership has not begun, rests or is over."""
    if not partner.is_active:
        raise Conflict(_("Customers are protected for active partners only."), code="partner_not_active")


def _require_claim(deal: Deal, at: datetime) -> None:
    """Raise Conflict where somebody has or may still renew the claim, or the partner itself had it lately."""
    on_claim = Protection.objects.on_claim(deal)
    _release_lapsed_among(on_claim, at)
    require_free(deal, on_claim)
    require_no_grace(deal, on_claim, at)
    require_pause(deal, on_claim, at)


def require_free(deal: Deal, on_claim: ProtectionQuerySet) -> None:
    """Raise Conflict with the day, and never a name, where a protection runs on the claim."""
    others = on_claim.running().exclude(deal=deal)
    running = others.order_by("-until").select_related("deal").first()
    if running is None:
        return
    if running.deal.partner_id == deal.partner_id:
        words = _("This partner is protected on this customer already, by %(number)s until %(day)s.")
        shown = {"number": running.deal.number, "day": format_date(running.until, "j F Y")}
        raise Conflict(words % shown, code="protected")
    raise Conflict(rules.contested(running.until), code="protected")


def kept_until(deal: Deal, at: datetime) -> date | None:
    """The last day on which another partner may still renew a protection on the claim, if there is one."""
    return last_grace(Protection.objects.on_claim(deal), deal, at)


def last_grace(protections: ProtectionQuerySet, deal: Deal, at: datetime) -> date | None:
    """The last day on which one of these may still be renewed by another partner than the registration's."""
    days = setting("deal.grace_days")
    ended = protections.lately_expired(at - timedelta(days=days + 1))
    last_days = [
        (rules.grace_until(protection.until, days), protection.deal.time_zone)
        for protection in ended.exclude(deal__partner=deal.partner_id).select_related("deal")
    ]
    return max((day for day, zone in last_days if rules.ends_at(day, zone) > at), default=None)


def require_no_grace(deal: Deal, on_claim: ProtectionQuerySet, at: datetime) -> None:
    """Raise Conflict, with the day and never a name, while the former holder may still renew."""
    if until := last_grace(on_claim, deal, at):
        raise Conflict(rules.kept_for_another(until), code="in_grace")


def require_pause(deal: Deal, on_claim: ProtectionQuerySet, at: datetime) -> None:
    """Raise Conflict where another registration of the partner was protected on the claim until lately.

    That one is renewed, or its appeal upheld; nobody keeps a customer by registering it anew.
    """
    pause = timedelta(days=setting("deal.again_days"))
    own = on_claim.filter(deal__partner=deal.partner_id).exclude(deal=deal)
    if last := own.ended_after(at - pause).order_by("-ended_at").first():
        words = _(
            "This partner was protected on this customer until lately. "
            "From %(day)s on it can be approved anew; before that only a renewal is possible."
        )
        raise Conflict(
            words % {"day": format_date(deal.day_of(last.ended_at + pause), "j F Y")}, code="too_soon"
        )


def require_room(deal: Deal, at: datetime) -> None:
    """Raise Conflict where the program caps the open protections of the partner's tier and all are in use now."""
    most = rules.cap_of(deal.partner.tier_rank, setting("deal.most_open_protections"))
    if most and Deal.objects.protected_at(at).filter(partner=deal.partner_id).count() >= most:
        words = _("This partner has %(n)s open protections; its tier has no room for another one.")
        raise Conflict(words % {"n": most}, code="no_room")


def lock_claim(deal: Deal) -> Deal:
    """The registration with its partner and customer, fresh, locked after that partner and the root of that tree.

    Everybody locks in this order, then what hangs on the registration: so approvals on one tree of organizations happen
    one after the other, no partnership ends half-way through one, and no two of them wait for each other.
    Raises Conflict where the registration changed hands or customers, or the tree its root, at the same moment.
    """
    claim = Deal.objects.filter(pk=deal.pk).values_list("partner", "organization").get()
    partner = lock(Partner(pk=claim[0]))
    customers = lock_trees(Organization(pk=claim[1])) if claim[1] else []
    fresh = lock(deal)
    if (fresh.partner_id, fresh.organization_id) != claim:
        words = _("Someone else changed this at the same moment. Please look again.")
        raise Conflict(words, code="lost_race")
    fresh.partner, fresh.organization = partner, customers[0] if customers else None
    return fresh


def lock_claims_of(deals: Iterable[Deal]) -> None:
    """What comes before many registrations, in the order in which each is locked: their partners, then their trees."""
    claims = Deal.objects.filter(pk__in=[deal.pk for deal in deals])
    partners = claims.order_by().values_list("partner", flat=True).distinct()
    for partner_id in sorted(partners):
        lock(Partner(pk=partner_id))
    lock_trees(*Organization.objects.filter(deals__in=claims).distinct())


def release(deal: Deal, at: datetime) -> int:
    """End the running protections of a deal now; returns how many ran."""
    running = Protection.objects.filter(deal=deal).running()
    return running.update(released_at=at, changed_at=at, version=F("version") + 1)


def release_lapsed(*, at: datetime) -> int:
    """End what its own date has ended, deal by deal; safe to run twice and at any time. Returns how many deals."""
    lapsed = Protection.objects.lapsed(at).order_by().values_list("deal", flat=True).distinct()
    return sum(lapse(Deal(pk=deal_id), at) for deal_id in list(lapsed))


@transaction.atomic
def lapse(deal: Deal, at: datetime) -> bool:
    """Expire one deal whose protection is over. False where someone else has just done it."""
    deal = lock(deal)
    if not Protection.objects.filter(deal=deal).lapsed(at).exists():
        return False
    until = deal.protected_until.isoformat() if deal.protected_until else ""
    release(deal, at)
    if deal.state in rules.PROTECTED:
        _expire(deal, until, at)
    else:
        data = {"because": "lapsed", "until": until}
        record("deal.protection_ended", deal, by=SYSTEM, at=at, partner=deal.partner, data=data)
    return True


def _expire(deal: Deal, until: str, at: datetime) -> None:
    """The last day is over; under conditions it was theirs. Who asked in time for more asks for a renewal now."""
    if deal.state == rules.CONDITIONAL:
        data = {"until": until, "reason": rules.NOT_MET_IN_TIME}
        _move(SYSTEM, deal, "miss_conditions", at, data, reason=rules.NOT_MET_IN_TIME, closed_at=at)
    else:
        _move(SYSTEM, deal, "expire", at, {"until": until}, reason="", closed_at=at)
    waiting = Extension.objects.filter(deal=deal).waiting()
    waiting.update(kind=rules.RENEWAL, changed_at=at, version=F("version") + 1)


def _release_lapsed_among(protections: ProtectionQuerySet, at: datetime) -> None:
    lapsed = protections.lapsed(at).order_by("deal_id").values_list("deal_id", flat=True).distinct()
    for deal_id in list(lapsed):
        lapse(Deal(pk=deal_id), at)


@transaction.atomic
def release_all_of(*, partner: Partner, at: datetime) -> None:
    """The partnership is over: pending registrations are withdrawn, protections end, won deals stay won."""
    code = "partner_terminated"
    for deal in Deal.objects.filter(partner=partner).open().order_by("pk"):
        # Someone may have decided it while this waited for the row.
        deal = lock(deal)
        move = (
            "withdraw" if deal.state in rules.PENDING else "revoke" if deal.state in rules.PROTECTED else ""
        )
        release(deal, at)
        if move:
            _move(SYSTEM, deal, move, at, {"reason": code}, reason=code, closed_at=at)
    for deal in _still_protected(partner):
        release(deal, at)
        data = {"because": code, "until": deal.protected_until.isoformat() if deal.protected_until else ""}
        record("deal.protection_ended", deal, by=SYSTEM, at=at, partner=partner, data=data)


def _still_protected(partner: Partner) -> Any:
    running = Protection.objects.running().filter(deal__partner=partner).values("deal")
    return Deal.objects.filter(pk__in=running).order_by("pk")
