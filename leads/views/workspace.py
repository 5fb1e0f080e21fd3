"""The vendor's pages: leads, one lead with why, entering and reading in, routing by hand, and who takes leads."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import timeline
from accounts.roles import Permission as P
from catalog.querysets import setting
from core.clock import day
from core.forms import ConfirmForm
from core.list_page import ListPage
from core.pages import FormPage, Link, MovePage, RecordPage
from core.tables import Column
from leads import actions, filters, forms, presentation, rules
from leads.models import Lead, LeadProfile, Referral
from leads.views.shared import DUE, FULL, NUMBER, STATE, VALUE, OfLead, moves_of_partner
from metrics import registry
from partners.models import Partner


def customer_cell(lead: Lead) -> dict[str, Any]:
    return {"name": lead.customer_name, "tag": str(lead.country)}


class LeadList(ListPage):
    """All leads that I may see, what is due first."""

    name = "leads"
    permission = P.LEAD_VIEW
    title = gettext_lazy("Leads")
    queryset = Lead.objects.for_list()
    filterset_class = filters.LeadFilters
    default_sort = "due_at"
    columns: ClassVar[list[Column]] = [
        NUMBER,
        Column("customer", gettext_lazy("Customer"), customer_cell, cell="name", sort="customer_name",
               export=lambda lead: lead.customer_name),
        Column("specialty", gettext_lazy("Specialty"), "specialty.name"),
        VALUE,
        Column("score", gettext_lazy("Score"), lambda lead: {"value": lead.score, "strong": lead.score >= 80},
               cell="number", align="right", sort="score", export=lambda lead: lead.score),
        STATE,
        Column("partner", gettext_lazy("Partner"), "partner.name", sort="partner__name"),
        DUE,
        Column("source", gettext_lazy("Source"), lambda lead: rules.SOURCE_WORDS[lead.source], optional=True),
        Column("market", gettext_lazy("Market"), "market.name", optional=True),
        Column("entered", gettext_lazy("Came in"), "created_at", cell="instant", sort="created_at", optional=True),
        Column("external_ref", gettext_lazy("Reference"), optional=True),
    ]  # fmt: skip
    views: ClassVar[list[tuple[str, Any, str]]] = [
        ("open", gettext_lazy("All open"), "status=open"),
        ("routing", gettext_lazy("Needs routing"), "status=routing"),
        ("waiting", gettext_lazy("Waiting for acceptance"), "status=waiting"),
        ("pool", gettext_lazy("In the pool"), "status=pool"),
        ("late_contact", gettext_lazy("Overdue contact"), "status=late_contact"),
        ("held", gettext_lazy("With a partner"), "status=held"),
        ("all", gettext_lazy("All"), ""),
    ]
    empty: ClassVar[dict[str, Any]] = {
        "icon": "target",
        "title": gettext_lazy("No leads yet"),
        "text": gettext_lazy("Enter one, or read in a list: the program's rules find the partner."),
        "action": {"label": gettext_lazy("Enter a lead"), "url": "/manage/leads/new/"},
        "other": {"label": gettext_lazy("Read in a list"), "url": "/manage/leads/import/"},
    }

    def sort(self) -> str:
        if self.request.GET.get("sort"):
            return super().sort()
        return "due_at" if "status" in self.request.GET else "-created_at"

    def view_count(self, key: str) -> int | None:
        seen = self.get_queryset()
        counted = {
            "open": seen.open,
            "routing": seen.needing_routing,
            "waiting": seen.awaiting_acceptance,
            "pool": seen.pooled,
            "late_contact": lambda: seen.without_contact(self.at),
            "held": seen.held,
        }
        return counted[key]().order_by()[:10_001].count() if key in counted else None

    def complete(self, rows: list[Lead]) -> None:
        for lead in rows:
            lead.due_cell = presentation.due_cell(lead, self.at)  # type: ignore[attr-defined]

    def row_url(self, row: Lead) -> str:
        return row.get_absolute_url()

    def actions(self) -> list[Link]:
        found = [Link(_("Who takes leads"), "/manage/leads/partners/", "users"),
                 Link(_("Referrals"), "/manage/referrals/", "user-plus")]  # fmt: skip
        if self.actor.may(P.LEAD_EDIT):
            found += [
                Link(_("Read in a list"), "/manage/leads/import/", "upload"),
                Link(_("Enter a lead"), "/manage/leads/new/", "plus", primary=True),
            ]
        return found


class LeadRecord(RecordPage):
    """One lead: who, what for, who has it, and why."""

    permission = P.LEAD_VIEW
    queryset = FULL
    template_name = "leads/workspace/record.html"

    def facts(self, record: Lead) -> dict[str, Any]:
        referral = (
            Referral.objects.visible_to(self.actor).filter(lead=record).select_related("partner").first()
        )
        return {
            "title": record.customer_name,
            "crumbs": [{"label": _("Leads"), "url": "/manage/leads/"}, {"label": record.number}],
            "state": record.state,
            "facts_line": self.facts_line(record),
            "actions": self.moves(record),
            "note": presentation.clock(record, self.at, on_portal=False),
            "ended": presentation.why_ended(record, told=False),
            "customer": presentation.customer_pairs(record),
            "pairs": presentation.teaser_pairs(record),
            "consent": presentation.consent_words(record),
            "source": self.source(record),
            "referral": referral,
            "why": presentation.explanation(record, self.actor),
            "offers": presentation.offer_lines(record, self.actor),
            "score": presentation.score_card(actions.score_of(record)),
            "timeline": timeline.about(record, actor=self.actor),
        }

    def facts_line(self, lead: Lead) -> list[Any]:
        line = presentation.facts_line(lead)
        if lead.partner:
            line.insert(0, {"label": lead.partner.name, "url": lead.partner.get_absolute_url()})
        return line

    def source(self, lead: Lead) -> str:
        words = str(rules.SOURCE_WORDS[lead.source])
        return f"{words}, {lead.source_detail}" if lead.source_detail else words

    def moves(self, lead: Lead) -> list[dict[str, Any]]:
        """The moves that are open to me now, the first one primary."""
        open_moves, base = lead.open_moves, lead.get_absolute_url()
        may_route, may_edit = self.actor.may(P.LEAD_ROUTE), self.actor.may(P.LEAD_EDIT)
        is_free = lead.state in rules.NEEDS_ROUTING
        found = [
            (is_free and may_route, _("Find a partner"), "route", "target"),
            ("offer" in open_moves and may_route, _("Offer to…"), "offer", "send"),
            ("pool" in open_moves and may_route, _("Put into the pool"), "pool", "users"),
            (
                "withdraw_offer" in open_moves and may_route,
                _("Take the offer back"),
                "withdraw-offer",
                "arrow-back-up",
            ),
            (
                "leave_pool" in open_moves and may_route,
                _("Take out of the pool"),
                "withdraw-offer",
                "arrow-back-up",
            ),
            (lead.state in rules.OPEN and may_edit, _("Change"), "edit", "pencil"),
            ("reopen" in open_moves and may_route, _("Open again"), "reopen", "rotate-clockwise"),
            ("close" in open_moves and may_route, _("Close"), "close", "archive"),
        ]
        shown = [
            {"label": label, "url": f"{base}{path}/", "icon": icon}
            for is_open, label, path, icon in found
            if is_open
        ]
        for_partner = [
            {**move, "label": _("%(move)s, for the partner") % {"move": move["label"]}, "method": "get"}
            for move in moves_of_partner(lead, self.actor.may(P.LEAD_WORK), base)
            if lead.partner_id
        ]
        shown = [{**move, "primary": n == 0 and is_free, "more": n > 2} for n, move in enumerate(shown)]
        return [*shown, *({**move, "more": True} for move in for_partner)]


class LeadFormPage(FormPage):
    """What entering and changing share."""

    permission = P.LEAD_EDIT

    def fieldsets(self, form: Any) -> list[dict[str, Any]]:
        found = [
            {"legend": _("Who"), "fields": ["customer_name", "city", "country"]},
            {"fields": ["contact_name", "contact_role"], "pair": True},
            {"fields": ["contact_email", "contact_phone"], "pair": True},
            {"legend": _("What for"), "fields": ["need", "products"]},
            {"fields": ["specialty", "language"], "pair": True},
            {"fields": ["amount"]},
            {"legend": _("Consent"), "fields": ["consent_basis", "consent_on", "consent_text"]},
            {"fields": ["source"]},
            {"legend": _("Street, website, details, reference"), "fields": list(form.LATER), "optional": True,
             "open": form.later_is_open},
        ]  # fmt: skip
        return [*found, {"fields": ["route_now"]}] if "route_now" in form.fields else found


class EnterLead(LeadFormPage):
    """Enter a lead; the rules find the partner."""

    form_class = forms.EnterLeadForm
    title = gettext_lazy("Enter a lead")
    submit_label = gettext_lazy("Enter the lead")
    cancel_url = "/manage/leads/"
    done_message = gettext_lazy("The lead is entered.")

    def next_steps(self) -> list[dict[str, Any]]:
        hours, days = setting("lead.accept_hours"), setting("lead.contact_days")
        return [
            {"title": _("You enter it"), "text": _("the rules find the partner"), "done": True},
            {
                "title": _("The partner answers"),
                "text": _("within %(n)s hours, else the next") % {"n": hours},
            },
            {"title": _("It calls"), "text": _("within %(n)s days, else the next") % {"n": days}},
            {"title": _("It registers the deal"), "text": _("without typing anything twice")},
        ]

    def perform(self, data: dict[str, Any]) -> Lead:
        facts = {**data, "products": list(data["products"])}
        return actions.enter_lead(by=self.actor, at=self.at, **facts)

    def done_url(self, result: Lead) -> str:
        return result.get_absolute_url()


class ChangeLead(OfLead, LeadFormPage):
    """Change what is known of it."""

    permission = P.LEAD_EDIT
    form_class = forms.LeadForm
    template_name = "pages/form.html"
    title = gettext_lazy("Change this lead")
    submit_label = gettext_lazy("Save")
    done_message = gettext_lazy("The lead is saved.")

    def initial(self) -> dict[str, Any]:
        lead = self.record
        stored = {name: getattr(lead, name) for name in forms.LeadForm.base_fields if hasattr(lead, name)}
        return {
            **stored,
            "country": str(lead.country),
            "organization": lead.organization_id,
            "specialty": lead.specialty_id,
            "products": [product.pk for product in lead.products.all()],
            "amount": lead.amount or [lead.currency, ""],
        }

    def perform_on(self, record: Lead, data: dict[str, Any]) -> Lead:
        facts = {**data, "products": list(data["products"])}
        return actions.change_lead(by=self.actor, lead=record, at=self.at, **facts)


class ImportLeads(FormPage):
    """Read in a list: first a check that writes nothing, then the same for good. Sent twice, it changes nothing."""

    permission = P.LEAD_EDIT
    template_name = "leads/workspace/import.html"
    title = gettext_lazy("Read in leads")
    subtitle = gettext_lazy("A line that is known already is left as it is.")
    form_class = forms.ImportLeadsForm
    submit_label = gettext_lazy("Check the list")
    cancel_url = "/manage/leads/"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.permit()
        form = self.form(data=request.POST, files=request.FILES)
        if not form.is_valid():
            return self.shown(form, status=400)
        given = {name: form.cleaned_data[name] for name in ("rows", "all_or_nothing", "route_now")}
        try:
            report = actions.import_leads(
                by=self.actor, text=given["rows"], at=self.at, dry_run="confirm" not in request.POST,
                all_or_nothing=given["all_or_nothing"], route_now=given["route_now"],
            )  # fmt: skip
        except ValidationError as error:
            form.add_action_error(error)
            return self.shown(form, status=400)
        return self.shown(form, report=report, **given)


class RouteLead(OfLead):
    """Let the program's rules find a partner."""

    permission = P.LEAD_ROUTE
    form_class = ConfirmForm
    title = gettext_lazy("Find a partner")
    submit_label = gettext_lazy("Find a partner")
    done_message = gettext_lazy("The rules have decided; why stands on the page.")

    def effects(self) -> list[str]:
        return [
            _("The first rule that is for this lead and that a partner fits decides."),
            _("The partner has %(n)s hours to accept.") % {"n": setting("lead.accept_hours")},
        ]

    def perform_on(self, record: Lead, data: dict[str, Any]) -> Lead:
        return actions.route_lead(by=self.actor, lead=record, at=self.at)


