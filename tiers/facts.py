"""Facts for the rule: asked of the metric registry, for all partners or for some, one set-based query per metric."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from metrics import registry
from tiers.models import ProgramVersion, Requirement, Tier
from tiers.rules import NO_FACT, Fact, Rung

Facts = dict[str, Fact]
MOST_NAMED = 1_000  # beyond so many partners a query for all is the cheaper one


def rungs_of(version: ProgramVersion) -> list[Rung]:
    """The version as the rule reads it, lowest tier first."""
    tiers = version.tiers.prefetch_related("requirements").order_by("rank")
    return [rung_of(tier) for tier in tiers]


def rung_of(tier: Tier) -> Rung:
    """One tier as the rule reads it."""
    return Rung(tier.code, tier.rank, tuple(need.need for need in tier.requirements.all()))


def metrics_of(version: ProgramVersion) -> list[str]:
    """The keys of the metrics that the version asks for, sorted."""
    named = Requirement.objects.filter(tier__program=version).order_by("metric")
    return list(named.values_list("metric", flat=True).distinct())


def facts_of(
    version: ProgramVersion, as_of: date, partner_ids: Iterable[UUID] | None = None
) -> dict[UUID, Facts]:
    """What the version asks for, per partner that has any fact. Use `facts_for` to read one partner's."""
    ids = None if partner_ids is None else list(partner_ids)
    named = ids if ids is not None and len(ids) <= MOST_NAMED else None
    keys = metrics_of(version)
    nothing = dict.fromkeys(keys, NO_FACT)
    found: dict[UUID, Facts] = {}
    for key in keys:
        for value in registry.get(key).values(as_of, named):
            facts = found.get(value.partner_id)
            if facts is None:
                facts = found[value.partner_id] = nothing.copy()
            facts[key] = Fact(value.value, value.n_rows)
    return found


def no_facts(version: ProgramVersion) -> Facts:
    """The facts of a partner about which nothing is known."""
    return dict.fromkeys(metrics_of(version), NO_FACT)
