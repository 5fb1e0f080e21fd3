"""What tiers give and cost over the API: uses of benefits, investments, decisions about margins, comparison, runs."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from core.api import MoneyField, StrictSerializer, VisibleRelated
from core.money import Money
from partners.models import Partner
from tiers import wording
from tiers.benefits import Entitlement
from tiers.comparison import Line
from tiers.models import BenefitUse, MarginDecision, TierInvestment, TierRun


def in_program(minor: int | None) -> dict[str, str] | None:
    """An amount of the program's currency."""
    return None if minor is None else Money(minor, wording.currency()).as_json()


class PortalBenefitUseSerializer(serializers.ModelSerializer):
    """A use as the partner reads it."""

    program = serializers.CharField(source="program.code")
    benefit = serializers.CharField(source="code")
    amount = serializers.SerializerMethodField()

    class Meta:
        model = BenefitUse
        fields = [
            "id", "partner", "program", "benefit", "used_on", "quantity", "amount", "taken_back_at", "created_at",
            "changed_at",
        ]  # fmt: skip

    def get_amount(self, use: BenefitUse) -> dict[str, str] | None:
        return in_program(use.amount_minor)


class BenefitUseSerializer(PortalBenefitUseSerializer):
    class Meta(PortalBenefitUseSerializer.Meta):
        fields = [*PortalBenefitUseSerializer.Meta.fields, "note", "recorded_by"]


class RecordBenefitUseSerializer(StrictSerializer):
    partner = VisibleRelated(queryset=Partner.objects.all())
    benefit = serializers.SlugField(max_length=60)
    used_on = serializers.DateField()
    quantity = serializers.IntegerField(required=False, min_value=1, max_value=1000)
    amount = MoneyField(required=False)
    note = serializers.CharField(required=False, allow_blank=True, max_length=300)


class EntitlementSerializer(serializers.Serializer):
    """A benefit in the period of today. null for quantity, amount and what is left: no limit, or not counted so."""

    program = serializers.CharField()
    tier = serializers.CharField()
    benefit = serializers.CharField()
    name = serializers.CharField()
    feature = serializers.CharField()
    is_inherited = serializers.BooleanField()
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True)
    hours = serializers.IntegerField(allow_null=True)
    quantity = serializers.IntegerField(allow_null=True)
    used = serializers.IntegerField()
    left = serializers.IntegerField(allow_null=True)
    amount = serializers.DictField(allow_null=True)
    used_amount = serializers.DictField(allow_null=True)
    left_amount = serializers.DictField(allow_null=True)
    is_unused = serializers.BooleanField()
    is_exceeded = serializers.BooleanField()


class EntitlementsSerializer(serializers.Serializer):
    results = EntitlementSerializer(many=True)


def plain_entitlement(found: Entitlement) -> dict[str, Any]:
    return {
        "program": found.standing.program.code,
        "tier": found.standing.tier.code,
        "benefit": found.benefit.code,
        "name": found.benefit.name,
        "feature": found.benefit.feature,
        "is_inherited": found.given.is_inherited,
        "starts_on": found.period.starts_on,
        "ends_on": found.period.last_day,
        "hours": found.given.hours,
        "quantity": found.quantity,
        "used": found.used,
        "left": found.left,
        "amount": in_program(found.amount_minor),
        "used_amount": in_program(found.used_minor) if found.is_money else None,
        "left_amount": in_program(found.left_minor),
        "is_unused": found.is_unused,
        "is_exceeded": found.is_exceeded,
    }


class InvestmentSerializer(serializers.ModelSerializer):
    amount = serializers.SerializerMethodField()
    program_amount = serializers.SerializerMethodField()

    class Meta:
        model = TierInvestment
        fields = [
            "id", "partner", "spent_on", "amount", "program_amount", "purpose", "recorded_by", "taken_back_at",
            "created_at", "changed_at",
        ]  # fmt: skip

    def get_amount(self, entry: TierInvestment) -> dict[str, str]:
        return Money(entry.amount_minor, entry.currency).as_json()

    def get_program_amount(self, entry: TierInvestment) -> dict[str, str] | None:
        return in_program(entry.program_minor)


