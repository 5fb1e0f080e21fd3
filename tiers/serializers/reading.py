"""Versions, tiers, standings, evaluations and explanations as the API reads them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from core.api import StrictSerializer, VisibleRelated
from partners.models import Partner
from tiers import wording
from tiers.actions.appeals import Appealable
from tiers.explained import Explanation
from tiers.facts import as_stored
from tiers.models import (
    Benefit,
    Evaluation,
    Grace,
    ProgramVersion,
    Requirement,
    RequirementGroup,
    Standing,
    Tier,
    Waiver,
)
from tiers.rules import Finding, RungVerdict


class RequirementGroupSerializer(serializers.ModelSerializer):
    class Meta:
        model = RequirementGroup
        fields = ["code", "name", "rule", "n"]


class RequirementSerializer(serializers.ModelSerializer):
    group = serializers.CharField(source="group.code", default="")

    class Meta:
        model = Requirement
        fields = [
            "id", "key", "metric", "comparator", "threshold", "window", "scope", "group", "evidence", "weight",
            "is_waivable", "stated", "source",
        ]  # fmt: skip


class TierSerializer(serializers.ModelSerializer):
    """A tier: ranges as stated; null where the document states nothing. Thresholds of money are minor units."""

    program_version = serializers.UUIDField(source="program_version_id")
    groups = RequirementGroupSerializer(many=True)
    requirements = RequirementSerializer(many=True)
    benefits = serializers.SerializerMethodField()

    class Meta:
        model = Tier
        fields = [
            "id", "program_version", "code", "name", "rank", "upgrade", "margin", "investment", "co_marketing",
            "groups", "requirements", "benefits", "source", "created_at", "changed_at",
        ]  # fmt: skip

    def get_benefits(self, tier: Tier) -> list[dict[str, Any]]:
        return [
            {
                "code": given.benefit.code,
                "name": given.benefit.name,
                "is_inherited": given.is_inherited,
                "amount": given.amount,
                "quantity": given.quantity,
                "hours": given.hours,
            }
            for given in tier.benefits.all()
        ]


class PortalTierSerializer(TierSerializer):
    """A tier as a partner sees it: without what the vendor means to invest."""

    class Meta(TierSerializer.Meta):
        fields = [name for name in TierSerializer.Meta.fields if name not in ("investment", "source")]


class BenefitSerializer(serializers.ModelSerializer):
    class Meta:
        model = Benefit
        fields = ["code", "name", "kind", "frequency", "feature"]


class ProgramVersionSerializer(serializers.ModelSerializer):
    program = serializers.CharField(source="program.code")

    class Meta:
        model = ProgramVersion
        fields = [
            "id", "program", "number", "name", "state", "settings", "announced_on", "effective_from",
            "source_sha256", "created_at", "changed_at",
        ]  # fmt: skip


class StandingSerializer(serializers.ModelSerializer):
    """A partner's tier from a day on; on `ends_on` it no longer holds."""

    tier = serializers.CharField(source="tier.code")
    tier_name = serializers.CharField(source="tier.name")
    program = serializers.CharField(source="program.code")
    program_version = serializers.IntegerField(source="tier.program_version.number")

    class Meta:
        model = Standing
        fields = [
            "id", "partner", "program", "tier", "tier_name", "program_version", "starts_on", "ends_on", "reason",
            "evaluation",
            "created_at", "changed_at",
        ]  # fmt: skip


class GraceSerializer(serializers.ModelSerializer):
    tier = serializers.CharField(source="standing.tier.code")
    program = serializers.CharField(source="program.code")

    class Meta:
        model = Grace
        fields = [
            "id", "partner", "program", "tier", "starts_on", "ends_on", "missing", "closed_on", "outcome", "created_at",
            "changed_at",
        ]  # fmt: skip


