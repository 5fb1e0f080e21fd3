"""A what-if question over the API, and its answer."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from core.api import StrictSerializer, VisibleRelated
from partners.models import Partner
from tiers import hypothetical
from tiers.models import TierBenefit
from tiers.simulation import Simulation


class SimulateSerializer(StrictSerializer):
    """`facts` and `thresholds` are in the metric's unit, for money as text an amount ("300000.00") or minor units.

    With a `partner` (in the portal: your own) what is not stated is as it is today; else it is no data.
    """

    partner = VisibleRelated(queryset=Partner.objects.all(), required=False, allow_null=True)
    program = serializers.SlugField(required=False, max_length=40)
    program_version = serializers.IntegerField(required=False, min_value=1, max_value=1_000_000)
    facts = serializers.DictField(child=serializers.JSONField(allow_null=True), required=False)
    thresholds = serializers.DictField(
        child=serializers.DictField(child=serializers.JSONField()), required=False
    )


class SimulationSerializer(serializers.Serializer):
    """The verdict on what was stated. Nothing of it is stored."""

    program = serializers.CharField()
    version = serializers.IntegerField()
    engine = serializers.CharField()
    held = serializers.CharField(allow_null=True)
    eligible = serializers.CharField(allow_null=True)
    direction = serializers.ChoiceField(choices=["up", "down", "same"])
    earliest = serializers.CharField()
    tiers = serializers.ListField(child=serializers.DictField())
    next = serializers.DictField(allow_null=True)
    margin = serializers.DictField(allow_null=True)
    benefits = serializers.ListField(child=serializers.CharField())
    gained = serializers.ListField(child=serializers.CharField())
    lost = serializers.ListField(child=serializers.CharField())


def plain(found: Simulation) -> dict[str, Any]:
    """A simulation as the API says it."""
    answer = hypothetical.answer(found.version, found.question)
    margin = found.margin
    return {
        **{name: answer[name] for name in ("program", "version", "engine", "eligible", "tiers", "next")},
        "held": found.held.code if found.held else None,
        "direction": found.direction,
        "earliest": found.earliest,
        "margin": margin and {"percent": str(margin.percent), "band": margin.band, "policy": margin.policy},
        "benefits": _codes(found.given),
        "gained": _codes(found.gained),
        "lost": _codes(found.lost),
    }


def _codes(given: list[TierBenefit]) -> list[str]:
    return [one.benefit.code for one in given]
