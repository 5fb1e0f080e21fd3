"""Reference data over the API."""

from typing import Any

from accounts.roles import Permission as P
from catalog import actions, filters, serializers
from catalog.models import Channel, FxRate, Market, Product, ReasonCode, Region
from core.api import BaseViewSet, creates


class MarketViewSet(BaseViewSet):
    """The markets of the program."""

    queryset = Market.objects.all()
    serializer_class = serializers.MarketSerializer


class RegionViewSet(BaseViewSet):
    """Which markets each person of the vendor looks after."""

    queryset = Region.objects.prefetch_related("markets")
    serializer_class = serializers.RegionSerializer
    view_permission = P.WORKSPACE_VIEW

    @creates(serializers.AssignRegionSerializer, permission=P.PARTNER_ASSIGN)
    def create(self, data: dict[str, Any]) -> Region:
        """Say which markets a person looks after, in place of what was said before."""
        return actions.assign_region(by=self.actor, at=self.at, **data)


class ProductViewSet(BaseViewSet):
    """What partners sell."""

    queryset = Product.objects.all()
    serializer_class = serializers.ProductSerializer


class ChannelViewSet(BaseViewSet):
    """The ways to the customer."""

    queryset = Channel.objects.all()
    serializer_class = serializers.ChannelSerializer
    portal_serializer_class = serializers.PortalChannelSerializer


class ReasonViewSet(BaseViewSet):
    """Why something can be decided, by domain."""

    queryset = ReasonCode.objects.all()
    serializer_class = serializers.ReasonSerializer
    filterset_class = filters.ReasonFilters

    def get_queryset(self) -> Any:
        found = super().get_queryset()
        return found if self.actor.is_vendor else found.filter(partner_visible=True)


class RateViewSet(BaseViewSet):
    """Exchange rates into the program's currency."""

    queryset = FxRate.objects.all()
    serializer_class = serializers.RateSerializer
    filterset_class = filters.RateFilters
    orderings = {"on": "on", "created_at": "created_at"}
    default_ordering = "-on"

    @creates(serializers.AddRateSerializer, permission=P.RATE_LOAD)
    def create(self, data: dict[str, Any]) -> FxRate:
        """Add the published rate of a day."""
        return actions.add_rate(by=self.actor, at=self.at, **data)
