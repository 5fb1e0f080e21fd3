"""The base of every list: filters that are the URL, views, sorting, chosen columns, keyset pager, export."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import exports, keyset
from core.models import SavedView
from core.pages import Link, Page
from core.tables import Column

YES_NO = (("true", gettext_lazy("yes")), ("false", gettext_lazy("no")))


class ListPage(Page):
    """A list: filters that are the URL, views, sorting, chosen columns, keyset pager, export."""

    template_name = "pages/list.html"
    name: ClassVar[str] = ""
    queryset: ClassVar[Any]
    filterset_class: ClassVar[Any] = None
    columns: ClassVar[list[Column]] = []
    default_sort: ClassVar[str] = ""
    views: ClassVar[list[tuple[str, Any, str]]] = []  # (key, label, query)
    empty: ClassVar[dict[str, Any]] = {}
    export_permission: ClassVar[str | None] = "export"
    page_rows: ClassVar[int] = keyset.DEFAULT_SIZE
    RESERVED = frozenset({"sort", "cursor", "columns", "export", "search", "view"})

    def get_queryset(self) -> Any:
        return self.queryset.all().visible_to(self.actor)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.permit()
        filterset, queryset = self.filtered()
        if kind := request.GET.get("export"):
            return self.export(kind, queryset)
        sort = self.sort()
        found = keyset.page(
            queryset, sort, size=self.page_rows, cursor=request.GET.get("cursor", ""), bound_to=self.bound()
        )
        return self.answer(**self.listing(filterset, found, sort))

    def filtered(self) -> tuple[Any, Any]:
        queryset = self.get_queryset()
        text = self.request.GET.get("search", "").replace("\x00", "").strip()[:200]
        if text and hasattr(queryset, "matching"):
            queryset = queryset.matching(text)
        if self.filterset_class is None:
            return None, queryset
        filterset = self.filterset_class(self.request.GET, queryset=queryset, request=self.request)
        return filterset, filterset.qs

    def bound(self) -> str:
        return f"{self.actor.user_id}|{self.actor.partner_id}|{self.request.path}|{self.kept({'cursor'})}"

    def sort(self) -> str:
        given = self.request.GET.get("sort", "")
        sortable = {c.key: c.sort for c in self.columns if c.sort}
        field = sortable.get(given.removeprefix("-"))
        return (("-" if given.startswith("-") else "") + field) if field else self.default_sort

    def kept(self, without: set[str]) -> str:
        params = self.request.GET.copy()
        for name in without:
            params.pop(name, None)
        return params.urlencode()

    def with_params(self, **changes: str | None) -> str:
        params = self.request.GET.copy()
        params.pop("cursor", None)
        for name, value in changes.items():
            params.pop(name, None)
            if value is not None:
                params[name] = value
        return f"{self.request.path}?{params.urlencode()}"

    def shown_columns(self) -> list[Column]:
        chosen = [key for part in self.request.GET.getlist("columns") for key in part.split(",") if key]
        return [c for c in self.columns if (c.key in chosen if chosen else not c.optional)] or list(
            self.columns
        )

    def listing(self, filterset: Any, found: keyset.Page, sort: str) -> dict[str, Any]:
        """What templates/pages/list.html needs."""
        self.complete(found.rows)
        columns = self.shown_columns()
        return {
            "name": self.name,
            "columns": [self.heading(c, sort) for c in columns],
            "rows": [self.row(row, columns) for row in found.rows],
            "views": self.tabs(),
            "chips": self.chips(filterset),
            "filter_form": filterset.form if filterset else None,
            "search_value": self.request.GET.get("search", ""),
            "is_searchable": hasattr(self.queryset, "matching"),
            "pager": {
                "newer_url": self.with_params() + f"&cursor={found.newer}" if found.newer else "",
                "older_url": self.with_params() + f"&cursor={found.older}" if found.older else "",
                "text": self.pager_text(found),
            },
            "exports": self.export_links(),
            "column_choices": [{"key": c.key, "label": c.label, "is_on": c in columns} for c in self.columns],
            "actions": [asdict(link) for link in self.actions()],
            "empty": self.empty,
            "is_filtered": bool(self.chips(filterset) or self.request.GET.get("search")),
            "clear_url": self.request.path,
            "save_url": self.save_url(),
        }

    def save_url(self) -> str:
        """Where the current filters are kept under a name."""
        start = "/portal" if self.side == "portal" else "/manage"
        query = {"page": self.name, "query": self.kept({"cursor", "view"}), "back": self.request.path}
        return f"{start}/views/save/?{urlencode(query)}"

    def complete(self, rows: list[Any]) -> None:
        """Give rows what their columns show and no column of the database holds, in few queries."""

    def pager_text(self, found: keyset.Page) -> str:
        return _("%(n)s shown") % {"n": len(found.rows)}

    def heading(self, column: Column, sort: str) -> dict[str, Any]:
        is_sorted = bool(column.sort) and sort.lstrip("-") == column.sort
        descending = sort.startswith("-")
        target = column.key if not is_sorted or descending else f"-{column.key}"
        return {
            "key": column.key,
            "label": column.label,
            "align": column.align,
            "sort_url": self.with_params(sort=target) if column.sort else "",
            "sorted": ("desc" if descending else "asc") if is_sorted else None,
        }

    def row(self, row: Any, columns: list[Column]) -> dict[str, Any]:
        cells = [
            {"template": f"components/cells/{c.cell}.html", "value": c.of(row), "align": c.align, "label": c.label,
             "key": c.key}
            for c in columns
        ]  # fmt: skip
        return {"url": self.row_url(row), "cells": cells, "key": str(row.pk), "record": row}

    def row_url(self, row: Any) -> str:
        return ""

    def actions(self) -> list[Link]:
        return []

    def tabs(self) -> list[dict[str, Any]]:
        """The list's own views and the person's saved ones."""
        current = self.kept({"cursor", "sort", "columns", "view"})
        saved = SavedView.objects.visible_to(self.actor).filter(page=self.name) if self.actor.user_id else ()
        own = [
            {
                "name": v.name,
                "url": f"{self.request.path}?{v.query}",
                "active": v.query == current,
                "id": v.pk,
            }
            for v in saved
        ]
        fixed = [
            {"name": label, "url": f"{self.request.path}?{query}" if query else self.request.path,
             "active": _same(query, current), "count": self.view_count(key)}
            for key, label, query in self.views
        ]  # fmt: skip
        return fixed + own

    def view_count(self, key: str) -> int | None:
        return None

    def chips(self, filterset: Any) -> list[dict[str, Any]]:
        if filterset is None:
            return []
        found = []
        for name, field in filterset.form.fields.items():
            values = [v for v in self.request.GET.getlist(name) if v]
            if values:
                words = [_choice_word(field, v) for v in values]
                found.append(
                    {"label": field.label or name, "value": ", ".join(str(w) for w in words),
                     "remove_url": self.with_params(**{name: None})}
                )  # fmt: skip
        return found

    def export_links(self) -> list[dict[str, Any]]:
        if self.export_permission and not self.actor.may(self.export_permission):
            return []
        start = "/portal" if self.side == "portal" else "/manage"
        return [
            {"label": _("CSV"), "url": self.with_params(export="csv")},
            {"label": _("Excel"), "url": self.with_params(export="xlsx")},
            {"label": _("Your long exports"), "url": f"{start}/exports/"},
        ]

    def export(self, kind: str, queryset: Any) -> HttpResponse:
        """Exactly what is filtered, in the list's order, all columns; a long list is offered to a worker."""
        self.permit_export()
        if kind not in exports.WRITERS:
            raise ValidationError(_("Choose CSV or Excel."))
        if queryset.order_by()[: exports.MOST_AT_ONCE + 1].count() > exports.MOST_AT_ONCE:
            asked = {"address": self.request.path, "query": self.kept({"cursor", "export"}), "kind": kind}
            start = "/portal" if self.side == "portal" else "/manage"
            return HttpResponseRedirect(f"{start}/exports/new/?{urlencode(asked)}")
        return exports.answer(kind, self.name, list(self.columns), self.exported(queryset))

    def permit_export(self) -> None:
        if self.export_permission:
            self.actor.must(self.export_permission)

    def exported(self, queryset: Any) -> Iterator[Any]:
        """The rows of an export, read and completed some hundreds at a time.

        Which rows they are is settled first. No cursor stays open while they are written: on SQLite it would hold an
        old state of the database, in which a worker can note nothing any more.
        """
        ids = list(queryset.order_by(self.sort() or "pk", "pk").values_list("pk", flat=True))
        for start in range(0, len(ids), exports.BATCH):
            part = ids[start : start + exports.BATCH]
            found = queryset.in_bulk(part)
            rows = [found[pk] for pk in part if pk in found]
            self.complete(rows)
            yield from rows


def _choice_word(field: Any, value: str) -> Any:
    for key, word in list(getattr(field, "choices", ())) or YES_NO:
        if str(key) == value:
            return word
    return value


def _same(query: str, current: str) -> bool:
    return sorted(QueryDict(query).lists()) == sorted(QueryDict(current).lists())
