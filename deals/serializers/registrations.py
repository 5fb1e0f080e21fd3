"""Registrations as the API shows and takes them."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy as _
from django_countries import countries
from rest_framework import serializers

from accounts.models import User
from catalog.models import Channel, Product
from core.api import MoneyField, StrictSerializer, VisibleRelated
from core.models import as_choices
from deals import explanation, rules
from deals.models import (
    Deal,
    DealType,
    Stage,
)
from partners.models import Organization, Partner

COUNTRIES = [(code, str(name)) for code, name in countries]


class CodeField(serializers.SlugRelatedField):
    """A row of reference data by its code."""

    def __init__(self, **options: Any) -> None:
        super().__init__(slug_field="code", **options)


class PartnerRefSerializer(serializers.ModelSerializer):
    class Meta:
        model = Partner
        fields = ["id", "name"]


class OrganizationRefSerializer(serializers.ModelSerializer):
    class Meta:
        model = Organization
        fields = ["id", "name"]


class PersonRefSerializer(serializers.ModelSerializer):
    class Meta:
        model = User
        fields = ["id", "name"]


# Registrations --------------------------------------------------------------------------------------------------


# A draft and an answer are sent by one verb.
VERB_OF_MOVE = {"resubmit": "submit"}


class PortalDealSerializer(serializers.ModelSerializer):
    """A registration as its partner sees it."""

    customer_country = serializers.CharField(read_only=True)
    amount = MoneyField(read_only=True)
    products = CodeField(many=True, read_only=True)
    type = CodeField(read_only=True)
    channel = CodeField(read_only=True)
    stage = CodeField(read_only=True)
    duplicate_of = serializers.CharField(source="duplicate_of.number", default=None, read_only=True)
    renews = serializers.CharField(source="renews.number", default=None, read_only=True)
    people = PersonRefSerializer(many=True, read_only=True)
    organization = serializers.SerializerMethodField()
    reason = serializers.SerializerMethodField()
    rules_version = serializers.IntegerField(source="engagement_rules.number", default=None, read_only=True)
    open_moves = serializers.SerializerMethodField(
        help_text=_("The moves that are open in this state, each the name of its verb here.")
    )

    class Meta:
        model = Deal
        fields = [
            "id", "number", "origin_id", "origin_number", "external_ref", "source", "people", "state",
            "open_moves", "customer_name",
            "customer_country", "customer_city", "customer_website", "organization", "includes_below",
            "scope_reason", "products", "type", "channel", "amount", "expected_close_on", "what_it_did",
            "no_patient_data", "contact", "contact_agreed", "champion", "need", "use_case",
            "clinical_specialty", "facilities", "service_lines", "incumbent", "competitor", "help_wanted",
            "procurement_route", "procurement_reference", "tender_deadline_on", "renews", "stage",
            "stage_changed_at", "slips", "submitted_at", "occupied_until", "kept_until", "due_at",
            "escalated_at", "time_zone",
            "question", "asked_fields", "answer_until", "decided_at", "is_automatic", "rules_version",
            "decided_rule", "reason", "comment", "duplicate_of", "contested_until", "protected_from",
            "protected_until", "unconditional_until", "won_on", "win_reference", "closed_at", "created_at",
            "changed_at",
        ]  # fmt: skip

    def get_open_moves(self, deal: Deal) -> list[str]:
        return [VERB_OF_MOVE.get(move, move) for move in deal.open_moves]

    def get_organization(self, deal: Deal) -> dict[str, Any] | None:
        if not deal.is_customer_known or deal.organization is None:
            return None
        return OrganizationRefSerializer(deal.organization).data

    def get_reason(self, deal: Deal) -> str:
        return explanation.reason_for_partner(deal, self.hidden_reasons)

    @cached_property
    def hidden_reasons(self) -> set[tuple[str, str]]:
        """Asked once for a whole list: its rows share this serializer."""
        return explanation.hidden_reasons()


class ConditionSerializer(serializers.Serializer):
    """One condition of an approval without a person."""

    code = serializers.CharField()
    holds = serializers.BooleanField()
    found = serializers.CharField()
    needed = serializers.CharField()


class DealSerializer(PortalDealSerializer):
    """A registration as the vendor sees it."""

    partner = PartnerRefSerializer(read_only=True)
    submitted_by = serializers.UUIDField(source="submitted_by_id", read_only=True)
    decided_by = serializers.UUIDField(source="decided_by_id", read_only=True)
    assigned_to = serializers.UUIDField(source="assigned_to_id", read_only=True)
    version = serializers.IntegerField(read_only=True)
    automatic_conditions = ConditionSerializer(many=True, read_only=True)

    class Meta(PortalDealSerializer.Meta):
        fields = [
            *PortalDealSerializer.Meta.fields, "partner", "submitted_by", "decided_by", "conflict_score",
            "conflict_verdict", "escalate_at", "assigned_to", "automatic_conditions",
            "version",
        ]  # fmt: skip

    def get_organization(self, deal: Deal) -> dict[str, Any] | None:
        return OrganizationRefSerializer(deal.organization).data if deal.organization else None

    def get_reason(self, deal: Deal) -> str:
        return deal.reason


class DealFactsSerializer(StrictSerializer):
    """What a registration says. Everything but the customer's name may come later, in a draft."""

    customer_name = serializers.CharField(max_length=200, required=False)
    customer_country = serializers.ChoiceField(choices=COUNTRIES, required=False)
    customer_city = serializers.CharField(max_length=120, required=False, allow_blank=True)
    customer_website = serializers.CharField(max_length=200, required=False, allow_blank=True)
    organization = VisibleRelated(queryset=Organization.objects.all(), required=False, allow_null=True)
    includes_below = serializers.BooleanField(
        required=False, help_text=_("Claims all that belongs to the customer too; needs `scope_reason`.")
    )
    scope_reason = serializers.CharField(max_length=500, required=False, allow_blank=True)
    products = CodeField(queryset=Product.objects.active(), many=True, required=False)
    type = CodeField(queryset=DealType.objects.active(), required=False)
    channel = CodeField(queryset=Channel.objects.active(), required=False, allow_null=True)
    amount = MoneyField(required=False)
    expected_close_on = serializers.DateField(required=False)
    what_it_did = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    no_patient_data = serializers.BooleanField(required=False)
    external_ref = serializers.CharField(max_length=100, required=False, allow_blank=True)
    contact = serializers.CharField(max_length=200, required=False, allow_blank=True)
    competitor = serializers.CharField(max_length=200, required=False, allow_blank=True)
    help_wanted = serializers.ChoiceField(choices=as_choices(*rules.HELP), required=False)
    procurement_route = serializers.ChoiceField(
        choices=as_choices(*rules.PROCUREMENT), required=False, allow_blank=True
    )
    procurement_reference = serializers.CharField(max_length=100, required=False, allow_blank=True)
    tender_deadline_on = serializers.DateField(required=False, allow_null=True)
    renews = VisibleRelated(
        queryset=Deal.objects.all(), required=False, allow_null=True,
        help_text=_("The registration that a renewal continues."),
    )  # fmt: skip
    contact_agreed = serializers.BooleanField(
        required=False, help_text=_("The contact agreed to hear from the vendor.")
    )
    champion = serializers.CharField(max_length=200, required=False, allow_blank=True)
    need = serializers.CharField(max_length=1000, required=False, allow_blank=True)
    use_case = serializers.CharField(max_length=1000, required=False, allow_blank=True)
    clinical_specialty = serializers.CharField(max_length=120, required=False, allow_blank=True)
    facilities = serializers.CharField(max_length=400, required=False, allow_blank=True)
    service_lines = serializers.CharField(max_length=400, required=False, allow_blank=True)
    incumbent = serializers.CharField(max_length=200, required=False, allow_blank=True)


