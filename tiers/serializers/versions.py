"""Programs, the moves of versions, their content, differences, impact and parallel run as the API says them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from core.api import StrictSerializer
from core.money import Money
from tiers import impact, parallel, wording
from tiers.diff import Change
from tiers.models import Announcement, Program
from tiers.version_forms import LARGEST


class ProgramSerializer(serializers.ModelSerializer):
    """A tier program; empty categories and markets: for all."""

    categories = serializers.SlugRelatedField("code", many=True, read_only=True)
    markets = serializers.SlugRelatedField("code", many=True, read_only=True)
    products = serializers.SlugRelatedField("code", many=True, read_only=True)

    class Meta:
        model = Program
        fields = [
            "id", "code", "name", "position", "categories", "markets", "products", "created_at", "changed_at",
        ]  # fmt: skip


class ReturnSerializer(StrictSerializer):
    reason = serializers.CharField(max_length=2000, help_text=_("What is to be changed."))


class CallOffSerializer(StrictSerializer):
    reason = serializers.CharField(max_length=2000, help_text=_("Why it does not come."))


class ScheduleSerializer(StrictSerializer):
    effective_from = serializers.DateField(
        help_text=_("The first day; not before the promised notice is over.")
    )


class ImportSerializer(StrictSerializer):
    text = serializers.CharField(max_length=LARGEST, trim_whitespace=False, help_text=_("A version as YAML."))
    dry_run = serializers.BooleanField(
        default=False, help_text=_("Say what it would change, and change nothing.")
    )


class ContentSerializer(StrictSerializer):
    """A version's content in the words of its YAML. For PATCH, what is left out stays."""

    format = serializers.CharField(required=False)
    name = serializers.CharField(required=False, max_length=120)
    settings = serializers.DictField(required=False)
    benefits = serializers.DictField(required=False)
    tiers = serializers.DictField(required=False)


class ContentAnswer(serializers.Serializer):
    format = serializers.CharField()
    name = serializers.CharField()
    settings = serializers.DictField()
    benefits = serializers.DictField()
    tiers = serializers.DictField()


class ChangeSerializer(serializers.Serializer):
    """One difference. `tone`: "good" or "adverse" for partners, "" where neither is clear."""

    tier = serializers.CharField()
    sentence = serializers.CharField()
    kind = serializers.CharField()
    tone = serializers.CharField()
    was = serializers.CharField()
    becomes = serializers.CharField()


class DiffSerializer(serializers.Serializer):
    first = serializers.UUIDField(allow_null=True)
    second = serializers.UUIDField(allow_null=True)
    changes = ChangeSerializer(many=True)


class ImportedSerializer(serializers.Serializer):
    """What an import made, or would change: the new draft's id (null for a dry run)."""

    id = serializers.UUIDField(allow_null=True)
    changes = ChangeSerializer(many=True)


def plain_change(change: Change) -> dict[str, str]:
    return {
        "tier": change.tier,
        "sentence": str(change),
        "kind": change.kind,
        "tone": change.tone,
        "was": change.was,
        "becomes": change.becomes,
    }


class MoneySerializer(serializers.Serializer):
    amount = serializers.CharField()
    currency = serializers.CharField()


class MoneyEndsSerializer(serializers.Serializer):
    low = MoneySerializer()
    high = MoneySerializer(allow_null=True)


class MoveSerializer(serializers.Serializer):
    """What the version means for one partner. Tiers by code, null for none; money a year."""

    partner = serializers.UUIDField()
    name = serializers.CharField()
    held = serializers.CharField(allow_null=True)
    then = serializers.CharField(allow_null=True)
    change = serializers.ChoiceField(choices=["up", "down", "grace", "same"])
    reason = serializers.CharField()
    margin_percent_before = serializers.CharField()
    margin_percent_then = serializers.CharField()
    margin = MoneySerializer()
    co_marketing = MoneySerializer()
    gained = serializers.ListField(child=serializers.CharField())
    lost = serializers.ListField(child=serializers.CharField())
    takes_effect_on = serializers.DateField()


