"""The partner's pages: its leads, one of them, and what it referred."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import timeline
from accounts.roles import Permission as P
from catalog.models import ReasonCode
from core.clock import day
from core.list_page import ListPage
from core.pages import FormPage, Link, RecordPage
from core.tables import Column
from leads import actions, filters, forms, presentation, rules
from leads.models import Candidate, Lead, LeadOffer, Referral
from leads.views.shared import DUE, FULL, NUMBER, STATE, VALUE, WHAT_FOR, moves_of_partner
from partners.models import Partner

MOST_CARDS = 6


def who_cell(lead: Lead) -> dict[str, Any]:
    """The customer once accepted; before that what it is for."""
    name = lead.customer_name if lead.is_disclosed else presentation.anonymous_name(lead)
    return {"name": name, "tag": str(lead.country)}


class LeadList(ListPage):
    """My company's leads: what waits for an answer first, accepted in one tap."""

    side = "portal"
    name = "portal-leads"
    permission = P.LEAD_VIEW
    template_name = "leads/portal/leads.html"
    title = gettext_lazy("Leads")
    queryset = Lead.objects.for_list()
    filterset_class = filters.PortalLeadFilters
    default_sort = "due_at"
    columns: ClassVar[list[Column]] = [
        Column("who", gettext_lazy("Who"), who_cell, cell="name",
               export=lambda lead: lead.customer_name if lead.is_disclosed else ""),
        NUMBER,
        WHAT_FOR,
        VALUE,
        STATE,
        DUE,
    ]  # fmt: skip
    views: ClassVar[list[tuple[str, Any, str]]] = [
        ("answer", gettext_lazy("To answer"), "status=answer"),
        ("pool", gettext_lazy("Pool"), "status=pool"),
        ("call", gettext_lazy("To call"), "status=call"),
        ("held", gettext_lazy("Ours"), "status=held"),
        ("all", gettext_lazy("All"), ""),
    ]
    empty: ClassVar[dict[str, Any]] = {
        "icon": "target",
        "title": gettext_lazy("No leads now"),
        "text": gettext_lazy("What we offer you appears here and in your mail."),
        "action": {"label": gettext_lazy("Refer a contact"), "url": "/portal/referrals/new/"},
    }

    def sort(self) -> str:
        if self.request.GET.get("sort"):
            return super().sort()
        return "due_at" if "status" in self.request.GET else "-created_at"

    def view_count(self, key: str) -> int | None:
        seen = self.get_queryset()
        counted = {
            "answer": seen.awaiting_acceptance,
            "pool": seen.pooled,
            "call": seen.awaiting_contact,
            "held": seen.held,
        }
        return counted[key]().order_by()[:10_001].count() if key in counted else None

    def complete(self, rows: list[Lead]) -> None:
        for lead in rows:
            lead.due_cell = presentation.due_cell(lead, self.at)  # type: ignore[attr-defined]

    def row_url(self, row: Lead) -> str:
        return row.portal_url

    def actions(self) -> list[Link]:
        found = [Link(_("Referrals"), "/portal/referrals/", "user-plus")]
        if self.actor.may(P.LEAD_REFER):
            is_first = not self.waiting  # a lead that waits for an answer comes first
            found.append(Link(_("Refer a contact"), "/portal/referrals/new/", "plus", primary=is_first))
        return found

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(**{"cards": self.cards(), "declines": declines(), **more})

    @cached_property
    def waiting(self) -> list[Lead]:
        """What waits for a yes or no, the offers first."""
        if not self.actor.may(P.LEAD_WORK) or self.request.GET:
            return []
        seen = self.get_queryset()
        offers = list(seen.awaiting_acceptance().order_by("due_at")[:MOST_CARDS])
        return [*offers, *seen.pooled().order_by("due_at")[: MOST_CARDS - len(offers)]]

    def cards(self) -> list[dict[str, Any]]:
        """The same as cards on the page's first screen."""
        return [
            {
                "lead": lead,
                "note": presentation.clock(lead, self.at, on_portal=True),
                "name": presentation.anonymous_name(lead),
                "what_for": presentation.what_for(lead),
                "is_offered": lead.state == rules.OFFERED,
            }
            for lead in self.waiting
        ]


