"""The vendor's list of registrations, one of them, and entering one for a partner."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import uuid4

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import timeline
from accounts.roles import Permission as P
from core.clock import day
from core.list_page import ListPage
from core.pages import FormPage, Link, RecordPage
from core.tables import Column
from core.templatetags.ui import instant
from deals import (
    actions,
    case_presentation,
    comparison,
    conflict,
    credited,
    explanation,
    filters,
    forms,
    presentation,
    rules,
)
from deals.margins import card as margin_card
from deals.models import (
    ConflictCheck,
    Deal,
    DealNote,
)
from deals.views import requests, shared
from deals.views.pipeline import ways
from files.models import Attachment


class DealList(ListPage):
    """All registrations that I may see, most urgent first."""

    name = "deals"
    template_name = "deals/list.html"
    permission = P.DEAL_VIEW
    title = gettext_lazy("Deals")
    queryset = Deal.objects.for_list()
    filterset_class = filters.DealFilters
    default_sort = "next_at"
    columns: ClassVar[list[Column]] = [
        shared.NUMBER,
        shared.CUSTOMER,
        Column("partner", gettext_lazy("Partner"), "partner.name", sort="partner__name"),
        shared.VALUE,
        shared.STATE,
        shared.STAGE,
        Column("conflict", gettext_lazy("Conflict"), lambda d: score_cell(d), cell="number", align="right",
               sort="conflict_score", export=lambda d: d.conflict_score),
        Column("due", gettext_lazy("Due or ends"), lambda d: d.due_cell, cell="due", align="right", sort="next_at",
               export=lambda d: d.next_at),
        shared.CLOSE,
        Column("verdict", gettext_lazy("Verdict"), lambda d: conflict.VERDICT_WORDS.get(d.conflict_verdict),
               optional=True),
        Column("protected_until", gettext_lazy("Protected until"), cell="date", align="right", sort="protected_until",
               optional=True),
        Column("submitted", gettext_lazy("Submitted"), "submitted_at", cell="instant", sort="submitted_at",
               optional=True),
        shared.CURRENCY,
        shared.REFERENCE,
    ]  # fmt: skip
    views: ClassVar[list[tuple[str, Any, str]]] = [
        ("open", gettext_lazy("All open"), "status=open"),
        ("waiting", gettext_lazy("Waiting for a decision"), "status=waiting"),
        ("to_book", gettext_lazy("To book"), "status=to_book"),
        ("expiring", gettext_lazy("Expiring in 30 days"), "ends_within=30"),
        ("slipping", gettext_lazy("Slipping"), "status=slipping"),
        ("quiet", gettext_lazy("Quiet"), "status=quiet"),
        ("all", gettext_lazy("All"), ""),
    ]
    empty: ClassVar[dict[str, Any]] = {
        "icon": "briefcase",
        "title": gettext_lazy("No registrations yet"),
        "text": gettext_lazy("Partners register their deals in the portal; you can enter one for a partner."),
        "action": {"label": gettext_lazy("New registration"), "url": "/manage/deals/new/"},
    }

    def sort(self) -> str:
        return super().sort() if self.request.GET.get("sort") else shared.natural_order(self.request.GET)

    def view_count(self, key: str) -> int | None:
        seen = self.get_queryset()
        counted = {
            "open": seen.open,
            "waiting": seen.awaiting_decision,
            "to_book": seen.awaiting_booking,
            "expiring": lambda: seen.expiring(day(self.at), 30),
            "slipping": lambda: seen.slipping(day(self.at)),
            "quiet": lambda: seen.quiet(self.at),
        }
        return counted[key]().order_by()[:10_001].count() if key in counted else None

    def complete(self, rows: list[Deal]) -> None:
        for deal in rows:
            deal.due_cell = presentation.due_cell(deal, self.at)  # type: ignore[attr-defined]

    def pager_text(self, found: Any) -> str:
        shown = super().pager_text(found)
        return _("%(shown)s, most urgent first") % {"shown": shown} if self.sort() == "next_at" else shown

    def row_url(self, row: Deal) -> str:
        return row.get_absolute_url()

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(**{"ways": ways(self, "list"), **more})

    def actions(self) -> list[Link]:
        links = [
            Link(_("Review"), "/manage/deals/review/", "hourglass-high"),
            Link(_("Requests"), requests.FIRST, "inbox", more=True),
            Link(_("Appeals"), "/manage/appeals/?status=waiting", "gavel", more=True),
            Link(_("Conflict cases"), "/manage/conflict-cases/?status=running", "scale", more=True),
            Link(_("Rules"), "/manage/rules/", "file-text", more=True),
        ]
        if self.actor.may(P.DEAL_DECIDE):
            links.append(Link(_("Answers"), "/manage/deals/answers/", "shield", more=True))
        if not self.actor.may(P.DEAL_REGISTER):
            return links
        links.append(Link(_("Import"), "/manage/deals/import/", "file-import", more=True))
        return [*links, Link(_("New registration"), "/manage/deals/new/", "plus", primary=True)]


def score_cell(deal: Deal) -> dict[str, Any]:
    score = deal.conflict_score
    return {"value": None if score is None else int(round(score)), "strong": bool(score and score >= 45)}


class RegisterDeal(FormPage):
    """Enter a registration for a partner; with `?again=` what an earlier one said, where that came to nothing."""

    permission = P.DEAL_REGISTER
    template_name = "deals/workspace/register.html"
    form_class = forms.RegisterForPartnerForm
    title = gettext_lazy("New registration")
    subtitle = gettext_lazy("For a partner, as if it had registered itself.")
    submit_label = gettext_lazy("Register deal")
    cancel_url = "/manage/deals/"
    done_message = gettext_lazy("Registered. The partner has its acknowledgement.")

    def initial(self) -> dict[str, Any]:
        if earlier := shared.registered_before(self):
            return {**shared.anew(earlier, day(self.at)), "partner": earlier.partner_id}
        return {"partner": self.request.GET.get("partner", "")[:36]}

    def fieldsets(self, form: Any) -> list[dict[str, Any]]:
        return [
            {"fields": ["partner"]},
            *fieldsets(form),
        ]

    def perform(self, data: dict[str, Any]) -> Deal:
        facts = shared.facts_of(data)
        return actions.register_deal(
            by=self.actor, partner=facts.pop("partner"), source="manager", at=self.at, **facts
        )

    def done_url(self, result: Deal) -> str:
        return result.get_absolute_url()


def fieldsets(form: Any) -> list[dict[str, Any]]:
    """Six fields (the customer with its place is one), what may come later, the declaration."""
    return [
        {"fields": ["customer_name"]},
        {"fields": ["customer_city", "customer_country"], "pair": True},
        {"fields": ["products"]},
        {"fields": ["amount", "expected_close_on"], "pair": True},
        {"fields": ["what_it_did"]},
        {"fields": ["documents"]},
        {"legend": _("Contact, what they need, where, competitor"), "fields": list(form.CASE), "optional": True,
         "open": form.is_wrong(form.CASE)},
        {"legend": _("All that belongs to it, type, channel, help wanted, tender, your reference"),
         "fields": list(form.SALE), "optional": True, "open": form.is_wrong(form.SALE)},
        {"fields": ["no_patient_data"]},
    ]  # fmt: skip


class DealRecord(RecordPage):
    """One registration: what it says, what was found and decided, what hangs on it."""

    permission = P.DEAL_VIEW
    queryset = shared.FULL
    template_name = "deals/workspace/record.html"

    def facts(self, record: Deal) -> dict[str, Any]:
        check = explanation.latest_check(record, ConflictCheck.objects.visible_to(self.actor))
        return {
            "title": record.customer_name,
            "crumbs": [{"label": _("Deals"), "url": "/manage/deals/"}, {"label": record.number}],
            "state": record.state,
            "facts_line": [
                {"label": record.partner.name, "url": record.partner.get_absolute_url()},
                *presentation.facts_line(record),
                *presentation.origin(record, "manage"),
            ],
            "actions": self.moves(record),
            "clock": presentation.clock(record, self.at, on_portal=False),
            "pairs": presentation.pairs(record),
            "check": check,
            "verdict": comparison.verdict(check) if check else None,
            "own_wins": comparison.own_wins(check) if check else [],
            "candidates": comparison.candidates(check, self.actor) if check else [],
            "decision": presentation.decision(record),
            "automatic": presentation.automatic_card(record),
            "notes": DealNote.objects.visible_to(self.actor).filter(deal=record).select_related("author"),
            "note_form": forms.NoteForm(actor=self.actor) if self.actor.may(P.DEAL_DECIDE) else None,
            "note_key": uuid4().hex,
            "conditions": presentation.conditions(record, self.actor),
            "conditions_until": record.protected_until if record.state == rules.CONDITIONAL else None,
            "steps": presentation.stage_steps(record),
            "margin": margin_card(record, day(self.at), is_own=False),
            "requests": presentation.requests(record),
            "bookings": record.bookings.select_related("booked_by"),
            "credit": credited.card(record, self.actor),
            "may_book": self.actor.may(P.DEAL_BOOK),
            "go_lives": shared.go_live_lines(record, self.may(), "manage"),
            "attachments": Attachment.objects.visible_to(self.actor).of(record),
            "timeline": timeline.about(
                record,
                *record.implementations.all(),
                *record.conflict_checks.all(),
                *record.appeals.all(),
                *record.transfers.all(),
                actor=self.actor,
            ),
            "amendments": presentation.amendments(record),
            "may_withdraw": self.actor.may(P.DEAL_EDIT),
            "note": case_presentation.deal_note(record, self.actor)
            or self.appeal_note(record)
            or presentation.escalation_note(record)
            or presentation.transfer_note(record, self.actor),
        }

    def appeal_note(self, deal: Deal) -> dict[str, Any] | None:
        """That the decision is appealed, and by when the answer is due."""
        appeal = deal.appeals.waiting().first()
        if appeal is None:
            return None
        return {
            "tone": "contested",
            "icon": "scale",
            "title": _("The partner has appealed this decision."),
            "text": _("The answer is due by %(when)s.") % {"when": instant(appeal.due_at, "full")},
            "link": {"label": _("See the appeal"), "url": appeal.get_absolute_url()},
        }

    def may(self) -> dict[str, bool]:
        return {
            "accept": self.actor.may(P.IMPLEMENTATION_CONFIRM),
            "report": self.actor.may(P.IMPLEMENTATION_REPORT),
        }

    def moves(self, deal: Deal) -> list[dict[str, Any]]:
        """The moves that are open to me now, the first one primary."""
        open_moves, is_booked = deal.open_moves, deal.bookings.exists()
        may_decide, may_edit = self.actor.may(P.DEAL_DECIDE), self.actor.may(P.DEAL_EDIT)
        pending = deal.state in rules.AWAITING_DECISION
        may_book = deal.state == rules.WON and self.actor.may(P.DEAL_BOOK)
        may_report = deal.state == rules.WON and self.actor.may(P.IMPLEMENTATION_REPORT)
        found = [
            (pending and may_decide, _("Decide"), "decide", "scale"),
            (may_book and not is_booked, _("Book"), "book", "receipt"),
            *self.answers(deal, may_decide),
            (
                "meet_conditions" in open_moves and may_decide,
                _("Tick off conditions"),
                "meet-conditions",
                "checklist",
            ),
            ("report_win" in open_moves and may_edit, _("Report win"), "report-win", "trophy"),
            (may_report, _("Report go-live"), "report-go-live", "rosette-discount-check"),
            (
                deal.state in (*rules.OPEN, rules.WON) and self.actor.may(P.STAGE_MOVE),
                _("Update stage"),
                "update-stage",
                "arrow-right",
            ),
            (deal.state in rules.PENDING and may_decide, _("Assign"), "assign", "user-check"),
            (deal.state in rules.LINKABLE and may_decide, _("Link customer"), "link-customer", "link"),
            (may_edit, _("Attach files"), "attach", "paperclip"),
            (self.actor.may(P.DEAL_SHARE), _("Name colleagues"), "people", "users"),
            (self.may_credit(deal), _("Set or correct credit"), "credit", "percentage"),
            (self.may_price(deal), _("Decide the margin"), "margin", "coin"),
            *shared.more_time(deal, may_edit, self.at),
            *shared.once_more(deal, self.actor, self.at),
            (
                case_presentation.is_contestable(deal, self.actor),
                _("Open a conflict case"),
                "open-case",
                "scale",
            ),
            *shared.changes(deal, may_edit, self.at),
            (
                may_decide and self.may_transfer(deal),
                _("Propose a transfer"),
                "propose-transfer",
                "arrow-right",
            ),
            (
                "reopen" in open_moves and self.actor.may(P.DEAL_REOPEN),
                _("Reopen"),
                "reopen",
                "rotate-clockwise",
            ),
            ("report_loss" in open_moves and may_edit, _("Report loss"), "report-loss", "circle-minus"),
            ("withdraw" in open_moves and may_edit, _("Withdraw"), "withdraw", "arrow-back-up"),
            (
                "miss_conditions" in open_moves and may_decide,
                _("Conditions not met"),
                "miss-conditions",
                "clock-x",
            ),
            ("revoke" in open_moves and may_decide, _("End protection"), "revoke", "ban"),
            ("discard" in open_moves and may_edit, _("Throw away"), "discard", "trash"),
        ]
        base = deal.get_absolute_url()
        shown = [
            {"label": label, "url": path if path.startswith("/") else f"{base}{path}/", "icon": icon}
            for is_open, label, path, icon in found
            if is_open
        ]
        return [{**move, "primary": n == 0, "more": n > 2} for n, move in enumerate(shown)]

    def may_transfer(self, deal: Deal) -> bool:
        """Whether a partner can be proposed: nothing is under way but the holder's own wish."""
        asked = deal.transfers.filter(state=rules.REQUESTED).exists()
        return asked or not actions.why_not_transferred(deal, self.at)

    def may_price(self, deal: Deal) -> bool:
        return deal.partner_id is not None and deal.state in rules.PRICED and self.actor.may(P.TIER_INVEST)

    def may_credit(self, deal: Deal) -> bool:
        """Set until it is booked, then corrected by fewer people; by nobody who may not know all who have a part."""
        held = actions.current_credit(deal)
        is_locked = any(row.is_locked for row in held)
        is_open = is_locked or deal.state in (*rules.OPEN, rules.WON)
        is_known = all(credited.is_named(row.partner, self.actor) for row in held)
        return is_open and is_known and self.actor.may(P.CREDIT_CORRECT if is_locked else P.CREDIT_SET)

    def answers(self, deal: Deal, may_decide: bool) -> list[tuple[bool, str, str, str]]:
        """The answers to a request for more time, or for a change, where one waits."""
        change = deal.amendments.waiting().first() if may_decide else None
        to_change = [(True, _("Answer: a change?"), change.decide_url, "pencil")] if change else []
        return [*to_change, *self.answers_about_time(deal, may_decide)]

    def answers_about_time(self, deal: Deal, may_decide: bool) -> list[tuple[bool, str, str, str]]:
        asked = deal.extensions.waiting().first() if may_decide else None
        if asked is None:
            return []
        may_renew = asked.kind == rules.RENEWAL and deal.state == rules.EXPIRED
        return [
            (True, _("Answer: more time?"), asked.decide_url, "hourglass-high"),
            (may_renew, _("Renew"), "renew", "shield-check"),
        ]
