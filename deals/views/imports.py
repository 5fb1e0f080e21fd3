"""Pages of imports, for both sides: send a file, see what would become of each line, have it registered."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission as P
from core.exports import CONTENT_TYPES
from core.forms import ConfirmForm
from core.list_page import ListPage
from core.pages import FormPage, Link, MovePage, Page, RecordPage
from core.tables import Column
from deals import actions, forms, rules
from deals.forms.imports import SEND
from deals.imports import report, work
from deals.models import DealImport
from partners.models import Partner

MOST_SHOWN = 200
TITLES = {
    rules.CHECKING: gettext_lazy("Being checked, line by line"),
    rules.CHECKED: gettext_lazy("Checked; nothing is registered yet"),
    rules.QUEUED: gettext_lazy("Waiting to be registered"),
    rules.RUNNING: gettext_lazy("Being registered"),
    rules.DONE: gettext_lazy("Registered"),
    rules.FAILED: gettext_lazy("Not registered"),
    rules.CANCELLED: gettext_lazy("Cancelled"),
}
LOOKS = {
    rules.WAITING: "queued", rules.WOULD_SUBMIT: "submitted", rules.WOULD_DRAFT: "draft", rules.KNOWN: "duplicate",
    rules.REFUSED_ROW: "failed", rules.SUBMITTED: "submitted", rules.DRAFT: "draft",
}  # fmt: skip
ORDER = [
    rules.REFUSED_ROW,
    rules.WOULD_DRAFT,
    rules.DRAFT,
    rules.WOULD_SUBMIT,
    rules.SUBMITTED,
    rules.KNOWN,
    rules.WAITING,
]


class ImportDeals(FormPage):
    """A file of registrations; nothing is registered before its lines are checked and somebody says so."""

    permission = P.DEAL_REGISTER
    form_class = forms.ImportForPartnerForm
    title = gettext_lazy("Import deals from a file")
    subtitle = gettext_lazy(
        "A CSV file, one registration a line. First you see what would become of each line."
    )
    submit_label = gettext_lazy("Check the file")

    def context(self, **more: Any) -> dict[str, Any]:
        rules_card = {
            "title": _("How columns are called"),
            "text": _(
                "By the names of the form, in any order. Lines with your reference are registered once, "
                "however often you send the file."
            ),
            "link": {"url": f"{self.base}deals/import/template.csv", "label": _("Download a template")},
        }
        return super().context(**{"rules": rules_card, **more})

    @property
    def base(self) -> str:
        return "/portal/" if self.side == "portal" else "/manage/"

    def get_cancel_url(self) -> str:
        return f"{self.base}deals/"

    def next_steps(self) -> list[dict[str, Any]]:
        return [
            {"title": _("The file is checked"), "text": _("line by line, with every reason")},
            {"title": _("You say go"), "text": _("or cancel; nothing has happened until then")},
            {"title": _("Lines are registered"), "text": _("the report can be downloaded")},
        ]

    def partner_of(self, data: dict[str, Any]) -> Partner:
        return data["partner"]  # type: ignore[no-any-return]

    def perform(self, data: dict[str, Any]) -> DealImport:
        upload = data["file"]
        return actions.start_import(
            by=self.actor, partner=self.partner_of(data), name=upload.name, content=upload.read(),
            submits=data["then"] == SEND, at=self.at,
        )  # fmt: skip

    def done_url(self, result: DealImport) -> str:
        return f"{self.base}deal-imports/{result.pk}/"


class ImportOwnDeals(ImportDeals):
    """The same in the portal."""

    side = "portal"
    form_class = forms.ImportForm

    def partner_of(self, data: dict[str, Any]) -> Partner:
        return Partner.objects.visible_to(self.actor).get(pk=self.actor.partner_id)


class ImportTemplate(Page):
    """The file to begin with."""

    permission = P.DEAL_REGISTER

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.permit()
        return csv_answer(report.template_lines(), "deals-template.csv")


def csv_answer(lines: Any, name: str) -> StreamingHttpResponse:
    response = StreamingHttpResponse(lines, content_type=CONTENT_TYPES["csv"])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


class ImportList(ListPage):
    """The files of the last month."""

    name = "deal-imports"
    permission = P.DEAL_REGISTER
    title = gettext_lazy("Imports of deals")
    subtitle = gettext_lazy("Each file is kept for a month, with what became of its lines.")
    queryset = DealImport.objects.select_related("partner", "user")
    default_sort = "-created_at"
    columns: ClassVar[list[Column]] = [
        Column("name", gettext_lazy("File"), cell="name"),
        Column("partner", gettext_lazy("Partner"), "partner.name"),
        Column("by", gettext_lazy("By"), "user.name"),
        Column("state", gettext_lazy("State"), cell="state", sort="state"),
        Column("of", gettext_lazy("Lines"), cell="number", align="right", sort="of"),
        Column("created", gettext_lazy("Sent"), "created_at", cell="instant", sort="created_at"),
    ]
    empty: ClassVar[dict[str, Any]] = {
        "icon": "file-import",
        "title": gettext_lazy("No files yet"),
        "text": gettext_lazy(
            "A file with many registrations is checked line by line before anything happens."
        ),
    }

    def row_url(self, row: DealImport) -> str:
        return address(row, self.side)

    def actions(self) -> list[Link]:
        base = "/portal" if self.side == "portal" else "/manage"
        return [Link(_("Import a file"), f"{base}/deals/import/", "file-import", primary=True)]


def address(found: DealImport, side: str) -> str:
    url = found.get_absolute_url()
    return url.replace("/manage/", "/portal/", 1) if side == "portal" else url


class OfImport:
    """Files that one may register from."""

    queryset = DealImport.objects.select_related("partner", "user")
    permission = P.DEAL_REGISTER


class ImportRecord(OfImport, RecordPage):
    """How far a file is, what would become of each line, and the word to go."""

    template_name = "deals/import.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        record = self.fetch()
        self.permit()
        if request.headers.get("HX-Request") and record.is_at_work:
            return render(request, "files/export_card.html", {"job": self.job(record)})
        if request.headers.get("HX-Request"):
            response = HttpResponse()
            response["HX-Refresh"] = "true"
            return response
        return self.answer(record=record, **self.facts(record))

    def facts(self, record: DealImport) -> dict[str, Any]:
        url = address(record, self.side)
        counted = work.tally(record)
        return {
            "title": record.name,
            "state": record.state,
            "crumbs": [{"label": _("Imports of deals"), "url": url.removesuffix(f"{record.pk}/")}],
            "facts_line": [record.partner.name, _("%(n)s lines") % {"n": record.of}, record.encoding],
            "job": self.job(record) if record.is_at_work else None,
            "heading": TITLES[record.state],
            "counted": [
                {"look": LOOKS[key], "word": rules.ROW_WORDS[key], "n": counted[key]}
                for key in ORDER
                if key in counted
            ],
            "rows": [self.row(row) for row in self.shown(record)],
            "more": max(0, record.of - MOST_SHOWN),
            "actions": self.moves(record, url),
            "report_url": f"{url}report.csv",
        }

    def shown(self, record: DealImport) -> list[Any]:
        """What needs an eye first."""
        found = list(record.rows.select_related("deal"))
        return sorted(found, key=lambda row: (ORDER.index(row.outcome), row.line))[:MOST_SHOWN]

    def row(self, row: Any) -> dict[str, Any]:
        deal = row.deal
        link = (deal.portal_url if self.side == "portal" else deal.get_absolute_url()) if deal else ""
        return {
            "line": row.line, "customer": row.customer, "look": LOOKS[row.outcome],
            "word": rules.ROW_WORDS[row.outcome], "reasons": report.reasons(row), "deal": deal, "url": link,
        }  # fmt: skip

    def moves(self, record: DealImport, url: str) -> list[dict[str, Any]]:
        found = []
        if "confirm" in record.open_moves:
            label = _("Register these lines") if record.submits else _("Keep them as drafts")
            found.append({"label": label, "url": f"{url}confirm/", "icon": "file-import", "primary": True})
        if "cancel" in record.open_moves:
            found.append({"label": _("Cancel"), "url": f"{url}cancel/", "icon": "circle-minus"})
        return found

    def job(self, found: DealImport) -> dict[str, Any]:
        done = found.rows.filter(is_done=True).count()
        url = address(found, self.side)
        return {
            "title": TITLES[found.state],
            "share": min(done / found.of, 0.99) if found.of else 0,
            "state": "running",
            "words": _("%(done)s of %(of)s lines") % {"done": f"{done:,}", "of": f"{found.of:,}"},
            "poll_url": url,
            "cancel_url": f"{url}cancel/",
        }


class ConfirmImport(OfImport, MovePage):
    """Register the lines of a checked file."""

    form_class = ConfirmForm
    title = gettext_lazy("Register these lines")
    submit_label = gettext_lazy("Register them")

    def context(self, **more: Any) -> dict[str, Any]:
        words = {key: str(rules.ROW_WORDS[key]) for key in ORDER}
        effects = [f"{n}: {words[key]}" for key, n in work.tally(self.record).items()]
        return super().context(**{"subtitle": self.record.name, "effects": effects, **more})

    def perform_on(self, record: DealImport, data: dict[str, Any]) -> DealImport:
        return actions.confirm_import(by=self.actor, deal_import=record, at=self.at)


class CancelImport(OfImport, MovePage):
    """Call a file off."""

    form_class = ConfirmForm
    title = gettext_lazy("Cancel this import")
    submit_label = gettext_lazy("Cancel the import")

    def context(self, **more: Any) -> dict[str, Any]:
        effects = [_("What was registered from it stays; nothing more is.")]
        return super().context(**{"subtitle": self.record.name, "effects": effects, **more})

    def perform_on(self, record: DealImport, data: dict[str, Any]) -> DealImport:
        return actions.cancel_import(by=self.actor, deal_import=record, at=self.at)


class ImportReport(OfImport, RecordPage):
    """What became of each line, as CSV."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        record = self.fetch()
        self.permit()
        return csv_answer(report.report_lines(record), "deal-import.csv")