class OfferLead(OfLead):
    """Offer it to a chosen partner, with a reason."""

    permission = P.LEAD_ROUTE
    form_class = forms.OfferForm
    title = gettext_lazy("Offer this lead to a partner")
    submit_label = gettext_lazy("Offer it")
    done_message = gettext_lazy("The partner is asked.")

    def effects(self) -> list[str]:
        return [_("The partner has %(n)s hours to accept.") % {"n": setting("lead.accept_hours")}]

    def perform_on(self, record: Lead, data: dict[str, Any]) -> Lead:
        return actions.offer_lead(by=self.actor, lead=record, at=self.at, **data)


class PoolLead(OfLead):
    """Put it into the pool: the first to accept has it."""

    permission = P.LEAD_ROUTE
    form_class = ConfirmForm
    title = gettext_lazy("Put this lead into the pool")
    submit_label = gettext_lazy("Put into the pool")
    done_message = gettext_lazy("It is in the pool.")

    def effects(self) -> list[str]:
        return [
            _("All partners that fit the first rule for it are told; whoever accepts first has it."),
            _("After %(n)s days it comes back to us.") % {"n": setting("lead.pool_days")},
        ]

    def perform_on(self, record: Lead, data: dict[str, Any]) -> Lead:
        return actions.pool_lead(by=self.actor, lead=record, at=self.at)


