"""The margin of a deal over the API."""

from __future__ import annotations

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
from deals.margins import margin_of_deal, told
from deals.models import Deal


class DealMarginSerializer(serializers.Serializer):
    """`percent` null: nothing gives a margin."""

    percent = serializers.CharField(allow_null=True)
    band = serializers.CharField(allow_blank=True)
    why = serializers.CharField()


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
        """The margin of today, with what it follows from."""
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
        actions.decide_deal_margin(by=self.actor, deal=deal, at=self.at, **data)
        return Response(self.plain(deal))

    def plain(self, deal: Deal) -> dict[str, Any]:
        found = margin_of_deal(deal, day(self.at))
        percent, band = (str(found.percent), found.band) if found else (None, "")
        return DealMarginSerializer({"percent": percent, "band": band, "why": told(found)["why"]}).data
