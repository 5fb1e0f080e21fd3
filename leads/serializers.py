"""Leads, offers, routings, profiles and referrals as the API reads and writes them.

What a partner reads of a lead before it has accepted says nothing of whom it is about.
"""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django_countries import countries
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from catalog.models import Product
from core.api import MoneyField, StrictSerializer, VisibleRelated
from core.csv_lists import ADDED, KNOWN, REFUSED
from core.models import as_choices
from leads import routing, rules
from leads.imports import SHAPE
from leads.models import Candidate, Lead, LeadOffer, LeadProfile, Referral, Routing, RoutingRule, Specialty
from partners.models import Organization, Partner

COUNTRIES = [(code, str(name)) for code, name in countries]
LANGUAGE = r"^[a-z]{2}(-[A-Z]{2})?$"
# What nobody reads before it has accepted.
HIDDEN = (
    "customer_name", "organization", "street", "postcode", "city", "website", "contact_name", "contact_role",
    "contact_email", "contact_phone", "details", "source", "source_detail", "consent_on", "consent_text",
    "contact_note",
)  # fmt: skip


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


class DealRefSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    number = serializers.CharField()


# Leads ----------------------------------------------------------------------------------------------------------


class PortalLeadSerializer(serializers.ModelSerializer):
    """A lead as a partner reads it: all of it once accepted, before that what it is for."""

    country = serializers.CharField(read_only=True)
    amount = MoneyField(read_only=True)
    products = CodeField(many=True, read_only=True)
    specialty = CodeField(read_only=True)
    organization = OrganizationRefSerializer(read_only=True)
    deal = DealRefSerializer(read_only=True)
    is_disclosed = serializers.BooleanField(
        read_only=True, help_text=_("False before it is accepted: whom it is about is left empty until then.")
    )
    open_moves = serializers.SerializerMethodField()

    class Meta:
        model = Lead
        fields = [
            "id", "number", "state", "open_moves", "is_disclosed", "customer_name", "organization", "street",
            "postcode", "city", "country", "website", "contact_name", "contact_role", "contact_email",
            "contact_phone", "language", "specialty", "products", "need", "details", "amount", "source",
            "source_detail", "consent_basis", "consent_on", "consent_text", "due_at", "accepted_at", "contacted_at",
            "contacted_by", "contact_note", "deal", "reason", "comment", "closed_at", "created_at", "changed_at",
        ]  # fmt: skip

    @extend_schema_field(
        serializers.ListField(child=serializers.ChoiceField(choices=list(rules.EVENT_OF_MOVE)))
    )
    def get_open_moves(self, lead: Lead) -> list[str]:
        return [move for move in lead.open_moves if move in rules.MOVES_OF_PARTNER]

    def to_representation(self, lead: Lead) -> dict[str, Any]:
        found: dict[str, Any] = super().to_representation(lead)
        if not lead.is_disclosed:
            found |= {
                name: None if found[name] is None or isinstance(found[name], dict) else "" for name in HIDDEN
            }
            found["organization"] = found["consent_on"] = None
        return found


class LeadSerializer(PortalLeadSerializer):
    """A lead as the vendor reads it."""

    partner = PartnerRefSerializer(read_only=True)
    market = CodeField(read_only=True)
    owner = serializers.UUIDField(source="owner_id", read_only=True)
    is_referred = serializers.SerializerMethodField()

    class Meta(PortalLeadSerializer.Meta):
        fields = [
            *PortalLeadSerializer.Meta.fields, "partner", "market", "owner", "score", "external_ref", "is_referred",
        ]  # fmt: skip

    @extend_schema_field(
        serializers.ListField(child=serializers.ChoiceField(choices=list(rules.EVENT_OF_MOVE)))
    )
    def get_open_moves(self, lead: Lead) -> list[str]:
        return lead.open_moves

    def get_is_referred(self, lead: Lead) -> bool:
        return lead.referrer_id is not None

    def to_representation(self, lead: Lead) -> dict[str, Any]:
        return serializers.ModelSerializer.to_representation(self, lead)


