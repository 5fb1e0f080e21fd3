"""Programs and versions over the API: the way from a draft into force, a draft's content, and weighing a version."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import Permission as P
from core.api import BaseViewSet, Nothing, etag, require_known, verb
from core.clock import day
from tiers import actions, filters, impact, parallel
from tiers.actions.drafting import read_yaml
from tiers.content import content_of
from tiers.diff import changes
from tiers.models import Announcement, Program, ProgramVersion
from tiers.portable import as_yaml, plain
from tiers.serializers import reading, versions
from tiers.views.weighing import asked_months, impact_for, reason_words

MOST = 1_000


class ProgramViewSet(BaseViewSet):
    """Tier programs, the primary one first."""

    queryset = Program.objects.prefetch_related("categories", "markets", "products")
    serializer_class = versions.ProgramSerializer
    view_permission = P.TIER_VIEW
    orderings = {"position": "position", "created_at": "created_at"}
    default_ordering = "position"

    @verb(
        versions.ImportSerializer, permission=P.TIER_DRAFT, answers=versions.ImportedSerializer, path="import"
    )
    def import_version(self, program: Program, data: dict[str, Any]) -> dict[str, Any]:
        """A version as YAML becomes a new draft of the program; a dry run says what it would change."""
        content = read_yaml(data["text"])
        active = program.versions.active().first() or program.versions.latest()
        found = [versions.plain_change(c) for c in changes(content_of(active) if active else None, content)]
        if data["dry_run"]:
            return {"id": None, "changes": found}
        made = actions.import_version(by=self.actor, program=program, text=data["text"], at=self.at)
        return {"id": made.pk, "changes": found}


class ProgramVersionViewSet(BaseViewSet):
    """Versions of tier programs: draft, in review, approved, scheduled, active, superseded. Drafts are the vendor's."""

    queryset = ProgramVersion.objects.select_related("program")
    serializer_class = reading.ProgramVersionSerializer
    filterset_class = filters.VersionFilters
    view_permission = P.TIER_VIEW
    orderings = {"number": "number", "created_at": "created_at"}
    default_ordering = "-number"

    @verb(Nothing, permission=P.TIER_DRAFT)
    def draft(self, version: ProgramVersion, data: dict[str, Any]) -> ProgramVersion:
        """A new draft that says what this version says. Answers with the draft."""
        return actions.draft_version(by=self.actor, version=version, at=self.at)

    @verb(Nothing, permission=P.TIER_DRAFT, match=True)
    def submit(self, version: ProgramVersion, data: dict[str, Any]) -> ProgramVersion:
        """The draft waits for a second person's review."""
        return actions.submit_version(by=self.actor, version=version, at=self.at)

    @verb(versions.ReturnSerializer, permission=P.TIER_PUBLISH, match=True, path="return")
    def send_back(self, version: ProgramVersion, data: dict[str, Any]) -> ProgramVersion:
        """Back to a draft, with what is to be changed."""
        return actions.return_version(by=self.actor, version=version, at=self.at, **data)

    @verb(Nothing, permission=P.TIER_PUBLISH, match=True)
    def approve(self, version: ProgramVersion, data: dict[str, Any]) -> ProgramVersion:
        """The version may be announced. Whoever drafted or changed it cannot approve it (403)."""
        return actions.approve_version(by=self.actor, version=version, at=self.at)

    @verb(versions.ScheduleSerializer, permission=P.TIER_PUBLISH, match=True)
    def schedule(self, version: ProgramVersion, data: dict[str, Any]) -> ProgramVersion:
        """Announce the version with its first day; each partner affected is told its own change."""
        return actions.schedule_version(by=self.actor, version=version, at=self.at, **data)

    @verb(versions.CallOffSerializer, permission=P.TIER_PUBLISH, match=True)
    def call_off(self, version: ProgramVersion, data: dict[str, Any]) -> ProgramVersion:
        """What was announced does not come; the partners that were told are told."""
        return actions.call_off_version(by=self.actor, version=version, at=self.at, **data)


