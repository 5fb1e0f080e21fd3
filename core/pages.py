"""The bases of all pages: who may come in, which rows they see, and one action per form.

A page says on which `side` it is ("workspace", "portal"), its `permission`, and what it shows. The order is always:
fetch (404) → permission (403) → clean (400) → version (412) → one action → redirect.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID, uuid4

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views import View

from core import clock
from core.actors import Actor
from core.context import zone
from core.errors import Conflict, NotVisible, Stale
from core.forms import BaseForm
from core.idempotency import Answer, once
from core.saving import lock, require_version
from core.views import error as error_page

LAYOUTS = {
    "workspace": "layouts/workspace.html",
    "focus": "layouts/focus.html",
    "portal": "layouts/portal.html",
    "public": "layouts/public.html",
}


@dataclass(frozen=True)
class Link:
    """A button or a menu's entry; closed ones are shown with their reason."""

    label: Any
    url: str = ""
    icon: str = ""
    primary: bool = False
    closed_because: str = ""
    more: bool = False  # in the … menu


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
        fresh = self.locked(self.record)
        require_version(fresh, self.request.POST.get("version") or None)
        return Answer(302, location=self.done_url(self.perform_on(fresh, form.cleaned_data)))

    def locked(self, record: Any) -> Any:
        """The row, locked. Where a move locks other rows before it, so does this."""
        return lock(record)

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
        fresh = self.record = self.fetch()
        initial = form.initial
        theirs = self.initial()
        versions = [
            (form[name].label, form.data.get(name, ""), _as_typed(theirs.get(name, initial.get(name, ""))))
            for name in form.fields
        ]
        fields = [
            {"label": label, "mine": mine, "theirs": saved, "differs": str(mine) != str(saved)}
            for label, mine, saved in versions
        ]
        return {"message": str(error), "fields": fields, "version": fresh.version}


def _as_typed(saved: Any) -> Any:
    """A saved value as the form's field holds it, beside what was typed."""
    return saved.isoformat() if isinstance(saved, date) else saved


def act(view: Callable[..., Any]) -> Callable[..., Any]:
    """For small posts outside FormPage: one transaction."""
    return transaction.atomic(view)


def choices_of(model: type[models.Model], actor: Actor) -> Any:
    """The rows of a model that an actor may choose from."""
    return model._default_manager.visible_to(actor)  # type: ignore[attr-defined]
