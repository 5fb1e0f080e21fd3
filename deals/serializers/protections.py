"""Protections and requests for more time."""

from __future__ import annotations

from functools import cached_property

from rest_framework import serializers

from deals import explanation
from deals.models import (
    Extension,
    Protection,
    ProtectionLength,
)
from deals.serializers.registrations import CodeField, DealRefSerializer, OrganizationRefSerializer


class ProtectionSerializer(serializers.ModelSerializer):
    """A protection; its partner is told which organization it is on, for it was approved."""

    deal = DealRefSerializer()
    organization = OrganizationRefSerializer()
    product = CodeField(read_only=True)

    class Meta:
        model = Protection
        fields = ["id", "deal", "organization", "includes_below", "product", "starts_on", "until", "ends_at",
                  "released_at", "created_at", "changed_at"]  # fmt: skip


class PortalExtensionSerializer(serializers.ModelSerializer):
    """A request for more time, and its answer."""

    deal = DealRefSerializer()
    reason = serializers.SerializerMethodField()
    open_moves = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Extension
        fields = ["id", "deal", "kind", "days", "evidence", "activity_on", "state", "open_moves", "due_at",
                  "decided_at", "reason", "comment", "until", "created_at", "changed_at"]  # fmt: skip

    def get_reason(self, extension: Extension) -> str:
        return "" if ("deal_extension_refusal", extension.reason) in self.hidden_reasons else extension.reason

    @cached_property
    def hidden_reasons(self) -> set[tuple[str, str]]:
        return explanation.hidden_reasons()


class ExtensionSerializer(PortalExtensionSerializer):
    """The same for the vendor, with who asked and who answered."""

    requested_by = serializers.UUIDField(source="requested_by_id", read_only=True)
    decided_by = serializers.UUIDField(source="decided_by_id", read_only=True)

    class Meta(PortalExtensionSerializer.Meta):
        fields = [*PortalExtensionSerializer.Meta.fields, "requested_by", "decided_by"]

    def get_reason(self, extension: Extension) -> str:
        return extension.reason


class ProtectionLengthSerializer(serializers.ModelSerializer):
    """How long the program protects which registrations."""

    class Meta:
        model = ProtectionLength
        fields = ["id", "code", "name", "definition", "position", "types", "tiers", "kinds", "public_bodies", "days",
                  "after_tender_days"]  # fmt: skip