class VersionContentViewSet(BaseViewSet):
    """What a version says, in the words of its YAML. Only a draft is written."""

    queryset = ProgramVersion.objects.select_related("program")
    serializer_class = versions.ContentAnswer

    @extend_schema(responses=versions.ContentAnswer, operation_id="program_versions_content_retrieve")
    def retrieve(self, request: Request, pk: str) -> Response:
        """The version's content, with the ETag that a change of it must name."""
        require_known(request.query_params, {"format"})
        version = self.get_object()
        self.permit(P.WORKSPACE_VIEW)
        return self._answer(version)

    @extend_schema(
        request=versions.ContentSerializer,
        responses=versions.ContentAnswer,
        operation_id="program_versions_content_update",
    )
    def update(self, request: Request, pk: str) -> Response:
        """The draft says exactly this. If-Match is required; what is not a draft is 409."""
        return self._write(request, is_whole=True)

    @extend_schema(
        request=versions.ContentSerializer,
        responses=versions.ContentAnswer,
        operation_id="program_versions_content_partial_update",
    )
    def partial_update(self, request: Request, pk: str) -> Response:
        """The parts that are named become this; the others stay. If-Match is required."""
        return self._write(request, is_whole=False)

    def _write(self, request: Request, is_whole: bool) -> Response:
        require_known(request.query_params, {"format"})

        def work() -> Response:
            version = self.get_object()
            self.permit(P.TIER_DRAFT)
            data = self.clean(versions.ContentSerializer)
            version = self.matched(version, required=True)
            stays = {} if is_whole else plain(content_of(version))
            content = {**stays, **data}
            made = actions.replace_draft(by=self.actor, version=version, content=content, at=self.at)
            return self._answer(made)

        return self.write(work)

    def _answer(self, version: ProgramVersion) -> Response:
        return Response(plain(content_of(version)), headers={"ETag": etag(version)})


class VersionYamlViewSet(BaseViewSet):
    """A version as YAML."""

    queryset = ProgramVersion.objects.select_related("program")
    serializer_class = versions.ContentAnswer

    @extend_schema(
        responses={(200, "application/yaml"): OpenApiTypes.STR}, operation_id="program_versions_yaml_retrieve"
    )
    def retrieve(self, request: Request, pk: str) -> HttpResponse:
        """The file that imports as the same version."""
        require_known(request.query_params, {"format"})
        version = self.get_object()
        self.permit(P.WORKSPACE_VIEW)
        return HttpResponse(as_yaml(content_of(version)), content_type="application/yaml; charset=utf-8")


