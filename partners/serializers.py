"""Partners, their people and organisations as the API reads and writes them."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django_countries import countries
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import User
from catalog.models import Channel
from core.api import StrictSerializer, VisibleRelated
from core.models import validate_zone
from core.money import CURRENCIES
from partners.models import (
    CategoryAssignment,
    Contact,
    MovedRow,
    Organization,
    OrganizationIdentifier,
    OrganizationName,
    Partner,
    Restructuring,
)
from partners.rules import KINDS, MERGE, MOVE, NAME_KINDS, SCHEMES

COUNTRIES = [(code, str(name)) for code, name in countries]


class PartnerManagerSerializer(serializers.Serializer):
    """Someone of the vendor who looks after a partner."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    email = serializers.EmailField()


class OrganizationRefSerializer(serializers.ModelSerializer):
    class Meta:
        model = Organization
        fields = ["id", "name"]


class CategoryAssignmentSerializer(serializers.ModelSerializer):
    code = serializers.CharField(source="category.code")
    name = serializers.CharField(source="category.name")

    class Meta:
        model = CategoryAssignment
        fields = ["code", "name", "is_primary", "valid_from"]


class HeldTierSerializer(serializers.Serializer):
    """The tier that a partner holds."""

    code = serializers.CharField(source="tier_code")
    name = serializers.CharField(source="tier_name")
    rank = serializers.IntegerField(source="tier_rank")


class PortalPartnerSerializer(serializers.ModelSerializer):
    """A partner as it sees itself."""

    organization = OrganizationRefSerializer()
    psm = PartnerManagerSerializer(allow_null=True)
    market = serializers.CharField(source="market.code", default=None)
    categories = serializers.SerializerMethodField()
    tier = serializers.SerializerMethodField()

    class Meta:
        model = Partner
        fields = [
            "id", "name", "organization", "state", "psm", "market", "country", "time_zone", "currency", "categories",
            "tier", "participates_in_tiers", "sellers_see_own_only", "joined_on", "activated_on", "ended_on",
            "created_at", "changed_at",
        ]  # fmt: skip

    @extend_schema_field(CategoryAssignmentSerializer(many=True))
    def get_categories(self, partner: Partner) -> Any:
        # In Python, so that the list's prefetched rows are used.
        open_ones = [a for a in partner.category_assignments.all() if a.valid_until is None]
        rows = sorted(open_ones, key=lambda a: (not a.is_primary, a.category.position))
        return CategoryAssignmentSerializer(rows, many=True).data

    @extend_schema_field(HeldTierSerializer(allow_null=True))
    def get_tier(self, partner: Partner) -> Any:
        return HeldTierSerializer(partner).data if partner.tier_code else None


class PartnerSerializer(PortalPartnerSerializer):
    """A partner as the vendor sees it."""

    channel = serializers.CharField(source="channel.code", default=None)

    class Meta(PortalPartnerSerializer.Meta):
        fields = [
            *PortalPartnerSerializer.Meta.fields,
            "state_reason",
            "state_comment",
            "channel",
            "is_strategic",
        ]


class ChangePartnerSerializer(StrictSerializer):
    name = serializers.CharField(max_length=200)
    time_zone = serializers.CharField(max_length=64, validators=[validate_zone])
    currency = serializers.ChoiceField(choices=list(CURRENCIES))
    channel = serializers.SlugRelatedField(
        slug_field="code", queryset=Channel.objects.active(), allow_null=True
    )
    is_strategic = serializers.BooleanField()


class LimitSellersSerializer(StrictSerializer):
    """Whether sellers see only their own deals."""

    own_only = serializers.BooleanField()


class PartnerReasonSerializer(StrictSerializer):
    reason = serializers.SlugField(max_length=40, help_text=_("A reason code of the move's domain."))
    comment = serializers.CharField(
        max_length=500, allow_blank=True, default="", help_text=_("For the vendor's people.")
    )


class AssignManagerSerializer(StrictSerializer):
    psm = VisibleRelated(queryset=User.objects.all())


class ContactSerializer(serializers.ModelSerializer):
    class Meta:
        model = Contact
        fields = [
            "id", "partner", "user", "name", "email", "title", "phone", "is_main", "left_on", "created_at",
            "changed_at",
        ]  # fmt: skip


class ChangeContactSerializer(StrictSerializer):
    name = serializers.CharField(max_length=120)
    email = serializers.EmailField(allow_blank=True, required=False)
    title = serializers.CharField(max_length=120, allow_blank=True, required=False)
    phone = serializers.CharField(max_length=40, allow_blank=True, required=False)


