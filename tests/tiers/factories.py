"""Makers of tier programs for tests."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime

from core.actors import SYSTEM
from core.saving import save
from tiers.actions import publish_version
from tiers.content import write
from tiers.models import ProgramVersion

SOURCE = {"reason": "test"}


def percent(low: int, high: int) -> dict:
    return {
        "kind": "percent",
        "low": str(low),
        "high": str(high),
        "qualifier": "range",
        "basis": "",
        "raw": f"{low}-{high}%",
    }


def need(threshold: int, **facts) -> dict:
    return {
        "stated": "as stated", "comparator": "at_least", "threshold": threshold, "window": "now", "any_of": "",
        "source": SOURCE, **facts,
    }  # fmt: skip


def tier(name: str, rank: int, margin: dict, benefits: list[str], **requirements: dict) -> dict:
    return {
        "name": name, "rank": rank, "colour": name.lower(), "margin": margin, "investment": None,
        "co_marketing": None, "benefits": benefits, "requirements": requirements, "source": SOURCE,
    }  # fmt: skip


CONTENT = {
    "name": "Levels",
    "settings": {
        "evaluation_window": "trailing_12_months",
        "downgrade_grace_days": 90,
        "notice_days": 60,
        "upgrade_policy": "immediate",
        "margin_policy": "low_end",
        "gates_required": False,
        "benefits_inherited": True,
    },
    "benefits": {
        code: {"name": name, "kind": "service", "frequency": "", "source": SOURCE}
        for code, name in (("resources", "Resource center"), ("portal", "Partner portal"), ("qbr", "Quarterly reviews"))
    },
    "tiers": {
        "authorized": tier("Authorized", 1, percent(10, 15), ["resources"], learning_plan_signed=need(1)),
        "silver": tier("Silver", 2, percent(15, 20), ["portal"], certified_people=need(1)),
        "gold": tier(
            "Gold", 3, percent(20, 25), ["qbr"], certified_people=need(2), certified_people_sales=need(1)
        ),
    },
}  # fmt: skip


def content(**changes) -> dict:
    """The content above with changes such as `gold={"certified_people": 3}` (thresholds of one tier)."""
    made = deepcopy(CONTENT)
    for code, thresholds in changes.items():
        for metric, threshold in thresholds.items():
            made["tiers"][code]["requirements"][metric]["threshold"] = threshold
    return made


def make_draft(made: dict | None = None) -> ProgramVersion:
    latest = ProgramVersion.objects.latest()
    version = save(ProgramVersion(number=(latest.number if latest else 0) + 1, name="Levels"))
    return write(version, made or content())


def make_version(made: dict | None = None) -> ProgramVersion:
    at = datetime(2025, 1, 2, 9, tzinfo=UTC)
    return publish_version(by=SYSTEM, version=make_draft(made), at=at)