class WeighingViewSet(BaseViewSet):
    """Weighing a version: nothing is written."""

    queryset = ProgramVersion.objects.select_related("program")
    serializer_class = versions.DiffSerializer

    def version(self) -> ProgramVersion:
        found: ProgramVersion = self.get_object()
        self.permit(P.WORKSPACE_VIEW)
        return found

    @extend_schema(
        parameters=[
            OpenApiParameter("against", OpenApiTypes.UUID, description="Left out: the version in force.")
        ],
        responses=versions.DiffSerializer,
        operation_id="program_versions_diff_retrieve",
    )
    def diff(self, request: Request, pk: str) -> Response:
        """How another version becomes this one, change by change."""
        require_known(request.query_params, {"against", "format"})
        version = self.version()
        other = self._other(version, request.query_params.get("against", ""))
        found = changes(content_of(other) if other else None, content_of(version))
        body = {
            "first": other.pk if other else None,
            "second": version.pk,
            "changes": [versions.plain_change(change) for change in found],
        }
        return Response(versions.DiffSerializer(body).data)

    def _other(self, version: ProgramVersion, asked: str) -> ProgramVersion | None:
        if not asked:
            return impact.in_force_beside(version)
        try:
            found: ProgramVersion | None = self.get_queryset().filter(pk=asked).first()
        except (ValidationError, ValueError):
            found = None
        if found is None:
            raise ValidationError({"against": _("There is no such version.")})
        return found

    @extend_schema(
        parameters=[
            OpenApiParameter("change", str, description="up, down, grace or same."),
            OpenApiParameter("offset", int, description="Partners to leave out at the start."),
            OpenApiParameter(
                "limit", int, description="Partners in this answer, 1 to 1000; 200 if left out."
            ),
        ],
        responses=versions.ImpactSerializer,
        operation_id="program_versions_impact_retrieve",
    )
    def impact(self, request: Request, pk: str) -> Response:
        """What the version would change for partners by today's facts: totals, and the partners affected."""
        require_known(request.query_params, {"change", "offset", "limit", "format"})
        version = self.version()
        params = request.query_params
        offset, limit = _number(params, "offset", 0, 10**6), _number(params, "limit", 200, MOST, lowest=1)
        found = impact_for(version, self.actor, day(self.at))
        chosen = params.get("change", "")
        if chosen and chosen not in ("up", "down", "grace", "same"):
            raise ValidationError({"change": _("Choose one of up, down, grace, same.")})
        affected = [move for move in found.affected if not chosen or move.change == chosen]
        return Response(versions.ImpactSerializer(self._impact(version, found, affected, offset, limit)).data)

    def _impact(
        self,
        version: ProgramVersion,
        found: impact.Impact,
        affected: list[impact.Move],
        offset: int,
        limit: int,
    ) -> dict[str, Any]:
        beside = impact.in_force_beside(version)
        fund = found.fund
        return {
            "version": version.pk,
            "against": beside.pk if beside else None,
            "as_of": day(self.at),
            "counts": {change: found.count(change) for change in ("up", "down", "grace", "same")},
            "margin": versions.cash(found.margin),
            "co_marketing": versions.cash(found.co_marketing),
            "fund": {
                "budget": versions.cash_ends(fund.budget),
                "promised": versions.cash_ends(fund.promised),
                "state": fund.state,
            },
            "costs": [versions.plain_cost(cost) for cost in found.costs],
            "affected": len(affected),
            "next_offset": offset + limit if len(affected) > offset + limit else None,
            "partners": [
                versions.plain_move(move, reason_words(move)) for move in affected[offset : offset + limit]
            ],
        }

    @extend_schema(
        parameters=[
            OpenApiParameter("months", int, description="How many month-ends, 1 to 24; 6 if left out.")
        ],
        responses=versions.ParallelRunSerializer,
        operation_id="program_versions_parallel_run_retrieve",
    )
    def parallel_run(self, request: Request, pk: str) -> Response:
        """This version's results beside those of the version in force, for the last month-ends."""
        require_known(request.query_params, {"months", "format"})
        version = self.version()
        days = parallel.month_ends(day(self.at), asked_months(request.query_params.get("months", "")))
        beside = impact.in_force_beside(version)
        if beside is None:
            raise ValidationError(_("There is no other version to run beside this one."))
        found = parallel.parallel_run(beside, version, days, by=self.actor)
        body = {
            "first": beside.pk,
            "second": version.pk,
            "months": [versions.plain_month(month) for month in found],
        }
        return Response(versions.ParallelRunSerializer(body).data)


def _number(params: Any, name: str, usual: int, highest: int, lowest: int = 0) -> int:
    text = params.get(name, "")
    if not text:
        return usual
    if not (text.isascii() and text.isdigit() and len(text) < 8 and lowest <= int(text) <= highest):
        words = _("Enter a whole number from %(low)s to %(high)s.") % {"low": lowest, "high": highest}
        raise ValidationError({name: words})
    return int(text)


class AnnouncementViewSet(BaseViewSet):
    """What announced versions mean for partners: a partner sees its own."""

    queryset = Announcement.objects.select_related("program_version__program")
    serializer_class = versions.AnnouncementSerializer
    filterset_class = filters.AnnouncementFilters
    view_permission = P.TIER_VIEW
    orderings = {"effective_from": "effective_from", "created_at": "created_at"}
    default_ordering = "-created_at"

    @verb(Nothing, permission=P.TIER_ACKNOWLEDGE)
    def acknowledge(self, announcement: Announcement, data: dict[str, Any]) -> Announcement:
        """Your company has read it."""
        return actions.acknowledge_announcement(by=self.actor, announcement=announcement, at=self.at)
