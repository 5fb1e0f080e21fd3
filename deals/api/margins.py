"""The margin of a deal over the API."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import Permission as P
from core.api import BaseViewSet, StrictSerializer, require_known
from core.clock import day
from deals import actions
from deals.margins import margin_of_deal, priced_on, told
from deals.models import Deal
from tiers.margins import Margin


class DealMarginSerializer(serializers.Serializer):
    """`percent` null: nothing gives a margin. `on` is the day whose tier prices the deal: its win's, before that
    today."""

    percent = serializers.CharField(allow_null=True)
    band = serializers.CharField(allow_blank=True)
    policy = serializers.CharField(allow_blank=True)
    tier = serializers.CharField(allow_null=True)
    program = serializers.CharField(allow_null=True)
    program_version = serializers.IntegerField(allow_null=True)
    on = serializers.DateField()
    why = serializers.CharField()


def plain_margin(margin: Margin | None, on: date, *, is_own: bool) -> dict[str, Any]:
    """A deal's margin with the tier, the program and the version that give it, each null where there is none."""
    tier = margin.tier if margin else None
    version = tier.program_version if tier else None
    return {
        "percent": str(margin.percent) if margin else None,
        "band": margin.band if margin else "",
        "policy": margin.policy if margin else "",
        "tier": tier.code if tier else None,
        "program": version.program.code if version else None,
        "program_version": version.number if version else None,
        "on": on,
        "why": told(margin, is_own=is_own)["why"],
    }


class DecideDealMarginSerializer(StrictSerializer):
    percent = serializers.DecimalField(
        max_digits=5, decimal_places=2, min_value=Decimal(0), max_value=Decimal(100)
    )
    reason = serializers.CharField(max_length=500)
    ends_on = serializers.DateField(required=False, allow_null=True)


class DealMarginViewSet(BaseViewSet):
    """Which margin the partner gets on a deal, and why."""

    queryset = Deal.objects.select_related("partner")
    serializer_class = DealMarginSerializer

    @extend_schema(responses=DealMarginSerializer, operation_id="deals_margin_retrieve")
    def show(self, request: Request, pk: str) -> Response:
        """The margin of today, of a deal that was won that of its day, with what it follows from."""
        require_known(request.query_params, {"format"})
        deal = self.get_object()
        self.permit(P.DEAL_VIEW)
        return Response(self.plain(deal))

    @extend_schema(
        request=DecideDealMarginSerializer, responses=DealMarginSerializer, operation_id="deals_margin_create"
    )
    def decide(self, request: Request, pk: str) -> Response:
        """Decide the margin of this deal. Outside the band it takes the permission to decide on tiers."""
        require_known(request.query_params, {"format"})
        deal = self.get_object()
        self.permit(P.TIER_INVEST)
        data = self.clean(DecideDealMarginSerializer)
        return self.write(lambda: self._decide(deal, data))

    def _decide(self, deal: Deal, data: dict[str, Any]) -> Response:
        actions.decide_deal_margin(by=self.actor, deal=self.matched(deal), at=self.at, **data)
        return Response(self.plain(deal))

    def plain(self, deal: Deal) -> dict[str, Any]:
        on = priced_on(deal, day(self.at))
        found = plain_margin(margin_of_deal(deal, on), on, is_own=not self.actor.is_vendor)
        return DealMarginSerializer(found).data
