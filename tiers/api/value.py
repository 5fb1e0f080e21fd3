"""What tiers give and cost, over the API."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import Permission as P
from core.api import BaseViewSet, creates, require_known, verb
from core.clock import day
from partners.models import Partner
from tiers import actions, filters
from tiers.benefits import entitlements_of
from tiers.comparison import MOST_ROWS, Comparison
from tiers.margins import margin_of
from tiers.models import BenefitUse, MarginDecision, Program, TierInvestment, TierRun
from tiers.serializers import value as serializers


class BenefitUseViewSet(BaseViewSet):
    """What partners used of their benefits."""

    queryset = BenefitUse.objects.select_related("program", "partner")
    serializer_class = serializers.BenefitUseSerializer
    portal_serializer_class = serializers.PortalBenefitUseSerializer
    filterset_class = filters.BenefitUseFilters
    view_permission = P.TIER_VIEW
    orderings = {"used_on": "used_on", "created_at": "created_at"}
    default_ordering = "-used_on"

    @creates(serializers.RecordBenefitUseSerializer, permission=P.TIER_INVEST)
    def create(self, data: dict[str, Any]) -> BenefitUse:
        """Record a use. More than is left in the period is refused."""
        return actions.record_benefit_use(by=self.actor, at=self.at, **data)

    @verb(permission=P.TIER_INVEST, path="take-back")
    def take_back(self, use: BenefitUse, data: dict[str, Any]) -> BenefitUse:
        """It was recorded by mistake and no longer counts."""
        return actions.take_back_benefit_use(by=self.actor, use=use, at=self.at)


class InvestmentViewSet(BaseViewSet):
    """What we spent on partners. Partners never see it."""

    queryset = TierInvestment.objects.select_related("partner")
    serializer_class = serializers.InvestmentSerializer
    filterset_class = filters.InvestmentFilters
    view_permission = P.TIER_VIEW
    orderings = {"spent_on": "spent_on", "created_at": "created_at"}
    default_ordering = "-spent_on"

    @creates(serializers.RecordInvestmentSerializer, permission=P.TIER_INVEST)
    def create(self, data: dict[str, Any]) -> TierInvestment:
        """Record what was spent, in any currency; the program's amount is at the rate of the day."""
        return actions.record_investment(by=self.actor, at=self.at, **data)

    @verb(permission=P.TIER_INVEST, path="take-back")
    def take_back(self, investment: TierInvestment, data: dict[str, Any]) -> TierInvestment:
        """It was recorded by mistake and no longer counts."""
        return actions.take_back_investment(by=self.actor, investment=investment, at=self.at)


class MarginDecisionViewSet(BaseViewSet):
    """Recorded decisions about margins."""

    queryset = MarginDecision.objects.select_related("partner")
    serializer_class = serializers.MarginDecisionSerializer
    portal_serializer_class = serializers.PortalMarginDecisionSerializer
    filterset_class = filters.MarginDecisionFilters
    view_permission = P.TIER_VIEW
    orderings = {"starts_on": "starts_on", "created_at": "created_at"}
    default_ordering = "-starts_on"

    @creates(serializers.DecideMarginSerializer, permission=P.TIER_INVEST)
    def create(self, data: dict[str, Any]) -> MarginDecision:
        """Decide a partner's margin. Outside the band of its tier it takes the permission to decide on tiers."""
        return actions.decide_margin(by=self.actor, at=self.at, **data)

    @verb(permission=P.TIER_INVEST)
    def end(self, decision: MarginDecision, data: dict[str, Any]) -> MarginDecision:
        """From today the tier's own margin holds again."""
        return actions.end_margin_decision(by=self.actor, decision=decision, at=self.at)


class RunViewSet(BaseViewSet):
    """Runs of the recalculation."""

    queryset = TierRun.objects.select_related("program_version", "program")
    serializer_class = serializers.RunSerializer
    filterset_class = filters.RunFilters
    view_permission = P.TIER_VIEW
    orderings = {"started_at": "started_at", "created_at": "created_at"}
    default_ordering = "-started_at"


class OfPartnerViewSet(BaseViewSet):
    """What follows for one partner from its tier."""

    queryset = Partner.objects.all()
    serializer_class = serializers.EntitlementsSerializer

    @extend_schema(responses=serializers.EntitlementsSerializer, operation_id="partners_benefits_retrieve")
    def benefits(self, request: Request, pk: str) -> Response:
        """What the partner may use of its benefits in the periods of today, what it has used, and what is left."""
        require_known(request.query_params, {"format"})
        partner = self.get_object()
        self.permit(P.TIER_VIEW)
        found = [serializers.plain_entitlement(one) for one in entitlements_of(partner, day(self.at))]
        return Response(serializers.EntitlementsSerializer({"results": found}).data)

    @extend_schema(
        parameters=[OpenApiParameter("product", str, description="A product's code: its program prices it.")],
        responses=serializers.PricedSerializer,
        operation_id="partners_margin_retrieve",
    )
    def margin(self, request: Request, pk: str) -> Response:
        """The margin on a new deal of today, and what it follows from."""
        require_known(request.query_params, {"format", "product"})
        partner = self.get_object()
        self.permit(P.TIER_VIEW)
        product = request.query_params.get("product", "")
        found = margin_of(partner, day(self.at), [product] if product else [])
        if found is None:
            nothing = {
                "percent": None,
                "band": "",
                "policy": "",
                "tier": None,
                "why": _("Nothing gives a margin."),
            }
            return Response(serializers.PricedSerializer(nothing).data)
        tier = found.tier.code if found.tier else None
        plain = {"percent": str(found.percent), "band": found.band, "policy": found.policy, "tier": tier}
        return Response(serializers.PricedSerializer({**plain, "why": found.why}).data)


class ComparisonViewSet(BaseViewSet):
    """What each tier costs and returns."""

    queryset = Program.objects.all()
    serializer_class = serializers.ComparisonSerializer

    @extend_schema(
        parameters=[
            OpenApiParameter("program", str, description="A program's code; the first one without it."),
            OpenApiParameter(
                "tier", str, description="A tier's code, or `none`: the partners behind its line."
            ),
        ],
        responses=serializers.ComparisonSerializer,
        operation_id="tier_comparison_retrieve",
    )
    def show(self, request: Request) -> Response:
        """The trailing year of each tier, over the partners that you see."""
        require_known(request.query_params, {"format", "program", "tier"})
        self.permit(P.WORKSPACE_VIEW)
        code = request.query_params.get("program", "")
        running = Program.objects.running()
        program = (running.filter(code=code) if code else running).first()
        if program is None:
            raise ValidationError({"program": _("No such program is in force.")})
        version, today = program.versions.active().get(), day(self.at)
        compared = Comparison(version, today, Partner.objects.visible_to(self.actor))
        found = {
            "program": program.code,
            "version": version.number,
            "as_of": today,
            "starts_on": compared.starts_on,
            "gross_margin_percent": compared.gross,
            "results": [serializers.plain_line(one) for one in compared.lines()],
            "rows": self.rows(compared, request.query_params.get("tier", "")),
        }
        return Response(serializers.ComparisonSerializer(found).data)

    def rows(self, compared: Comparison, code: str) -> list[dict[str, Any]] | None:
        if not code:
            return None
        try:
            rows = compared.rows(compared.tier(code), MOST_ROWS)
        except KeyError:
            raise ValidationError({"tier": _("The program has no such tier.")}) from None
        names = Partner.objects.in_bulk([pk for pk, _line in rows])
        return [
            serializers.plain_line(line) | {"partner": {"id": str(pk), "name": names[pk].name}}
            for pk, line in rows
        ]
