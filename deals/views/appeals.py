"""Appeals: filed and taken back in the portal, listed and answered in the workspace."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import timeline
from accounts.roles import Permission as P
from catalog.querysets import setting
from core.forms import ConfirmForm
from core.list_page import ListPage
from core.pages import MovePage, RecordPage
from core.states import look
from core.tables import Column
from deals import actions, comparison, explanation, filters, forms, presentation
from deals.models import Appeal, ConflictCheck, Deal
from deals.views import shared
from files.models import Attachment

FULL = Appeal.objects.select_related(
    "deal__partner",
    "deal__type",
    "deal__organization",
    "deal__duplicate_of",
    "first_decided_by",
    "decided_by",
    "submitted_by",
).prefetch_related("deal__products")
WAITING = "/manage/appeals/?status=waiting"


# The partner's side ---------------------------------------------------------------------------------------------


class FileAppeal(shared.OfDeal):
    """Say why a refusal should have been another decision."""

    side = "portal"
    permission = P.APPEAL_FILE
    form_class = forms.AppealForm
    title = gettext_lazy("Appeal this decision")
    submit_label = gettext_lazy("Send the appeal")
    done_message = gettext_lazy("Your appeal is on its way. You can follow the answer here.")

    def effects(self) -> list[str]:
        days = setting("deal.appeal_business_days")
        return [
            _("Someone who did not decide your registration looks at it again."),
            _("You get an answer within %(n)s business days.") % {"n": days},
            _("A decision can be appealed once."),
        ]

    def perform_on(self, record: Deal, data: dict[str, Any]) -> Appeal:
        return actions.file_appeal(by=self.actor, deal=record, at=self.at, **data)


class WithdrawAppeal(MovePage):
    """Take an appeal back."""

    side = "portal"
    permission = P.APPEAL_FILE
    queryset = FULL
    form_class = ConfirmForm
    title = gettext_lazy("Take this appeal back")
    submit_label = gettext_lazy("Take it back")
    done_message = gettext_lazy("The appeal is taken back.")

    def done_url(self, result: Any) -> str:
        return str(self.record.deal.portal_url)

    def context(self, **more: Any) -> dict[str, Any]:
        effects = [_("The decision stands, and it cannot be appealed again.")]
        facts = {"subtitle": str(self.record.deal), "effects": effects, "danger": True}
        return super().context(**{**facts, **more})

    def perform_on(self, record: Appeal, data: dict[str, Any]) -> Appeal:
        return actions.withdraw_appeal(by=self.actor, appeal=record, at=self.at)


# The vendor's side ----------------------------------------------------------------------------------------------


class AppealList(ListPage):
    """All appeals that I may see, the most urgent first."""

    name = "appeals"
    permission = P.DEAL_VIEW
    title = gettext_lazy("Appeals")
    queryset = FULL
    filterset_class = filters.AppealFilters
    default_sort = "due_at"
    columns: ClassVar[list[Column]] = [
        Column("number", gettext_lazy("Number"), "deal.number"),
        Column("customer", gettext_lazy("Customer"), lambda a: shared.customer_cell(a.deal), cell="name",
               export=lambda a: a.deal.customer_name),
        Column("partner", gettext_lazy("Partner"), "deal.partner.name", sort="deal__partner__name"),
        Column("refusal", gettext_lazy("Against"), lambda a: look(a.refusal).word),
        Column("first", gettext_lazy("First decided by"), "first_decided_by.name"),
        Column("state", gettext_lazy("Status"), cell="state"),
        Column("filed", gettext_lazy("Filed"), "created_at", cell="date", align="right", sort="created_at",
               export=lambda a: a.created_at),
        Column("due", gettext_lazy("Due or answered"), lambda a: a.due_cell, cell="due", align="right", sort="due_at",
               export=lambda a: a.due_at),
        Column("decided_by", gettext_lazy("Answered by"), "decided_by.name", optional=True),
        Column("decided_at", gettext_lazy("Answered"), cell="instant", optional=True),
    ]  # fmt: skip
    views: ClassVar[list[tuple[str, Any, str]]] = [
        ("waiting", gettext_lazy("Waiting"), "status=waiting"),
        ("mine", gettext_lazy("Mine to answer"), "status=mine"),
        ("decided", gettext_lazy("Answered"), "status=decided"),
        ("all", gettext_lazy("All"), ""),
    ]
    empty: ClassVar[dict[str, Any]] = {
        "icon": "scale",
        "title": gettext_lazy("No appeals"),
        "text": gettext_lazy("A partner appeals a refused registration from its page in the portal."),
    }

    def view_count(self, key: str) -> int | None:
        seen = self.get_queryset()
        counted = {"waiting": seen.waiting, "mine": lambda: seen.awaiting(self.actor)}
        return counted[key]().order_by()[:10_001].count() if key in counted else None

    def listing(self, filterset: Any, found: Any, sort: str) -> dict[str, Any]:
        for appeal in found.rows:
            appeal.due_cell = presentation.appeal_due(appeal, self.at)
        return super().listing(filterset, found, sort)

    def row_url(self, row: Appeal) -> str:
        return row.get_absolute_url()


class AppealRecord(RecordPage):
    """One appeal: what it says, against which decision, and the answer."""

    permission = P.DEAL_VIEW
    queryset = FULL
    template_name = "deals/workspace/appeal.html"

    def facts(self, record: Appeal) -> dict[str, Any]:
        deal = record.deal
        return {
            "title": deal.customer_name,
            "crumbs": [{"label": _("Appeals"), "url": WAITING}, {"label": deal.number}],
            "state": record.state,
            "facts_line": [
                {"label": deal.partner.name, "url": deal.partner.get_absolute_url()},
                {"label": deal.number, "url": deal.get_absolute_url()},
                *presentation.facts_line(deal),
            ],
            "actions": self.moves(record),
            "note": first_decider_note(self.actor, record),
            "refusal": presentation.refusal(record),
            "due": presentation.instant(record.due_at, "full"),
            "attachments": Attachment.objects.visible_to(self.actor).of(record),
            "timeline": timeline.about(record, deal, actor=self.actor),
        }

    def moves(self, appeal: Appeal) -> list[dict[str, Any]]:
        deal = {
            "label": _("See the registration"),
            "url": appeal.deal.get_absolute_url(),
            "icon": "briefcase",
        }
        if not may_answer(self.actor, appeal):
            return [deal]
        return [{"label": _("Answer"), "url": appeal.decide_url, "icon": "scale", "primary": True}, deal]


class DecideAppeal(MovePage):
    """The answer: the appeal left; the registration, the first decision and the comparison right."""

    layout = "focus"
    permission = P.DEAL_DECIDE
    queryset = FULL
    template_name = "deals/workspace/decide_appeal.html"
    form_class = forms.AppealDecisionForm
    done_message = gettext_lazy("Answered.")

    def initial(self) -> dict[str, Any]:
        return {
            "move": forms.AppealDecisionForm.REVIEW,
            "days": actions.usual_length(self.record.deal, self.at).days,
        }

    def locked(self, record: Appeal) -> Appeal:
        return actions.lock_appeal(record)

    def perform_on(self, record: Appeal, data: dict[str, Any]) -> Appeal:
        common = {
            "by": self.actor,
            "appeal": record,
            "answer": data["answer"],
            "note": data["note"],
            "at": self.at,
        }
        if data["move"] == forms.AppealDecisionForm.DISMISS:
            return actions.dismiss_appeal(**common)
        approve = data["move"] == forms.AppealDecisionForm.APPROVE
        return actions.uphold_appeal(**common, approve=approve, days=data["days"])

    def done_url(self, result: Any) -> str:
        """The next one that is mine to answer follows by itself; after the last one, the list."""
        following = self.waiting().exclude(pk=self.record.pk).first()
        return following.decide_url if following else WAITING

    def get_cancel_url(self) -> str:
        return str(self.record.get_absolute_url())

    def waiting(self) -> QuerySet[Appeal]:
        return Appeal.objects.awaiting(self.actor).order_by("due_at", "pk")

    def context(self, **more: Any) -> dict[str, Any]:
        appeal, deal = self.record, self.record.deal
        check = explanation.latest_check(deal, ConflictCheck.objects.visible_to(self.actor))
        facts = {
            "title": deal.customer_name,
            "crumbs": [{"label": _("Appeals"), "url": WAITING}, {"label": deal.number}],
            "focus": self.focus(),
            "appeal": appeal,
            "deal": deal,
            "filed": presentation.instant(appeal.created_at, "full"),
            "refusal": presentation.refusal(appeal),
            "decision": presentation.decision(deal),
            "pairs": presentation.pairs(deal),
            "evidence": Attachment.objects.visible_to(self.actor).of(appeal),
            "attachments": Attachment.objects.visible_to(self.actor).of(deal),
            "check": check,
            "verdict": comparison.verdict(check) if check else None,
            "candidates": comparison.candidates(check, self.actor) if check else [],
            "precedence": explanation.rule_of(check) if check else "",
            "checks": presentation.checks(deal, check, self.at),
            "first_decider": first_decider_note(self.actor, appeal),
            "is_open": may_answer(self.actor, appeal),
        }
        return super().context(**{**facts, **more})

    def focus(self) -> dict[str, Any]:
        appeal = self.record
        if not appeal.is_waiting:
            return {}
        promise = _("answer in %(n)s business days") % {"n": setting("deal.appeal_business_days")}
        return {
            "used": presentation.appeal_used(appeal, self.at),
            "late": appeal.due_at <= self.at,
            "due_text": presentation.days_left(appeal.due_at),
            "due_note": f"{presentation.instant(appeal.due_at)}, {promise}",
        }


def may_answer(actor: Any, appeal: Appeal) -> bool:
    """Whether the buttons are offered: it waits, and someone else made the first decision."""
    is_mine = actor.may(P.DEAL_DECIDE) and not actions.is_first_decider(actor, appeal)
    return appeal.is_waiting and is_mine


def first_decider_note(actor: Any, appeal: Appeal) -> dict[str, Any] | None:
    """What whoever made the first decision reads instead of the buttons."""
    if not appeal.is_waiting or not actions.is_first_decider(actor, appeal):
        return None
    return {
        "tone": "info",
        "icon": "lock",
        "title": _("You decided this registration."),
        "text": _("Someone else decides its appeal."),
    }
