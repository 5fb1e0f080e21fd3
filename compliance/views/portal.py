"""Gates in the partner's portal: what is passed, until when, and what is asked for."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission as P
from catalog.querysets import setting
from compliance.matrix import cell
from compliance.models import Gate, GateRecord
from compliance.views.workspace import ROWS, pairs_of, shown
from core.clock import day
from core.pages import Page, RecordPage

GATES = "/portal/gates/"


class OwnGates(Page):
    """Every gate, with our state."""

    side = "portal"
    permission = P.GATE_VIEW
    title = gettext_lazy("Certification gates")
    template_name = "compliance/portal/gates.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.permit()
        rows = self.rows()
        passed = sum(row["is_passed"] for row in rows)
        subtitle = _("%(n)s of %(all)s passed. A certified partner has passed all of them.")
        return self.answer(rows=rows, subtitle=subtitle % {"n": passed, "all": len(rows)})

    def rows(self) -> list[dict[str, Any]]:
        records = list(GateRecord.objects.visible_to(self.actor).select_related("gate"))
        on, soon = day(self.at), setting("gate.expiring_days")
        return [self.row(gate, cell(gate, records, on, soon)) for gate in Gate.objects.active()]

    def row(self, gate: Gate, found: dict[str, Any]) -> dict[str, Any]:
        record = found["record"]
        return {
            "name": gate.name,
            "evidence": gate.evidence,
            "state": found["state"],
            "word": found["word"],
            "is_passed": found["state"] in ("valid", "expiring"),
            "url": record.get_absolute_url().replace("/manage/", "/portal/", 1) if record else "",
        }


class GateRecordPage(RecordPage):
    """One record of a gate of ours."""

    side = "portal"
    permission = P.GATE_VIEW
    queryset = ROWS
    template_name = "compliance/record.html"

    def facts(self, record: GateRecord) -> dict[str, Any]:
        return {
            **shown(record, self),
            "crumbs": [{"label": _("Certification gates"), "url": GATES}, {"label": record.gate.name}],
            "pairs": pairs_of(record, is_vendor=False),
        }
