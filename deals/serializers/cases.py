"""Conflict cases as the API shows and takes them; a partner reads its own side alone."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.models import User
from core.api import StrictSerializer, VisibleRelated
from deals import case_rules
from deals.case_words import words_of_outcome
from deals.models import CaseEvidence, CaseParty, ConflictCase, Deal
from deals.serializers.registrations import DealRefSerializer, PartnerRefSerializer


class CaseEvidenceSerializer(serializers.ModelSerializer):
    class Meta:
        model = CaseEvidence
        fields = ["id", "text", "is_of_vendor", "created_at"]


class PortalCasePartySerializer(serializers.ModelSerializer):
    """A partner's side of a conflict: what it was asked, what it gave, what was decided for it."""

    deal = DealRefSerializer(read_only=True)
    due_at = serializers.DateTimeField(source="case.due_at", read_only=True)
    is_open = serializers.BooleanField(source="case.is_running", read_only=True)
    evidence = serializers.SerializerMethodField()
    outcome = serializers.SerializerMethodField()
    rule = serializers.CharField(source="case.rule", read_only=True)
    rule_title = serializers.CharField(source="case.rule_title", read_only=True)
    rules_version = serializers.IntegerField(
        source="case.engagement_rules.number", default=None, read_only=True
    )

    class Meta:
        model = CaseParty
        fields = ["id", "deal", "asked_at", "answered_at", "due_at", "is_open", "evidence", "fate", "share", "told_at",
                  "outcome", "rule", "rule_title", "rules_version", "created_at", "changed_at"]  # fmt: skip

    @extend_schema_field(CaseEvidenceSerializer(many=True))
    def get_evidence(self, party: CaseParty) -> Any:
        """What the partner gave itself; the vendor's own notes are not for it."""
        own = [row for row in party.evidence.all() if not row.is_of_vendor]
        return CaseEvidenceSerializer(own, many=True).data

    def get_outcome(self, party: CaseParty) -> str:
        return " ".join(words_of_outcome(party).paragraphs) if party.told_at else ""


class CasePartySerializer(PortalCasePartySerializer):
    """One side as the vendor reads it."""

    partner = PartnerRefSerializer(read_only=True)
    case = serializers.UUIDField(source="case_id", read_only=True)

    class Meta(PortalCasePartySerializer.Meta):
        fields = [
            *PortalCasePartySerializer.Meta.fields, "case", "position", "partner", "direct_text", "proposed_share",
            "words",
        ]  # fmt: skip

    @extend_schema_field(CaseEvidenceSerializer(many=True))
    def get_evidence(self, party: CaseParty) -> Any:
        return CaseEvidenceSerializer(party.evidence.all(), many=True).data

    def get_outcome(self, party: CaseParty) -> str:
        return super().get_outcome(party) if party.deal else ""


class ConflictCaseSerializer(serializers.ModelSerializer):
    parties = CasePartySerializer(many=True, read_only=True)
    open_moves = serializers.ListField(child=serializers.CharField(), read_only=True)
    rules_version = serializers.IntegerField(source="engagement_rules.number", default=None, read_only=True)

    class Meta:
        model = ConflictCase
        fields = [
            "id", "number", "kind", "because", "state", "open_moves", "organization", "restructuring", "summary",
            "parties", "mediator", "due_at", "proposed_outcome", "proposal", "proposed_by", "proposed_at", "outcome",
            "rule", "rule_title", "rules_version", "reasoning", "precedent", "decided_by", "decided_at", "opened_by",
            "closed_at", "created_at", "changed_at",
        ]  # fmt: skip


class OpenCaseSerializer(StrictSerializer):
    """Two registrations of different partners, or one and a description of the vendor's own opportunity."""

    deal = VisibleRelated(queryset=Deal.objects.all())
    other = VisibleRelated(queryset=Deal.objects.all(), required=False, allow_null=True)
    direct = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
    summary = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")


class AssignMediatorSerializer(StrictSerializer):
    mediator = VisibleRelated(queryset=User.objects.all())


class GiveEvidenceSerializer(StrictSerializer):
    """Files are added to the party as attachments."""

    text = serializers.CharField(max_length=2000)


class OutcomeSerializer(StrictSerializer):
    outcome = serializers.ChoiceField(choices=list(case_rules.OUTCOME_WORDS.items()))
    first_share = serializers.IntegerField(min_value=0, max_value=100, required=False, allow_null=True)
    second_share = serializers.IntegerField(min_value=0, max_value=100, required=False, allow_null=True)

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        data["shares"] = (data.pop("first_share", None), data.pop("second_share", None))
        return data


class ProposeOutcomeSerializer(OutcomeSerializer):
    proposal = serializers.CharField(max_length=2000)


class DecideCaseSerializer(OutcomeSerializer):
    rule = serializers.CharField(
        max_length=40, help_text=_("The code of a rule of engagement that decides cases.")
    )
    reasoning = serializers.CharField(max_length=2000, help_text=_("For colleagues, and as a precedent."))
    precedent = serializers.SlugField(max_length=40, required=False, allow_blank=True, default="")
    first_words = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")
    second_words = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")

    def validate(self, data: dict[str, Any]) -> dict[str, Any]:
        data = super().validate(data)
        data["words"] = (data.pop("first_words"), data.pop("second_words"))
        return data


class CloseCaseSerializer(StrictSerializer):
    reasoning = serializers.CharField(max_length=2000)