class WithdrawOffer(OfLead):
    """Take an open offer back, or the lead out of the pool."""

    permission = P.LEAD_ROUTE
    form_class = forms.WithdrawForm
    title = gettext_lazy("Take the offer back")
    submit_label = gettext_lazy("Take it back")
    done_message = gettext_lazy("Nobody is asked about it now.")

    def perform_on(self, record: Lead, data: dict[str, Any]) -> Lead:
        return actions.withdraw_offer(by=self.actor, lead=record, at=self.at, **data)


class CloseLead(OfLead):
    """Nobody follows it up."""

    permission = P.LEAD_ROUTE
    form_class = forms.CloseForm
    title = gettext_lazy("Close this lead")
    submit_label = gettext_lazy("Close the lead")
    done_message = gettext_lazy("The lead is closed.")

    def perform_on(self, record: Lead, data: dict[str, Any]) -> Lead:
        return actions.close_lead(by=self.actor, lead=record, at=self.at, **data)


class ReopenLead(OfLead):
    """Look for a partner again."""

    permission = P.LEAD_ROUTE
    form_class = ConfirmForm
    title = gettext_lazy("Open this lead again")
    submit_label = gettext_lazy("Open it again")
    done_message = gettext_lazy("The lead needs a partner again.")

    def perform_on(self, record: Lead, data: dict[str, Any]) -> Lead:
        return actions.reopen_lead(by=self.actor, lead=record, at=self.at)


