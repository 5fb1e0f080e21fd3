"""Answers and contributions in the vendor's workspace: the lists, one, recording, reading in, and deciding."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import timeline
from accounts.roles import Permission as P
from core.clock import day
from core.csv_lists import Report
from core.forms import ConfirmForm
from core.list_page import ListPage
from core.pages import FormPage, Link, MovePage, RecordPage
from core.tables import Column
from outcomes import actions, forms
from outcomes.filters import AnswerFilters, ContributionFilters
from outcomes.models import SatisfactionAnswer, ValueContribution
from outcomes.views.shared import (
    ANSWERS,
    CONTRIBUTIONS,
    PARTNER,
    answer_columns,
    answer_pairs,
    contribution_columns,
    contribution_pairs,
    note_of,
)

SATISFACTION = "/manage/satisfaction/"
VALUE = "/manage/contributions/"


class OfCustomers:
    """Rows of which the reader may know the customer or not."""

    def get_queryset(self) -> Any:
        return super().get_queryset().with_known_customer(self.actor)  # type: ignore[misc,attr-defined]


class SatisfactionList(OfCustomers, ListPage):
    """What customers say of partners."""

    name = "satisfaction"
    permission = P.OUTCOME_VIEW
    title = gettext_lazy("Customer satisfaction")
    subtitle = gettext_lazy("Dated answers, each on its own scale; the figure is their mean.")
    queryset = ANSWERS
    filterset_class = AnswerFilters
    default_sort = "-answered_on"
    columns: ClassVar[list[Column]] = answer_columns(PARTNER)
    views: ClassVar[list[tuple[str, Any, str]]] = [
        ("all", gettext_lazy("All"), ""),
        ("counting", gettext_lazy("Counting"), "is_withdrawn=false"),
        ("withdrawn", gettext_lazy("Withdrawn"), "is_withdrawn=true"),
    ]
    empty: ClassVar[dict[str, Any]] = {
        "icon": "star",
        "title": gettext_lazy("No answers yet"),
        "text": gettext_lazy(
            "They show how content customers are with a partner's work, and may count for its tier."
        ),
        "action": {"label": gettext_lazy("Record an answer"), "url": f"{SATISFACTION}new/"},
        "other": {"label": gettext_lazy("Import a list"), "url": f"{SATISFACTION}import/"},
    }

    def actions(self) -> list[Link]:
        around = [
            Link(_("Contributions"), VALUE),
            Link(_("How it is defined"), "/manage/metrics/customer_satisfaction/"),
        ]
        if not self.actor.may(P.ANSWER_RECORD):
            return around
        return [
            *around,
            Link(_("Import"), f"{SATISFACTION}import/", icon="upload"),
            Link(_("Record an answer"), f"{SATISFACTION}new/", primary=True),
        ]

    def row_url(self, row: SatisfactionAnswer) -> str:
        return row.get_absolute_url()


class AnswerRecord(OfCustomers, RecordPage):
    """One answer: whose work it is about, how content the customer was, and on which scale."""

    permission = P.OUTCOME_VIEW
    queryset = ANSWERS

    def facts(self, record: SatisfactionAnswer) -> dict[str, Any]:
        partner = record.partner
        return {
            "title": str(record),
            "facts_line": [{"label": partner.name, "url": partner.get_absolute_url()}],
            "state": record.state,
            "crumbs": [{"label": _("Customer satisfaction"), "url": SATISFACTION}, {"label": record.said}],
            "actions": self.moves(record),
            "pairs": answer_pairs(record, is_vendor=True),
            "timeline": timeline.about(record, actor=self.actor),
        }

    def moves(self, record: SatisfactionAnswer) -> list[dict[str, Any]]:
        if not self.actor.may(P.ANSWER_RECORD):
            return []
        closed = _("It is withdrawn already.") if record.withdrawn_on else ""
        url = f"{record.get_absolute_url()}withdraw/"
        return [{"label": _("Withdraw"), "icon": "arrow-back-up", "url": url, "closed_because": closed}]


class RecordAnswer(FormPage):
    """Record what a customer said."""

    permission = P.ANSWER_RECORD
    title = gettext_lazy("Record a customer's answer")
    form_class = forms.RecordAnswerForm
    submit_label = gettext_lazy("Record the answer")
    cancel_url = SATISFACTION
    done_message = gettext_lazy("The answer is recorded; the partner's figures are looked at again.")

    def initial(self) -> dict[str, Any]:
        return {"answered_on": day(self.at)}

    def perform(self, data: dict[str, Any]) -> SatisfactionAnswer:
        return actions.record_answer(by=self.actor, at=self.at, **data)

    def done_url(self, result: SatisfactionAnswer) -> str:
        return result.get_absolute_url()


class WithdrawAnswer(OfCustomers, MovePage):
    """From today it no longer counts."""

    permission = P.ANSWER_RECORD
    title = gettext_lazy("Withdraw the answer")
    queryset = ANSWERS
    form_class = forms.WithdrawAnswerForm
    submit_label = gettext_lazy("Withdraw the answer")
    done_message = gettext_lazy("The answer no longer counts.")

    def perform_on(self, record: SatisfactionAnswer, data: dict[str, Any]) -> SatisfactionAnswer:
        return actions.withdraw_answer(
            by=self.actor, answer=record, reason_code=data["reason"], comment=data["comment"], at=self.at
        )

    def context(self, **more: Any) -> dict[str, Any]:
        effects = [
            _("From today it no longer counts for %(partner)s.") % {"partner": self.record.partner.name},
            _("It stays on record, with the reason."),
        ]
        about = {"title": str(self.record), "pairs": answer_pairs(self.record, is_vendor=True)}
        return super().context(**{"effects": effects, "about": about, "danger": True, **more})


class ImportList(FormPage):
    """Read in a list: first a check that writes nothing, then the same for good. Sent twice, it changes nothing."""

    template_name = "outcomes/workspace/import.html"
    submit_label = gettext_lazy("Check the list")
    subtitle = gettext_lazy(
        "Partners and customers are found by their names. A line that is known is left as it is."
    )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.permit()
        form = self.form(data=request.POST, files=request.FILES)
        if not form.is_valid():
            return self.shown(form, status=400)
        rows = form.cleaned_data["rows"]
        try:
            report = self.read_in(rows, dry_run="confirm" not in request.POST)
        except ValidationError as error:
            form.add_action_error(error)
            return self.shown(form, status=400)
        return self.shown(form, report=report, rows=rows)

    def read_in(self, text: str, *, dry_run: bool) -> Report:
        raise NotImplementedError


class ImportAnswers(ImportList):
    """Read in a list of answers."""

    permission = P.ANSWER_RECORD
    title = gettext_lazy("Import customers' answers")
    form_class = forms.ImportAnswersForm
    cancel_url = SATISFACTION

    def read_in(self, text: str, *, dry_run: bool) -> Report:
        return actions.import_answers(by=self.actor, text=text, at=self.at, dry_run=dry_run)


# Contributions --------------------------------------------------------------------------------------------------


class ContributionList(OfCustomers, ListPage):
    """What partners contribute besides revenue."""

    name = "contributions"
    permission = P.OUTCOME_VIEW
    title = gettext_lazy("Contributions")
    subtitle = gettext_lazy(
        "References, case studies, validations and more: they count once they are verified."
    )
    queryset = CONTRIBUTIONS
    filterset_class = ContributionFilters
    default_sort = "-occurred_on"
    columns: ClassVar[list[Column]] = contribution_columns(PARTNER)
    views: ClassVar[list[tuple[str, Any, str]]] = [
        ("all", gettext_lazy("All"), ""),
        ("waiting", gettext_lazy("To verify"), "state=recorded"),
        ("verified", gettext_lazy("Verified"), "state=verified"),
        ("declined", gettext_lazy("Declined"), "state=declined"),
    ]
    empty: ClassVar[dict[str, Any]] = {
        "icon": "heart-handshake",
        "title": gettext_lazy("No contributions yet"),
        "text": gettext_lazy("Partners that never resell are valued by what they contribute."),
        "action": {"label": gettext_lazy("Record a contribution"), "url": f"{VALUE}new/"},
        "other": {"label": gettext_lazy("Import a list"), "url": f"{VALUE}import/"},
    }

    def actions(self) -> list[Link]:
        around = [Link(_("Customer satisfaction"), SATISFACTION)]
        if not self.actor.may(P.CONTRIBUTION_RECORD):
            return around
        return [
            *around,
            Link(_("Import"), f"{VALUE}import/", icon="upload"),
            Link(_("Record a contribution"), f"{VALUE}new/", primary=True),
        ]

    def row_url(self, row: ValueContribution) -> str:
        return row.get_absolute_url()


class ContributionRecord(OfCustomers, RecordPage):
    """One contribution, and what proves it."""

    permission = P.OUTCOME_VIEW
    queryset = CONTRIBUTIONS

    def facts(self, record: ValueContribution) -> dict[str, Any]:
        partner = record.partner
        return {
            "title": record.title,
            "facts_line": [
                record.get_kind_display(), {"label": partner.name, "url": partner.get_absolute_url()},
            ],
            "state": record.state,
            "note": note_of(record),
            "crumbs": [{"label": _("Contributions"), "url": VALUE}, {"label": record.title}],
            "actions": self.moves(record),
            "pairs": contribution_pairs(record),
            "timeline": timeline.about(record, actor=self.actor),
        }  # fmt: skip

    def moves(self, record: ValueContribution) -> list[dict[str, Any]]:
        if not self.actor.may(P.CONTRIBUTION_VERIFY):
            return []
        own = record.recorded_by_id is not None and record.recorded_by_id == self.actor.user_id
        closed = _("Somebody else verifies what you recorded.") if own else ""
        links = {
            "decline": {"label": _("Decline"), "icon": "ban"},
            "verify": {"label": _("Verify"), "icon": "check", "primary": True, "closed_because": closed},
        }
        url = record.get_absolute_url()
        return [{**link, "url": f"{url}{move}/"} for move, link in links.items() if move in record.open_moves]


class RecordContribution(FormPage):
    """Record what a partner contributed."""

    permission = P.CONTRIBUTION_RECORD
    title = gettext_lazy("Record a contribution")
    form_class = forms.RecordContributionForm
    submit_label = gettext_lazy("Record the contribution")
    cancel_url = VALUE
    done_message = gettext_lazy("Recorded. It counts once a colleague has verified it.")

    def initial(self) -> dict[str, Any]:
        return {"occurred_on": day(self.at), "quantity": 1}

    def perform(self, data: dict[str, Any]) -> ValueContribution:
        return actions.record_contribution(by=self.actor, at=self.at, **data)

    def done_url(self, result: ValueContribution) -> str:
        return result.get_absolute_url()


class OnContribution(OfCustomers, MovePage):
    """A move of one contribution."""

    permission = P.CONTRIBUTION_VERIFY
    queryset = CONTRIBUTIONS

    def context(self, **more: Any) -> dict[str, Any]:
        about = {"title": self.record.title, "pairs": contribution_pairs(self.record)}
        return super().context(**{"about": about, **more})


class VerifyContribution(OnContribution):
    """Say that it is so."""

    title = gettext_lazy("Verify the contribution")
    form_class = ConfirmForm
    submit_label = gettext_lazy("Verify")
    done_message = gettext_lazy("Verified: it counts now.")

    def perform_on(self, record: ValueContribution, data: dict[str, Any]) -> ValueContribution:
        return actions.verify_contribution(by=self.actor, contribution=record, at=self.at)


class DeclineContribution(OnContribution):
    """Say why it does not count."""

    title = gettext_lazy("Decline the contribution")
    form_class = forms.DeclineContributionForm
    submit_label = gettext_lazy("Decline")
    done_message = gettext_lazy("It is not counted; the partner reads why.")

    def perform_on(self, record: ValueContribution, data: dict[str, Any]) -> ValueContribution:
        return actions.decline_contribution(by=self.actor, contribution=record, why=data["why"], at=self.at)


class ImportContributions(ImportList):
    """Read in a list of contributions."""

    permission = P.CONTRIBUTION_VERIFY
    title = gettext_lazy("Import contributions")
    form_class = forms.ImportContributionsForm
    cancel_url = VALUE

    def read_in(self, text: str, *, dry_run: bool) -> Report:
        return actions.import_contributions(by=self.actor, text=text, at=self.at, dry_run=dry_run)
