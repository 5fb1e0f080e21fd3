"""The queue, snoozes, search and what happened over the API."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import timeline
from accounts.models import User
from accounts.roles import Permission as P
from core.actors import ANONYMOUS, Actor
from core.api import MOST_TERMS, BaseViewSet, creates, require_known, verb
from core.clock import now
from events.models import Event
from home import actions, queue, serializers
from home.filters import EventFilters
from home.models import Snooze
from home.portal_page import PortalHome
from home.search import found_for
from partners.models import Partner


class Gathered(viewsets.ViewSet):
    """A list that is gathered from many models."""

    @property
    def actor(self) -> Actor:
        return self.request.auth or ANONYMOUS


class WorkQueue(Gathered):
    """Everything that waits for you."""

    @extend_schema(
        operation_id="work_queue_list",
        responses=serializers.QueueSerializer,
        parameters=[
            OpenApiParameter(
                "scope", str, enum=[queue.MINE, queue.ALL], description="Yours, or all you may see."
            ),
            OpenApiParameter("kind", str, description="One kind only."),
        ],
    )
    def list(self, request: Request) -> Response:
        """Everything that waits for you, the most urgent first; derived from the records, never stale."""
        require_known(request.query_params, {"scope", "kind", "format"})
        rows = self.of_vendor(request) if self.actor.is_vendor else self.of_partner(request)
        counts: dict[str, int] = {}
        for row in rows:
            counts[row["kind"]] = counts.get(row["kind"], 0) + 1
        kind = request.query_params.get("kind", "")
        shown = [row for row in rows if kind in ("", row["kind"])]
        content = {"next": None, "previous": None, "counts": counts, "results": shown}
        return Response(serializers.QueueSerializer(content).data)

    def of_vendor(self, request: Request) -> list[dict[str, Any]]:
        self.actor.must(P.WORKSPACE_VIEW)
        scope = request.query_params.get("scope") or queue.usual_scope(self.actor)
        if scope not in (queue.MINE, queue.ALL):
            raise ValidationError({"scope": _("Choose mine or all.")})
        return [self.row(item) for item in queue.items(self.actor, now(), scope)]

    def row(self, item: queue.Item) -> dict[str, Any]:
        return {
            "kind": item.kind.key, "id": item.id, "partner": item.partner, "title": item.title, "reason": item.reason,
            "action": str(item.kind.act), "due_at": item.due if item.has_hour else None,
            "due_on": None if item.has_hour else item.due, "is_late": item.is_late, "used": round(item.used, 3),
            "url": item.url,
        }  # fmt: skip

    def of_partner(self, request: Request) -> list[dict[str, Any]]:
        self.actor.must(P.PORTAL_VIEW)
        partner = Partner.objects.visible_to(self.actor).get()
        at = now()
        home = PortalHome(partner, User.objects.get(pk=self.actor.user_id), self.actor, at)
        return [
            {
                "kind": step.kind, "id": step.id, "partner": partner, "title": step.title, "reason": step.note,
                "action": step.word, **step.due_by_kind, "is_late": step.tone == "bad", "used": None, "url": step.url,
            }
            for step in home.steps
        ]  # fmt: skip


class Search(Gathered):
    """Search over everything that you may see."""

    @extend_schema(
        operation_id="search_list",
        responses=serializers.SearchSerializer,
        parameters=[OpenApiParameter("q", str, required=True, description="Words that must all occur.")],
    )
    def list(self, request: Request) -> Response:
        """Partners, deals, customers and people that match, at most eight of each kind."""
        require_known(request.query_params, {"q", "format"})
        text = request.query_params.get("q", "")
        if not text.strip():
            raise ValidationError({"q": _("Say what to look for.")})
        if len(text) > 200 or len(text.split()) > MOST_TERMS or "\x00" in text:
            raise ValidationError({"q": _("Use at most ten words.")})
        rows = [row for group in found_for(self.actor, text) for row in group.rows]
        content = {"next": None, "previous": None, "results": rows}
        return Response(serializers.SearchSerializer(content).data)


class SnoozeViewSet(BaseViewSet):
    """What you put off in your queue."""

    queryset = Snooze.objects.all()
    serializer_class = serializers.SnoozeSerializer
    view_permission = P.WORKSPACE_VIEW
    orderings = {"until": "until", "created_at": "created_at"}
    default_ordering = "until"

    @creates(serializers.PutOffSerializer, permission=P.WORKSPACE_VIEW)
    def create(self, data: dict[str, Any]) -> Snooze:
        """Put one thing off until an instant, for yourself."""
        return actions.snooze(by=self.actor, at=self.at, **data)

    @verb(permission=P.WORKSPACE_VIEW)
    def wake(self, snooze: Snooze, data: dict[str, Any]) -> Snooze:
        """Show the thing in your queue again."""
        return actions.wake(by=self.actor, snooze=snooze, at=self.at)


class EventViewSet(BaseViewSet):
    """What happened, as far as you may see it."""

    queryset = Event.objects.all()
    serializer_class = serializers.EventSerializer
    filterset_class = EventFilters
    view_permission = P.PARTNER_VIEW
    orderings = {"at": "at"}
    default_ordering = "-at"

    def get_queryset(self) -> Any:
        """Events about people's accounts are the auditor's alone."""
        found = super().get_queryset()
        return found if self.actor.may(P.AUDIT_READ) else found.exclude(subject_kind="user")

    def get_serializer(self, *args: Any, **options: Any) -> Any:
        events = args[0] if options.get("many") else list(args)
        if not events:  # while the API is being described there are none, and nobody asks
            return super().get_serializer(*args, **options)
        told = {line["event"].pk: line for line in timeline.lines(events, self.actor)}
        options["context"] = {**self.get_serializer_context(), "told": told}
        return self.get_serializer_class()(*args, **options)