class RegisterDealSerializer(DealFactsSerializer):
    """A new registration: submitted at once, or kept as a draft."""

    partner = VisibleRelated(
        queryset=Partner.objects.all(), required=False, help_text=_("Needed from the vendor's side alone.")
    )
    is_draft = serializers.BooleanField(default=False)


# What hangs on them ---------------------------------------------------------------------------------------------


class DealRefSerializer(serializers.ModelSerializer):
    class Meta:
        model = Deal
        fields = ["id", "number"]


class EarlierDealSerializer(serializers.ModelSerializer):
    class Meta:
        model = Deal
        fields = ["id", "number", "state", "customer_name", "created_at"]


class DealTypeSerializer(serializers.ModelSerializer):
    class Meta:
        model = DealType
        fields = ["id", "code", "name", "definition", "names_earlier", "position", "is_active"]


class StageRowSerializer(serializers.ModelSerializer):
    class Meta:
        model = Stage
        fields = ["id", "code", "name", "definition", "probability", "position", "is_active"]


class PrecheckSerializer(serializers.Serializer):
    """What a partner is told before it submits: its own earlier registrations and the published rules."""

    earlier = EarlierDealSerializer(many=True)
    renewal_of = EarlierDealSerializer(
        allow_null=True, help_text=_("Your own win on this customer: register it as a renewal of that one.")
    )
    protection_days = serializers.IntegerField(
        allow_null=True, help_text=_("If approved; for a customer that was only typed, the usual length.")
    )
    because = serializers.CharField()
    margin = serializers.DictField(
        allow_null=True,
        help_text=_("The margin on a new deal of today in words, and why; “none” without a tier."),
    )
    next_submission_at = serializers.DateTimeField(
        allow_null=True, help_text=_("When the next submission can be sent; null for now.")
    )
