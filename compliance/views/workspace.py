"""Gates in the vendor's workspace: the matrix, one record, recording, revoking."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import Prefetch
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import timeline
from accounts.roles import Permission as P
from catalog.querysets import reason_label, setting
from compliance import actions
from compliance.filters import MatrixFilters
from compliance.forms import RecordGateForm, RevokeGateForm
from compliance.matrix import cell
from compliance.models import Gate, GateRecord
from core.clock import day
from core.list_page import ListPage
from core.pages import FormPage, Link, MovePage, RecordPage
from core.tables import Column
from core.templatetags.ui import day as say_day
from files.models import Attachment
from partners.models import Partner

GATES = "/manage/gates/"
NEW = "/manage/gate-records/new/"
ROWS = GateRecord.objects.select_related("partner", "gate")


class GateMatrix(ListPage):
    """Every partner against every gate."""

    name = "gates"
    template_name = "compliance/workspace/gates.html"
    permission = P.GATE_VIEW
    title = gettext_lazy("Certification gates")
    subtitle = gettext_lazy("A certified partner has passed all of them.")
    queryset = Partner.objects.exclude(state="terminated").prefetch_related(
        Prefetch("gate_records", GateRecord.objects.all())
    )
    filterset_class = MatrixFilters
    default_sort = "name"
    views: ClassVar[list[tuple[str, Any, str]]] = [
        ("all", gettext_lazy("All partners"), ""),
        ("certified", gettext_lazy("All gates passed"), "gates=certified"),
        ("in_progress", gettext_lazy("Some passed"), "gates=in_progress"),
        ("expiring", gettext_lazy("Expiring"), "gates=expiring"),
        ("none", gettext_lazy("None passed"), "gates=none"),
    ]
    empty: ClassVar[dict[str, Any]] = {
        "icon": "shield-check",
        "title": gettext_lazy("No partners yet"),
        "text": gettext_lazy("Each partner has a row here, with the state of every gate."),
    }

    @cached_property
    def columns(self) -> list[Column]:  # type: ignore[override]
        gates = Gate.objects.active()
        partner = Column(
            "name", _("Partner"), lambda p: {"name": p.name, "tag": str(p.country), "monogram_id": p.pk},
            cell="name", sort="name", export=lambda p: p.name,
        )  # fmt: skip
        shown = self.cell_of
        return [
            partner,
            *(
                Column(
                    gate.code,
                    gate.name,
                    shown(gate),
                    cell="state",
                    export=lambda p, g=gate: shown(g)(p)["state"],
                )
                for gate in gates
            ),
        ]

    def cell_of(self, gate: Gate) -> Callable[[Partner], dict[str, Any]]:
        on, soon = day(self.at), self.expiring_days
        return lambda partner: {
            key: value
            for key, value in cell(gate, partner.gate_records.all(), on, soon).items()
            if key != "record"
        }

    @cached_property
    def expiring_days(self) -> int:
        return int(setting("gate.expiring_days"))

    def actions(self) -> list[Link]:
        if not self.actor.may(P.GATE_RECORD):
            return []
        return [Link(_("Record a gate"), NEW, primary=True)]

    def row_url(self, row: Partner) -> str:
        return f"{row.get_absolute_url()}compliance/"


class GateRecordPage(RecordPage):
    """One record of a gate: who passed what, until when, and what proves it."""

    permission = P.GATE_VIEW
    queryset = ROWS.select_related("recorded_by")
    template_name = "compliance/record.html"

    def facts(self, record: GateRecord) -> dict[str, Any]:
        return {
            **shown(record, self),
            "partner": record.partner,
            "facts_line": [{"label": record.partner.name, "url": record.partner.get_absolute_url()}],
            "crumbs": [{"label": _("Certification gates"), "url": GATES}, {"label": record.gate.name}],
            "actions": self.moves(record),
            "pairs": pairs_of(record, is_vendor=True),
        }

    def moves(self, record: GateRecord) -> list[dict[str, Any]]:
        if not self.actor.may(P.GATE_RECORD):
            return []
        closed = _("It is revoked already.") if record.revoked_on else ""
        renew = f"{NEW}?partner={record.partner_id}&gate={record.gate.code}"
        return [
            {
                "label": _("Revoke"),
                "icon": "ban",
                "url": f"{record.get_absolute_url()}revoke/",
                "closed_because": closed,
            },
            {"label": _("Record its renewal"), "url": renew, "primary": True},
        ]


def shown(record: GateRecord, page: Any) -> dict[str, Any]:
    """What both sides' pages of a record begin with."""
    files = Attachment.objects.visible_to(page.actor).of(record)
    return {
        "title": record.gate.name,
        "state": record.state(day(page.at), setting("gate.expiring_days")),
        "files": [{"text": f.name, "url": f.get_absolute_url(), "note": f.content_type} for f in files],
        "timeline": timeline.about(record, actor=page.actor),
    }


def pairs_of(record: GateRecord, *, is_vendor: bool) -> list[dict[str, Any]]:
    """The plain facts of a record."""
    pairs = [
        {"label": _("Passed on"), "value": say_day(record.passed_on)},
        {"label": _("Valid until"), "value": say_day(record.valid_until)},
        {"label": _("Evidence"), "value": record.evidence},
        {"label": _("What is asked for"), "value": record.gate.evidence},
    ]
    if record.revoked_on:
        pairs.append(
            {
                "label": _("Revoked"),
                "value": say_day(record.revoked_on),
                "note": reason_label("gate_revocation", record.revocation_reason),
            }
        )
    if is_vendor:
        pairs.append({"label": _("Recorded by"), "value": record.recorded_by and record.recorded_by.name})
        pairs.append({"label": _("Comment"), "value": record.revocation_comment})
    return pairs


class RecordGate(FormPage):
    """Record that a partner passed a gate."""

    permission = P.GATE_RECORD
    title = gettext_lazy("Record a gate")
    form_class = RecordGateForm
    submit_label = gettext_lazy("Record the gate")
    cancel_url = GATES
    done_message = gettext_lazy("The gate is recorded.")

    def initial(self) -> dict[str, Any]:
        return {"partner": self.request.GET.get("partner"), "gate": self.request.GET.get("gate")}

    def perform(self, data: dict[str, Any]) -> GateRecord:
        return actions.record_gate(by=self.actor, at=self.at, **data)

    def done_url(self, result: GateRecord) -> str:
        return result.get_absolute_url()


class RevokeGate(MovePage):
    """From today the record no longer counts."""

    permission = P.GATE_RECORD
    title = gettext_lazy("Revoke the record")
    queryset = ROWS.select_related("recorded_by")
    form_class = RevokeGateForm
    submit_label = gettext_lazy("Revoke the record")
    done_message = gettext_lazy("The record is revoked.")

    def perform_on(self, record: GateRecord, data: dict[str, Any]) -> GateRecord:
        return actions.revoke_gate(
            by=self.actor, gate_record=record, reason_code=data["reason"], comment=data["comment"], at=self.at
        )

    def context(self, **more: Any) -> dict[str, Any]:
        effects = [
            _("The gate no longer counts for %(partner)s from today.") % {"partner": self.record.partner.name}
        ]
        about = {"title": self.record.gate.name, "pairs": pairs_of(self.record, is_vendor=True)}
        return super().context(**{"effects": effects, "about": about, "danger": True, **more})
