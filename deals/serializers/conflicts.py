"""Checks for conflicts as each side may read them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from deals import explanation, rules
from deals.models import (
    ConflictCheck,
)
from deals.serializers.registrations import DealRefSerializer


class FactorSerializer(serializers.Serializer):
    """One line of the arithmetic, as the check stored it."""

    code = serializers.ChoiceField(choices=list(rules.FACTOR_WORDS))
    mine = serializers.CharField()
    theirs = serializers.CharField()
    alike = serializers.DecimalField(4, 2)
    weight = serializers.DecimalField(4, 2)
    points = serializers.DecimalField(4, 1)


class CandidateSerializer(serializers.Serializer):
    """Another registration that was compared."""

    kind = serializers.ChoiceField(choices=list(rules.KINDS))
    number = serializers.CharField()
    partner = serializers.CharField()
    score = serializers.DecimalField(4, 1)
    complete_since = serializers.DateField()
    protected_until = serializers.DateField(allow_null=True)
    factors = FactorSerializer(many=True)


class PortalCandidateSerializer(serializers.Serializer):
    """The same without anything that tells who the other is or what it claims."""

    kind = serializers.ChoiceField(choices=list(rules.KINDS))
    complete_since = serializers.DateField()
    protected_until = serializers.DateField(allow_null=True)
    factors = serializers.ListField(child=serializers.DictField(child=serializers.CharField()))


class ConflictCheckSerializer(serializers.ModelSerializer):
    """A check with all that was compared."""

    deal = DealRefSerializer()
    rule = serializers.SerializerMethodField()
    candidates = serializers.SerializerMethodField()

    class Meta:
        model = ConflictCheck
        fields = [
            "id",
            "deal",
            "score",
            "verdict",
            "rule_version",
            "rule",
            "candidates",
            "created_at",
            "changed_at",
        ]

    def get_rule(self, check: ConflictCheck) -> str:
        return str(rules.PRECEDENCE)

    def get_candidates(self, check: ConflictCheck) -> list[dict[str, Any]]:
        return CandidateSerializer(explanation.candidates(check), many=True).data  # type: ignore[return-value]


class PortalConflictCheckSerializer(ConflictCheckSerializer):
    """A check as the partner may read it once its registration is decided."""

    def get_candidates(self, check: ConflictCheck) -> list[dict[str, Any]]:
        return PortalCandidateSerializer(explanation.for_partner(check), many=True).data  # type: ignore[return-value]