class RecordInvestmentSerializer(StrictSerializer):
    partner = VisibleRelated(queryset=Partner.objects.all())
    spent_on = serializers.DateField()
    amount = MoneyField()
    purpose = serializers.CharField(max_length=200)


class PortalMarginDecisionSerializer(serializers.ModelSerializer):
    """A decision as the partner reads it: what it gets, not why."""

    deal = serializers.UUIDField(source="deal_id", allow_null=True)

    class Meta:
        model = MarginDecision
        fields = [
            "id",
            "partner",
            "deal",
            "percent",
            "band",
            "starts_on",
            "ends_on",
            "created_at",
            "changed_at",
        ]


class MarginDecisionSerializer(PortalMarginDecisionSerializer):
    class Meta(PortalMarginDecisionSerializer.Meta):
        fields = [*PortalMarginDecisionSerializer.Meta.fields, "is_outside", "reason", "decided_by"]


class DecideMarginSerializer(StrictSerializer):
    """`percent` as text, such as "27.50"."""

    partner = VisibleRelated(queryset=Partner.objects.all())
    percent = serializers.DecimalField(
        max_digits=5, decimal_places=2, min_value=Decimal(0), max_value=Decimal(100)
    )
    reason = serializers.CharField(max_length=500)
    ends_on = serializers.DateField(required=False, allow_null=True)


class PricedSerializer(serializers.Serializer):
    """The margin on a new deal of today; null where nothing gives one."""

    percent = serializers.CharField(allow_null=True)
    band = serializers.CharField(allow_blank=True)
    policy = serializers.CharField(allow_blank=True)
    tier = serializers.CharField(allow_null=True)
    why = serializers.CharField()


class LineSerializer(serializers.Serializer):
    """One tier's trailing year; `tier` null: the partners in none. Amounts in the program's currency."""

    tier = serializers.CharField(allow_null=True)
    partners = serializers.IntegerField()
    revenue = serializers.DictField()
    gross_margin = serializers.DictField()
    margin_paid = serializers.DictField()
    benefits = serializers.DictField()
    invested = serializers.DictField()
    stated_investment = serializers.DictField(allow_null=True)
    result = serializers.DictField()
    return_percent = serializers.IntegerField(allow_null=True)


class PartnerLineSerializer(LineSerializer):
    """One partner's part of a tier's line; `partner` has `id` and `name`."""

    partner = serializers.DictField()


class ComparisonSerializer(serializers.Serializer):
    """`rows`: the partners behind the line of `?tier=`, those of the most revenue first; null where none is asked
    for."""

    program = serializers.CharField()
    version = serializers.IntegerField()
    as_of = serializers.DateField()
    starts_on = serializers.DateField()
    gross_margin_percent = serializers.IntegerField()
    results = LineSerializer(many=True)
    rows = PartnerLineSerializer(many=True, allow_null=True)


def plain_line(found: Line) -> dict[str, Any]:
    return {
        "tier": found.tier.code if found.tier else None,
        "partners": found.partners,
        "revenue": in_program(found.revenue),
        "gross_margin": in_program(found.gross),
        "margin_paid": in_program(found.margin_paid),
        "benefits": in_program(found.benefits),
        "invested": in_program(found.invested),
        "stated_investment": found.tier.investment if found.tier else None,
        "result": in_program(found.result),
        "return_percent": found.roi,
    }


class RunSerializer(serializers.ModelSerializer):
    """A run. `missed`: partners whose stored facts were not those of the full computation (0: incremental equals full);
    `errors` are those of partners that you see."""

    program = serializers.CharField(source="program.code")
    program_version = serializers.IntegerField(
        source="program_version.number", default=None, allow_null=True, help_text="The number of the version."
    )
    errors = serializers.SerializerMethodField()

    class Meta:
        model = TierRun
        fields = [
            "id", "program", "program_version", "kind", "as_of", "started_at", "ended_at", "looked_at", "differed",
            "judged", "failed", "missed", "actions", "errors", "created_at", "changed_at",
        ]  # fmt: skip

    def get_errors(self, run: TierRun) -> list[dict[str, str]]:
        seen = Partner.objects.visible_to(self.context["request"].auth)
        return run.errors_about(seen)
