"""What direct sales hold, as the API reads and writes it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from catalog.models import Product
from core.api import MoneyField, StrictSerializer, VisibleRelated
from core.csv_lists import ADDED, KNOWN, MOST_CHARACTERS, REFUSED
from deals import direct
from deals.models import BlockedAccount, DirectAccount, DirectOpportunity, SegmentPolicy
from deals.serializers.registrations import CodeField
from partners.models import Organization
from partners.serializers import COUNTRIES, OrganizationRefSerializer

STANDING = ["id", "organization", "reason", "since", "ended_on", "created_at", "changed_at"]


class DirectOpportunitySerializer(serializers.ModelSerializer):
    organization = OrganizationRefSerializer()
    products = serializers.SlugRelatedField("code", many=True, read_only=True)
    amount = MoneyField(read_only=True)

    class Meta:
        model = DirectOpportunity
        fields = [
            "id", "number", "external_ref", "organization", "title", "products", "owner", "stage", "state",
            "first_activity_on", "last_activity_on", "expected_close_on", "amount", "created_at",
            "changed_at",
        ]  # fmt: skip


class DirectAccountSerializer(serializers.ModelSerializer):
    organization = OrganizationRefSerializer()

    class Meta:
        model = DirectAccount
        fields = [*STANDING, "refreshed_on"]


class BlockedAccountSerializer(serializers.ModelSerializer):
    organization = OrganizationRefSerializer()

    class Meta:
        model = BlockedAccount
        fields = STANDING


class SegmentPolicySerializer(serializers.ModelSerializer):
    class Meta:
        model = SegmentPolicy
        fields = ["code", "name", "definition", "kinds", "markets", "mode", "position"]


class OfCustomerSerializer(StrictSerializer):
    """An organization by its id, or a customer as somebody names it."""

    organization = VisibleRelated(queryset=Organization.objects.standing(), required=False)
    customer = serializers.CharField(max_length=200, required=False)
    country = serializers.ChoiceField(choices=COUNTRIES, required=False)
    city = serializers.CharField(max_length=120, required=False, allow_blank=True)
    website = serializers.CharField(max_length=200, required=False, allow_blank=True)

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        named = {name: data.pop(name, "") for name in ("customer", "country", "city", "website")}
        if "organization" not in data:
            data["customer"] = named
        return data


class AccountSerializer(OfCustomerSerializer):
    reason = serializers.CharField(max_length=300)


class OpportunityFactsSerializer(StrictSerializer):
    title = serializers.CharField(max_length=200)
    products = CodeField(queryset=Product.objects.active(), many=True, required=False)
    owner = serializers.CharField(max_length=120, required=False, allow_blank=True)
    stage = serializers.CharField(max_length=60, required=False, allow_blank=True)
    state = serializers.ChoiceField(choices=list(direct.STATES), required=False)
    first_activity_on = serializers.DateField()
    last_activity_on = serializers.DateField(required=False, allow_null=True)
    expected_close_on = serializers.DateField(required=False, allow_null=True)
    amount = MoneyField(required=False, allow_null=True)


class RecordOpportunitySerializer(OpportunityFactsSerializer, OfCustomerSerializer):
    external_ref = serializers.CharField(max_length=100, required=False, allow_blank=True)


class DirectListSerializer(StrictSerializer):
    rows = serializers.CharField(
        max_length=MOST_CHARACTERS,
        trim_whitespace=False,
        help_text=_("CSV text; its first line names the columns."),
    )
    dry_run = serializers.BooleanField(default=False)


class LineOutcomeSerializer(serializers.Serializer):
    line = serializers.IntegerField()
    name = serializers.CharField()
    result = serializers.ChoiceField(choices=[ADDED, KNOWN, REFUSED])
    reason = serializers.CharField()


class ListReportSerializer(serializers.Serializer):
    """What became of each line."""

    saved = serializers.BooleanField()
    added = serializers.IntegerField()
    known = serializers.IntegerField()
    refused = serializers.IntegerField()
    rows = LineOutcomeSerializer(many=True)


class ListConfirmedSerializer(serializers.Serializer):
    """How many accounts the list holds."""

    confirmed = serializers.IntegerField()
