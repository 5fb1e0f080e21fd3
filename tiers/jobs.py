"""What runs before the nightly recalculation: waivers whose day has come, and rises that may be proposed again."""

from __future__ import annotations

from datetime import date, datetime

from core.jobs import job
from tiers.actions import expire_waivers, propose_again


@job("tiers.decisions")
def end_what_is_over(day: date, at: datetime) -> dict[str, int]:
    """Waivers that end today are told of; what is asked for again is found by the recalculation that follows."""
    return {"waivers_ended": expire_waivers(at=at), "to_propose_again": propose_again(at=at)}
