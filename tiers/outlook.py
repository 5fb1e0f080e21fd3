"""Looking ahead with nothing but what is known today: when a held tier is lost if nothing new happens."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from uuid import UUID

from core import bulk
from metrics import registry, scopes
from tiers import rules
from tiers.facts import Ask, Facts, asks_of, facts_of, rungs_of, waivers_of
from tiers.models import Grace, Override, Program, ProgramVersion, Standing

HORIZON = timedelta(days=90)
MOST_STEPS = 200


def risks(
    program: Program, as_of: date, partner_ids: Iterable[UUID] | None = None
) -> dict[UUID, tuple[date, str]]:
    """The day of the loss within three months and the fact that brings it, per partner whose tier is at risk.

    One set-based look at the horizon finds who would lose the tier; only for those the day itself is sought.
    Partners in a grace period are left out: they have lost it already and wait for its end. So are those whose tier
    is held by a decision: nothing falls while it runs.
    """
    version = program.versions.active().first()
    held = _held(version, as_of, partner_ids) if version else {}
    if version is None or not held:
        return {}
    rungs, horizon = rungs_of(version), as_of + HORIZON
    then, waived = facts_of(asks_of(version), horizon, held), waivers_of(program, horizon)

    def falls(partner_id: UUID, rank: int) -> bool:
        verdict = rules.evaluate(rungs, then.get(partner_id, {}), waived.get(partner_id, rules.NO_WAIVERS))
        return verdict.eligible_rank < rank

    falling = [partner_id for partner_id, rank in held.items() if falls(partner_id, rank)]
    found = {
        p: rules.first_loss(rungs, held[p], _later(version, p, as_of), waived.get(p, rules.NO_WAIVERS))
        for p in falling
    }
    return {partner_id: loss for partner_id, loss in found.items() if loss}


def _held(version: ProgramVersion, on: date, partner_ids: Iterable[UUID] | None) -> dict[UUID, int]:
    standings = Standing.objects.open().filter(tier__program_version=version)
    in_grace = Grace.objects.open().filter(program=version.program_id).values("partner")
    by_decision = Override.objects.in_force(on).filter(program=version.program_id).values("partner")
    standings = standings.exclude(partner__in=in_grace).exclude(partner__in=by_decision)
    if partner_ids is not None:
        standings = standings.filter(partner__in=bulk.among(partner_ids))
    return dict(standings.values_list("partner", "tier__rank"))


def _later(version: ProgramVersion, partner_id: UUID, as_of: date) -> Iterator[tuple[date, Facts]]:
    """The facts of each day on which one of them falls by itself, up to the horizon."""
    on, asks = as_of, asks_of(version)
    for _step in range(MOST_STEPS):
        upcoming = [day for ask in asks if (day := _next_change(ask, partner_id, on))]
        if not upcoming or min(upcoming) > as_of + HORIZON:
            return
        on = min(upcoming)
        yield on, facts_of(asks, on, [partner_id]).get(partner_id, {})


def _next_change(ask: Ask, partner_id: UUID, on: date) -> date | None:
    return scopes.next_change(registry.get(ask.metric), partner_id, on, ask.window, ask.scope)
