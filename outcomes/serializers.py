"""Answers and contributions as the API reads and writes them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from core.api import StrictSerializer, VisibleRelated
from core.csv_lists import ADDED, KNOWN, MOST_CHARACTERS, REFUSED
from outcomes import rules
from outcomes.models import SatisfactionAnswer, ValueContribution
from partners.models import Organization, Partner


class OfCustomerSerializer(serializers.ModelSerializer):
    """The customer is told where the reader may know it, else null."""

    customer = serializers.SerializerMethodField()

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_customer(self, row: Any) -> Any:
        known = getattr(row, "is_customer_known", None)
        if known is None and row.customer_id:  # a row that was made a moment ago
            known = (
                Organization.objects.visible_to(self.context["request"].auth)
                .filter(pk=row.customer_id)
                .exists()
            )
        return str(row.customer_id) if row.customer_id and known else None


class PortalAnswerSerializer(OfCustomerSerializer):
    """An answer as the partner reads it."""

    class Meta:
        model = SatisfactionAnswer
        fields = [
            "id", "partner", "customer", "question", "answered_on", "score", "scale_low", "scale_high", "percent",
            "respondent_role", "withdrawn_on", "withdrawal_reason", "created_at", "changed_at",
        ]  # fmt: skip


class AnswerSerializer(PortalAnswerSerializer):
    """An answer as the vendor reads it."""

    class Meta(PortalAnswerSerializer.Meta):
        fields = [
            *PortalAnswerSerializer.Meta.fields, "source", "external_ref", "recorded_by", "withdrawal_comment",
        ]  # fmt: skip


class ContributionSerializer(OfCustomerSerializer):
    class Meta:
        model = ValueContribution
        fields = [
            "id", "partner", "customer", "kind", "title", "occurred_on", "quantity", "evidence", "evidence_url",
            "state", "verified_on", "declined_on", "decline_reason", "external_ref", "created_at", "changed_at",
        ]  # fmt: skip


class ScoreField(serializers.DecimalField):
    def __init__(self, **options: Any) -> None:
        super().__init__(
            max_digits=7, decimal_places=2, min_value=rules.SMALLEST, max_value=rules.LARGEST, **options
        )


class RecordAnswerSerializer(StrictSerializer):
    partner = VisibleRelated(queryset=Partner.objects.all())
    customer = VisibleRelated(queryset=Organization.objects.standing())
    answered_on = serializers.DateField()
    question = serializers.ChoiceField(choices=list(rules.QUESTIONS), default=rules.OVERALL)
    score = ScoreField()
    scale_low = ScoreField()
    scale_high = ScoreField()
    respondent_role = serializers.CharField(
        required=False, allow_blank=True, max_length=80, help_text=_("A role; no name of a person.")
    )
    external_ref = serializers.CharField(
        required=False, allow_blank=True, max_length=100,
        help_text=_("Your own reference: sent again with the same facts it answers with the first one."),
    )  # fmt: skip


class WithdrawSerializer(StrictSerializer):
    reason = serializers.SlugField(max_length=40, help_text=_("A reason code of answer_withdrawal."))
    comment = serializers.CharField(required=False, allow_blank=True, max_length=500)


class RecordContributionSerializer(StrictSerializer):
    partner = VisibleRelated(queryset=Partner.objects.all())
    kind = serializers.ChoiceField(choices=list(rules.KINDS))
    title = serializers.CharField(max_length=200)
    occurred_on = serializers.DateField()
    customer = VisibleRelated(queryset=Organization.objects.standing(), required=False, allow_null=True)
    quantity = serializers.IntegerField(min_value=1, max_value=rules.MOST_AT_ONCE, default=1)
    evidence = serializers.CharField(required=False, allow_blank=True, max_length=400)
    evidence_url = serializers.URLField(required=False, allow_blank=True, max_length=400)
    external_ref = serializers.CharField(required=False, allow_blank=True, max_length=100)


class DeclineSerializer(StrictSerializer):
    why = serializers.CharField(max_length=400, help_text=_("The partner reads this."))


class ImportSerializer(StrictSerializer):
    rows = serializers.CharField(
        max_length=MOST_CHARACTERS, trim_whitespace=False, help_text=_("CSV text, its first line the header.")
    )
    dry_run = serializers.BooleanField(default=False)


class LineSerializer(serializers.Serializer):
    line = serializers.IntegerField()
    name = serializers.CharField()
    result = serializers.ChoiceField(choices=[ADDED, KNOWN, REFUSED])
    reason = serializers.CharField()


class ReadInSerializer(serializers.Serializer):
    """What became of each line."""

    saved = serializers.BooleanField()
    added = serializers.IntegerField()
    known = serializers.IntegerField()
    refused = serializers.IntegerField()
    rows = LineSerializer(many=True)
