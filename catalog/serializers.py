"""Reference data as the API reads and writes it."""

from rest_framework import serializers

from accounts.models import User
from catalog.models import Channel, FxRate, Market, Product, ReasonCode, Region
from core.api import StrictSerializer, VisibleRelated
from core.money import CURRENCIES

CODED = ["id", "code", "name", "is_active", "source"]


class MarketSerializer(serializers.ModelSerializer):
    class Meta:
        model = Market
        fields = [*CODED, "countries", "currency", "time_zone", "languages"]


class ProductSerializer(serializers.ModelSerializer):
    class Meta:
        model = Product
        fields = [*CODED, "summary"]


class ChannelSerializer(serializers.ModelSerializer):
    class Meta:
        model = Channel
        fields = [*CODED, "target_markets", "sales_model", "investment"]


class PortalChannelSerializer(serializers.ModelSerializer):
    """Without what the vendor invests."""

    class Meta:
        model = Channel
        fields = ["id", "code", "name", "is_active", "target_markets"]


class ReasonSerializer(serializers.ModelSerializer):
    class Meta:
        model = ReasonCode
        fields = ["id", "domain", "code", "label", "requires_comment", "is_active"]


class RateSerializer(serializers.ModelSerializer):
    class Meta:
        model = FxRate
        fields = ["id", "currency", "base", "on", "rate", "origin"]


class AddRateSerializer(StrictSerializer):
    currency = serializers.ChoiceField(choices=list(CURRENCIES))
    on = serializers.DateField()
    rate = serializers.DecimalField(max_digits=18, decimal_places=8, min_value=0)
    origin = serializers.CharField(max_length=120, allow_blank=True, default="")


class RegionSerializer(serializers.ModelSerializer):
    markets = serializers.SlugRelatedField("code", many=True, read_only=True)

    class Meta:
        model = Region
        fields = ["id", "user", "markets", "created_at", "changed_at"]


class AssignRegionSerializer(StrictSerializer):
    user = VisibleRelated(queryset=User.objects.all())
    markets = serializers.SlugRelatedField("code", queryset=Market.objects.active(), many=True)