# Who takes leads -------------------------------------------------------------------------------------------------


class TakerList(ListPage):
    """Which partners take leads, how many they have, and how well they do."""

    name = "lead-takers"
    permission = P.LEAD_VIEW
    title = gettext_lazy("Who takes leads")
    subtitle = gettext_lazy("Figures of the trailing twelve months; their Why? stands behind each partner.")
    queryset = Partner.objects.active().select_related("market")
    default_sort = "name"
    columns: ClassVar[list[Column]] = [
        Column("name", gettext_lazy("Partner"), lambda p: {"name": p.name, "tag": p.tier_name}, cell="name",
               sort="name", export=lambda p: p.name),
        Column("market", gettext_lazy("Market"), "market.name", sort="market__position"),
        Column("takes", gettext_lazy("Takes"), lambda p: p.takes),
        Column("open", gettext_lazy("Open leads"), lambda p: p.load, align="right"),
        Column("lead_acceptance_rate", gettext_lazy("Accepted"), lambda p: p.figures["lead_acceptance_rate"],
               align="right"),
        Column("lead_time_to_accept", gettext_lazy("Time to accept"), lambda p: p.figures["lead_time_to_accept"],
               align="right"),
        Column("lead_time_to_contact", gettext_lazy("Time to first contact"),
               lambda p: p.figures["lead_time_to_contact"], align="right"),
        Column("lead_conversion", gettext_lazy("Registered"), lambda p: p.figures["lead_conversion"], align="right"),
    ]  # fmt: skip
    FIGURES: ClassVar[dict[str, Any]] = {
        "lead_acceptance_rate": gettext_lazy("%(n)s%%"),
        "lead_time_to_accept": gettext_lazy("%(n)s h"),
        "lead_time_to_contact": gettext_lazy("%(n)s h"),
        "lead_conversion": gettext_lazy("%(n)s%%"),
    }
    empty: ClassVar[dict[str, Any]] = {
        "icon": "users",
        "title": gettext_lazy("No active partners"),
        "text": gettext_lazy("Partners take leads once they are active."),
    }

    def complete(self, rows: list[Partner]) -> None:
        ids = [partner.pk for partner in rows]
        found = {
            key: {v.partner_id: v.value for v in registry.get(key).values(day(self.at), ids)}
            for key in self.FIGURES
        }
        profiles = LeadProfile.objects.filter(partner__in=ids).prefetch_related("specialties")
        by_partner = {profile.partner_id: profile for profile in profiles}
        held: dict[Any, int] = {}
        counting = Lead.objects.filter(partner__in=ids, state__in=rules.COUNTING)
        for partner_id in counting.values_list("partner", flat=True):
            held[partner_id] = held.get(partner_id, 0) + 1
        usual = int(setting("lead.capacity"))
        for partner in rows:
            self.complete_one(partner, by_partner.get(partner.pk), held.get(partner.pk, 0), usual, found)

    def complete_one(
        self, partner: Any, profile: LeadProfile | None, held: int, usual: int, found: dict[str, Any]
    ) -> None:
        most = usual if profile is None or profile.capacity is None else profile.capacity
        partner.load = _("%(n)s of %(most)s") % {"n": held, "most": most}
        partner.takes = self.takes(profile)
        partner.figures = {
            key: _("no data") if found[key].get(partner.pk) is None else words % {"n": found[key][partner.pk]}
            for key, words in self.FIGURES.items()
        }

    def takes(self, profile: LeadProfile | None) -> str:
        if profile is not None and not profile.takes_leads:
            return _("none")
        names = [specialty.name for specialty in profile.specialties.all()] if profile else []
        return ", ".join(names) or _("all specialties")

    def row_url(self, row: Partner) -> str:
        return f"/manage/partners/{row.pk}/lead-profile/"


