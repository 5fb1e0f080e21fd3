"""All about one partner, gathered: one function per card, each naming the querysets it reads."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import timeline
from accounts.models import Membership
from accounts.roles import Permission as P
from catalog.querysets import reason_label, setting
from compliance import rules as gate_rules
from compliance.models import Gate, GateRecord
from core import keyset
from core.actors import Actor
from core.clock import day, months_before
from core.templatetags.ui import day as say_day
from core.templatetags.ui import days_left, money_short, number
from deals.models import Deal
from enablement.models import Certification
from enablement.outlook import Outlook
from files.models import Attachment
from home import facts, pipeline
from home import tiers as tier_words
from onboarding.models import OnboardingPlan
from partners import rules as partner_rules
from partners.models import Contact, Partner
from reviews.models import Review

MOST_ON_A_TAB = 100
MOST_BENEFITS = 4
TABS = ("deals", "people", "compliance", "onboarding", "reviews", "documents", "timeline")


@dataclass
class PartnerPage:
    """One partner as one actor reads it at one instant."""

    partner: Partner
    actor: Actor
    at: datetime
    cursor: str = ""  # where a long tab goes on
    looks: tier_words.TierLooks = field(default_factory=tier_words.TierLooks)

    @cached_property
    def on(self) -> date:
        return day(self.at)

    @property
    def url(self) -> str:
        return self.partner.get_absolute_url()

    # The header ----------------------------------------------------------------------------------------------

    def header(self, active: str) -> dict[str, Any]:
        return {
            "title": self.partner.name,
            "partner": {"id": self.partner.pk, "name": self.partner.name},
            "tier": self.looks.of(self.partner),
            "state": self.partner.state,
            "facts_line": self.facts_line(),
            "actions": self.moves(),
            "tabs": self.tabs(active),
            "crumbs": [{"label": _("Partners"), "url": "/manage/partners/"}, {"label": self.partner.name}],
            "note": self.note(),
        }

    def facts_line(self) -> list[Any]:
        partner = self.partner
        manager = f"/manage/partners/?psm={partner.psm_id}"
        main = self.main_contact
        found: list[Any] = [partner.category_name, partner.country.name]  # type: ignore[attr-defined]
        found.append(_("Partner since %(day)s") % {"day": say_day(partner.joined_on)})
        found.append(
            {"prefix": _("PSM"), "label": partner.psm.name, "url": manager}
            if partner.psm
            else _("No manager yet")
        )
        if main:
            found.append({"prefix": _("Main contact"), "label": main.name, "url": f"{self.url}people/"})
        if not partner.tier_code:
            found.append(
                _("Not yet in a tier") if partner.participates_in_tiers else _("Not in the tier program")
            )
        return [fact for fact in found if fact]

    @cached_property
    def main_contact(self) -> Contact | None:
        return self.partner.contacts.current().filter(is_main=True).first()

    def note(self) -> dict[str, Any] | None:
        """What is out of the ordinary: a suspension, an end."""
        if self.partner.state == partner_rules.SUSPENDED:
            text = _("The portal is read-only and API keys are refused. Protections keep running.")
            title = _("Suspended: %(reason)s.") % {"reason": self.state_reason("suspend")}
            return {"tone": "caution", "icon": "player-pause", "title": title, "text": self.commented(text)}
        if self.partner.state == partner_rules.TERMINATED:
            ended = say_day(self.partner.ended_on)
            text = _("The partnership ended on %(day)s. Log-ins are closed, the history is kept.") % {
                "day": ended
            }
            title = _("Ended: %(reason)s.") % {"reason": self.state_reason("terminate")}
            return {"tone": "neutral", "icon": "ban", "title": title, "text": self.commented(text)}
        return None

    def state_reason(self, move: str) -> str:
        code = self.partner.state_reason
        return reason_label(partner_rules.NEEDS_REASON[move], code) or code

    def commented(self, text: str) -> str:
        return f"{text} “{self.partner.state_comment}”" if self.partner.state_comment else text

    def moves(self) -> list[dict[str, Any]]:
        """The moves that are open to me now; on a phone all but the first are in the … menu."""
        may, partner, open_moves = (
            self.actor.may,
            self.partner,
            partner_rules.LIFECYCLE.open_moves(self.partner.state),
        )
        found: list[dict[str, Any]] = []
        if may(P.DEAL_REGISTER):
            closed = "" if partner.is_active else _("Deals are registered while the partner is active.")
            found.append(
                _move(_("Register deal"), f"/manage/deals/new/?partner={partner.pk}", "plus", closed=closed)
            )
        if may(P.REVIEW_SCHEDULE) and partner.is_active:
            found.append(
                _move(
                    _("Schedule review"),
                    f"/manage/reviews/new/?partner={partner.pk}",
                    "calendar-event",
                    primary=True,
                )
            )
        if may(P.PARTNER_EDIT):
            found.append(_move(_("Change facts"), f"{self.url}change/", "pencil", more=True))
        if may(P.PARTNER_ASSIGN):
            found.append(_move(_("Assign manager"), f"{self.url}assign/", "user-check", more=True))
        if may(P.TEAM_LIMIT) and partner.state != partner_rules.TERMINATED:
            found.append(_move(_("What sellers see"), f"{self.url}limit-sellers/", "eye", more=True))
        if may(P.PARTNER_IMPERSONATE) and partner.state != partner_rules.TERMINATED:
            found.append(
                _move(_("View the portal as this partner"), f"{self.url}view-portal/", "eye", more=True)
            )
        for move, label, icon, permission in STATE_MOVES:
            if move in open_moves and may(permission):
                found.append(
                    _move(label(), f"{self.url}{move}/", icon, more=True, danger=move == "terminate")
                )
        return found

    def tabs(self, active: str) -> list[dict[str, Any]]:
        counts = self.tab_counts
        labels = {
            "overview": _("Overview"), "deals": _("Deals"), "tier": _("Tier"), "people": _("People"),
            "compliance": _("Compliance"), "onboarding": _("Onboarding"), "reviews": _("Reviews"),
            "documents": _("Documents"), "timeline": _("Timeline"),
        }  # fmt: skip
        return [
            {
                "label": label,
                "url": self.url if key == "overview" else f"{self.url}{key}/",
                "count": counts.get(key, ""),
                "active": key == active,
            }
            for key, label in labels.items()
        ]

    @cached_property
    def tab_counts(self) -> dict[str, int]:
        return {
            "deals": Deal.objects.visible_to(self.actor).filter(partner=self.partner).count(),
            "people": self.people.count(),
            "compliance": len(self.gates),
            "reviews": self.reviews.count(),
            "documents": self.documents.count(),
        }

    # What is read --------------------------------------------------------------------------------------------

    @property
    def people(self) -> Any:
        return Contact.objects.visible_to(self.actor).filter(partner=self.partner).current()

    @property
    def reviews(self) -> Any:
        return Review.objects.visible_to(self.actor).filter(partner=self.partner).order_by("-starts_at")

    @property
    def documents(self) -> Any:
        return (
            Attachment.objects.visible_to(self.actor)
            .filter(partner=self.partner)
            .order_by("-created_at", "-pk")
        )

    @cached_property
    def certifications(self) -> list[Certification]:
        """The certifications that count today, those that end first coming first."""
        held = (
            Certification.objects.visible_to(self.actor)
            .filter(contact__partner=self.partner)
            .counting(self.on)
        )
        return list(held.select_related("contact", "track").order_by("expires_on"))

    @cached_property
    def gates(self) -> list[dict[str, Any]]:
        """Each gate of the program with what this partner has of it."""
        records = GateRecord.objects.visible_to(self.actor).filter(partner=self.partner)
        by_gate: dict[Any, list[GateRecord]] = {}
        for record in records:
            by_gate.setdefault(record.gate_id, []).append(record)
        soon = setting("gate.expiring_days")
        return [self._gate(gate, by_gate.get(gate.pk, []), soon) for gate in Gate.objects.active()]

    def _gate(self, gate: Gate, records: list[GateRecord], soon: int) -> dict[str, Any]:
        state = gate_rules.gate_state((r.dates for r in records), self.on, soon)
        standing = [r for r in records if not r.revoked_on]
        until = max((r.valid_until for r in standing), default=None)
        words = {
            gate_rules.NONE: _("not passed yet"), gate_rules.REVOKED: _("revoked"),
            gate_rules.EXPIRED: _("ended %(day)s") % {"day": say_day(until, "near")},
            gate_rules.EXPIRING: _("ends %(day)s") % {"day": say_day(until, "near")},
            gate_rules.VALID: _("to %(day)s") % {"day": say_day(until)},
        }  # fmt: skip
        shown = "not_started" if state == gate_rules.NONE else state
        return {
            "title": gate.name, "state": shown, "until": until, "side": words[state],
            "tone": {"expiring": "caution", "expired": "bad", "revoked": "bad"}.get(state, ""),
        }  # fmt: skip

    @cached_property
    def plan(self) -> OnboardingPlan | None:
        plans = OnboardingPlan.objects.visible_to(self.actor).filter(partner=self.partner)
        return plans.order_by("-started_on", "-pk").first()

    @cached_property
    def next_review(self) -> Review | None:
        return self.reviews.filter(starts_at__gte=self.at, state="scheduled").order_by("starts_at").first()

    # The strip of key facts ----------------------------------------------------------------------------------

    def key_facts(self) -> list[dict[str, Any]]:
        return [
            self.revenue(),
            self.open_pipeline(),
            self.certified(),
            self.go_lives(),
            self.margin(),
            self.review(),
        ]

    def revenue(self) -> dict[str, Any]:
        now = facts.value_of("annual_revenue", self.partner.pk, self.on)
        before = facts.value_of("annual_revenue", self.partner.pk, months_before(self.on, 12))
        currency = self.currency
        return {
            "label": _("Revenue, 12 months"),
            "value": _("no data") if now is None else money_short((now, currency)),
            "note": _growth(now, before),
            "why_url": f"{self.url}why/annual_revenue/",
        }

    @cached_property
    def currency(self) -> str:
        from core.models import Vendor

        return Vendor.current().currency

    def open_pipeline(self) -> dict[str, Any]:
        card = self.pipeline
        count = ngettext("%(n)s open deal", "%(n)s open deals", card["n"]) % {"n": card["n"]}
        return {
            "label": _("Open pipeline"),
            "value": card["total"] if card["n"] else _("none"),
            "note": count,
        }

    @cached_property
    def pipeline(self) -> dict[str, Any]:
        return pipeline.by_stage(self.partner, self.actor, self.on)

    def certified(self) -> dict[str, Any]:
        value = facts.value_of("certified_people", self.partner.pk, self.on)
        first = self.certifications[0].expires_on if self.certifications else None
        return {
            "label": _("Certified people"),
            "value": _("no data") if value is None else number(value),
            "note": _("the first ends %(day)s") % {"day": say_day(first, "near")} if first else "",
            "why_url": f"{self.url}why/certified_people/",
        }

    def go_lives(self) -> dict[str, Any]:
        now = facts.value_of("implementations", self.partner.pk, self.on)
        before = facts.value_of("implementations", self.partner.pk, months_before(self.on, 12)) or 0
        return {
            "label": _("Go-lives accepted"),
            "value": _("no data") if now is None else number(now),
            "note": _("+%(n)s in 12 months") % {"n": now - before} if now else "",
            "why_url": f"{self.url}why/implementations/",
        }

    def margin(self) -> dict[str, Any]:
        percent, note = tier_words.margin_words(self.partner, self.on)
        return {"label": _("Margin on new deals"), "value": percent, "note": note}

    def review(self) -> dict[str, Any]:
        review = self.next_review
        if review is None:
            return {"label": _("Next review"), "value": _("none"), "note": _("not scheduled")}
        note = days_left(review.starts_at)
        return {"label": _("Next review"), "value": say_day(review.on, "weekday_short"), "note": note}

    # Tabs ----------------------------------------------------------------------------------------------------

    def overview(self) -> dict[str, Any]:
        deals = pipeline.ending(self.partner, self.actor, self.at)
        benefits = tier_words.benefits(self.partner, self.on)
        return {
            "key_facts": self.key_facts(),
            "way_up": tier_words.way_up(self.partner, self.looks),
            "programs": tier_words.programs(self.partner, self.on, f"{self.url}tier/"),
            "pipeline": self.pipeline,
            "pipeline_columns": pipeline.columns(),
            "pipeline_rows": pipeline.rows(deals, self.at),
            "benefits": benefits[:MOST_BENEFITS],
            "all_benefits": {"label": _("All %(n)s") % {"n": len(benefits)}, "url": f"{self.url}tier/"},
            "gates": self.gates,
            "next_review": self.next_review,
            "onboarding": self.onboarding_card(),
            "timeline": timeline.of_partner(self.partner, actor=self.actor, limit=6),
            "timeline_url": f"{self.url}timeline/",
        }

    def onboarding_card(self) -> dict[str, Any] | None:
        """The running plan's tasks that are next; None where none runs."""
        if self.plan is None or self.plan.state != "running":
            return None
        tasks = list(self.plan.tasks.all())
        open_ones = [task for task in tasks if not task.is_closed]
        return {
            "url": self.plan.get_absolute_url(),
            "note": _("%(done)s of %(all)s done") % {"done": len(tasks) - len(open_ones), "all": len(tasks)},
            "items": [self._task(task) for task in open_ones[:5]],
        }

    def _task(self, task: Any) -> dict[str, Any]:
        late = task.is_late(self.on)
        return {
            "title": task.title,
            "state": "late" if late else task.state,
            "note": task.get_side_display(),
            "side": _("by %(day)s") % {"day": say_day(task.due_on, "near")},
            "tone": "bad" if late else "",
        }

    def deals(self) -> dict[str, Any]:
        found = (
            Deal.objects.visible_to(self.actor)
            .filter(partner=self.partner)
            .select_related("stage", "partner")
        )
        return {
            "columns": pipeline.columns(),
            "rows": pipeline.rows(found.order_by("-created_at", "-pk")[:MOST_ON_A_TAB], self.at),
            "all_url": f"/manage/deals/?partner={self.partner.pk}",
        }

    def people_tab(self) -> dict[str, Any]:
        people = self.people.order_by("-is_main", "name")[:MOST_ON_A_TAB]
        roles = Membership.objects.visible_to(self.actor).filter(partner=self.partner).current()
        by_user = {membership.user_id: membership.get_role_display() for membership in roles}
        held = self._held_by_person()
        return {
            "people_columns": [
                {"key": "name", "label": _("Person")},
                {"key": "email", "label": _("E-mail")},
                {"key": "role", "label": _("Signs in as")},
                {"key": "held", "label": _("Certifications")},
                {"key": "moves", "label": ""},
            ],
            "people_rows": [
                self._person_row(person, by_user.get(person.user_id, ""), held[person.pk])
                for person in people
            ],
            "losses": [loss.text for loss in Outlook(self.partner, self.on).losses()],
            "may_edit": self.actor.may(P.PERSON_EDIT),
            "may_certify": self.actor.may(P.CERTIFICATION_RECORD),
        }

    def _held_by_person(self) -> dict[Any, list[dict[str, Any]]]:
        found: dict[Any, list[dict[str, Any]]] = defaultdict(list)
        soon = setting("certification.expiring_days")
        for c in self.certifications:
            state = c.state(self.on, soon)
            found[c.contact_id].append({"track": c.track.name, "state": state, "url": c.get_absolute_url()})
        return found

    def _person_row(self, person: Contact, role: str, held: list[dict[str, Any]]) -> dict[str, Any]:
        main = _("Main contact") if person.is_main else ""
        note = ", ".join(filter(None, [main, person.title]))
        cells = [
            {"template": "name", "value": person.name, "note": note},
            {"template": "text", "value": person.email},
            {"template": "text", "value": role},
            {"template": "home/workspace/_held_cell.html", "value": held},
            {"template": "moves", "value": self._moves_of(person)},
        ]
        return {"key": str(person.pk), "cells": cells}

    def _moves_of(self, person: Contact) -> list[dict[str, Any]]:
        if not self.actor.may(P.PERSON_EDIT):
            return []
        start = f"/manage/contacts/{person.pk}"
        return [
            {"label": _("Change"), "url": f"{start}/change/"},
            {"label": _("Left"), "url": f"{start}/left/"},
        ]

    def compliance(self) -> dict[str, Any]:
        records = (
            GateRecord.objects.visible_to(self.actor)
            .filter(partner=self.partner)
            .select_related("gate", "recorded_by")
        )
        soon = setting("gate.expiring_days")
        return {
            "gates": self.gates,
            "records": [{"record": r, "state": r.state(self.on, soon)} for r in records[:MOST_ON_A_TAB]],
            "may_record": self.actor.may(P.GATE_RECORD),
        }

    def onboarding(self) -> dict[str, Any]:
        tasks = list(self.plan.tasks.all()) if self.plan else []
        return {
            "plan": self.plan,
            "tasks": [self._task(task) for task in tasks],
            "n_done": sum(1 for task in tasks if task.is_closed),
        }

    def reviews_tab(self) -> dict[str, Any]:
        return {
            "reviews": list(self.reviews[:MOST_ON_A_TAB]),
            "may_schedule": self.actor.may(P.REVIEW_SCHEDULE),
        }

    def documents_tab(self) -> dict[str, Any]:
        return {"documents": list(self.documents.select_related("added_by")[:MOST_ON_A_TAB])}

    def timeline_tab(self) -> dict[str, Any]:
        """All that happened, so many lines a page."""
        found = keyset.page(
            timeline.events_of(self.partner, actor=self.actor), "-at", size=MOST_ON_A_TAB, cursor=self.cursor,
            bound_to=f"{self.actor.user_id}|{self.partner.pk}",
        )  # fmt: skip
        pager = {
            "newer_url": f"?cursor={found.newer}" if found.newer else "",
            "older_url": f"?cursor={found.older}" if found.older else "",
            "text": _("%(n)s shown") % {"n": len(found.rows)},
        }
        return {"timeline": timeline.lines(found.rows, self.actor), "pager": pager}


STATE_MOVES = (
    ("activate", lambda: _("Activate"), "circle-check", P.PARTNER_EDIT),
    ("suspend", lambda: _("Suspend"), "player-pause", P.PARTNER_SUSPEND),
    ("resume", lambda: _("End the suspension"), "player-play", P.PARTNER_SUSPEND),
    ("terminate", lambda: _("End the partnership"), "ban", P.PARTNER_TERMINATE),
)


def _move(label: str, url: str, icon: str, *, closed: str = "", **more: Any) -> dict[str, Any]:
    return {"label": label, "url": url, "icon": icon, "closed_because": closed, **more}


def _growth(now: int | None, before: int | None) -> str:
    """ "+18% on last year", where there was a last year."""
    if not now or not before:
        return ""
    share = round(100 * (now - before) / before)
    sign = "+" if share >= 0 else "\N{MINUS SIGN}"
    return _("%(change)s on last year") % {"change": f"{sign}{abs(share)}%"}