class AddContactSerializer(ChangeContactSerializer):
    partner = VisibleRelated(queryset=Partner.objects.all())


class PortalOrganizationSerializer(serializers.ModelSerializer):
    """An organisation as a partner that may know of it sees it."""

    country = serializers.CharField(read_only=True)  # the model's own field cannot say "none"

    class Meta:
        model = Organization
        fields = ["id", "name", "country", "city", "created_at", "changed_at"]


class OrganizationNameSerializer(serializers.ModelSerializer):
    class Meta:
        model = OrganizationName
        fields = ["name", "kind"]


class OrganizationIdentifierSerializer(serializers.ModelSerializer):
    class Meta:
        model = OrganizationIdentifier
        fields = ["scheme", "value"]


class OrganizationSerializer(PortalOrganizationSerializer):
    domains = serializers.SlugRelatedField(slug_field="domain", many=True, read_only=True)
    other_names = OrganizationNameSerializer(many=True, read_only=True)
    identifiers = OrganizationIdentifierSerializer(many=True, read_only=True)

    class Meta(PortalOrganizationSerializer.Meta):
        fields = [
            *PortalOrganizationSerializer.Meta.fields, "legal_name", "kind", "parent", "root", "merged_into", "website",
            "domains", "other_names", "identifiers", "is_public_body", "is_healthcare_provider", "public_directory",
            "is_prospect",
        ]  # fmt: skip


class ChangeOrganizationSerializer(StrictSerializer):
    name = serializers.CharField(max_length=200)
    legal_name = serializers.CharField(max_length=200, allow_blank=True, required=False)
    kind = serializers.ChoiceField(choices=[(kind, kind) for kind in KINDS], required=False)
    country = serializers.ChoiceField(choices=COUNTRIES, allow_blank=True, required=False)
    city = serializers.CharField(max_length=120, allow_blank=True, required=False)
    website = serializers.URLField(max_length=200, allow_blank=True, required=False)
    is_public_body = serializers.BooleanField(required=False)
    is_healthcare_provider = serializers.BooleanField(required=False)
    public_directory = serializers.BooleanField(required=False)
    is_prospect = serializers.BooleanField(required=False)


class AddOrganizationSerializer(ChangeOrganizationSerializer):
    parent = VisibleRelated(queryset=Organization.objects.all(), required=False, allow_null=True)
    domains = serializers.ListField(
        child=serializers.CharField(max_length=253), required=False, max_length=20
    )

    def validate_domains(self, domains: list[str]) -> tuple[str, ...]:
        return tuple(domains)


class AddNameSerializer(StrictSerializer):
    name = serializers.CharField(max_length=200)
    kind = serializers.ChoiceField(choices=[(kind, kind) for kind in NAME_KINDS], default="alias")


class RemoveNameSerializer(StrictSerializer):
    name = serializers.CharField(max_length=200)


class DomainSerializer(StrictSerializer):
    domain = serializers.CharField(max_length=253)


class IdentifierSerializer(StrictSerializer):
    scheme = serializers.ChoiceField(choices=[(scheme, scheme) for scheme in SCHEMES])
    value = serializers.CharField(max_length=60)


class MovedRowSerializer(serializers.ModelSerializer):
    class Meta:
        model = MovedRow
        fields = ["model", "row_id", "field", "was", "became", "how"]


class RestructuringSerializer(serializers.ModelSerializer):
    """A merge, a move in the tree, or its undoing; `rows` are what a merge pointed elsewhere."""

    rows = MovedRowSerializer(many=True, read_only=True)

    class Meta:
        model = Restructuring
        fields = [
            "id", "kind", "state", "organization", "target", "undoes", "reason", "requested_by", "done_at", "rows",
            "created_at", "changed_at",
        ]  # fmt: skip


class AskRestructuringSerializer(StrictSerializer):
    kind = serializers.ChoiceField(choices=[(MERGE, MERGE), (MOVE, MOVE)])
    organization = VisibleRelated(queryset=Organization.objects.all())
    target = VisibleRelated(
        queryset=Organization.objects.all(), allow_null=True, required=False,
        help_text=_("The one that stays (merge), or the new parent (move; null: a top of its own)."),
    )  # fmt: skip
    reason = serializers.CharField(max_length=300, allow_blank=True, default="")

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        if data["kind"] == MERGE and data.get("target") is None:
            raise serializers.ValidationError({"target": _("Say which organization stays.")})
        return data


class ReasonedSerializer(StrictSerializer):
    reason = serializers.CharField(max_length=300, allow_blank=True, default="")
