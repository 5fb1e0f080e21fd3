"""The tier program, standings and their explanations over the API."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import Permission as P
from core.api import BaseViewSet, require_known
from core.clock import day
from partners.models import Partner
from tiers import actions, filters
from tiers.actions.appeals import appealable
from tiers.explained import explain
from tiers.models import Evaluation, Grace, Program, Standing, Tier
from tiers.serializers import reading as serializers


def asked_day(text: str, today: date) -> date:
    """The day of `?as_of=`, today where it is not given. Raises ValidationError: no day, or one that is to come."""
    if not text:
        return today
    try:
        found = date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        found = None
    if found is None:
        raise ValidationError({"as_of": _("Enter a day such as 2026-11-24.")})
    if found > today:
        raise ValidationError({"as_of": _("This day lies in the future.")})
    return found


def asked_program(code: str, partner: Partner) -> Program | None:
    """The program of `?program=`, among those that a partner is or was in; None where none is asked for.

    Raises ValidationError for any other.
    """
    if not code:
        return None
    ever = Program.objects.filter(standings__partner=partner) | Program.objects.filter(
        positions__partner=partner
    )
    found = None
    if code.isprintable():
        found = Program.objects.of(partner).filter(code=code).first() or ever.filter(code=code).first()
    if found is None:
        raise ValidationError({"program": _("The partner is in no such program.")})
    return found


class TierViewSet(BaseViewSet):
    """Tiers of all versions, with what they ask for and give."""

    queryset = Tier.objects.prefetch_related("requirements__group", "groups", "benefits__benefit")
    serializer_class = serializers.TierSerializer
    portal_serializer_class = serializers.PortalTierSerializer
    filterset_class = filters.TierFilters
    view_permission = P.TIER_VIEW
    orderings = {"rank": "rank", "created_at": "created_at"}
    default_ordering = "rank"


class StandingViewSet(BaseViewSet):
    """Partners' tiers from day to day."""

    queryset = Standing.objects.select_related("tier__program_version", "program")
    serializer_class = serializers.StandingSerializer
    filterset_class = filters.StandingFilters
    view_permission = P.TIER_VIEW
    orderings = {"starts_on": "starts_on", "created_at": "created_at"}
    default_ordering = "-starts_on"


class GraceViewSet(BaseViewSet):
    """Grace periods: what is missing, and until when it may come back."""

    queryset = Grace.objects.select_related("standing__tier", "program")
    serializer_class = serializers.GraceSerializer
    filterset_class = filters.GraceFilters
    view_permission = P.TIER_VIEW
    orderings = {"starts_on": "starts_on", "ends_on": "ends_on", "created_at": "created_at"}
    default_ordering = "-starts_on"


class EvaluationViewSet(BaseViewSet):
    """What was found about partners, day by day. Evaluations are never changed."""

    queryset = Evaluation.objects.select_related("program_version__program")
    serializer_class = serializers.EvaluationSerializer
    filterset_class = filters.EvaluationFilters
    view_permission = P.TIER_VIEW
    orderings = {"as_of": "as_of", "created_at": "created_at"}
    default_ordering = "-as_of"


class ExplanationViewSet(BaseViewSet):
    """Why a partner stands where it stands, today or on an earlier day."""

    queryset = Partner.objects.all()
    serializer_class = serializers.ExplanationSerializer

    @extend_schema(
        parameters=[
            OpenApiParameter("as_of", date, description="Today or an earlier day."),
            OpenApiParameter("program", str, description="A program's code; left out, the primary one."),
        ],
        responses=serializers.ExplanationSerializer,
        operation_id="partners_tier_retrieve",
    )
    def retrieve(self, request: Request, pk: str) -> Response:
        """The partner's tier with every requirement, its threshold, its fact and what is missing."""
        require_known(request.query_params, {"as_of", "program", "format"})
        partner = self.get_object()
        self.permit(P.TIER_VIEW)
        today = day(self.at)
        program = asked_program(request.query_params.get("program", ""), partner)
        found = explain(partner, asked_day(request.query_params.get("as_of", ""), today), today, program)
        told = serializers.plain(found, appealable(partner, today))
        return Response(serializers.ExplanationSerializer(told).data)


class RecalculationViewSet(BaseViewSet):
    """Looking at tiers again, now."""

    queryset = Partner.objects.all()
    serializer_class = serializers.RecalculateSerializer

    @extend_schema(request=serializers.RecalculateSerializer, responses=serializers.RecalculationSerializer)
    def create(self, request: Request) -> Response:
        """Hold today's facts against the published version, for one partner or for all that you see."""
        require_known(request.query_params, {"format"})
        self.permit(P.TIER_RECALCULATE)
        data = self.clean(serializers.RecalculateSerializer)
        return self.write(lambda: self._recalculate(data.get("partner")))

    def _recalculate(self, partner: Partner | None) -> Response:
        ids = [partner.pk] if partner else None
        done = actions.recalculate(by=self.actor, as_of=day(self.at), at=self.at, partner_ids=ids)
        return Response({**done.as_json(), "as_of": day(self.at).isoformat()})
