"""What both sides show of answers and contributions."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.querysets import reason_label, reason_told
from core.tables import Column
from core.templatetags.ui import day as say_day
from outcomes import rules
from outcomes.models import SatisfactionAnswer, ValueContribution

ANSWERS = SatisfactionAnswer.objects.select_related("partner", "customer")
CONTRIBUTIONS = ValueContribution.objects.select_related("partner", "customer")
PARTNER = Column("partner", gettext_lazy("Partner"), "partner.name")


def customer_of(row: Any) -> str:
    """The customer's name, where the reader may know it."""
    return row.customer.name if row.customer_id and row.is_customer_known else ""


def answer_columns(*first: Column) -> list[Column]:
    return [
        Column("question", gettext_lazy("Question"), lambda row: {"name": row.get_question_display()}, cell="name",
               export=lambda row: row.get_question_display()),
        *first,
        Column("answered_on", gettext_lazy("Answered on"), cell="date", sort="answered_on"),
        Column("customer", gettext_lazy("Customer"), customer_of),
        Column("score", gettext_lazy("Score"), "said", align="right"),
        Column("percent", gettext_lazy("Of its scale"), lambda row: f"{row.percent}%", align="right",
               export=lambda row: row.percent),
        Column("state", gettext_lazy("State"), "state", cell="state"),
        Column("role", gettext_lazy("Role"), "respondent_role", optional=True),
    ]  # fmt: skip


def contribution_columns(*first: Column) -> list[Column]:
    return [
        Column("title", gettext_lazy("Contribution"), lambda row: {"name": row.title}, cell="name",
               export=lambda row: row.title),
        *first,
        Column("kind", gettext_lazy("Kind"), "get_kind_display"),
        Column("state", gettext_lazy("State"), "state", cell="state"),
        Column("occurred_on", gettext_lazy("Happened on"), cell="date", align="right", sort="occurred_on"),
        Column("quantity", gettext_lazy("How many"), cell="number", align="right"),
        Column("customer", gettext_lazy("Customer"), customer_of, optional=True),
    ]  # fmt: skip


def answer_pairs(record: SatisfactionAnswer, *, is_vendor: bool) -> list[dict[str, Any]]:
    """The plain facts of an answer."""
    pairs = [
        {"label": _("Question"), "value": record.get_question_display()},
        {"label": _("Score"), "value": record.said},
        {"label": _("Of its scale"), "value": f"{record.percent}%"},
        {"label": _("Answered on"), "value": say_day(record.answered_on)},
        {"label": _("Customer"), "value": customer_of(record)},
        {"label": _("Role of who answered"), "value": record.respondent_role},
    ]
    if record.withdrawn_on:
        told = reason_label if is_vendor else reason_told
        note = told("answer_withdrawal", record.withdrawal_reason)
        pairs.append({"label": _("Withdrawn"), "value": say_day(record.withdrawn_on), "note": note})
    if is_vendor:
        pairs.append({"label": _("Comment"), "value": record.withdrawal_comment})
        pairs.append({"label": _("Reference"), "value": record.external_ref})
    return [pair for pair in pairs if pair["value"]]


def contribution_pairs(record: ValueContribution) -> list[dict[str, Any]]:
    """The plain facts of a contribution."""
    pairs = [
        {"label": _("Kind"), "value": record.get_kind_display()},
        {"label": _("How many"), "value": record.quantity},
        {"label": _("Happened on"), "value": say_day(record.occurred_on)},
        {"label": _("Customer"), "value": customer_of(record)},
        {"label": _("Evidence"), "value": record.evidence},
        {"label": _("Link"), "value": record.evidence_url},
        {"label": _("Verified"), "value": say_day(record.verified_on) if record.verified_on else ""},
        {"label": _("Not counted because"), "value": record.decline_reason},
        {"label": _("Reference"), "value": record.external_ref},
    ]
    return [pair for pair in pairs if pair["value"]]


WAITS = {"tone": "info", "icon": "hourglass-high", "text": gettext_lazy("It counts once it is verified.")}


def note_of(record: ValueContribution) -> dict[str, Any] | None:
    return WAITS if record.state == rules.RECORDED else None