class LeadFactsSerializer(StrictSerializer):
    """What a lead says."""

    customer_name = serializers.CharField(max_length=200)
    organization = VisibleRelated(queryset=Organization.objects.all(), required=False, allow_null=True)
    street = serializers.CharField(max_length=200, required=False, allow_blank=True)
    postcode = serializers.CharField(max_length=20, required=False, allow_blank=True)
    city = serializers.CharField(max_length=120, required=False, allow_blank=True)
    country = serializers.ChoiceField(choices=COUNTRIES)
    website = serializers.CharField(max_length=200, required=False, allow_blank=True)
    contact_name = serializers.CharField(max_length=120, required=False, allow_blank=True)
    contact_role = serializers.CharField(max_length=120, required=False, allow_blank=True)
    contact_email = serializers.EmailField(max_length=254, required=False, allow_blank=True)
    contact_phone = serializers.CharField(max_length=40, required=False, allow_blank=True)
    language = serializers.RegexField(LANGUAGE, max_length=10, required=False, allow_blank=True)
    specialty = CodeField(queryset=Specialty.objects.active(), required=False, allow_null=True)
    products = CodeField(queryset=Product.objects.active(), many=True, required=False)
    need = serializers.CharField(
        max_length=1000, required=False, allow_blank=True,
        help_text=_("Partners read this before they accept: no names, no addresses."),
    )  # fmt: skip
    details = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    amount = MoneyField(required=False, allow_null=True)
    source = serializers.ChoiceField(choices=as_choices(*rules.SOURCES), required=False)
    source_detail = serializers.CharField(max_length=120, required=False, allow_blank=True)
    consent_basis = serializers.ChoiceField(
        choices=as_choices(*rules.CONSENTS), required=False, allow_blank=True
    )
    consent_on = serializers.DateField(required=False, allow_null=True)
    consent_text = serializers.CharField(max_length=500, required=False, allow_blank=True)
    external_ref = serializers.CharField(max_length=100, required=False, allow_blank=True)


class EnterLeadSerializer(LeadFactsSerializer):
    """A new lead; `route_now` lets the rules look for a partner at once."""

    route_now = serializers.BooleanField(default=False)


class ReasonSerializer(StrictSerializer):
    reason = serializers.SlugField(max_length=40)
    comment = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class OfferSerializer(ReasonSerializer):
    partner = VisibleRelated(queryset=Partner.objects.all())


class ContactSerializer(StrictSerializer):
    way = serializers.ChoiceField(choices=as_choices(*rules.WAYS))
    note = serializers.CharField(max_length=400, required=False, allow_blank=True, default="")


class ConvertSerializer(StrictSerializer):
    """What the lead does not say of its registration, or says differently."""

    is_draft = serializers.BooleanField(default=False)
    customer_name = serializers.CharField(max_length=200, required=False)
    customer_country = serializers.ChoiceField(choices=COUNTRIES, required=False)
    customer_city = serializers.CharField(max_length=120, required=False, allow_blank=True)
    products = CodeField(queryset=Product.objects.active(), many=True, required=False)
    amount = MoneyField(required=False)
    expected_close_on = serializers.DateField(required=False)
    what_it_did = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    no_patient_data = serializers.BooleanField(required=False)
    external_ref = serializers.CharField(max_length=100, required=False, allow_blank=True)


class ImportSerializer(StrictSerializer):
    rows = serializers.CharField(
        max_length=SHAPE.most_characters,
        trim_whitespace=False,
        help_text=_("CSV text with at least the columns customer_name and country."),
    )
    dry_run = serializers.BooleanField(default=False)
    all_or_nothing = serializers.BooleanField(default=False)
    route_now = serializers.BooleanField(default=False)


class OutcomeSerializer(serializers.Serializer):
    line = serializers.IntegerField()
    customer = serializers.CharField()
    result = serializers.ChoiceField(choices=[ADDED, KNOWN, REFUSED])
    reason = serializers.CharField()
    number = serializers.CharField()


class LeadReportSerializer(serializers.Serializer):
    """What became of each line."""

    saved = serializers.BooleanField()
    added = serializers.IntegerField()
    known = serializers.IntegerField()
    refused = serializers.IntegerField()
    rows = OutcomeSerializer(many=True)


# Offers and routings --------------------------------------------------------------------------------------------


class LeadRefSerializer(serializers.ModelSerializer):
    class Meta:
        model = Lead
        fields = ["id", "number"]


class PortalLeadOfferSerializer(serializers.ModelSerializer):
    """An offer to one's own company: until when, and what was said."""

    lead = LeadRefSerializer()

    class Meta:
        model = LeadOffer
        fields = ["id", "lead", "state", "is_pulled", "due_at", "answered_at", "contacted_at", "converted_at",
                  "ended_at", "reason", "comment", "created_at", "changed_at"]  # fmt: skip


class LeadOfferSerializer(PortalLeadOfferSerializer):
    """An offer as the vendor reads it."""

    partner = PartnerRefSerializer()
    routing = serializers.UUIDField(source="routing_id", allow_null=True)

    class Meta(PortalLeadOfferSerializer.Meta):
        fields = [
            *PortalLeadOfferSerializer.Meta.fields,
            "partner",
            "routing",
            "offer_reason",
            "offer_comment",
        ]


class CheckSerializer(serializers.Serializer):
    code = serializers.ChoiceField(choices=list(routing.CONDITION_WORDS))
    needed = serializers.CharField()
    found = serializers.CharField()
    passed = serializers.BooleanField()


