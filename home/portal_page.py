"""The partner's home: what it earned, what is coming, what ends, what to do next; and how fast the vendor answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from catalog.querysets import setting
from compliance.models import GateRecord
from core.actors import Actor
from core.clock import day, end_of
from core.money import Money
from core.ranges import from_json
from core.templatetags.ui import day as say_day
from core.templatetags.ui import days_left, instant, money, money_short
from deals import rules as deal_rules
from deals.margins import Earning, earnings
from deals.metrics import registrations
from deals.models import Booking, Consent, Deal
from enablement.models import Certification
from home import pipeline
from home.figures import Quarter, quarter_of
from home.tiers import TierLooks, programs, way_up
from leads import rules as lead_rules
from leads.models import Lead
from onboarding.models import OnboardingPlan, OnboardingTask
from partners import rules as partner_rules
from partners.models import Partner
from reviews.models import Commitment, Review
from tiers.margins import Margin
from tiers.models import Tier
from tiers.querysets import primary_program

MOST_LINES = 4
MOST_STEPS = 12  # what waits for an answer is not cut short
SOON = timedelta(days=14)
AHEAD = timedelta(days=90)
UNDATED = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Step:
    """One thing for this person to do."""

    kind: str
    id: UUID
    title: str
    note: str
    due: datetime | date | None
    url: str
    word: str
    tone: str = ""

    @property
    def due_by_kind(self) -> dict[str, Any]:
        """The instant or the day on which it is due, the other None."""
        is_instant = isinstance(self.due, datetime)
        return {"due_at": self.due if is_instant else None, "due_on": None if is_instant else self.due}


@dataclass
class PortalHome:
    """One partner's home as one of its people reads it."""

    partner: Partner
    user: User
    actor: Actor
    at: datetime
    looks: TierLooks = field(default_factory=TierLooks)

    @cached_property
    def on(self) -> date:
        return day(self.at)

    @cached_property
    def quarter(self) -> Quarter:
        return quarter_of(self.on)

    @property
    def is_onboarding(self) -> bool:
        return self.partner.state == partner_rules.ONBOARDING

    def context(self) -> dict[str, Any]:
        return {
            "partner": self.partner,
            "tier": self.looks.of(self.partner),
            "subtitle": self.greeting(),
            "note": self.note(),
            "plan": self.plan_card(),
            "earned": self.earned(),
            "coming": self.coming(),
            "expiring": self.expiring(),
            "next": self.next(),
            "answers": self.answers(),
            "way_up": way_up(self.partner, self.looks),
            "programs": programs(self.partner, self.on, "/portal/tier/"),
            "gains": self.gains(),
            "contact": self.contact(),
        }

    # The first line ------------------------------------------------------------------------------------------

    def greeting(self) -> str:
        hour = self.at.astimezone(ZoneInfo(self.user.time_zone)).hour
        words = _("Good morning") if hour < 12 else _("Good afternoon") if hour < 18 else _("Good evening")
        hello = _("%(greeting)s, %(name)s.") % {"greeting": words, "name": self.user.get_short_name()}
        n = len(self.steps)
        if not n:
            return _("%(hello)s Nothing needs you today.") % {"hello": hello}
        need = ngettext("One thing needs you.", "%(n)s things need you.", n) % {"n": n}
        first = self.steps[0].due
        when = _("The first: %(when)s.") % {"when": days_left(first)} if first else ""
        return " ".join(part for part in (hello, need, when) if part)

    def note(self) -> dict[str, Any] | None:
        if self.partner.state != partner_rules.SUSPENDED:
            return None
        return {
            "tone": "caution",
            "icon": "player-pause",
            "title": _("Your partnership is suspended."),
            "text": _("You can read everything here and change nothing. Your protections keep running."),
        }

    # While onboarding ----------------------------------------------------------------------------------------

    @cached_property
    def plan(self) -> OnboardingPlan | None:
        return OnboardingPlan.objects.visible_to(self.actor).filter(partner=self.partner).running().first()

    def plan_card(self) -> dict[str, Any] | None:
        """The checklist that comes first while onboarding runs."""
        if self.plan is None:
            return None
        tasks = list(self.plan.tasks.all())
        done = sum(1 for task in tasks if task.is_closed)
        return {
            "title": _("Your way to the first deal") if self.is_onboarding else self.plan.template_name,
            "note": _("%(done)s of %(all)s done") % {"done": done, "all": len(tasks)},
            "share": done / len(tasks) if tasks else 0,
            "due": self.plan.due_on,
            "items": [self._task_item(task) for task in tasks],
        }

    def _task_item(self, task: OnboardingTask) -> dict[str, Any]:
        late = task.is_late(self.on)
        side = "" if task.is_closed else _("by %(day)s") % {"day": say_day(task.due_on, "near")}
        return {
            "title": task.title,
            "state": "late" if late else task.state,
            "note": _("You do this") if task.side == "partner" else _("We do this for you"),
            "side": side,
            "tone": "bad" if late else "",
        }

    # Earned --------------------------------------------------------------------------------------------------

    @cached_property
    def earnings(self) -> list[Earning]:
        """What was booked for this partner in this quarter and what it earns on it, the latest first."""
        found = Booking.objects.visible_to(self.actor).filter(deal__partner=self.partner)
        found = found.filter(booked_on__gte=self.quarter.starts_on, booked_on__lte=self.on)
        found = found.select_related("deal", "reverses").prefetch_related("deal__products")
        return earnings(self.partner, found.order_by("-booked_on", "-pk"))

    @property
    def paid(self) -> list[tuple[Earning, Money]]:
        """Those on which there is a margin, with its amount: what the figure adds up."""
        return [(one, one.amount) for one in self.earnings if one.amount is not None]

    def earned(self) -> dict[str, Any]:
        return {
            "side": _("%(quarter)s so far") % {"quarter": self.quarter.name},
            "value": self._sum(amount for _one, amount in self.paid),
            "note": self._earned_note(),
            "why_url": "/portal/why/earned/",
            "lines": [
                {
                    "text": str(one.booking.deal), "url": one.booking.deal.portal_url,
                    "value": money(one.amount) if one.amount is not None else _("no margin"),
                }
                for one in self.earnings[:MOST_LINES]
            ],
        }  # fmt: skip

    def _sum(self, amounts: Iterable[Money]) -> str:
        """Added up per currency, never across."""
        sums: dict[str, Money] = {}
        for amount in amounts:
            sums[amount.currency] = sums.get(amount.currency, Money(0, amount.currency)) + amount
        return " + ".join(money(m) for m in sums.values()) or money(Money(0, self.partner.currency))

    def _earned_note(self) -> str:
        """How many won deals gave it and at which margins; without any margin, what was booked."""
        if not self.earnings:
            return _("Nothing is booked yet this quarter.")
        given = [one for one, _amount in self.paid]
        n = len({one.booking.deal_id for one in given or self.earnings})
        if not given:
            words = ngettext(
                "No margin on %(n)s won deal; %(amount)s booked",
                "No margin on %(n)s won deals; %(amount)s booked",
                n,
            )
            return words % {"n": n, "amount": self._sum(one.booking.amount for one in self.earnings)}
        words = ngettext("margin on %(n)s won deal, at %(rate)s", "margin on %(n)s won deals, at %(rate)s", n)
        return words % {"n": n, "rate": _rates([one.margin for one in given if one.margin])}

    def why_earned(self) -> dict[str, Any]:
        """The bookings behind the figure, each with the margin that its deal was won at."""
        return {
            "title": _("Earned"),
            "sentence": _("Your margin on what was booked for your won deals this quarter."),
            "rule": _("A deal keeps the margin of the day on which it was won, or what was decided for it"),
            "formula": _("booked amount × margin of the deal"),
            "actual": self.earned()["value"],
            "window": _("%(start)s to %(end)s")
            % {"start": say_day(self.quarter.starts_on), "end": say_day(self.on)},
            "counted": [
                {
                    "label": str(one.booking.deal),
                    "url": one.booking.deal.portal_url,
                    "note": _booked_words(one),
                    "value": money(amount),
                }
                for one, amount in self.paid
            ],
            "excluded": [
                {"label": f"{one.booking.deal}, {_booked_words(one)}", "reason": _("no margin was given")}
                for one in self.earnings
                if one.margin is None
            ],
            "as_of": say_day(self.on),
        }

    # Coming --------------------------------------------------------------------------------------------------

    def coming(self) -> dict[str, Any]:
        """Open deals by their expected close, and what they are worth per currency."""
        deals = pipeline.open_deals(self.partner, self.actor)
        n = deals.count()
        nearest = deals.order_by("expected_close_on", "pk")[:MOST_LINES]
        return {
            "side": ngettext("%(n)s open deal", "%(n)s open deals", n) % {"n": n} if n else "",
            "value": " + ".join(money_short(amount) for amount in pipeline.sums(deals)) or _("none"),
            "note": _("open pipeline, as you stated it") if n else _("What you register appears here."),
            "lines": [
                {
                    "when": say_day(d.expected_close_on, "short"), "text": d.customer_name, "url": d.portal_url,
                    "value": money(d.amount) if d.amount else "",
                }
                for d in nearest
            ],
        }  # fmt: skip

    # Expiring ------------------------------------------------------------------------------------------------

    def expiring(self) -> dict[str, Any]:
        """Protections, certifications and gates that end within 90 days, the first first."""
        found = sorted(
            [*self._protections(), *self._certifications(), *self._gates()], key=lambda line: line[0]
        )
        lines = [
            {
                "when": say_day(on, "short"), "text": text, "url": url, "value": days_left(on),
                "tone": "caution" if on <= self.on + SOON else "", "plain": on > self.on + SOON,
            }
            for on, text, url in found[:MOST_LINES]
        ]  # fmt: skip
        more = len(found) - len(lines)
        return {
            "lines": lines,
            "side": _("and %(n)s more") % {"n": more} if more > 0 else "",
            "n": len(found),
        }

    def _protections(self) -> Iterator[tuple[date, str, str]]:
        deals = Deal.objects.visible_to(self.actor).filter(partner=self.partner, protected_until__gte=self.on)
        for deal in deals.expiring(self.on, AHEAD.days).order_by("protected_until"):
            yield (
                deal.protected_until,
                _("Protection of %(number)s") % {"number": deal.number},
                deal.portal_url,
            )

    def _certifications(self) -> Iterator[tuple[date, str, str]]:
        held = Certification.objects.visible_to(self.actor).filter(contact__partner=self.partner)
        ending = held.counting(self.on).filter(expires_on__lte=self.on + AHEAD)
        for row in ending.select_related("contact", "track").order_by("expires_on"):
            words = {"name": row.contact.name, "track": row.track.name}
            yield row.expires_on, _("%(name)s, %(track)s") % words, f"/portal/certifications/{row.pk}/"

    def _gates(self) -> Iterator[tuple[date, str, str]]:
        held = GateRecord.objects.visible_to(self.actor).filter(partner=self.partner)
        ending = held.counting(self.on).filter(valid_until__lte=self.on + AHEAD)
        for row in ending.select_related("gate").order_by("valid_until"):
            yield row.valid_until, row.gate.name, f"/portal/gate-records/{row.pk}/"

    # Next ----------------------------------------------------------------------------------------------------

    @cached_property
    def steps(self) -> list[Step]:
        """What waits for this person, what is due first coming first."""
        found = [
            *self._tasks(),
            *self._leads(),
            *self._deals(),
            *self._transfers(),
            *self._signatures(),
            *self._promises(),
        ]
        return sorted(found, key=lambda step: self._instant(step.due))

    def _instant(self, due: datetime | date | None) -> datetime:
        if isinstance(due, datetime):
            return due
        return end_of(due, ZoneInfo(self.partner.time_zone)) if due else UNDATED

    def _tasks(self) -> Iterator[Step]:
        for task in OnboardingTask.objects.visible_to(self.actor).awaiting(self.actor).order_by("due_at"):
            note = _("onboarding, by %(day)s") % {"day": say_day(task.due_on, "near")}
            yield Step(
                "onboarding_task",
                task.pk,
                task.title,
                note,
                task.due_on,
                "/portal/onboarding/",
                _("Do"),
                self._tone(task.due_on),
            )

    def _leads(self) -> Iterator[Step]:
        """Leads to answer and to call. Whom they are about is told once they are accepted."""
        for lead in Lead.objects.awaiting(self.actor).order_by("due_at"):
            called = lead.state == lead_rules.ACCEPTED
            words = _("Call %(who)s") if called else _("Answer about the lead %(who)s")
            title = words % {"who": lead.customer_name if called else lead.number}
            note = _("the first to accept has it") if lead.state == lead_rules.POOLED else _("by %(when)s") % {
                "when": instant(lead.due_at)}  # fmt: skip
            is_soon = lead.due_at and lead.due_at <= self.at + timedelta(days=1)
            tone = "caution" if is_soon and lead.state != lead_rules.POOLED else ""
            word = _("Call") if called else _("Look")
            yield Step("lead_call" if called else "lead_answer", lead.pk, title, note, lead.due_at, lead.portal_url,
                       word, tone)  # fmt: skip

    def _deals(self) -> Iterator[Step]:
        for deal in Deal.objects.awaiting(self.actor).order_by("created_at"):
            if deal.state == deal_rules.ACTION_REQUIRED:
                title = _("Answer about %(number)s") % {"number": deal.number}
                yield Step(
                    "deal_question",
                    deal.pk,
                    title,
                    deal.customer_name,
                    deal.answer_until,
                    deal.portal_url,
                    _("Answer"),
                    "caution",
                )
            else:
                title = _("Finish the draft %(number)s") % {"number": deal.number}
                customer = deal.customer_name or _("No customer yet")
                yield Step("deal_draft", deal.pk, title, customer, None, deal.portal_url, _("Open"))

    def _transfers(self) -> Iterator[Step]:
        for consent in Consent.objects.awaiting(self.actor).select_related("transfer__deal", "partner"):
            customer = consent.transfer.deal.customer_name
            title = (
                _("Say whether you take it over") if consent.is_receiver else _("Say whether you hand it on")
            )
            yield Step(
                "transfer", consent.pk, title, customer, None, consent.portal_url, _("Answer"), "caution"
            )

    def _signatures(self) -> Iterator[Step]:
        if self.actor.may("review.sign"):
            for review in Review.objects.visible_to(self.actor).awaiting_signature(self.actor):
                note = _("by %(day)s") % {"day": say_day(review.sign_by, "near")}
                url = f"/portal/reviews/{review.pk}/"
                title = _("Sign the %(review)s off") % {"review": review}
                yield Step(
                    "review_signature",
                    review.pk,
                    title,
                    note,
                    review.sign_by,
                    url,
                    _("Read"),
                    self._tone(review.sign_by),
                )

    def _promises(self) -> Iterator[Step]:
        ahead = Commitment.objects.awaiting(self.actor).filter(due_on__lte=self.on + AHEAD)
        for promise in ahead.select_related("review").order_by("due_on"):
            note = _("promised for %(day)s") % {"day": say_day(promise.due_on, "near")}
            url = f"/portal/reviews/{promise.review_id}/"
            yield Step(
                "commitment",
                promise.pk,
                promise.text,
                note,
                promise.due_on,
                url,
                _("Open"),
                self._tone(promise.due_on),
            )

    def _tone(self, due: date | None) -> str:
        if due is None or due > self.on + timedelta(days=2):
            return ""
        return "bad" if due < self.on else "caution"

    def next(self) -> dict[str, Any]:
        n = len(self.steps)
        return {
            "side": _("%(n)s for you") % {"n": n} if n else "",
            "steps": self.steps[:MOST_STEPS],
            "more": max(n - MOST_STEPS, 0),
        }

    # How fast the vendor answers -----------------------------------------------------------------------------

    def answers(self) -> list[dict[str, Any]]:
        """How long first decisions took over twelve months against the promise, in the partner's business days."""
        took = [f for f in registrations.decision_times(self.on, [self.partner.pk]) if not f.excluded]
        if not took:
            return []
        in_time = [f for f in registrations.decisions_in_time(self.on, [self.partner.pk]) if not f.excluded]
        promise = setting("deal.decide_business_days")
        mean = sum(f.part for f in took) / len(took) / registrations.TENTHS
        on_time = sum(f.part for f in in_time)
        share = on_time / len(in_time)
        return [
            {
                "label": _("Registrations decided"),
                "mean": f"{mean:.1f}",
                "promise": ngettext("of %(n)s day", "of %(n)s days", promise) % {"n": promise},
                "share": min(mean / promise, 1) if promise else 0,
                "tone": "caution" if mean > promise or share < 0.8 else "neutral",
                "on_time": _("%(share)s%% on time (%(n)s of %(all)s)")
                % {"share": round(100 * share), "n": on_time, "all": len(in_time)},
                "is_late": share < 0.8,
            }
        ]

    # The rail ------------------------------------------------------------------------------------------------

    def gains(self) -> dict[str, Any] | None:
        """What the next tier of its primary program gives: its margin, as the program states it."""
        program = primary_program(self.partner)
        above = Tier.objects.visible_to(self.actor).filter(
            program_version__program=program, program_version__state="active",
            rank__gt=self.partner.tier_rank or 0,
        )  # fmt: skip
        tier = above.order_by("rank").first() if program else None
        if tier is None:
            return None
        words = [_("Margin %(band)s") % {"band": from_json(tier.margin)}] if tier.margin else []
        if tier.co_marketing:
            words.append(_("co-marketing %(band)s") % {"band": from_json(tier.co_marketing)})
        look = self.looks.known.get(
            tier.code, {"name": tier.name, "rank": tier.rank, "of": 4, "colour": tier.code}
        )
        return {"tier": look, "text": ", ".join(words)} if words else None

    def contact(self) -> dict[str, Any] | None:
        psm = self.partner.psm
        return psm and {"name": psm.name, "note": _("Your partner manager"), "id": psm.pk, "email": psm.email}


def _rates(margins: list[Margin]) -> str:
    """“15%”, “15 to 20%”."""
    low, high = (kind(margins, key=lambda margin: margin.percent) for kind in (min, max))
    if low.percent == high.percent:
        return low.words
    return _("%(low)s to %(high)s") % {"low": low.words.removesuffix("%"), "high": high.words}


def _booked_words(one: Earning) -> str:
    words = {"amount": money(one.booking.amount), "day": say_day(one.booking.booked_on)}
    if one.margin is None:
        return _("booked %(amount)s on %(day)s") % words
    return _("booked %(amount)s on %(day)s, at %(rate)s. %(why)s") % {
        **words, "rate": one.margin.words, "why": one.margin.why,
    }  # fmt: skip
