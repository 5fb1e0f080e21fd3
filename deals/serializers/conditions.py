"""Conditions of an approval as the API shows and takes them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from core.api import StrictSerializer, VisibleRelated
from deals import rules
from deals.models import Condition
from deals.serializers.moves import ApproveSerializer
from deals.serializers.registrations import DealRefSerializer


class PortalConditionSerializer(serializers.ModelSerializer):
    """A condition, how its partner says that it is met, and whether the vendor has ticked it off."""

    deal = DealRefSerializer(read_only=True)
    state = serializers.ChoiceField(choices=["open", "answered", "met"], read_only=True)

    class Meta:
        model = Condition
        fields = ["id", "deal", "decided_at", "position", "text", "state", "answer", "answered_at", "met_at",
                  "created_at", "changed_at"]  # fmt: skip


class ConditionSerializer(PortalConditionSerializer):
    """The same for the vendor, with who answered and who ticked it off."""

    answered_by = serializers.UUIDField(source="answered_by_id", read_only=True)
    met_by = serializers.UUIDField(source="met_by_id", read_only=True)

    class Meta(PortalConditionSerializer.Meta):
        fields = [*PortalConditionSerializer.Meta.fields, "answered_by", "met_by"]


class AnswerConditionSerializer(StrictSerializer):
    answer = serializers.CharField(max_length=1000)
    evidence = serializers.FileField(required=False, help_text=_("Send it as multipart/form-data."))


class ApproveWithConditionsSerializer(ApproveSerializer):
    """`days` are the protection's own; until the conditions are met it holds until `conditions_until`."""

    conditions = serializers.ListField(
        child=serializers.CharField(max_length=300), min_length=1, max_length=rules.MOST_CONDITIONS
    )
    conditions_until = serializers.DateField()


class MeetConditionsSerializer(StrictSerializer):
    """Those that are met; without a list, all that are left."""

    conditions = serializers.ListField(
        child=VisibleRelated(queryset=Condition.objects.all()), required=False, allow_null=True,
        max_length=rules.MOST_CONDITIONS,
    )  # fmt: skip
    comment = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")