class FundSerializer(serializers.Serializer):
    budget = MoneyEndsSerializer(allow_null=True)
    promised = MoneyEndsSerializer()
    state = serializers.CharField()


class CostSerializer(serializers.Serializer):
    """A tier's partners as they would end up, what they bring and cost in a year."""

    tier = serializers.CharField()
    partners = serializers.IntegerField()
    revenue = MoneySerializer()
    margin = MoneySerializer()
    co_marketing = MoneyEndsSerializer()
    investment = MoneyEndsSerializer()
    exceeds_threshold = serializers.BooleanField()


class ImpactSerializer(serializers.Serializer):
    version = serializers.UUIDField()
    against = serializers.UUIDField(allow_null=True)
    as_of = serializers.DateField()
    counts = serializers.DictField(child=serializers.IntegerField())
    margin = MoneySerializer()
    co_marketing = MoneySerializer()
    fund = FundSerializer()
    costs = CostSerializer(many=True)
    affected = serializers.IntegerField()
    next_offset = serializers.IntegerField(allow_null=True)
    partners = MoveSerializer(many=True)


def cash(minor: int) -> dict[str, str]:
    return Money(minor, wording.currency()).as_json()


def cash_ends(found: impact.Ends | None) -> dict[str, Any] | None:
    if found is None:
        return None
    return {"low": cash(found[0]), "high": None if found[1] is None else cash(found[1])}


def plain_move(move: impact.Move, reason: str) -> dict[str, Any]:
    return {
        "partner": move.partner_id,
        "name": move.name,
        "held": move.held_code or None,
        "then": move.then_code or None,
        "change": move.change,
        "reason": reason,
        "margin_percent_before": _share(move.percent_before),
        "margin_percent_then": _share(move.percent_after),
        "margin": cash(move.margin),
        "co_marketing": cash(move.co_marketing),
        "gained": move.gained,
        "lost": move.lost,
        "takes_effect_on": move.takes_effect_on,
    }


def _share(percent: Decimal) -> str:
    return f"{percent.normalize():f}"


def plain_cost(cost: impact.Cost) -> dict[str, Any]:
    return {
        "tier": cost.code,
        "partners": cost.partners,
        "revenue": cash(cost.revenue),
        "margin": cash(cost.margin),
        "co_marketing": cash_ends(cost.co_marketing),
        "investment": cash_ends(cost.investment),
        "exceeds_threshold": cost.exceeds,
    }


class DifferenceSerializer(serializers.Serializer):
    partner = serializers.UUIDField()
    name = serializers.CharField()
    first = serializers.CharField(allow_null=True)
    second = serializers.CharField(allow_null=True)


class MonthSerializer(serializers.Serializer):
    """One month-end: partners per tier by either version ("" for no tier), and those that differ."""

    as_of = serializers.DateField()
    partners = serializers.IntegerField()
    first = serializers.DictField(child=serializers.IntegerField())
    second = serializers.DictField(child=serializers.IntegerField())
    differing = DifferenceSerializer(many=True)


class ParallelRunSerializer(serializers.Serializer):
    first = serializers.UUIDField()
    second = serializers.UUIDField()
    months = MonthSerializer(many=True)


def plain_month(month: parallel.Month) -> dict[str, Any]:
    return {
        "as_of": month.on,
        "partners": month.partners,
        "first": dict(month.first),
        "second": dict(month.second),
        "differing": [
            {"partner": d.partner_id, "name": d.name, "first": d.first or None, "second": d.second or None}
            for d in month.differing
        ],
    }


class AnnouncementSerializer(serializers.ModelSerializer):
    """What an announced version means for one partner, and that it was read."""

    program = serializers.CharField(source="program_version.program.code")
    number = serializers.IntegerField(source="program_version.number")

    class Meta:
        model = Announcement
        fields = [
            "id", "partner", "program", "program_version", "number", "effective_from", "change", "held_code",
            "then_code", "sentences", "acknowledged_at", "called_off_at", "created_at", "changed_at",
        ]  # fmt: skip