class ChangeProfile(MovePage):
    """Which leads a partner takes; beside it the figures with their Why?."""

    permission = P.LEAD_ROUTE
    queryset = Partner.objects.all()
    form_class = forms.ProfileForm
    template_name = "leads/workspace/profile.html"
    title = gettext_lazy("Which leads it takes")
    submit_label = gettext_lazy("Save")
    done_message = gettext_lazy("Saved. The next lead is routed by it.")
    cancel_url = "/manage/leads/partners/"

    def initial(self) -> dict[str, Any]:
        profile = LeadProfile.objects.filter(partner=self.record).first()
        if profile is None:
            return {"takes_leads": True}
        names = ("takes_leads", "languages", "capacity", "weight")
        many = {
            name: list(getattr(profile, name).values_list("pk", flat=True))
            for name in ("specialties", "products")
        }
        return {**{name: getattr(profile, name) for name in names}, **many}

    def context(self, **more: Any) -> dict[str, Any]:
        found = {
            "subtitle": self.record.name,
            "crumbs": [{"label": _("Leads"), "url": "/manage/leads/"},
                       {"label": _("Who takes leads"), "url": self.cancel_url}, {"label": self.record.name}],
            "figures": self.figures(),
        }  # fmt: skip
        return super().context(**{**found, **more})

    def figures(self) -> list[dict[str, Any]]:
        lines = []
        for key, words in TakerList.FIGURES.items():
            metric = registry.get(key)
            value = next((v.value for v in metric.values(day(self.at), [self.record.pk])), None)
            lines.append({
                "label": metric.name,
                "value": _("no data") if value is None else words % {"n": value},
                "why_url": f"/manage/partners/{self.record.pk}/why/{key}/",
            })  # fmt: skip
        return lines

    def perform_on(self, record: Partner, data: dict[str, Any]) -> Any:
        facts = {**data, "specialties": list(data["specialties"]), "products": list(data["products"])}
        return actions.change_profile(by=self.actor, partner=record, at=self.at, **facts)

    def done_url(self, result: Any) -> str:
        return self.cancel_url


class ReferralList(ListPage):
    """What partners referred to us."""

    name = "referrals"
    permission = P.LEAD_VIEW
    title = gettext_lazy("Referrals")
    queryset = Referral.objects.select_related("lead", "partner")
    filterset_class = filters.ReferralFilters
    default_sort = "-created_at"
    columns: ClassVar[list[Column]] = [
        Column("number", gettext_lazy("Number"), sort="number"),
        Column("customer", gettext_lazy("Customer"), lambda r: {"name": r.customer_name, "tag": str(r.country)},
               cell="name", export=lambda r: r.customer_name),
        Column("partner", gettext_lazy("Referred by"), "partner.name", sort="partner__name"),
        Column("progress", gettext_lazy("How far"), "progress", cell="state"),
        Column("lead", gettext_lazy("Lead"), "lead.number"),
        Column("created_at", gettext_lazy("Came in"), cell="instant", align="right", sort="created_at"),
    ]  # fmt: skip
    views: ClassVar[list[tuple[str, Any, str]]] = [
        ("received", gettext_lazy("Received"), "progress=received"),
        ("all", gettext_lazy("All"), ""),
    ]
    empty: ClassVar[dict[str, Any]] = {
        "icon": "user-plus",
        "title": gettext_lazy("No referrals yet"),
        "text": gettext_lazy("Partners refer contacts in the portal; each becomes a lead here."),
    }

    def row_url(self, row: Referral) -> str:
        return row.get_absolute_url()
