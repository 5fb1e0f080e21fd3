"""Pages of long exports, for both sides: ask for one, see how far it is, call it off, fetch the file."""

from __future__ import annotations

from typing import Any

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.exports import CONTENT_TYPES
from core.forms import ConfirmForm
from core.list_page import ListPage
from core.pages import FormPage, MovePage, RecordPage
from core.tables import Column
from files import exports, rules
from files.forms import StartExportForm
from files.models import Export
from files.views.public import HEADERS

TITLES = {
    rules.QUEUED: gettext_lazy("Waiting to be written"),
    rules.RUNNING: gettext_lazy("Being written"),
    rules.DONE: gettext_lazy("Ready"),
    rules.FAILED: gettext_lazy("Not written"),
    rules.CANCELLED: gettext_lazy("Cancelled"),
}


class ExportList(ListPage):
    """One's own exports of the last week."""

    name = "exports"
    title = gettext_lazy("Exports")
    subtitle = gettext_lazy("Long lists as files. Each is kept for a week.")
    queryset = Export.objects.all()
    default_sort = "-created_at"
    columns = [
        Column("title", gettext_lazy("List"), cell="name"),
        Column("kind", gettext_lazy("File"), lambda e: rules.EXPORT_KINDS[e.kind]),
        Column("state", gettext_lazy("State"), cell="state", sort="state"),
        Column("rows", gettext_lazy("Rows"), cell="number", align="right", sort="rows"),
        Column("created", gettext_lazy("Asked for"), "created_at", cell="instant", sort="created_at"),
    ]
    empty = {
        "icon": "download",
        "title": gettext_lazy("No exports yet"),
        "text": gettext_lazy(
            "A list that is too long to wait for is written in the background and kept here."
        ),
    }

    def row_url(self, row: Export) -> str:
        return row.get_absolute_url()


class StartExport(FormPage):
    """Ask for a long list as a file."""

    form_class = StartExportForm
    title = gettext_lazy("Export a long list")
    subtitle = gettext_lazy(
        "This list is long, so it is written in the background. You can close the page meanwhile."
    )
    submit_label = gettext_lazy("Write the file")

    def initial(self) -> dict[str, Any]:
        return {name: self.request.GET.get(name, "") for name in ("address", "query", "kind")}

    def perform(self, data: dict[str, Any]) -> Export:
        return exports.start_export(by=self.actor, at=self.at, **data)

    def done_url(self, result: Export) -> str:
        return result.get_absolute_url()

    def get_cancel_url(self) -> str:
        back = self.request.GET.get("address", "")
        return back if back.startswith(("/manage/", "/portal/")) else ""


class ExportPage(RecordPage):
    """How far an export is, and the file once it is written. htmx asks for the card alone."""

    queryset = Export.objects.all()
    template_name = "files/export.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.headers.get("HX-Request"):
            return render(request, "files/export_card.html", {"job": job(self.fetch())})
        return super().get(request, *args, **kwargs)

    def facts(self, record: Export) -> dict[str, Any]:
        base = record.get_absolute_url().removesuffix(f"{record.pk}/")
        return {
            "title": record.title,
            "crumbs": [{"label": _("Exports"), "url": base}, {"label": record.title}],
            "job": job(record),
        }


def job(export: Export) -> dict[str, Any]:
    """What the card of long work shows."""
    url, runs = export.get_absolute_url(), export.state in (rules.QUEUED, rules.RUNNING)
    words = _("%(rows)s of %(of)s rows") % {"rows": f"{export.rows:,}", "of": f"{export.of:,}"}
    return {
        "title": TITLES[export.state],
        "share": export.share,
        "state": rules.RUNNING if runs else export.state,
        "words": export.error or words,
        "poll_url": url if runs else "",
        "cancel_url": f"{url}cancel/" if runs else "",
        "result_url": f"{url}file/" if export.state == rules.DONE else "",
    }


class CancelExport(MovePage):
    """Call an export off."""

    queryset = Export.objects.all()
    form_class = ConfirmForm
    title = gettext_lazy("Cancel this export")
    submit_label = gettext_lazy("Cancel the export")

    def perform_on(self, record: Export, data: dict[str, Any]) -> Export:
        return exports.cancel_export(by=self.actor, export=record, at=self.at)


class ExportFile(RecordPage):
    """The file itself, to whoever asked for it."""

    queryset = Export.objects.all()

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        export = self.fetch()
        if export.state != rules.DONE or not default_storage.exists(export.path):
            raise Http404
        name = f"{export.title}.{export.kind}"
        content = default_storage.open(export.path)
        return FileResponse(
            content,
            as_attachment=True,
            filename=name,
            content_type=CONTENT_TYPES[export.kind],
            headers=HEADERS,
        )
