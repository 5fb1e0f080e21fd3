"""People, memberships, invitations and keys as the API reads and writes them."""

from datetime import timedelta
from typing import Any

from rest_framework import serializers

from accounts.models import ApiKey, Invitation, Membership, User, partner_model
from accounts.roles import ROLES
from core.api import StrictModelSerializer, StrictSerializer, VisibleRelated
from core.models import Vendor


class PersonSerializer(serializers.Serializer):
    """A person, as colleagues see it."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    email = serializers.EmailField()
    is_active = serializers.BooleanField()


class VendorSerializer(serializers.ModelSerializer):
    class Meta:
        model = Vendor
        fields = ["id", "name", "tagline", "accent", "currency", "time_zone", "support_address", "changed_at"]


class ChangeVendorSerializer(StrictModelSerializer):
    class Meta:
        model = Vendor
        fields = ["name", "tagline", "accent", "time_zone", "support_address"]


class UserSerializer(serializers.ModelSerializer):
    class Meta:
        model = User
        fields = ["id", "name", "email", "time_zone", "theme", "is_active", "created_at", "changed_at"]


class ChangeProfileSerializer(StrictModelSerializer):
    class Meta:
        model = User
        fields = ["name", "time_zone", "theme"]


class DeactivateSerializer(StrictSerializer):
    reason = serializers.CharField(max_length=200, help_text="Kept in the record of what happened.")


class MembershipSerializer(serializers.ModelSerializer):
    user = PersonSerializer()

    class Meta:
        model = Membership
        fields = ["id", "user", "partner", "role", "is_primary", "created_at", "ended_at"]


class InvitationSerializer(serializers.ModelSerializer):
    class Meta:
        model = Invitation
        fields = ["id", "partner", "name", "email", "role", "state", "expires_at", "created_at"]


class KeySerializer(serializers.ModelSerializer):
    class Meta:
        model = ApiKey
        fields = [
            "id",
            "partner",
            "name",
            "prefix",
            "may_write",
            "expires_at",
            "revoked_at",
            "last_used_at",
            "created_at",
        ]


class OwnPartner(StrictSerializer):
    """Which partner a write is about; a partner's own client leaves it out."""

    partner = VisibleRelated(
        queryset=partner_model().objects.all(), required=False, allow_null=True, default=None
    )

    def validate_partner(self, partner: Any) -> Any:
        actor = self.context["request"].auth
        if actor.is_vendor:
            return partner
        return partner_model().objects.visible_to(actor).get()

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        data["partner"] = self.validate_partner(data.get("partner"))
        return data


class InviteSerializer(OwnPartner):
    name = serializers.CharField(max_length=120)
    email = serializers.EmailField()
    role = serializers.ChoiceField(choices=list(ROLES))


class RoleSerializer(StrictSerializer):
    role = serializers.ChoiceField(choices=list(ROLES))


class MakeKeySerializer(OwnPartner):
    name = serializers.CharField(max_length=80)
    may_write = serializers.BooleanField(default=False)
    days = serializers.IntegerField(min_value=1, max_value=365, default=90)

    def validate_days(self, days: int) -> timedelta:
        return timedelta(days=days)


class MadeKeySerializer(KeySerializer):
    """The key with its text: shown this once."""

    key = serializers.CharField(source="text")

    class Meta(KeySerializer.Meta):
        fields = [*KeySerializer.Meta.fields, "key"]


class AcceptInvitationSerializer(StrictSerializer):
    """Joining: a new address chooses name and password, one with an account sends its password."""

    token = serializers.CharField(max_length=200)
    name = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
    password = serializers.CharField(max_length=200, trim_whitespace=False)
