"""A partner's own answers and contributions in its portal."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import timeline
from accounts.roles import Permission as P
from core.clock import day
from core.list_page import ListPage
from core.pages import FormPage, Link, RecordPage
from core.tables import Column
from outcomes import actions
from outcomes.filters import AnswerFilters, ContributionFilters
from outcomes.forms import OwnContributionForm
from outcomes.models import SatisfactionAnswer, ValueContribution
from outcomes.views.shared import (
    ANSWERS,
    CONTRIBUTIONS,
    answer_columns,
    answer_pairs,
    contribution_columns,
    contribution_pairs,
    note_of,
)
from outcomes.views.workspace import OfCustomers
from partners.models import Partner

SATISFACTION = "/portal/satisfaction/"
VALUE = "/portal/contributions/"


class SatisfactionList(OfCustomers, ListPage):
    """What customers say of our work."""

    side = "portal"
    name = "portal-satisfaction"
    permission = P.OUTCOME_VIEW
    title = gettext_lazy("Customer satisfaction")
    queryset = ANSWERS
    filterset_class = AnswerFilters
    default_sort = "-answered_on"
    columns: ClassVar[list[Column]] = answer_columns()
    empty: ClassVar[dict[str, Any]] = {
        "icon": "star",
        "title": gettext_lazy("No answers yet"),
        "text": gettext_lazy("What customers say of your work appears here."),
    }

    def actions(self) -> list[Link]:
        return [Link(_("Contributions"), VALUE)]

    def row_url(self, row: SatisfactionAnswer) -> str:
        return row.get_absolute_url().replace("/manage/", "/portal/", 1)


class AnswerRecord(OfCustomers, RecordPage):
    """One answer about our work."""

    side = "portal"
    permission = P.OUTCOME_VIEW
    queryset = ANSWERS

    def facts(self, record: SatisfactionAnswer) -> dict[str, Any]:
        return {
            "title": str(record),
            "state": record.state,
            "crumbs": [{"label": _("Customer satisfaction"), "url": SATISFACTION}, {"label": record.said}],
            "pairs": answer_pairs(record, is_vendor=False),
            "timeline": timeline.about(record, actor=self.actor),
        }


class ContributionList(OfCustomers, ListPage):
    """What we contributed besides revenue."""

    side = "portal"
    name = "portal-contributions"
    permission = P.OUTCOME_VIEW
    title = gettext_lazy("Contributions")
    subtitle = gettext_lazy(
        "References, case studies, validations and more: they count once they are verified."
    )
    queryset = CONTRIBUTIONS
    filterset_class = ContributionFilters
    default_sort = "-occurred_on"
    columns: ClassVar[list[Column]] = contribution_columns()
    empty: ClassVar[dict[str, Any]] = {
        "icon": "heart-handshake",
        "title": gettext_lazy("No contributions yet"),
        "text": gettext_lazy(
            "Tell us of a reference, a case study or an integration; we look at it and count it."
        ),
    }

    def actions(self) -> list[Link]:
        around = [Link(_("Customer satisfaction"), SATISFACTION)]
        if not self.actor.may(P.CONTRIBUTION_RECORD):
            return around
        return [*around, Link(_("Tell of a contribution"), f"{VALUE}new/", primary=True)]

    def row_url(self, row: ValueContribution) -> str:
        return row.get_absolute_url().replace("/manage/", "/portal/", 1)


class ContributionRecord(OfCustomers, RecordPage):
    """One contribution of ours."""

    side = "portal"
    permission = P.OUTCOME_VIEW
    queryset = CONTRIBUTIONS

    def facts(self, record: ValueContribution) -> dict[str, Any]:
        return {
            "title": record.title,
            "facts_line": [record.get_kind_display()],
            "state": record.state,
            "note": note_of(record),
            "crumbs": [{"label": _("Contributions"), "url": VALUE}, {"label": record.title}],
            "pairs": contribution_pairs(record),
            "timeline": timeline.about(record, actor=self.actor),
        }


class TellOfContribution(FormPage):
    """The partner says what it contributed; it waits until the vendor has verified it."""

    side = "portal"
    permission = P.CONTRIBUTION_RECORD
    title = gettext_lazy("Tell of a contribution")
    form_class = OwnContributionForm
    submit_label = gettext_lazy("Send it")
    cancel_url = VALUE
    done_message = gettext_lazy("Sent. It counts once we have verified it.")

    def prepare(self) -> None:
        self.partner = Partner.objects.visible_to(self.actor).filter(pk=self.actor.partner_id).first()
        if self.partner is None:
            raise Http404

    def initial(self) -> dict[str, Any]:
        return {"occurred_on": day(self.at), "quantity": 1}

    def perform(self, data: dict[str, Any]) -> ValueContribution:
        return actions.record_contribution(by=self.actor, partner=self.partner, at=self.at, **data)

    def done_url(self, result: ValueContribution) -> str:
        return result.get_absolute_url().replace("/manage/", "/portal/", 1)
