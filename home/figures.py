"""The figures beside the queue: what was booked this quarter, how my partners are, and how many I look after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from catalog.querysets import setting
from core.actors import Actor
from core.clock import day, months_before
from core.models import Vendor
from core.money import Money
from core.templatetags.ui import day as say_day
from deals.models import Booking
from home import queue
from onboarding.models import OnboardingPlan
from partners.models import Partner

WORST = 3


@dataclass(frozen=True)
class Quarter:
    """A calendar quarter around a day, up to and with that day."""

    starts_on: date
    until: date
    ends_on: date

    @property
    def name(self) -> str:
        return f"Q{(self.starts_on.month + 2) // 3}"

    @property
    def days(self) -> tuple[int, int]:
        """The day it is, and how many there are."""
        return (self.until - self.starts_on).days + 1, (self.ends_on - self.starts_on).days + 1

    def a_year_before(self) -> Quarter:
        return quarter_of(months_before(self.until, 12))


def quarter_of(on: date) -> Quarter:
    starts_on = date(on.year, on.month - (on.month - 1) % 3, 1)
    return Quarter(starts_on, on, months_before(starts_on, -3) - timedelta(days=1))


def partners_of(actor: Actor, scope: str) -> Any:
    """The partners that the figures are about: mine, or all that I may see."""
    seen = Partner.objects.visible_to(actor)
    return seen.of(actor.user_id) if scope == queue.MINE and actor.user_id else seen


def bookings_of(actor: Actor, scope: str, quarter: Quarter) -> Any:
    found = Booking.objects.visible_to(actor).filter(
        booked_on__gte=quarter.starts_on, booked_on__lte=quarter.until
    )
    return found.filter(deal__partner__psm=actor.user_id) if scope == queue.MINE else found


def booked(actor: Actor, scope: str, quarter: Quarter) -> Money:
    """What was booked in a quarter, in the program's currency; corrections count as they are, negative."""
    total = bookings_of(actor, scope, quarter).aggregate(sum=Sum("program_minor"))["sum"]
    return Money(total or 0, Vendor.current().currency)


def this_quarter(actor: Actor, scope: str, at: datetime) -> dict[str, Any]:
    """The card of this quarter: booked, and against the same days of last year."""
    quarter = quarter_of(day(at))
    today, days = quarter.days
    return {
        "quarter": quarter,
        "side": _("Day %(today)s of %(days)s") % {"today": today, "days": days},
        "booked": booked(actor, scope, quarter),
        "before": booked(actor, scope, quarter.a_year_before()),
        "why_url": f"/manage/why/booked/?scope={scope}",
    }


def why_booked(actor: Actor, scope: str, at: datetime) -> dict[str, Any]:
    """The rows behind the quarter's figure."""
    quarter = quarter_of(day(at))
    rows = bookings_of(actor, scope, quarter).select_related("deal__partner")
    from core.templatetags.ui import money

    newest = rows.order_by("-booked_on", "-pk")[:100]
    return {
        "title": _("Partner revenue booked"),
        "sentence": _(
            "All bookings of your partners' won deals, corrections included, each at the rate of its own day."
        )
        if scope == queue.MINE
        else _("All bookings of partners' won deals, corrections included, each at the rate of its own day."),
        "actual": money(booked(actor, scope, quarter)),
        "window": _("%(start)s to %(end)s")
        % {"start": say_day(quarter.starts_on), "end": say_day(quarter.until)},
        "rule": _("A deal counts from the day on which it is booked"),
        "counted_total": rows.count(),
        "counted": [
            {
                "label": f"{b.deal.number} {b.deal.customer_name}",
                "url": b.get_absolute_url(),
                "note": f"{b.deal.partner.name}, {say_day(b.booked_on)}",
                "value": money(b.program_amount),
            }
            for b in newest
        ],
        "as_of": say_day(quarter.until),
    }


# How partners are -----------------------------------------------------------------------------------------------

GOOD, WATCH, RISK = "good", "caution", "bad"


@dataclass(frozen=True)
class Concern:
    """Why a partner is to be watched (caution) or at risk (bad)."""

    partner_id: UUID
    tone: str
    reason: str


def dormant(actor: Actor, scope: str, at: datetime) -> list[Concern]:
    days = setting("partner.dormant_days")
    quiet = partners_of(actor, scope).dormant(at - timedelta(days=days))
    return [
        Concern(pk, WATCH, _silence(acted_at, at)) for pk, acted_at in quiet.values_list("pk", "acted_at")
    ]


def _silence(acted_at: datetime | None, at: datetime) -> str:
    if acted_at is None:
        return _("Nobody there was ever active here")
    days = (at - acted_at).days
    return ngettext("Nothing from them for %(n)s day", "Nothing from them for %(n)s days", days) % {"n": days}


def stalled(actor: Actor, scope: str, at: datetime) -> list[Concern]:
    plans = OnboardingPlan.objects.filter(partner__in=partners_of(actor, scope).values("pk"))
    found = plans.stalled(at, setting("onboarding.stall_days"))
    return [
        Concern(pk, WATCH, _("Onboarding stalled since %(day)s") % {"day": say_day(moved_at, "near")})
        for pk, moved_at in found.values_list("partner", "moved_at")
    ]


def suspended(actor: Actor, scope: str, at: datetime) -> list[Concern]:
    found = partners_of(actor, scope).filter(state="suspended")
    return [Concern(pk, RISK, _("Suspended")) for pk in found.values_list("pk", flat=True)]


LOOKED_AT = [suspended, stalled, dormant]


def health(actor: Actor, scope: str, at: datetime) -> dict[str, Any]:
    """How many partners are healthy, to watch and at risk, and the worst with their reason."""
    concerns: dict[UUID, Concern] = {}
    for look in LOOKED_AT:
        for concern in look(actor, scope, at):
            known = concerns.get(concern.partner_id)
            if known is None or (concern.tone == RISK and known.tone == WATCH):
                concerns[concern.partner_id] = concern
    total = partners_of(actor, scope).exclude(state="terminated").count()
    risky = sum(1 for concern in concerns.values() if concern.tone == RISK)
    worst = sorted(concerns.values(), key=lambda c: c.tone != RISK)[:WORST]
    names = {p.pk: p for p in Partner.objects.filter(pk__in=[c.partner_id for c in worst])}
    return {
        "total": total,
        "healthy": total - len(concerns),
        "watch": len(concerns) - risky,
        "risk": risky,
        "worst": [{"partner": names[c.partner_id], "reason": c.reason, "tone": c.tone} for c in worst],
    }


def load(actor: Actor) -> dict[str, Any] | None:
    """How many partners a manager looks after, of how many one person should; None for others."""
    mine = Partner.objects.of(actor.user_id).exclude(state="terminated").count() if actor.user_id else 0
    most = setting("psm.most_partners")
    if not mine and "psm" not in actor.roles:
        return None
    return {"n": mine, "most": most, "share": mine / most, "is_over": mine > most}
