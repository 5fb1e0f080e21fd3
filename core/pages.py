"""The bases of all pages: who may come in, which rows they see, and one action per form.

A page says on which `side` it is ("workspace", "portal"), its `permission`, and what it shows. The order is always:
fetch (404) → permission (403) → clean (400) → version (412) → one action → redirect.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from core import clock, exports, keyset
from core.actors import Actor
from core.context import zone
from core.errors import Conflict, NotVisible, Stale
from core.forms import BaseForm
from core.idempotency import Answer, once
from core.models import SavedView
from core.saving import lock, require_version
from core.tables import Column
from core.views import error as error_page

EXPORT_BATCH = 500
LAYOUTS = {
    "workspace": "layouts/workspace.html",
    "focus": "layouts/focus.html",
    "portal": "layouts/portal.html",
    "public": "layouts/public.html",
}


YES_NO = (("true", gettext_lazy("yes")), ("false", gettext_lazy("no")))


@dataclass(frozen=True)
class Link:
    """A button or a menu's entry; closed ones are shown with their reason."""

    label: Any
    url: str = ""
    icon: str = ""
    primary: bool = False
    closed_because: str = ""


class Page(View):
    """The base of every page of both sides."""

    side: ClassVar[str] = "workspace"
    layout: ClassVar[str] = ""
    permission: ClassVar[str | None] = None
    template_name: ClassVar[str] = ""
    title: ClassVar[Any] = ""
    subtitle: ClassVar[Any] = ""
    request: HttpRequest

    @property
    def actor(self) -> Actor:
        return self.request.actor  # type: ignore[attr-defined,no-any-return]

    @property
    def at(self) -> datetime:
        """The instant of this request, for the one action it calls."""
        if not hasattr(self, "_at"):
            self._at = clock.now()
        return self._at

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        zone(request)
        if refused := self.refusal():
            return refused
        try:
            return super().dispatch(request, *args, **kwargs)
        except (NotVisible, Http404):
            return error_page(request, 404)
        except PermissionDenied as error:
            return error_page(request, 403, detail=str(error))
        except Conflict as error:
            return error_page(request, error.status, detail=str(error))
        except ValidationError as error:
            return error_page(request, 400, detail=" ".join(error.messages))

    def refusal(self) -> HttpResponse | None:
        """The answer to someone of the wrong side; None for the others."""
        if self.side == "public":
            return None
        if self.actor.kind == "anonymous":
            if not self.request.user.is_authenticated:
                return redirect_to_login(self.request.get_full_path())
            return error_page(self.request, 404)
        if self.actor.is_vendor != (self.side != "portal"):
            return error_page(self.request, 404)
        return None

    def permit(self) -> None:
        if self.permission:
            self.actor.must(self.permission)

    def context(self, **more: Any) -> dict[str, Any]:
        """What the template is told; subclasses add to it."""
        return {
            "layout": LAYOUTS[self.layout or self.side],
            "side": self.side,
            "title": self.title,
            "subtitle": self.subtitle,
            "actor": self.actor,
            "now": self.at,
            "today": clock.day(self.at),
            **more,
        }

    def answer(self, status: int = 200, template: str = "", **more: Any) -> HttpResponse:
        return render(self.request, template or self.template_name, self.context(**more), status=status)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.permit()
        return self.answer()


class Fetching:
    """Fetches the one row that the address names, among those that the actor sees."""

    queryset: ClassVar[Any]

    def get_queryset(self) -> Any:
        return self.queryset.all().visible_to(self.actor)  # type: ignore[attr-defined]

    def fetch(self) -> Any:
        """The row. Raises Http404 for a foreign, missing or malformed id alike."""
        if not hasattr(self, "_record"):
            try:
                key = UUID(str(self.kwargs["pk"]))  # type: ignore[attr-defined]
            except ValueError:
                raise Http404 from None
            self._record = self.get_queryset().filter(pk=key).first()
            if self._record is None:
                raise Http404
        return self._record


class RecordPage(Fetching, Page):
    """One record. The template gets `record`, and what `facts(record)` adds."""

    template_name = "pages/record.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        record = self.fetch()
        self.permit()
        return self.answer(record=record, **self.facts(record))

    def facts(self, record: Any) -> dict[str, Any]:
        return {}


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
        """The rows of an export, completed some hundreds at a time."""
        rows: list[Any] = []
        for row in queryset.order_by(self.sort() or "pk", "pk").iterator(chunk_size=EXPORT_BATCH):
            rows.append(row)
            if len(rows) == EXPORT_BATCH:
                self.complete(rows)
                yield from rows
                rows = []
        self.complete(rows)
        yield from rows


def _choice_word(field: Any, value: str) -> Any:
    for key, word in list(getattr(field, "choices", ())) or YES_NO:
        if str(key) == value:
            return word
    return value


def _same(query: str, current: str) -> bool:
    return sorted(QueryDict(query).lists()) == sorted(QueryDict(current).lists())


