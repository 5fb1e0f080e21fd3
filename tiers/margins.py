"""The margin that a partner's tier gives on a new deal, with what it follows from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from core.ranges import from_json
from partners.models import Partner
from tiers import rules, wording
from tiers.models import Standing, Tier
from tiers.querysets import evaluation_of, primary_program, standing_of


@dataclass(frozen=True)
class Margin:
    """A margin in percent, the band it lies in, and by which policy it was found in it."""

    percent: Decimal
    band: str
    policy: str
    tier: Tier


def margin_of(partner: Partner, on: date) -> Margin | None:
    """The margin on a deal of this day; None where the partner is in no tier or the tier states none."""
    standing = standing_of(partner, on, primary_program(partner))
    return margin_in(standing, _revenue(partner, on)) if standing and standing.tier.margin else None


def margin_in(standing: Standing, revenue: int) -> Margin:
    """The margin of a standing at a revenue (minor units; read by the policy "interpolate" alone)."""
    tier, policy = standing.tier, standing.tier.program_version.settings["margin_policy"]
    band, starts_at, ends_at = band_of(tier)
    percent = rules.margin(band, policy, revenue=revenue, starts_at=starts_at, ends_at=ends_at)
    return Margin(percent, str(from_json(tier.margin)), policy, tier)


def band_of(tier: Tier) -> tuple[rules.Band, int, int]:
    """A tier's band, and the revenues (minor units) between which "interpolate" goes: the tier's own threshold and the
    next tier's; for the top tier twice its own."""
    above = tier.program_version.tiers.filter(rank__gt=tier.rank).first()
    stated = from_json(tier.margin)
    high = stated.high if stated.high is not None else stated.low
    starts_at = _revenue_threshold(tier)
    ends_at = _revenue_threshold(above) if above else 2 * starts_at
    return rules.Band(stated.low, high, is_top=above is None), starts_at, ends_at


def _revenue(partner: Partner, on: date) -> int:
    evaluation = evaluation_of(partner, on)
    facts = evaluation.facts if evaluation else {}
    return next((f["value"] or 0 for key, f in facts.items() if wording.unit_of(key) == "money"), 0)


def _revenue_threshold(tier: Tier) -> int:
    needs = tier.requirements.all()
    return next((need.threshold for need in needs if wording.unit_of(need.key) == "money"), 0)
