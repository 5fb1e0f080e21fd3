"""The partner's pages: its deals, registering one, one registration, and what it says about it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import timeline
from accounts.roles import Permission as P
from catalog.querysets import setting
from core.clock import day
from core.errors import Conflict
from core.list_page import ListPage
from core.pages import FormPage, Link, Page, RecordPage
from core.tables import Column
from core.templatetags.ui import instant
from deals import (
    actions,
    case_presentation,
    credited,
    explanation,
    filters,
    forms,
    presentation,
    rules,
)
from deals.margins import at_registration
from deals.margins import card as margin_card
from deals.models import (
    ConflictCheck,
    Deal,
    DealType,
    EngagementRules,
)
from deals.precheck import own_earlier, renewable
from deals.views import shared
from deals.views.pipeline import ways
from deals.views.workspace import fieldsets
from files.models import Attachment
from partners.models import Organization, Partner

SUGGESTIONS = 6


class DealList(ListPage):
    """My company's deals."""

    side = "portal"
    name = "portal-deals"
    template_name = "deals/list.html"
    permission = P.DEAL_VIEW
    title = gettext_lazy("Deals")
    queryset = Deal.objects.for_list()
    filterset_class = filters.PortalDealFilters
    default_sort = "next_at"
    columns: ClassVar[list[Column]] = [
        shared.CUSTOMER,
        shared.NUMBER,
        shared.VALUE,
        shared.STATE,
        shared.STAGE,
        shared.CLOSE,
        Column("due", gettext_lazy("Answer or end"), lambda d: d.due_cell, cell="due", align="right", sort="next_at",
               export=lambda d: d.next_at),
        Column("protected_until", gettext_lazy("Protected until"), cell="date", align="right", sort="protected_until",
               optional=True),
        shared.CURRENCY,
        shared.REFERENCE,
    ]  # fmt: skip
    views: ClassVar[list[tuple[str, Any, str]]] = [
        ("open", gettext_lazy("Open"), "status=open"),
        ("paused", gettext_lazy("Waiting for you"), "status=paused"),
        ("drafts", gettext_lazy("Drafts"), "state=draft"),
        ("update", gettext_lazy("Worth an update"), "status=quiet"),
        ("won", gettext_lazy("Won"), "state=won"),
        ("all", gettext_lazy("All"), ""),
    ]
    empty: ClassVar[dict[str, Any]] = {
        "icon": "briefcase",
        "title": gettext_lazy("No deals yet"),
        "text": gettext_lazy(
            "Register one in two minutes. If it is approved, the customer is protected for you."
        ),
        "action": {"label": gettext_lazy("Register a deal"), "url": "/portal/deals/new/"},
    }

    def sort(self) -> str:
        return super().sort() if self.request.GET.get("sort") else shared.natural_order(self.request.GET)

    def complete(self, rows: list[Deal]) -> None:
        for deal in rows:
            deal.due_cell = presentation.due_cell(deal, self.at)

    def row_url(self, row: Deal) -> str:
        return row.portal_url

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(**{"ways": ways(self, "list"), **more})

    def actions(self) -> list[Link]:
        if not self.actor.may(P.DEAL_REGISTER):
            return []
        return [
            Link(_("Import"), "/portal/deals/import/", "file-import"),
            Link(_("Register a deal"), "/portal/deals/new/", "plus", primary=True),
        ]


def renewal_of(earlier: Deal) -> dict[str, Any]:
    """The form's first values where it continues an earlier registration."""
    kind = DealType.objects.active().filter(names_earlier=True).first()
    return {
        "renews": earlier.pk,
        "type": kind.pk if kind else None,
        "organization": earlier.organization_id if earlier.is_customer_known else None,
        "customer_name": earlier.customer_name,
        "customer_country": str(earlier.customer_country),
        "customer_city": earlier.customer_city,
        "customer_website": earlier.customer_website,
        "products": [product.pk for product in earlier.products.all()],
    }


