"""Looking ahead with nothing but what is known today: when a held tier is lost if nothing new happens."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from uuid import UUID

from metrics import registry
from tiers import rules
from tiers.facts import facts_of, metrics_of, rungs_of
from tiers.models import Grace, ProgramVersion, Standing

HORIZON = timedelta(days=90)
MOST_STEPS = 200


def risks(as_of: date, partner_ids: Iterable[UUID] | None = None) -> dict[UUID, tuple[date, str]]:
    """The day of the loss within three months and the metric that brings it, per partner whose tier is at risk.

    One set-based look at the horizon finds who would lose the tier; only for those the day itself is sought.
    Partners in a grace period are left out: they have lost it already and wait for its end.
    """
    version = ProgramVersion.objects.published()
    held = _held(version, partner_ids) if version else {}
    if version is None or not held:
        return {}
    rungs = rungs_of(version)
    then = facts_of(version, as_of + HORIZON, held)
    falling = [p for p, rank in held.items() if rules.evaluate(rungs, then.get(p, {})).eligible_rank < rank]
    found = {p: _first_loss(version, rungs, p, held[p], as_of) for p in falling}
    return {partner_id: loss for partner_id, loss in found.items() if loss}


def _held(version: ProgramVersion, partner_ids: Iterable[UUID] | None) -> dict[UUID, int]:
    standings = Standing.objects.open().filter(tier__program=version)
    standings = standings.exclude(partner__in=Grace.objects.open().values("partner"))
    if partner_ids is not None:
        standings = standings.filter(partner__in=list(partner_ids))
    return dict(standings.values_list("partner", "tier__rank"))


def _first_loss(
    version: ProgramVersion, rungs: list[rules.Rung], partner_id: UUID, held_rank: int, as_of: date
) -> tuple[date, str] | None:
    """From one day on which a metric falls by itself to the next, until the tier is lost."""
    on = as_of
    for _step in range(MOST_STEPS):
        upcoming = [(d, key) for key in metrics_of(version) if (d := _next_change(key, partner_id, on))]
        if not upcoming or min(upcoming)[0] > as_of + HORIZON:
            return None
        on = min(upcoming)[0]
        facts = facts_of(version, on, [partner_id]).get(partner_id, {})
        verdict = rules.evaluate(rungs, facts)
        if verdict.eligible_rank < held_rank:
            return on, _cause(verdict, held_rank, min(upcoming)[1])
    return None


def _next_change(key: str, partner_id: UUID, on: date) -> date | None:
    metric = registry.get(key)
    return metric.next_change(partner_id, on) if metric.next_change else None


def _cause(verdict: rules.Verdict, held_rank: int, otherwise: str) -> str:
    """The metric that falls short in the held tier."""
    held = next((found for found in verdict.rungs if found.rung.rank == held_rank), None)
    missing = [finding.need.metric for finding in held.open_findings] if held else []
    return missing[0] if missing else otherwise
