"""The figures of deals as the API shows them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from core.api import MoneyField


class PartnerValueSerializer(serializers.Serializer):
    partner = serializers.UUIDField()
    value = serializers.IntegerField(allow_null=True)
    rows = serializers.IntegerField()


class DealFigureSerializer(serializers.Serializer):
    key = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField(
        help_text=_(
            "money: minor units of the program's currency; percent: whole; days: tenths of a business day."
        )
    )
    direction = serializers.CharField()
    question = serializers.CharField()
    population = serializers.CharField()
    window = serializers.CharField()
    value = serializers.IntegerField(
        allow_null=True, help_text=_("Of all together; null: no fact, or never added.")
    )
    rows = serializers.IntegerField(allow_null=True)
    partners = PartnerValueSerializer(many=True)


class DealFiguresSerializer(serializers.Serializer):
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    as_of = serializers.DateField()
    results = DealFigureSerializer(many=True)


class FigureRowSerializer(serializers.Serializer):
    label = serializers.CharField()
    on = serializers.DateField(allow_null=True)
    value = serializers.IntegerField(allow_null=True)
    excluded = serializers.CharField(help_text=_("Why it does not count; empty where it does."))
    subject = serializers.UUIDField(source="subject_id", allow_null=True)


class FigureRowsSerializer(serializers.Serializer):
    key = serializers.CharField()
    unit = serializers.CharField()
    as_of = serializers.DateField()
    value = serializers.IntegerField(allow_null=True)
    rows = FigureRowSerializer(many=True)


class LensSerializer(serializers.Serializer):
    family = serializers.CharField()
    partners = MoneyField()
    direct = MoneyField()
    nobody = MoneyField()
    booked = MoneyField()
    partner_count = serializers.IntegerField(source="n_partners")


class LensesSerializer(serializers.Serializer):
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    as_of = serializers.DateField()
    results = LensSerializer(many=True)