class FormPage(Page):
    """A form for one action. Subclasses give `form_class` and `perform(data) -> row or None`, `done_url(row)`."""

    template_name = "pages/form.html"
    form_class: ClassVar[type[BaseForm]] = BaseForm
    submit_label: ClassVar[Any] = ""
    cancel_url: ClassVar[str] = ""
    done_message: ClassVar[Any] = ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.prepare()
        self.permit()
        return self.shown(self.form())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.prepare()
        self.permit()
        form = self.form(data=request.POST, files=request.FILES)
        if not form.is_valid():
            return self.shown(form, status=400)
        try:
            answer = once(
                actor=self.actor,
                place=f"POST {request.path}",
                key=request.POST.get("idempotency_key", "")[:255],
                request={k: request.POST.getlist(k) for k in request.POST if k != "csrfmiddlewaretoken"},
                work=lambda: self.work(form),
            )
        except ValidationError as error:
            form.add_action_error(error)
            return self.shown(form, status=400)
        except Stale as error:
            return self.shown(form, status=412, stale=self.stale(form, error))
        except Conflict as error:
            form.add_error(None, str(error))
            return self.shown(form, status=error.status)
        if self.done_message and not answer.replayed:
            messages.success(request, self.done_message)
        return HttpResponseRedirect(answer.location)

    def prepare(self) -> None:
        """Fetch what the form is about (404 before anything else)."""

    def work(self, form: BaseForm) -> Answer:
        return Answer(302, location=self.done_url(self.perform(form.cleaned_data)))

    def perform(self, data: dict[str, Any]) -> Any:
        """Call exactly one action."""
        raise NotImplementedError

    def done_url(self, result: Any) -> str:
        raise NotImplementedError

    def form(self, **options: Any) -> BaseForm:
        return self.form_class(actor=self.actor, initial=self.initial(), **options)

    def initial(self) -> dict[str, Any]:
        return {}

    def stale(self, form: BaseForm, error: Stale) -> dict[str, Any]:
        """What the page shows when someone was faster: both versions, nothing lost."""
        return {"message": str(error), "fields": []}

    def shown(self, form: BaseForm, status: int = 200, **more: Any) -> HttpResponse:
        return self.answer(
            status,
            form=form,
            submit_label=self.submit_label or _("Save"),
            cancel_url=self.get_cancel_url(),
            idempotency_key=self.request.POST.get("idempotency_key") or uuid4().hex,
            version=self.request.POST.get("version") or self.version(),
            fieldsets=self.fieldsets(form),
            next_steps=self.next_steps(),
            **{"stale": None, **more},
        )

    def get_cancel_url(self) -> str:
        return self.cancel_url

    def version(self) -> str:
        return ""

    def fieldsets(self, form: BaseForm) -> list[dict[str, Any]] | None:
        return None

    def next_steps(self) -> list[dict[str, Any]]:
        return []


class MovePage(Fetching, FormPage):
    """A form about one record: change it, or move it. `perform(record, data)` gets the row, locked, version checked."""

    template_name = "pages/move.html"
    button_class: ClassVar[str] = ""

    def prepare(self) -> None:
        self.record = self.fetch()

    def work(self, form: BaseForm) -> Answer:
        fresh = lock(self.record)
        require_version(fresh, self.request.POST.get("version") or None)
        return Answer(302, location=self.done_url(self.perform_on(fresh, form.cleaned_data)))

    def perform_on(self, record: Any, data: dict[str, Any]) -> Any:
        """Call exactly one action on the locked record."""
        raise NotImplementedError

    def done_url(self, result: Any) -> str:
        url: str = self.record.get_absolute_url()
        return url.replace("/manage/", "/portal/", 1) if self.side == "portal" else url

    def get_cancel_url(self) -> str:
        return self.cancel_url or self.done_url(self.record)

    def version(self) -> str:
        return str(self.record.version)

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(**{"record": getattr(self, "record", None), **more})

    def stale(self, form: BaseForm, error: Stale) -> dict[str, Any]:
        fresh = type(self.record).objects.get(pk=self.record.pk)
        initial = form.initial
        self.record = fresh
        theirs = self.initial()
        versions = [
            (form[name].label, form.data.get(name, ""), theirs.get(name, initial.get(name, "")))
            for name in form.fields
        ]
        fields = [
            {"label": label, "mine": mine, "theirs": saved, "differs": str(mine) != str(saved)}
            for label, mine, saved in versions
        ]
        return {"message": str(error), "fields": fields, "version": fresh.version}


def act(view: Callable[..., Any]) -> Callable[..., Any]:
    """For small posts outside FormPage: one transaction."""
    return transaction.atomic(view)


def choices_of(model: type[models.Model], actor: Actor) -> Any:
    """The rows of a model that an actor may choose from."""
    return model._default_manager.visible_to(actor)  # type: ignore[attr-defined]