def own_partner(page: Page) -> Partner:
    """The partner that the portal's person acts for."""
    return Partner.objects.visible_to(page.actor).get(pk=page.actor.partner_id)


class RegisterDeal(FormPage):
    """Six fields, about two minutes; what is typed is kept as a draft."""

    side = "portal"
    permission = P.DEAL_REGISTER
    template_name = "deals/portal/register.html"
    form_class = forms.PortalDealForm
    title = gettext_lazy("Register a deal")
    subtitle = gettext_lazy("Six fields, about two minutes. You can add the rest later.")
    submit_label = gettext_lazy("Register deal")
    cancel_url = "/portal/deals/"
    done_message = gettext_lazy("Registered. You can follow the answer here.")

    def prepare(self) -> None:
        self.partner = own_partner(self)

    def initial(self) -> dict[str, Any]:
        if earlier := shared.registered_before(self, partner=self.partner):
            return {**shared.anew(earlier, day(self.at)), "draft": uuid4()}
        return {
            "customer_country": str(self.partner.country),
            "amount": [self.partner.currency, ""],
            "draft": uuid4(),
            **self.renewal(),
        }

    def renewal(self) -> dict[str, Any]:
        """What a renewal takes over from the registration that `?renews=` names: one of this partner's own."""
        own = Deal.objects.visible_to(self.actor).filter(partner=self.partner, state__in=rules.RENEWABLE)
        earlier = own.filter(pk=shared.key_of(self.request.GET.get("renews"))).first()
        return renewal_of(earlier) if earlier else {}

    def fieldsets(self, form: Any) -> list[dict[str, Any]]:
        return fieldsets(form)

    def context(self, **more: Any) -> dict[str, Any]:
        key = more["form"]["draft"].value() if "draft" in getattr(more.get("form"), "fields", ()) else None
        facts = {
            "autosave_url": f"/portal/deals/drafts/{key}/" if shared.key_of(key) else "",
            "cancel_label": _("Finish later"),
            "rules": {"title": _("The rules, in short"), "text": self.rules_in_short()},
            "margin": at_registration(self.partner, day(self.at)),
            "terms": EngagementRules.objects.visible_to(self.actor).in_force(),
        }
        return super().context(**{**facts, **more})

    def rules_in_short(self) -> str:
        return _(
            "The earlier complete registration wins. Your tier plays no part. If we decline, you get the reason."
        )

    def next_steps(self) -> list[dict[str, Any]]:
        partner = self.partner
        length = presentation.lengths(partner, self.at)
        due = rules.decision_due(
            self.at, setting("deal.decide_business_days"), str(partner.country), partner.time_zone
        )
        return [
            {"title": _("You register"), "text": _("today, the draft is locked"), "done": True},
            {"title": _("First answer"), "text": _("by %(when)s") % {"when": instant(due)}},
            {"title": length["title"], "text": length["text"]},
        ]

    def perform(self, data: dict[str, Any]) -> Deal:
        facts = shared.facts_of(data)
        key = facts.pop("draft") or uuid4()
        return self.told(actions.send_deal(by=self.actor, partner=self.partner, key=key, at=self.at, **facts))

    def told(self, deal: Deal) -> Deal:
        """What was kept as a draft says so on its own page."""
        if deal.state == rules.DRAFT:
            self.done_message = ""  # type: ignore[misc]
        return deal

    def done_url(self, result: Deal) -> str:
        return result.portal_url


