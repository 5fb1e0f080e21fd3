"""Runs of the recalculation: how far each came, what it found, and whether incremental equalled full."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission as P
from core.list_page import ListPage
from core.pages import RecordPage
from core.tables import Column
from core.templatetags.ui import day as say_day
from core.templatetags.ui import instant, number
from partners.models import Partner
from tiers import codes, rules
from tiers.filters import RunFilters
from tiers.models import TierRun

KINDS = {
    rules.FULL: gettext_lazy("All partners"),
    rules.INCREMENTAL: gettext_lazy("What changed"),
    rules.ON_DEMAND: gettext_lazy("On demand"),
}


def duration(run: TierRun) -> str:
    """“12 s”, “3 min 20 s”; "" while it runs."""
    if run.ended_at is None:
        return ""
    seconds = max(int((run.ended_at - run.started_at).total_seconds()), 0)
    if seconds < 60:
        return _("%(n)s s") % {"n": seconds}
    return _("%(m)s min %(s)s s") % {"m": seconds // 60, "s": seconds % 60}


def state(run: TierRun) -> dict[str, str]:
    if run.ended_at is None:
        return {"state": "running"}
    if run.failed or run.errors:
        return {"state": "failed", "word": _("With errors")}
    return {"state": "done", "word": _("Done")}


def reconciliation(run: TierRun) -> str:
    """The figure that says whether incremental equalled full."""
    if run.missed is None:
        return _("not compared")
    return _("equal") if run.missed == 0 else _("%(n)s differed") % {"n": number(run.missed)}


class RunList(ListPage):
    """The runs, the newest first."""

    name = "tier-runs"
    permission = P.TIER_VIEW
    title = gettext_lazy("Recalculation runs")
    subtitle = gettext_lazy("Each night all facts are computed once more and compared with what is stored.")
    queryset = TierRun.objects.select_related("program_version", "program")
    filterset_class = RunFilters
    default_sort = "-started_at"
    columns: ClassVar[list[Column]] = [
        Column(
            "kind",
            gettext_lazy("Run"),
            lambda r: {"name": str(KINDS[r.kind])},
            cell="name",
            export=lambda r: r.kind,
        ),
        Column("program", gettext_lazy("Program"), "judged_by"),
        Column("state", gettext_lazy("State"), state, cell="state"),
        Column("started_at", gettext_lazy("Started"), cell="instant", sort="started_at"),
        Column("duration", gettext_lazy("Took"), duration, align="right"),
        Column("looked_at", gettext_lazy("Looked at"), cell="number", align="right"),
        Column("differed", gettext_lazy("Differed"), cell="number", align="right"),
        Column("failed", gettext_lazy("Failed"), cell="number", align="right"),
        Column(
            "missed",
            gettext_lazy("Incremental and full"),
            reconciliation,
            align="right",
            export=lambda r: r.missed,
        ),
    ]
    empty: ClassVar[dict[str, Any]] = {
        "icon": "refresh",
        "title": gettext_lazy("No run yet"),
        "text": gettext_lazy("The recalculation runs each night, and between nights when a fact changes."),
    }

    def row_url(self, row: TierRun) -> str:
        return row.get_absolute_url()

    def context(self, **more: Any) -> dict[str, Any]:
        crumbs = [{"label": _("Tiers"), "url": "/manage/tiers/"}, {"label": _("Recalculation runs")}]
        return super().context(**{"crumbs": crumbs, **more})


class RunRecord(RecordPage):
    """One run: progress, counts, what followed, and each error."""

    permission = P.TIER_VIEW
    queryset = TierRun.objects.select_related("program_version", "program")
    template_name = "tiers/workspace/run.html"

    def facts(self, record: TierRun) -> dict[str, Any]:
        share = record.judged / record.differed if record.differed else 1.0
        return {
            "title": _("%(kind)s, %(day)s") % {"kind": KINDS[record.kind], "day": say_day(record.as_of)},
            "crumbs": [
                {"label": _("Tiers"), "url": "/manage/tiers/"},
                {"label": _("Recalculation runs"), "url": "/manage/tiers/runs/"},
                {"label": say_day(record.as_of)},
            ],
            "run_state": state(record),
            "share": min(share, 1.0) if record.ended_at is None else 1.0,
            "progress": _("%(n)s of %(all)s judged")
            % {"n": number(record.judged), "all": number(record.differed)},
            "counts": _counts(record),
            "followed": [
                {"text": codes.label(action), "value": number(n)} for action, n in record.actions.items()
            ],
            "failures": [
                _error(error) for error in record.errors_about(Partner.objects.visible_to(self.actor))
            ],
        }


def _counts(run: TierRun) -> list[dict[str, Any]]:
    return [
        {"label": _("Program"), "value": run.program.name},
        {"label": _("Started"), "value": instant(run.started_at, "utc")},
        {"label": _("Took"), "value": duration(run) or _("still runs")},
        {"label": _("Partners looked at"), "value": number(run.looked_at)},
        {"label": _("Facts differed"), "value": number(run.differed)},
        {"label": _("Judged"), "value": number(run.judged)},
        {"label": _("Failed"), "value": number(run.failed)},
        {"label": _("Incremental and full"), "value": reconciliation(run)},
    ]


def _error(error: dict[str, str]) -> dict[str, Any]:
    return {"text": error["error"], "url": f"/manage/partners/{error['partner']}/tier/"}
