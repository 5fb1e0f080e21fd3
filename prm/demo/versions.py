"""The tier program goes on in the demo: the next version is announced, and the one after it is a draft."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.actors import Actor
from core.clock import day
from prm.demo.stage import Stage
from tiers import actions
from tiers.actions.versions import earliest_day
from tiers.content import content_of
from tiers.models import ProgramVersion


def draft_and_announce(stage: Stage) -> None:
    """A version that is announced three weeks before the end, and a bolder draft that nobody has reviewed yet."""
    active = ProgramVersion.objects.active().order_by("program__position").first()
    if active is None:
        return
    drafter, second = stage.colleague("Ingrid Solberg"), stage.colleague("Ada Okafor")
    at = stage.end - timedelta(days=21)
    draft = actions.draft_version(by=drafter, version=active, at=at)
    _ask(draft, "gold", "certified_people", drafter, at, threshold="4", stated="certified team of four")
    _ask(draft, "silver", "implementations", drafter, at, threshold="4", stated="4+ implementations")
    actions.submit_version(by=drafter, version=draft, at=at)
    actions.approve_version(by=second, version=draft, at=at + timedelta(hours=3))
    draft.refresh_from_db()
    first_day = earliest_day(draft, day(at)) + timedelta(days=5)
    actions.schedule_version(by=second, version=draft, effective_from=first_day, at=at + timedelta(hours=4))
    next_one = actions.draft_version(by=drafter, version=draft, at=stage.end - timedelta(days=2))
    end = stage.end
    _ask(
        next_one, "silver", "annual_revenue", drafter, end, threshold="$400K", stated="$400K+ annual revenue"
    )
    _ask(next_one, "gold", "certified_people", drafter, end, threshold="6", stated="certified team of six")
    _ask(next_one, "platinum", "annual_revenue", drafter, end, threshold="$8M", stated="$8M+ annual revenue")
    actions.set_tier(by=drafter, version=next_one, code="silver", at=end, margin="16-20%")


def _ask(draft: ProgramVersion, tier: str, metric: str, by: Actor, at: datetime, **facts: str) -> None:
    """Change what a tier asks for, where it asks for the metric."""
    metrics = [need["metric"] for need in content_of(draft)["tiers"][tier]["requirements"].values()]
    if metric in metrics:
        position = metrics.index(metric) + 1
        actions.set_requirement(by=by, version=draft, tier=tier, position=position, at=at, **facts)