def declines() -> list[ReasonCode]:
    """Reasons that need no further words: one tap each."""
    return list(ReasonCode.objects.active().filter(domain="lead_decline", requires_comment=False))


class LeadRecord(RecordPage):
    """One lead: what it is for; once accepted, who it is, whom to call, and what to do next."""

    side = "portal"
    permission = P.LEAD_VIEW
    queryset = FULL
    template_name = "leads/portal/record.html"

    def facts(self, record: Lead) -> dict[str, Any]:
        full = presentation.reads_all(record, self.actor)
        mine = LeadOffer.objects.visible_to(self.actor).filter(lead=record)
        return {
            "title": record.customer_name if full else presentation.anonymous_name(record),
            "crumbs": [{"label": _("Leads"), "url": "/portal/leads/"}, {"label": record.number}],
            "state": record.state,
            "facts_line": presentation.facts_line(record),
            "actions": self.moves(record),
            "note": presentation.clock(record, self.at, on_portal=True),
            "ended": presentation.why_ended(record, told=True),
            "is_disclosed": full,
            "customer": presentation.customer_pairs(record) if full else [],
            "person": self.person(record) if full else None,
            "details": record.details if full else "",
            "consent": presentation.consent_words(record) if full else "",
            "pairs": presentation.teaser_pairs(record),
            "why_us": self.why_us(record),
            "steps": self.steps(record),
            "may_answer": "accept" in record.open_moves and self.actor.may(P.LEAD_WORK),
            "declines": declines(),
            "timeline": timeline.about(record, *mine, actor=self.actor),
            "contact": self.colleague(record),
        }

    def person(self, lead: Lead) -> dict[str, Any] | None:
        """Whom to call: the number and the address are links that a phone acts on."""
        if not (lead.contact_name or lead.contact_email or lead.contact_phone):
            return None
        dialled = "".join(c for c in lead.contact_phone if c.isdigit() or c == "+")
        return {
            "name": lead.contact_name or lead.customer_name,
            "role": lead.contact_role,
            "email": lead.contact_email,
            "phone": lead.contact_phone,
            "tel": f"tel:{dialled}" if dialled else "",
        }

    def why_us(self, lead: Lead) -> list[dict[str, Any]]:
        """Why it came to this partner: its own conditions alone."""
        mine = Candidate.objects.visible_to(self.actor).filter(routing__lead=lead, passed=True)
        row = mine.order_by("-created_at").first()
        shown = ("market", "language", "specialty", "product", "category", "tier", "gates")
        return [
            {"label": check["label"], "value": check["needed"].replace("_", " ")}
            for check in (presentation._candidate(row)["checks"] if row else [])
            if check["code"] in shown
        ]

    def steps(self, lead: Lead) -> list[dict[str, Any]]:
        reached = {rules.ACCEPTED: 1, rules.CONTACTED: 2, rules.CONVERTED: 3, rules.WON: 4}.get(lead.state, 0)
        words = [
            (_("You accept it"), ""),
            (_("You make the first contact"), ""),
            (_("You register the deal"), _("filled in already")),
            (_("You win it"), ""),
        ]
        return [{"title": title, "text": text, "done": n < reached} for n, (title, text) in enumerate(words)]

    def colleague(self, lead: Lead) -> dict[str, Any] | None:
        partner = lead.partner or Partner.objects.visible_to(self.actor).select_related("psm").first()
        psm = partner.psm if partner else None
        return psm and {"name": psm.name, "note": _("Your partner manager"), "id": psm.pk, "email": psm.email}

    def moves(self, lead: Lead) -> list[dict[str, Any]]:
        if lead.state in (rules.OFFERED, rules.POOLED):
            return []  # yes and no stand on the page itself, under the thumb
        found = moves_of_partner(lead, self.actor.may(P.LEAD_WORK), lead.portal_url)
        if lead.deal_id and lead.deal:
            found.insert(
                0, {"label": _("See the registration"), "url": lead.deal.portal_url, "icon": "briefcase"}
            )
        return [{**move, "primary": n == 0, "more": n > 1} for n, move in enumerate(found)]


