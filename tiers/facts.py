"""Facts for the rule: asked of the metric registry, for all partners or for some, one set-based query per metric."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from metrics import registry
from tiers.models import Program, ProgramVersion, Requirement, Tier, Waiver
from tiers.rules import BY_DECISION, NO_FACT, PARTNER, Fact, Rung

Facts = dict[str, Fact]
MOST_NAMED = 1_000  # beyond so many partners a query for all is the cheaper one


@dataclass(frozen=True)
class Ask:
    """One fact that a version asks for: a metric over a window, of a partner, its tree or its market."""

    key: str
    metric: str
    window: str
    scope: str


def fact_key(metric: str, window: str, scope: str) -> str:
    """The name of a fact: the metric's key, with window and scope where they are not the metric's usual ones."""
    known = registry.known().get(metric)
    usual = known.windows[0] if known and known.windows else window
    parts = [metric, *([window] if window != usual else []), *([scope] if scope != PARTNER else [])]
    return ".".join(parts)


def metric_of(key: str) -> str:
    """The metric's key within the name of a fact."""
    return key.partition(".")[0]


def rungs_of(version: ProgramVersion) -> list[Rung]:
    """The version as the rule reads it, lowest tier first."""
    tiers = version.tiers.prefetch_related("requirements__group", "groups").order_by("rank")
    return [rung_of(tier) for tier in tiers]


def rung_of(tier: Tier) -> Rung:
    """One tier as the rule reads it."""
    needs = tuple(need.need for need in tier.requirements.all())
    groups = tuple(group.as_rule for group in tier.groups.all())
    return Rung(tier.code, tier.rank, needs, groups, by_decision=tier.upgrade == BY_DECISION)


def asks_of(version: ProgramVersion) -> list[Ask]:
    """The facts that the version asks for, sorted by key."""
    named = Requirement.objects.filter(tier__program_version=version).order_by("key")
    return [Ask(*row) for row in named.values_list("key", "metric", "window", "scope").distinct()]


def facts_of(
    version: ProgramVersion, as_of: date, partner_ids: Iterable[UUID] | None = None
) -> dict[UUID, Facts]:
    """What the version asks for, per partner that has any fact. A partner that is missing has `no_facts`."""
    ids = None if partner_ids is None else list(partner_ids)
    named = ids if ids is not None and len(ids) <= MOST_NAMED else None
    asks = asks_of(version)
    nothing = {ask.key: NO_FACT for ask in asks}
    found: dict[UUID, Facts] = {}
    for ask in asks:
        for value in _values(ask, as_of, named):
            facts = found.get(value.partner_id)
            if facts is None:
                facts = found[value.partner_id] = nothing.copy()
            facts[ask.key] = Fact(value.value, value.n_rows)
    return found


def _values(ask: Ask, as_of: date, named: list[UUID] | None) -> Iterable[registry.Value]:
    return registry.get(ask.metric).values(as_of, named)


def no_facts(version: ProgramVersion) -> Facts:
    """The facts of a partner about which nothing is known."""
    return {ask.key: NO_FACT for ask in asks_of(version)}


def waivers_of(
    program: Program, on: date, partner_ids: Iterable[UUID] | None = None
) -> dict[UUID, frozenset[tuple[str, str]]]:
    """The requirements that decisions let partners off on a day, per partner that has any."""
    rows = Waiver.objects.in_force(on).filter(program=program)
    if partner_ids is not None:
        rows = rows.filter(partner__in=list(partner_ids))
    found: dict[UUID, set[tuple[str, str]]] = {}
    for partner_id, tier, key in rows.values_list("partner", "tier_code", "key"):
        found.setdefault(partner_id, set()).add((tier, key))
    return {partner_id: frozenset(waived) for partner_id, waived in found.items()}
