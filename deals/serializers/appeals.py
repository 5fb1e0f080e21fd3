"""Appeals as the API shows and takes them."""

from __future__ import annotations

from rest_framework import serializers

from core.api import StrictSerializer, VisibleRelated
from deals.models import (
    Appeal,
    Deal,
)
from deals.serializers.registrations import DealRefSerializer, PartnerRefSerializer


class PortalAppealSerializer(serializers.ModelSerializer):
    """An appeal as its partner reads it: the promise, and the answer."""

    deal = DealRefSerializer(read_only=True)
    open_moves = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Appeal
        fields = ["id", "deal", "refusal", "refused_at", "grounds", "state", "open_moves", "due_at", "decided_at",
                  "answer", "created_at", "changed_at"]  # fmt: skip


class AppealSerializer(PortalAppealSerializer):
    """An appeal as the vendor reads it."""

    partner = PartnerRefSerializer(source="deal.partner", read_only=True)
    submitted_by = serializers.UUIDField(source="submitted_by_id", read_only=True)
    first_decided_by = serializers.UUIDField(source="first_decided_by_id", read_only=True)
    decided_by = serializers.UUIDField(source="decided_by_id", read_only=True)

    class Meta(PortalAppealSerializer.Meta):
        fields = [
            *PortalAppealSerializer.Meta.fields, "partner", "submitted_by", "first_decided_by", "decided_by", "note",
        ]  # fmt: skip


class FileAppealSerializer(StrictSerializer):
    """Evidence is added to the appeal as an attachment."""

    deal = VisibleRelated(queryset=Deal.objects.all())
    grounds = serializers.CharField(max_length=2000)


class UpholdAppealSerializer(StrictSerializer):
    """The registration is in review again; with `approve` it is approved at once and protected for `days`."""

    approve = serializers.BooleanField(default=False)
    days = serializers.IntegerField(min_value=1, max_value=730, required=False)
    answer = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")
    note = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


class DismissAppealSerializer(StrictSerializer):
    answer = serializers.CharField(max_length=1000)
    note = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")