class EvaluationSerializer(serializers.ModelSerializer):
    program = serializers.CharField(source="program_version.program.code")
    program_version = serializers.IntegerField(source="program_version.number")
    verdict = serializers.SerializerMethodField(
        help_text="As it was stored: per tier, lowest first, each requirement with threshold, fact and verdict."
    )

    class Meta:
        model = Evaluation
        fields = [
            "id", "partner", "program", "program_version", "as_of", "facts", "waived", "verdict", "eligible_code",
            "held_code", "action",
            "engine", "fingerprint", "seal", "created_at", "changed_at",
        ]  # fmt: skip

    def get_verdict(self, evaluation: Evaluation) -> dict[str, Any]:
        return as_stored(evaluation).as_json()


class RecalculateSerializer(StrictSerializer):
    partner = VisibleRelated(
        queryset=Partner.objects.all(), required=False, help_text=_("Left out: all partners that you see.")
    )


class RecalculationSerializer(serializers.Serializer):
    """What a run did."""

    versions = serializers.DictField(child=serializers.IntegerField())
    as_of = serializers.DateField()
    looked_at = serializers.IntegerField()
    differed = serializers.IntegerField()
    actions = serializers.DictField(child=serializers.IntegerField())


class FindingSerializer(serializers.Serializer):
    metric = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField()
    comparator = serializers.CharField()
    threshold = serializers.IntegerField()
    value = serializers.IntegerField(allow_null=True)
    rows = serializers.IntegerField()
    verdict = serializers.CharField()
    missing = serializers.IntegerField()
    words = serializers.CharField()
    waived_until = serializers.DateField(allow_null=True)
    waived_because = serializers.CharField(allow_null=True)


class RungSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    rank = serializers.IntegerField()
    is_reached = serializers.BooleanField()
    requirements = FindingSerializer(many=True)


class MadeBySerializer(serializers.Serializer):
    """The evaluation that an explanation rests on."""

    id = serializers.UUIDField()
    as_of = serializers.DateField()
    made_at = serializers.DateTimeField()
    program_version = serializers.IntegerField()
    engine = serializers.CharField()
    facts_hash = serializers.CharField()
    is_replayed = serializers.BooleanField(allow_null=True)


class HeldSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    rank = serializers.IntegerField()
    since = serializers.DateField()
    reason = serializers.CharField()


class MarginSerializer(serializers.Serializer):
    percent = serializers.CharField()
    band = serializers.CharField()
    policy = serializers.CharField()


class RunningGraceSerializer(serializers.Serializer):
    ends_on = serializers.DateField()
    missing = serializers.ListField(child=serializers.CharField())


class ReplaySerializer(serializers.Serializer):
    """The verdict of the stored facts and the stored version, made again now; the stored verdict is never read."""

    engine_then = serializers.CharField()
    engine_now = serializers.CharField()
    seal_then = serializers.CharField()
    seal_now = serializers.CharField()
    is_same = serializers.BooleanField()
    eligible_then = serializers.CharField(allow_blank=True)
    eligible_now = serializers.CharField(allow_blank=True)


class HeldByDecisionSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    tier = serializers.CharField()
    expires_on = serializers.DateField()
    reason = serializers.CharField()


class AppealableSerializer(serializers.Serializer):
    """A decision that may still be appealed, until the end of a day."""

    decision = serializers.UUIDField()
    against = serializers.CharField()
    tier = serializers.CharField()
    program = serializers.CharField()
    until = serializers.DateField()


class InProgramSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()
    is_primary = serializers.BooleanField()
    tier = serializers.CharField(allow_null=True)


class ExplanationSerializer(serializers.Serializer):
    """Why a partner stands where it stands. Money is in minor units of the program's currency."""

    partner = serializers.UUIDField()
    as_of = serializers.DateField()
    title = serializers.CharField()
    tier = HeldSerializer(allow_null=True)
    next_tier = serializers.CharField(allow_null=True)
    currency = serializers.CharField()
    tiers = RungSerializer(many=True)
    grace = RunningGraceSerializer(allow_null=True)
    at_risk_on = serializers.DateField(allow_null=True)
    margin = MarginSerializer(allow_null=True)
    benefits = serializers.ListField(child=serializers.CharField())
    evaluation = MadeBySerializer(allow_null=True)
    replay = ReplaySerializer(allow_null=True)
    override = HeldByDecisionSerializer(allow_null=True)
    program = serializers.CharField(allow_null=True)
    programs = InProgramSerializer(many=True)
    appealable = AppealableSerializer(many=True)


