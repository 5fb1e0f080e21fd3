"""The base of the API: scoping, strict input, keyset paging, ETags, idempotency, one action per verb."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import models
from django.http import Http404
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django_filters import BooleanFilter
from drf_spectacular.utils import extend_schema
from rest_framework import filters, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from core import clock, keyset
from core.actors import ANONYMOUS, Actor
from core.idempotency import Answer, answer_of, once
from core.money import CURRENCIES, Money
from core.parsers import StrictJSONParser
from core.problems import PreconditionRequired
from core.saving import lock, require_version

LIST_PARAMETERS = {"cursor", "page_size", "ordering", "search", "updated_since", "count", "format"}
MOST_TERMS = 10


class StrictFilterBackend(filters.BaseFilterBackend):
    """The page's own FilterSet; an unknown parameter or value is 400 naming it, never ignored."""

    def filter_queryset(self, request: Request, queryset: models.QuerySet, view: Any) -> models.QuerySet:
        filterset_class = getattr(view, "filterset_class", None)
        known = set(filterset_class.base_filters) if filterset_class else set()
        require_known(request.query_params, known | LIST_PARAMETERS)
        if filterset_class:
            require_yes_or_no(request.query_params, filterset_class)
            filterset = filterset_class(request.query_params, queryset=queryset, request=request)
            if not filterset.is_valid():
                raise serializers.ValidationError(filterset.errors)
            queryset = filterset.qs
        if since := request.query_params.get("updated_since"):
            queryset = queryset.filter(changed_at__gte=instant("updated_since", since))
        if text := request.query_params.get("search"):
            queryset = searched(queryset, text)
        return queryset

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        filterset_class = getattr(view, "filterset_class", None)
        named = (
            {name: f.label or name for name, f in filterset_class.base_filters.items()}
            if filterset_class
            else {}
        )
        plain = {
            "cursor": "Where to go on, from `next` or `previous`.",
            "page_size": "Rows a page, 1 to 200.",
            "ordering": "A sortable field, with - for descending.",
            "search": "Words that must all occur.",
            "updated_since": "Rows that changed at or after this instant.",
            "count": "`true` adds the number of rows, counted to 10,000.",
        }
        return [
            {
                "name": name,
                "in": "query",
                "required": False,
                "description": str(text),
                "schema": {"type": "string"},
            }
            for name, text in {**named, **plain}.items()
        ]


def require_yes_or_no(given: Any, filterset_class: Any) -> None:
    """Raise ValidationError naming each yes-or-no parameter that is neither; Django would take it for no answer."""
    booleans = [n for n, f in filterset_class.base_filters.items() if isinstance(f, BooleanFilter)]
    wrong = [name for name in booleans if given.get(name, "true").lower() not in ("true", "false")]
    if wrong:
        raise ValidationError({name: _("Say true or false.") for name in wrong})


def require_known(given: Any, known: set[str]) -> None:
    """Raise ValidationError naming each parameter that is not known, or given twice."""
    wrong = {name: _("There is no such parameter.") for name in given if name not in known}
    for name in given:
        if name in known and len(given.getlist(name)) > 1 and not name.endswith("__in"):
            wrong[name] = _("Give this once.")
    if wrong:
        raise ValidationError(wrong)


def instant(name: str, text: str) -> datetime:
    """An aware instant. Raises ValidationError naming the parameter."""
    try:
        found = parse_datetime(text.replace(" ", "+"))
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise ValidationError({name: _("Enter an instant such as 2026-11-24T15:31:00Z.")})
    return found


def searched(queryset: Any, text: str) -> models.QuerySet:
    """The rows that match. Raises ValidationError where the list is not searchable or the words are too many."""
    if not hasattr(queryset, "matching"):
        raise ValidationError({"search": _("This list has no search.")})
    if len(text.split()) > MOST_TERMS or len(text) > 200:
        raise ValidationError({"search": _("Use at most ten words.")}, code="too_many_terms")
    if "\x00" in text:
        raise ValidationError({"search": _("Null characters are not allowed.")})
    return queryset.matching(text)