class ReferralList(ListPage):
    """What my company referred, and how far it is."""

    side = "portal"
    name = "portal-referrals"
    permission = P.LEAD_VIEW
    title = gettext_lazy("Referrals")
    queryset = Referral.objects.select_related("lead")
    filterset_class = filters.ReferralFilters
    default_sort = "-created_at"
    columns: ClassVar[list[Column]] = [
        Column("customer", gettext_lazy("Where they work"), lambda r: {"name": r.customer_name, "tag": str(r.country)},
               cell="name", export=lambda r: r.customer_name),
        Column("number", gettext_lazy("Number"), sort="number"),
        Column("contact_name", gettext_lazy("Who it is")),
        Column("progress", gettext_lazy("How far"), "progress", cell="state"),
        Column("created_at", gettext_lazy("Referred"), cell="instant", align="right", sort="created_at"),
    ]  # fmt: skip
    empty: ClassVar[dict[str, Any]] = {
        "icon": "user-plus",
        "title": gettext_lazy("No referrals yet"),
        "text": gettext_lazy(
            "Know someone who needs us, and who agreed to be contacted? Tell us in a minute."
        ),
        "action": {"label": gettext_lazy("Refer a contact"), "url": "/portal/referrals/new/"},
    }

    def row_url(self, row: Referral) -> str:
        return row.portal_url

    def actions(self) -> list[Link]:
        if not self.actor.may(P.LEAD_REFER):
            return []
        return [Link(_("Refer a contact"), "/portal/referrals/new/", "plus", primary=True)]


class ReferContact(FormPage):
    """Hand over a contact who agreed to it."""

    side = "portal"
    permission = P.LEAD_REFER
    form_class = forms.ReferForm
    title = gettext_lazy("Refer a contact")
    subtitle = gettext_lazy("Someone who needs us and agreed to be contacted. It takes a minute.")
    submit_label = gettext_lazy("Refer")
    cancel_url = "/portal/referrals/"
    done_message = gettext_lazy("Thank you. You can follow here how it goes.")

    def prepare(self) -> None:
        self.partner = Partner.objects.visible_to(self.actor).get(pk=self.actor.partner_id)

    def initial(self) -> dict[str, Any]:
        return {"country": str(self.partner.country), "consented_on": day(self.at)}

    def fieldsets(self, form: Any) -> list[dict[str, Any]]:
        return [
            {"fields": ["customer_name"]},
            {"fields": ["city", "country"], "pair": True},
            {"fields": ["contact_name", "contact_role"], "pair": True},
            {"fields": ["contact_email", "contact_phone"], "pair": True},
            {"fields": ["message", "consented_on", "has_consent"]},
            {"legend": _("Your reference"), "fields": ["external_ref"], "optional": True},
        ]

    def next_steps(self) -> list[dict[str, Any]]:
        return [
            {"title": _("You refer"), "text": _("we write to you at once"), "done": True},
            {"title": _("Someone calls"), "text": _("who knows the field, within days")},
            {"title": _("You see how it goes"), "text": _("here and by mail")},
        ]

    def perform(self, data: dict[str, Any]) -> Referral:
        return actions.refer_lead(by=self.actor, partner=self.partner, at=self.at, **data)

    def done_url(self, result: Referral) -> str:
        return result.portal_url


class ReferralRecord(RecordPage):
    """One referral: what was said, and how far it is."""

    side = "portal"
    permission = P.LEAD_VIEW
    queryset = Referral.objects.select_related("lead", "partner__psm", "submitted_by")
    template_name = "leads/portal/referral.html"

    def facts(self, record: Referral) -> dict[str, Any]:
        psm = record.partner.psm
        return {
            "title": record.customer_name,
            "crumbs": [{"label": _("Referrals"), "url": "/portal/referrals/"}, {"label": record.number}],
            "state": record.progress,
            "facts_line": [record.number],
            "pairs": presentation.referral_pairs(record),
            "what_next": presentation.referral_steps(record),
            "message": record.message,
            "timeline": timeline.about(record, actor=self.actor),
            "contact": psm
            and {"name": psm.name, "note": _("Your partner manager"), "id": psm.pk, "email": psm.email},
        }
