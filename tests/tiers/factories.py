"""Makers of tier programs for tests."""

from __future__ import annotations

from copy import deepcopy
from datetime import UTC, datetime, timedelta

from core.actors import SYSTEM
from core.clock import day
from core.saving import save
from tiers.actions import (
    activate_due_versions,
    approve_version,
    begin_program,
    schedule_version,
    submit_version,
)
from tiers.content import write
from tiers.models import Program, ProgramVersion

SOURCE = {"reason": "test"}
NO_VALUES = {"quantity": None, "hours": None}


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
        "stated": "as stated", "comparator": "at_least", "threshold": threshold, "window": "now", "scope": "partner",
        "group": "", "evidence": "auto", "weight": 1, "is_waivable": True, "source": SOURCE, **facts,
    }  # fmt: skip


def tier(name: str, rank: int, margin: dict, benefits: list[str], **requirements: dict) -> dict:
    return {
        "name": name, "rank": rank, "colour": name.lower(), "margin": margin, "investment": None,
        "co_marketing": None, "benefits": {code: dict(NO_VALUES) for code in benefits}, "upgrade": "immediate",
        "groups": {}, "requirements": {key: {"metric": key, **asked} for key, asked in requirements.items()},
        "source": SOURCE,
    }  # fmt: skip


CONTENT = {
    "name": "Levels",
    "settings": {
        "evaluation_window": "trailing_12_months",
        "downgrade_grace_days": 90,
        "notice_days": 60,
        "upgrade_policy": "immediate",
        "downgrade_policy": "immediate",
        "margin_policy": "low_end",
        "gates_required": False,
        "benefits_inherited": True,
        "gross_margin_percent": 70,
        "co_marketing_budget": None,
    },
    "benefits": {
        code: {
            "name": name, "kind": "service", "frequency": "", "source": SOURCE,
            "feature": "qbr" if code == "qbr" else "",
        }
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


def make_program(code: str = "levels", name: str = "Levels", position: int = 1) -> Program:
    known = Program.objects.filter(code=code).first()
    return known or save(Program(code=code, name=name, position=position))


def make_draft(made: dict | None = None, program: Program | None = None) -> ProgramVersion:
    program = program or make_program()
    latest = program.versions.latest()
    version = ProgramVersion(program=program, number=(latest.number if latest else 0) + 1, name=program.name)
    return write(version, made or content())


def put_in_force(version: ProgramVersion, at: datetime) -> ProgramVersion:
    """The draft is in force from an instant on; it was announced in time."""
    if not version.program.versions.active().exists():
        return begin_program(by=SYSTEM, version=version, at=at)
    before = at - timedelta(days=60)
    submit_version(by=SYSTEM, version=version, at=before)
    approve_version(by=SYSTEM, version=version, at=before)
    schedule_version(by=SYSTEM, version=version, effective_from=day(at), at=before)
    activate_due_versions(at=at)
    version.refresh_from_db()
    return version


def make_version(made: dict | None = None, program: Program | None = None) -> ProgramVersion:
    return put_in_force(make_draft(made, program), datetime(2025, 1, 2, 9, tzinfo=UTC))
