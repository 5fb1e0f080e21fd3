"""Checks for conflicts as each side may read them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from deals import conflict, explanation
from deals.models import (
    ConflictCheck,
    ConflictRules,
)
from deals.serializers.registrations import DealRefSerializer


class FactorSerializer(serializers.Serializer):
    """One line of the arithmetic, as the check stored it."""

    code = serializers.ChoiceField(choices=list(conflict.FACTOR_WORDS))
    mine = serializers.CharField()
    theirs = serializers.CharField()
    alike = serializers.DecimalField(4, 2)
    weight = serializers.DecimalField(4, 2)
    points = serializers.DecimalField(4, 1)


class CandidateSerializer(serializers.Serializer):
    """One that the registration was compared with, as the check stored it."""

    kind = serializers.ChoiceField(choices=list(conflict.KINDS))
    number = serializers.CharField(source="snapshot.title")
    partner = serializers.CharField(source="snapshot.holder")
    customer = serializers.CharField(source="snapshot.name")
    score = serializers.DecimalField(4, 1)
    verdict = serializers.ChoiceField(choices=list(conflict.VERDICTS))
    because = serializers.ChoiceField(choices=list(conflict.MATCH_WORDS))
    prevails = serializers.ChoiceField(choices=[conflict.THEIRS, conflict.MINE, conflict.OPEN])
    precedence = serializers.CharField()
    complete_since = serializers.DateField(source="since", allow_null=True)
    protected_until = serializers.DateField(source="until", allow_null=True)
    confirmed_on = serializers.DateField(
        source="snapshot.confirmed_on",
        default=None,
        help_text=_("When the list of direct accounts last confirmed it."),
    )
    factors = FactorSerializer(many=True)


class AlikeSerializer(serializers.Serializer):
    """One factor in words: a number would tell what the other claims."""

    name = serializers.CharField()
    yours = serializers.CharField()
    theirs = serializers.CharField()
    alike = serializers.ChoiceField(choices=list(explanation.ALIKE_WORDS))


class PortalCandidateSerializer(serializers.Serializer):
    """The same without anything that tells who the other is or what it claims."""

    kind = serializers.ChoiceField(choices=list(conflict.KINDS))
    complete_since = serializers.DateField(allow_null=True)
    protected_until = serializers.DateField(allow_null=True)
    factors = AlikeSerializer(many=True)


class OwnWinSerializer(serializers.Serializer):
    """What the partner itself had won on the customer; never scored."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    won_on = serializers.CharField()


class ConflictCheckSerializer(serializers.ModelSerializer):
    """A check with all that was compared."""

    deal = DealRefSerializer()
    own_wins = OwnWinSerializer(many=True)
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
            "own_wins",
            "created_at",
            "changed_at",
        ]

    def get_rule(self, check: ConflictCheck) -> str:
        return explanation.rule_of(check)

    def get_candidates(self, check: ConflictCheck) -> list[dict[str, Any]]:
        return CandidateSerializer(check.candidates.all(), many=True).data  # type: ignore[return-value]


class PortalConflictCheckSerializer(ConflictCheckSerializer):
    """A check as the partner may read it once it is decided: bands, and not to which customer we linked it."""

    own_wins = None

    class Meta(ConflictCheckSerializer.Meta):
        fields = [name for name in ConflictCheckSerializer.Meta.fields if name not in ("own_wins", "score")]

    def get_candidates(self, check: ConflictCheck) -> list[dict[str, Any]]:
        return PortalCandidateSerializer(explanation.for_partner(check), many=True).data  # type: ignore[return-value]


class PortalConflictRulesSerializer(serializers.ModelSerializer):
    """What was published under a number; shares in hundredths."""

    weights = serializers.DictField(child=serializers.IntegerField())
    matches = serializers.DictField(child=serializers.IntegerField())
    bands = serializers.DictField(child=serializers.IntegerField())
    precedence = serializers.ListField(child=serializers.ChoiceField(choices=list(conflict.PRECEDENCE_WORDS)))

    class Meta:
        model = ConflictRules
        fields = ["id", "number", "weights", "matches", "bands", "precedence", "look_back_days", "created_at"]


class ConflictRulesSerializer(PortalConflictRulesSerializer):
    source = serializers.JSONField(read_only=True)

    class Meta(PortalConflictRulesSerializer.Meta):
        fields = [*PortalConflictRulesSerializer.Meta.fields, "source"]