class MoneyField(serializers.Field):
    """{"amount": "1200.00", "currency": "EUR"} to and from Money. `source` names a Money property."""

    def to_internal_value(self, data: Any) -> Money:
        if not isinstance(data, dict) or set(data) != {"amount", "currency"}:
            raise serializers.ValidationError(_("Send an object with amount and currency."))
        if not isinstance(data["amount"], str) or not isinstance(data["currency"], str):
            raise serializers.ValidationError(_("Send amount and currency as text."))
        try:
            return Money.parse(data["amount"], data["currency"])
        except ValidationError as error:
            raise serializers.ValidationError(error.messages) from error

    def to_representation(self, value: Money | None) -> dict[str, str] | None:
        return value.as_json() if value else None


MoneyField._spectacular_annotation = {  # type: ignore[attr-defined]
    "field": {
        "type": "object",
        "properties": {
            "amount": {"type": "string", "examples": ["1200.00"]},
            "currency": {"type": "string", "enum": list(CURRENCIES)},
        },
        "required": ["amount", "currency"],
    }
}


class StrictSerializer(serializers.Serializer):
    """Unknown fields are errors."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict):
            writable = {name for name, field in self.fields.items() if not field.read_only}
            if unknown := [name for name in data if name not in writable]:
                raise serializers.ValidationError({name: [_("There is no such field.")] for name in unknown})
        return super().to_internal_value(data)


class Nothing(StrictSerializer):
    """A verb without a body."""


class StrictModelSerializer(serializers.ModelSerializer):
    """Unknown fields are errors; related choices are restricted to what the actor may see."""

    def to_internal_value(self, data: Any) -> Any:
        writable = {name for name, field in self.fields.items() if not field.read_only}
        if isinstance(data, dict) and (unknown := [name for name in data if name not in writable]):
            raise serializers.ValidationError({name: [_("There is no such field.")] for name in unknown})
        return super().to_internal_value(data)


class VisibleRelated(serializers.PrimaryKeyRelatedField):
    """A related row by id, among those that the actor may see; any other is “does not exist”."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("pk_field", serializers.UUIDField())
        super().__init__(**options)

    def get_queryset(self) -> Any:
        queryset = super().get_queryset()
        request = self.context.get("request")
        return (
            queryset.visible_to(request.auth or ANONYMOUS) if queryset is not None and request else queryset
        )


