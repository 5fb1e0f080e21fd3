"""What the review of registrations takes and shows over the API."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.models import User
from core.api import StrictSerializer, VisibleRelated
from deals.actions import MOST_AT_ONCE
from deals.models import Deal, DealNote
from deals.serializers.registrations import DealRefSerializer


class AssignDealSerializer(StrictSerializer):
    to = VisibleRelated(queryset=User.objects.all(), allow_null=True)


class AddNoteSerializer(StrictSerializer):
    deal = VisibleRelated(queryset=Deal.objects.all())
    text = serializers.CharField(max_length=2000)


class DealNoteSerializer(serializers.ModelSerializer):
    deal = DealRefSerializer(read_only=True)

    class Meta:
        model = DealNote
        fields = ["id", "deal", "author", "text", "created_at"]


class BulkChoiceSerializer(StrictSerializer):
    id = VisibleRelated(queryset=Deal.objects.select_related("partner", "organization", "assigned_to"))
    version = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text=_("As it was last read."))


class BulkApproveSerializer(StrictSerializer):
    dry_run = serializers.BooleanField(default=True, help_text=_("Say what would happen, and do nothing."))
    deals = serializers.ListField(child=BulkChoiceSerializer(), min_length=1, max_length=MOST_AT_ONCE)


class OutcomeSerializer(serializers.Serializer):
    id = serializers.UUIDField(source="deal.pk")
    number = serializers.CharField(source="deal.number")
    is_approved = serializers.BooleanField()
    protected_until = serializers.DateField(source="until", allow_null=True)
    refused = serializers.CharField()
    code = serializers.CharField()
    warnings = serializers.ListField(child=serializers.CharField())


class BulkAnswerSerializer(serializers.Serializer):
    dry_run = serializers.BooleanField()
    results = OutcomeSerializer(many=True)
