"""Facts, days, versions and decisions in any order: no tier is lost silently, and each change is told once.

A run walks two hundred lives of thirty steps on SQLite and fifty on PostgreSQL; `make faults` a thousand of fifty.
"""

from __future__ import annotations

import os

import pytest
import time_machine
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.tiers.machine import AT, Tiers, World

EXAMPLES, STEPS = int(os.environ.get("MACHINE_EXAMPLES", "200")), int(os.environ.get("MACHINE_STEPS", "30"))
# A failure is shrunk when it is looked into: MACHINE_SHRINK=1.
PHASES = list(Phase) if os.environ.get("MACHINE_SHRINK") else [Phase.generate]
SHARES = [0, *(pytest.param(n, marks=pytest.mark.sqlite) for n in (1, 2, 3))]
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


def walk(examples: int, steps: int) -> None:
    """So many lives in a world of their own."""
    with time_machine.travel(AT, tick=False):
        Tiers.world = World()
    Tiers.taken.clear()
    size = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=SLOW,
        database=None, phases=PHASES,
    )  # fmt: skip
    run_state_machine_as_test(Tiers, settings=size)


@pytest.mark.faults
@pytest.mark.django_db
@pytest.mark.parametrize("share", SHARES)
def test_many_lives_keep_every_promise(share):
    walk(EXAMPLES // len(SHARES), STEPS)
    print(f"done: {dict(Tiers.taken)}")
    if EXAMPLES >= 1000:
        assert {"override", "waive", "grant", "decline", "appeal", "uphold", "dismiss"} <= set(Tiers.taken)


@pytest.mark.django_db
def test_a_fall_without_its_grace_period_is_seen(monkeypatch):
    monkeypatch.setattr("tiers.actions.standings.close_grace", lambda *given: None)
    with pytest.raises((AssertionError, ExceptionGroup)):
        walk(40, 20)