class EditDeal(RegisterDeal):
    """Go on with a draft, or answer a question: then only the fields that were asked about are there."""

    permission = P.DEAL_EDIT
    done_message = gettext_lazy("Sent. You can follow the answer here.")

    def prepare(self) -> None:
        super().prepare()
        self.record = self.fetch_deal()

    def fetch_deal(self) -> Deal:
        found = shared.FULL.visible_to(self.actor).filter(pk=self.kwargs["pk"]).first()
        if found is None:
            raise Http404
        if not found.is_editable:
            raise Conflict(_("A registration is locked once it is submitted."), code="locked")
        return found

    @property
    def is_answer(self) -> bool:
        return self.record.state == rules.ACTION_REQUIRED

    def form(self, **options: Any) -> Any:
        if self.is_answer:
            return forms.AnswerForm(
                actor=self.actor, initial=self.initial(), asked=self.record.asked_fields, **options
            )
        return forms.PortalDealForm(actor=self.actor, initial=self.initial(), **options)

    def initial(self) -> dict[str, Any]:
        return {**shared.said_in(self.record), "draft": self.record.pk}

    def fieldsets(self, form: Any) -> list[dict[str, Any]]:
        return [{"fields": list(form.fields)}] if self.is_answer else fieldsets(form)

    def next_steps(self) -> list[dict[str, Any]]:
        return [] if self.is_answer else super().next_steps()

    def context(self, **more: Any) -> dict[str, Any]:
        facts: dict[str, Any] = {"record": self.record, "cancel_url": self.record.portal_url}
        if self.is_answer:
            facts |= {
                "title": _("Answer about %(customer)s") % {"customer": self.record.customer_name},
                "subtitle": self.record.number,
                "question": self.record.question,
                "submit_label": _("Send the answer"),
                "autosave_url": "",
            }
        return super().context(**{**more, **facts})

    def perform(self, data: dict[str, Any]) -> Deal:
        facts = shared.facts_of(data)
        facts.pop("draft", None)
        if self.is_answer:
            return actions.complete_deal(by=self.actor, deal=self.record, at=self.at, **facts)
        deal = self.record
        return self.told(
            actions.send_deal(by=self.actor, partner=self.partner, key=deal.pk, at=self.at, **facts)
        )


class KeepDraft(Page):
    """Keeps what a form holds so far; answers with one line."""

    side = "portal"
    permission = P.DEAL_REGISTER

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponse(status=405)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.permit()
        form = forms.DraftForm(data=request.POST, actor=self.actor)
        form.is_valid()
        facts = shared.facts_of(form.cleaned_data)
        if not facts.get("customer_name"):
            return HttpResponse("", content_type="text/plain")
        actions.keep_draft(by=self.actor, partner=own_partner(self), key=kwargs["pk"], at=self.at, **facts)
        when = instant(self.at, "time")
        return HttpResponse(_("Draft saved %(when)s") % {"when": when}, content_type="text/plain")


class CustomerSuggestions(Page):
    """Customers that this partner may know, and its own earlier registrations: nothing else.

    Whether another partner is there changes not a byte of it: that is told as the outcome of a complete submission.
    """

    side = "portal"
    permission = P.DEAL_REGISTER
    template_name = "deals/portal/customers.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.permit()
        if chosen := shared.key_of(request.GET.get("organization")):
            return self.chosen(chosen)
        text = self.asked("customer_name")
        if len(text) < 2:
            return self.answer(customers=[], earlier=[])
        known = Organization.objects.visible_to(self.actor).matching(text).order_by("name")
        earlier = own_earlier(
            self.actor,
            own_partner(self),
            name=text,
            country=self.asked("customer_country"),
            website=self.asked("customer_website"),
            exclude=shared.key_of(request.GET.get("draft")),
        )
        return self.answer(customers=list(known[:SUGGESTIONS]), earlier=earlier, renewable=renewable(earlier))

    def chosen(self, key: UUID) -> HttpResponse:
        """The customer that was picked, whether this partner registered it before, how long it would be protected."""
        customer = Organization.objects.visible_to(self.actor).filter(pk=key).first()
        if customer is None:
            return self.answer(customers=[], earlier=[])
        partner = own_partner(self)
        length = actions.usual_length(Deal(partner=partner, organization=customer), self.at)
        earlier = own_earlier(self.actor, partner, organization=customer)
        return self.answer(picked=customer, length=length, earlier=earlier, renewable=renewable(earlier))

    def asked(self, name: str) -> str:
        return self.request.GET.get(name, "").replace("\x00", "").strip()[:200]