class CandidateSerializer(serializers.ModelSerializer):
    """A partner that was looked at, with each condition."""

    partner = PartnerRefSerializer()
    checks = CheckSerializer(many=True)

    class Meta:
        model = Candidate
        fields = ["partner", "passed", "is_chosen", "note", "checks"]


class RuleTriedSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    concerns = serializers.BooleanField()
    because = serializers.CharField()
    fitting = serializers.IntegerField()


class RoutingSerializer(serializers.ModelSerializer):
    """One look for a partner: the rules in their order, and one row per partner that you may see."""

    lead = LeadRefSerializer()
    rules_tried = RuleTriedSerializer(many=True)
    candidates = serializers.SerializerMethodField()

    class Meta:
        model = Routing
        fields = ["id", "lead", "outcome", "rule_version", "rule_code", "rule_name", "method", "rules_tried",
                  "candidates", "created_at", "changed_at"]  # fmt: skip

    @extend_schema_field(CandidateSerializer(many=True))
    def get_candidates(self, found: Routing) -> list[dict[str, Any]]:
        return CandidateSerializer(found.seen, many=True).data  # type: ignore[attr-defined,return-value]


# Reference data and profiles ------------------------------------------------------------------------------------


class SpecialtySerializer(serializers.ModelSerializer):
    class Meta:
        model = Specialty
        fields = ["id", "code", "name", "position", "is_active"]


class RoutingRuleSerializer(serializers.ModelSerializer):
    class Meta:
        model = RoutingRule
        fields = ["id", "code", "name", "position", "version_number", "method", "markets", "languages", "specialties",
                  "products", "partner_must", "categories", "minimum_tier", "gates"]  # fmt: skip


class LeadProfileSerializer(serializers.ModelSerializer):
    """Which leads a partner takes. Empty specialties or products are all of them."""

    partner = PartnerRefSerializer()
    specialties = CodeField(many=True, read_only=True)
    products = CodeField(many=True, read_only=True)

    class Meta:
        model = LeadProfile
        fields = ["id", "partner", "takes_leads", "languages", "specialties", "products", "capacity", "weight",
                  "created_at", "changed_at"]  # fmt: skip


class ProfileFactsSerializer(StrictSerializer):
    takes_leads = serializers.BooleanField(required=False)
    languages = serializers.ListField(
        child=serializers.RegexField(LANGUAGE, max_length=10), max_length=20, required=False
    )
    specialties = CodeField(queryset=Specialty.objects.active(), many=True, required=False)
    products = CodeField(queryset=Product.objects.active(), many=True, required=False)
    capacity = serializers.IntegerField(min_value=0, max_value=1000, required=False, allow_null=True)
    weight = serializers.IntegerField(min_value=1, max_value=100, required=False, allow_null=True)


class NewProfileSerializer(ProfileFactsSerializer):
    partner = VisibleRelated(queryset=Partner.objects.all())


# Referrals ------------------------------------------------------------------------------------------------------


class PortalReferralSerializer(serializers.ModelSerializer):
    """A referral as its partner reads it: what it said, and how far it is."""

    country = serializers.CharField(read_only=True)
    progress = serializers.ChoiceField(choices=list(rules.PROGRESS_WORDS), read_only=True)

    class Meta:
        model = Referral
        fields = ["id", "number", "progress", "external_ref", "customer_name", "country", "city", "contact_name",
                  "contact_role", "contact_email", "contact_phone", "message", "consented_on", "created_at",
                  "changed_at"]  # fmt: skip


class ReferralSerializer(PortalReferralSerializer):
    """A referral as the vendor reads it."""

    partner = PartnerRefSerializer(read_only=True)
    lead = serializers.SerializerMethodField()

    class Meta(PortalReferralSerializer.Meta):
        fields = [*PortalReferralSerializer.Meta.fields, "partner", "lead"]

    @extend_schema_field(serializers.UUIDField())
    def get_lead(self, referral: Referral) -> str:
        return str(referral.lead_id)


class ReferSerializer(StrictSerializer):
    """A contact who agreed to be contacted."""

    partner = VisibleRelated(
        queryset=Partner.objects.all(), required=False, help_text=_("Needed from the vendor's side alone.")
    )
    customer_name = serializers.CharField(max_length=200)
    country = serializers.ChoiceField(choices=COUNTRIES)
    city = serializers.CharField(max_length=120, required=False, allow_blank=True)
    contact_name = serializers.CharField(max_length=120)
    contact_role = serializers.CharField(max_length=120, required=False, allow_blank=True)
    contact_email = serializers.EmailField(max_length=254, required=False, allow_blank=True)
    contact_phone = serializers.CharField(max_length=40, required=False, allow_blank=True)
    message = serializers.CharField(max_length=1000, required=False, allow_blank=True)
    consented_on = serializers.DateField()
    has_consent = serializers.BooleanField()
    external_ref = serializers.CharField(max_length=100, required=False, allow_blank=True)
