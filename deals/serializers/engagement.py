"""Rules of engagement as the API reads and writes them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from core.api import StrictSerializer
from deals import engagement
from deals.models import EngagementRules


class SectionSerializer(StrictSerializer):
    code = serializers.CharField(max_length=40)
    title = serializers.CharField(max_length=120)
    text = serializers.CharField(max_length=4000)
    decides = serializers.ListField(child=serializers.CharField(max_length=40), required=False, default=list)

    def to_internal_value(self, data: Any) -> engagement.Section:
        clean = super().to_internal_value(data)
        if missing := {"code", "title", "text"} - set(clean):
            raise serializers.ValidationError({name: [_("This is needed.")] for name in missing})
        return engagement.Section(
            clean["code"], clean["title"], clean["text"], tuple(clean.get("decides", ()))
        )


class PortalRulesSerializer(serializers.ModelSerializer):
    """A version that was announced."""

    class Meta:
        model = EngagementRules
        fields = ["id", "number", "name", "state", "sections", "changes", "is_adverse", "because", "announced_at",
                  "effective_on", "activated_at", "ended_at"]  # fmt: skip


class RulesSerializer(PortalRulesSerializer):
    open_moves = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta(PortalRulesSerializer.Meta):
        fields = [*PortalRulesSerializer.Meta.fields, "open_moves", "drafted_by", "created_at", "changed_at"]


class DraftRulesSerializer(StrictSerializer):
    name = serializers.CharField(max_length=120)
    sections = serializers.ListField(
        child=SectionSerializer(), min_length=1, max_length=engagement.MOST_SECTIONS
    )
    changes = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")
    is_adverse = serializers.BooleanField(required=False, default=True)
    because = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class AnnounceRulesSerializer(StrictSerializer):
    effective_on = serializers.DateField()