class DealRecord(RecordPage):
    """Am I safe, until when, what was decided, what can I do."""

    side = "portal"
    permission = P.DEAL_VIEW
    queryset = shared.FULL
    template_name = "deals/portal/record.html"

    def facts(self, record: Deal) -> dict[str, Any]:
        check = explanation.latest_check(record, ConflictCheck.objects.visible_to(self.actor))
        appeal = record.appeals.first()
        return {
            "title": record.customer_name,
            "crumbs": [{"label": _("Deals"), "url": "/portal/deals/"}, {"label": record.number}],
            "state": "protected" if record.state == rules.APPROVED else record.state,
            "conditions": presentation.conditions(record, self.actor),
            "conditions_until": record.protected_until if record.state == rules.CONDITIONAL else None,
            "facts_line": [*presentation.facts_line(record), *presentation.origin(record, "portal")],
            "actions": self.moves(record),
            "clock": presentation.clock(record, self.at, on_portal=True),
            "waiting": self.waiting(record),
            "occupied": presentation.occupied(record),
            "decision": presentation.decision(record),
            "appeal_note": presentation.appeal_note(record, self.at, self.actor.may(P.APPEAL_FILE)),
            "conflict_note": case_presentation.portal_note(record, self.actor),
            "appeal": presentation.appeal_card(appeal, self.at) if appeal else None,
            "may_appeal": self.actor.may(P.APPEAL_FILE),
            "amendments": presentation.amendments(record),
            "may_withdraw": self.may_edit,
            "note": presentation.transfer_note(record, self.actor),
            "appeal_files": Attachment.objects.visible_to(self.actor).of(appeal) if appeal else [],
            "reasons": list(explanation.for_partner(check)) if check else [],
            "rule": explanation.rule_of(check) if check else "",
            "steps": presentation.stage_steps(record),
            "margin": margin_card(record, day(self.at), is_own=True),
            "pairs": presentation.pairs(record),
            "requests": presentation.requests(record),
            "bookings": record.bookings.all(),
            "credit": credited.own_card(record, self.actor),
            "go_lives": shared.go_live_lines(record, self.may(), "portal"),
            "attachments": Attachment.objects.visible_to(self.actor).of(record),
            "timeline": timeline.about(
                record,
                *record.implementations.all(),
                *record.appeals.all(),
                *record.transfers.all(),
                actor=self.actor,
            ),
            "contact": self.contact(record),
        }

    def may(self) -> dict[str, bool]:
        return {"accept": False, "report": self.actor.may(P.IMPLEMENTATION_REPORT)}

    def waiting(self, deal: Deal) -> dict[str, Any] | None:
        """What a pending registration waits for."""
        if deal.state == rules.ACTION_REQUIRED:
            text = _("The time for our answer goes on once you have sent yours.")
            if deal.answer_until:
                by_when = _("Please answer by %(day)s; after that day the registration lapses.")
                text = by_when % {"day": presentation.say_day(deal.answer_until, "long")} + " " + text
            link = {"label": _("Answer now"), "url": f"{deal.portal_url}edit/"}
            return {
                "tone": "caution",
                "icon": "message-question",
                "title": deal.question,
                "text": text,
                "link": link,
            }
        if deal.state == rules.DRAFT and self.may_edit:
            free_at = actions.next_answer_at(self.actor, deal.partner, self.at)
            return self.kept(deal, free_at) if free_at else None
        if deal.state in rules.AWAITING_DECISION:
            when = _("You get a first answer by %(when)s.") % {"when": instant(deal.due_at, "full")}
            escalated = _("Escalated: nobody forgot it. A superior has it now and sees to your answer.")
            return {
                "tone": "info",
                "icon": "hourglass-high",
                "title": when,
                "text": escalated if deal.is_escalated else _("Until then it is locked."),
            }
        if deal.state == rules.EXPIRED and self.may_edit and not actions.why_not_renewed(deal, self.at):
            last = presentation.say_day(actions.renewable_until(deal), "long")
            return {
                "tone": "caution",
                "icon": "hourglass-high",
                "title": _("You can ask for a renewal until %(day)s.") % {"day": last},
                "text": _("Until then nobody else gets this customer. Say what happened lately."),
                "link": {"label": _("Ask for a renewal"), "url": f"{deal.portal_url}request-renewal/"},
            }
        return self.worth_an_update(deal)

    def worth_an_update(self, deal: Deal) -> dict[str, Any] | None:
        """A kind word where nothing was heard of a deal for a while, or its day has passed."""
        of_this = Deal.objects.filter(pk=deal.pk)
        is_late = of_this.slipping(day(self.at)).exists()
        if not is_late and not of_this.quiet(self.at).exists():
            return None
        closes = presentation.say_day(deal.expected_close_on, "long")
        text = _(
            "You expected it to close on %(day)s. A new stage or day keeps your pipeline believable, and us ready."
        )
        return {
            "tone": "info",
            "icon": "message-circle",
            "title": _("Is this deal still moving?"),
            "text": text % {"day": closes},
            "link": {"label": _("Say how far it is"), "url": f"{deal.portal_url}update-stage/"}
            if self.may_edit
            else None,
        }

    def kept(self, deal: Deal, free_at: datetime) -> dict[str, Any]:
        """Why a draft is not sent yet: the day's most registrations are."""
        text = _("This one is kept as a draft, with all that you filled in.")
        title = actions.too_many_words(deal.partner, free_at)
        return {"tone": "caution", "icon": "clock", "title": title, "text": text}

    @property
    def may_edit(self) -> bool:
        return self.actor.may(P.DEAL_EDIT)

    def contact(self, deal: Deal) -> dict[str, Any] | None:
        psm = deal.partner.psm
        return (
            {"name": psm.name, "note": _("Your partner manager"), "id": psm.pk, "email": psm.email}
            if psm
            else None
        )

    def moves(self, deal: Deal) -> list[dict[str, Any]]:
        open_moves = deal.open_moves
        may_edit = self.may_edit
        may_report = deal.state == rules.WON and self.actor.may(P.IMPLEMENTATION_REPORT)
        may_appeal = self.actor.may(P.APPEAL_FILE) and actions.is_appealable(deal, self.at)
        found = [
            (may_appeal, _("Appeal"), "appeal", "scale"),
            (deal.state == rules.DRAFT and may_edit, _("Go on"), "edit", "pencil"),
            (deal.state == rules.ACTION_REQUIRED and may_edit, _("Answer"), "edit", "message-question"),
            (deal.state in rules.OPEN and may_edit, _("Update stage"), "update-stage", "arrow-right"),
            ("report_win" in open_moves and may_edit, _("Report win"), "report-win", "trophy"),
            (may_report, _("Report go-live"), "report-go-live", "rosette-discount-check"),
            *shared.once_more(deal, self.actor, self.at),
            *shared.more_time(deal, may_edit, self.at),
            *shared.changes(deal, may_edit, self.at),
            (deal.state == rules.WON and may_edit, _("Update stage"), "update-stage", "arrow-right"),
            ("report_loss" in open_moves and may_edit, _("Report loss"), "report-loss", "circle-minus"),
            (
                may_edit and not actions.why_not_transferred(deal, self.at),
                _("Hand it on"),
                "request-transfer",
                "arrow-right",
            ),
            ("withdraw" in open_moves and may_edit, _("Withdraw"), "withdraw", "arrow-back-up"),
            (may_edit, _("Attach files"), "attach", "paperclip"),
            (self.actor.may(actions.may_name(self.actor, deal)), _("Name colleagues"), "people", "users"),
            ("discard" in open_moves and may_edit, _("Throw away"), "discard", "trash"),
        ]
        base = deal.portal_url
        shown = [
            {"label": label, "url": path if path.startswith("/") else f"{base}{path}/", "icon": icon}
            for is_open, label, path, icon in found
            if is_open
        ]
        return [{**move, "primary": n == 0, "more": n > 1} for n, move in enumerate(shown)]