def plain(found: Explanation, may_appeal: Iterable[Appealable] = ()) -> dict[str, Any]:
    """An explanation as ExplanationSerializer says it."""
    standing, margin, evaluation = found.standing, found.margin, found.evaluation
    return {
        "partner": found.partner.pk,
        "as_of": found.on,
        "title": found.title(),
        "tier": standing and {
            "code": standing.tier.code, "name": standing.tier.name, "rank": standing.tier.rank,
            "since": standing.starts_on, "reason": standing.reason,
        },
        "next_tier": found.above.rung.code if found.above else None,
        "currency": wording.currency(),
        "tiers": [_rung(found, rung) for rung in (found.verdict.rungs if found.verdict else ())],
        "grace": found.grace and {"ends_on": found.grace.ends_on, "missing": found.grace.missing},
        "at_risk_on": found.at_risk_on,
        "margin": margin and {"percent": str(margin.percent), "band": margin.band, "policy": margin.policy},
        "benefits": [given.benefit.code for given in found.benefits],
        "evaluation": evaluation and {
            "id": evaluation.pk, "as_of": evaluation.as_of, "made_at": evaluation.created_at,
            "program_version": evaluation.program_version.number, "engine": evaluation.engine,
            "facts_hash": evaluation.fingerprint, "is_replayed": found.is_replayed,
        },
        "replay": _replay(found),
        "override": found.override and {
            "id": found.override.pk, "tier": found.override.tier.code, "expires_on": found.override.expires_on,
            "reason": found.override.reason,
        },
        "program": found.program.code if found.program else None,
        "programs": _programs(found),
        "appealable": [
            {"decision": one.subject_id, "against": one.against, "tier": one.tier.code,
             "program": one.program.code, "until": one.until()}
            for one in may_appeal
        ],
    }  # fmt: skip


def _replay(found: Explanation) -> dict[str, Any] | None:
    made = found.replay
    return made and {
        "engine_then": made.engine, "engine_now": made.engine_now, "seal_then": made.sealed, "seal_now": made.made,
        "is_same": made.is_same, "eligible_then": made.eligible_then, "eligible_now": made.eligible_now,
    }  # fmt: skip


def _programs(found: Explanation) -> list[dict[str, Any]]:
    held = {standing.program_id: standing.tier.code for standing in found.held_in_programs}
    return [
        {
            "code": program.code,
            "name": program.name,
            "is_primary": n == 0,
            "tier": held.get(program.pk),
        }
        for n, program in enumerate(found.programs)
    ]


def _rung(found: Explanation, rung: RungVerdict) -> dict[str, Any]:
    return {
        "code": rung.rung.code,
        "name": found.tiers[rung.rung.code].name,
        "rank": rung.rung.rank,
        "is_reached": rung.is_reached,
        "requirements": [
            _finding(finding, found.waivers.get((rung.rung.code, finding.need.key)))
            for finding in rung.findings
        ],
    }


def _finding(finding: Finding, waiver: Waiver | None) -> dict[str, Any]:
    need, fact = finding.need, finding.fact
    return {
        "metric": need.key,
        "name": wording.name_of(need.key),
        "unit": wording.unit_of(need.key),
        "comparator": need.comparator,
        "threshold": need.threshold,
        "value": fact.value,
        "rows": fact.rows,
        "verdict": finding.verdict,
        "missing": finding.missing,
        "words": wording.gap(finding),
        "waived_until": waiver.expires_on if waiver else None,
        "waived_because": waiver.reason if waiver else None,
    }