class BaseViewSet(viewsets.GenericViewSet):
    """List and detail of one noun. Subclasses add `create`, `partial_update` and verbs, each one action.

    `queryset`, `serializer_class`; `portal_serializer_class` where a partner sees less; `view_permission`;
    `orderings` maps the names in `?ordering=` to fields; `default_ordering`.
    """

    filter_backends = [StrictFilterBackend]
    # What is no id is looked for too: it gets the one answer of all that is not there.
    lookup_value_regex = "[^/]+"
    view_permission: str | None = None
    portal_serializer_class: Any = None
    orderings: dict[str, str] = {"created_at": "created_at"}
    default_ordering = "-created_at"

    @property
    def actor(self) -> Actor:
        return self.request.auth or ANONYMOUS

    @property
    def at(self) -> datetime:
        return clock.now()

    def get_serializer_class(self) -> Any:
        described = getattr(self, "swagger_fake_view", False)
        if self.portal_serializer_class and not described and not self.actor.is_vendor:
            return self.portal_serializer_class
        return super().get_serializer_class()

    def get_queryset(self) -> Any:
        queryset = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return queryset.none()
        return queryset.visible_to(self.actor)

    def permit(self, permission: str | None) -> None:
        if permission:
            self.actor.must(permission)

    def get_object(self) -> Any:
        try:
            key = UUID(self.kwargs["pk"])
        except ValueError:
            raise Http404 from None
        found = self.get_queryset().filter(pk=key).first()
        if found is None or str(key) != self.kwargs["pk"]:
            raise Http404
        return found

    def list(self, request: Request) -> Response:
        """A page of the rows that you may see."""
        self.permit(self.view_permission)
        queryset = self.filter_queryset(self.get_queryset())
        params = request.query_params
        found = keyset.page(
            queryset,
            self.ordering(params.get("ordering", "")),
            size=self.page_size(params.get("page_size", "")),
            cursor=params.get("cursor", ""),
            bound_to=self.list_name(request),
        )
        content = {
            "next": self.link(request, found.older),
            "previous": self.link(request, found.newer),
            "results": self.get_serializer(found.rows, many=True).data,
        }
        if params.get("count") == "true":
            content["count"] = queryset[:10_001].count()
        return Response(content)

    def list_name(self, request: Request) -> str:
        rest = sorted(
            (k, v) for k, v in request.query_params.items() if k not in ("cursor", "page_size", "count")
        )
        return f"{self.actor.key_id or self.actor.user_id}|{self.actor.partner_id}|{request.path}|{rest}"

    def ordering(self, text: str) -> str:
        if not text:
            return self.default_ordering
        field = self.orderings.get(text.removeprefix("-"))
        if field is None:
            choices = ", ".join(self.orderings)
            raise ValidationError({"ordering": _("Choose one of %(choices)s.") % {"choices": choices}})
        return ("-" if text.startswith("-") else "") + field

    def page_size(self, text: str) -> int:
        if not text:
            return keyset.DEFAULT_SIZE
        if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) > 0):
            raise ValidationError({"page_size": _("Enter a whole number from 1 to 200.")})
        return int(text)

    def link(self, request: Request, cursor: str) -> str | None:
        if not cursor:
            return None
        params = request.query_params.copy()
        params["cursor"] = cursor
        return request.build_absolute_uri(f"{request.path}?{params.urlencode()}")

    def retrieve(self, request: Request, pk: str) -> Response:
        """One row, with its ETag."""
        require_known(request.query_params, {"format"} | getattr(self, "detail_parameters", set()))
        found = self.get_object()
        self.permit(self.view_permission)
        if request.headers.get("If-None-Match") == etag(found):
            return Response(status=304, headers={"ETag": etag(found)})
        return self.shown(found)

    def shown(self, record: Any, status: int = 200) -> Response:
        """A row as this actor reads it, with its ETag."""
        headers = {"ETag": etag(record)}
        if status == 201:
            headers["Location"] = self.request.build_absolute_uri(f"{self.base_path()}{record.pk}/")
        return Response(self.get_serializer(record).data, status=status, headers=headers)

    def made(self, record: Any) -> Response:
        """A row that was made (201), or that an earlier request had made (200)."""
        return self.shown(record, status=200 if getattr(record, "is_repeat", False) else 201)

    def base_path(self) -> str:
        return (
            self.request.path.partition(str(self.kwargs["pk"]))[0]
            if "pk" in self.kwargs
            else self.request.path
        )

    def write(self, work: Callable[[], Response]) -> Response:
        return answered_once(self.request, self.actor, work)

    def matched(self, record: Any, required: bool = False) -> Any:
        """The row, locked, once its If-Match holds. Raises Stale (412) or PreconditionRequired (428)."""
        tag = self.request.headers.get("If-Match", "")
        if not tag:
            if required:
                raise PreconditionRequired()
            return record
        fresh = self.locked(record)
        if tag != "*":
            require_version(fresh, tag.strip('"'))
        return fresh

    def locked(self, record: Any) -> Any:
        """The row, locked. Where a verb locks other rows before it, so does this."""
        return lock(record)

    def clean(self, serializer_class: Any, **options: Any) -> dict[str, Any]:
        serializer = serializer_class(
            data=self.request.data, context=self.get_serializer_context(), **options
        )
        serializer.is_valid(raise_exception=True)
        return dict(serializer.validated_data)


def answered_once(request: Request, actor: Actor, work: Callable[[], Response]) -> Response:
    """Do a write at most once per Idempotency-Key; a repeat gets the same status and body."""
    made: list[Response] = []

    def answer() -> Answer:
        made.append(work())
        return Answer(made[0].status_code, made[0].data, dict(made[0].items()).get("ETag", ""))

    found = once(**_asked(request, actor), work=answer)
    return _again(found) if found.replayed else made[0]


