"""Gates and their records as the API reads and writes them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from catalog.querysets import setting
from compliance.models import Gate, GateRecord
from core import clock
from core.api import StrictSerializer, VisibleRelated
from partners.models import Partner


class GateSerializer(serializers.ModelSerializer):
    class Meta:
        model = Gate
        fields = [
            "id",
            "code",
            "name",
            "evidence",
            "validity_months",
            "is_active",
            "created_at",
            "changed_at",
        ]


class PortalGateRecordSerializer(serializers.ModelSerializer):
    """A record as its partner sees it."""

    gate = serializers.CharField(source="gate.code")
    state = serializers.SerializerMethodField()

    class Meta:
        model = GateRecord
        fields = [
            "id", "partner", "gate", "state", "passed_on", "valid_until", "evidence", "revoked_on",
            "revocation_reason", "created_at", "changed_at",
        ]  # fmt: skip

    def get_state(self, record: GateRecord) -> str:
        """valid, expiring, expired or revoked, on today's date."""
        found: dict[str, Any] = self.context.setdefault("state_of", {})
        if not found:
            found.update(on=clock.today(), expiring_days=setting("gate.expiring_days"))
        return record.state(**found)


class GateRecordSerializer(PortalGateRecordSerializer):
    """A record as the vendor sees it."""

    class Meta(PortalGateRecordSerializer.Meta):
        fields = [*PortalGateRecordSerializer.Meta.fields, "recorded_by", "revocation_comment"]


class RecordGateSerializer(StrictSerializer):
    partner = VisibleRelated(queryset=Partner.objects.all())
    gate = serializers.SlugRelatedField(slug_field="code", queryset=Gate.objects.all())
    passed_on = serializers.DateField()
    valid_until = serializers.DateField(
        required=False, allow_null=True, help_text=_("The last valid day. Left out: by the gate's months.")
    )
    evidence = serializers.CharField(
        max_length=300, help_text=_("What proves it. Attach a file with POST /attachments/, kind “gate”.")
    )


class RevokeGateSerializer(StrictSerializer):
    reason = serializers.SlugField(max_length=40, help_text=_("A reason code of gate_revocation."))
    comment = serializers.CharField(required=False, allow_blank=True, max_length=500)
