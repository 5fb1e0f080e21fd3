"""The pipeline as the API shows it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from core.api import MoneyField
from deals.serializers.registrations import StageRowSerializer


class RateSerializer(serializers.Serializer):
    currency = serializers.CharField()
    rate = serializers.DecimalField(18, 8, help_text=_("Units of the program's currency for one."))
    on = serializers.DateField()


class GatheredSerializer(serializers.Serializer):
    """What stands around figures that are gathered: nothing follows on another page."""

    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    currency = serializers.CharField(help_text=_("The program's."))
    as_of = serializers.DateField()
    rates = RateSerializer(many=True)


class SumsSerializer(serializers.Serializer):
    deals = serializers.IntegerField()
    amounts = serializers.ListField(child=MoneyField(), help_text=_("Per currency."))
    value = MoneyField()
    weighted = MoneyField(help_text=_("By the chance of each deal's stage."))
    without_rate = serializers.ListField(
        child=serializers.CharField(), help_text=_("Currencies that are not in the sums.")
    )


class PileSerializer(SumsSerializer):
    stage = StageRowSerializer()


class PipelineSerializer(GatheredSerializer):
    results = PileSerializer(many=True)


class ForecastRowSerializer(SumsSerializer):
    group = serializers.CharField(
        allow_null=True, help_text=_("A market's code, a partner's or a person's id.")
    )
    name = serializers.CharField()
    month = serializers.CharField(help_text=_("2026-12, past or later."))
    starts_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True)


class ForecastSerializer(GatheredSerializer):
    by = serializers.CharField()
    deals = serializers.IntegerField()
    value = MoneyField()
    weighted = MoneyField()
    results = ForecastRowSerializer(many=True)