def answered_in_parts(request: Request, actor: Actor, work: Callable[[], Any]) -> Response:
    """The same for work whose parts are transactions of their own: each holds whatever becomes of the others.

    Two that come at the same moment are both worked on; the parts themselves see to it that nothing happens twice.
    """
    if kept := answer_of(**_asked(request, actor)):
        return _again(kept)
    body = work()
    once(**_asked(request, actor), work=lambda: Answer(200, body))
    return Response(body)


def _asked(request: Request, actor: Actor) -> dict[str, Any]:
    """Who asks what under which key."""
    key = request.headers.get("Idempotency-Key", "").strip('"')
    files = sorted(f"{name}:{f.name}:{f.size}" for name, f in getattr(request, "FILES", {}).items())
    content = [dict(request.data) if not files else {}, files]
    return {"actor": actor, "place": f"{request.method} {request.path}", "key": key, "request": content}


def _again(found: Answer) -> Response:
    headers = {"Idempotent-Replayed": "true", **({"ETag": found.location} if found.location else {})}
    return Response(found.body, status=found.status, headers=headers)


def etag(record: Any) -> str:
    """The strong ETag of a row: its version."""
    return f'"{record.version}"'


def creates(serializer: Any, *, permission: str | None = None) -> Callable[[Any], Any]:
    """`@creates(RegisterSerializer, permission=…) def create(self, data) -> row`: POST to the list."""

    def declare(method: Any) -> Any:
        def create(self: BaseViewSet, request: Request) -> Response:
            require_known(request.query_params, {"format"})
            self.permit(permission)
            data = self.clean(serializer)
            return self.write(lambda: self.made(method(self, data)))

        create.__doc__ = method.__doc__
        return extend_schema(request=serializer)(create)

    return declare


def changes(serializer: Any, *, permission: str | None = None) -> Callable[[Any], Any]:
    """`@changes(ChangeSerializer, …) def partial_update(self, row, data) -> row`: PATCH; If-Match is required."""

    def declare(method: Any) -> Any:
        def partial_update(self: BaseViewSet, request: Request, pk: str) -> Response:
            require_known(request.query_params, {"format"})

            def work() -> Response:
                record = self.get_object()
                self.permit(permission)
                data = self.clean(serializer, partial=True)
                return self.shown(method(self, self.matched(record, required=True), data))

            return self.write(work)

        partial_update.__doc__ = method.__doc__
        return extend_schema(request=serializer)(partial_update)

    return declare


def verb(
    serializer: Any = Nothing,
    *,
    permission: str | None = None,
    match: bool = False,
    path: str = "",
    takes_file: bool = False,
    answers: Any = None,
) -> Callable[[Any], Any]:
    """`@verb(ApproveSerializer, permission=…, match=True) def approve(self, row, data) -> row`.

    `takes_file` lets it be sent as multipart/form-data too; `answers` is the serializer of what is not the row itself.

    POST /nouns/{id}/approve/: sent before (the same answer) → fetch (404) → permission (403) → input (400) → If-Match
    (428, 412) → one action. What a move takes out of the caller's sight is still answered when it is sent again.
    """

    def declare(method: Any) -> Any:
        def act(self: BaseViewSet, request: Request, pk: str) -> Response:
            require_known(request.query_params, {"format"})

            def work() -> Response:
                record = self.get_object()
                self.permit(permission)
                data = self.clean(serializer)
                found = method(self, self.matched(record, required=match), data)
                return Response(answers(found).data) if answers else self.shown(found)

            return self.write(work)

        act.__name__, act.__doc__ = method.__name__, method.__doc__
        options: dict[str, Any] = (
            {"parser_classes": [StrictJSONParser, MultiPartParser]} if takes_file else {}
        )
        url_path = path or method.__name__.replace("_", "-")
        declared = action(detail=True, methods=["post"], url_path=url_path, **options)(act)
        described: dict[str, Any] = {"responses": answers} if answers else {}
        return extend_schema(request=serializer, **described)(declared)

    return declare
