"""Whoever tries whatever whenever through the API: only the tables' moves happen, and all that must agree agrees.

A run walks two hundred lives of thirty steps on SQLite and fifty others on PostgreSQL; `make faults` walks a thousand
of fifty. On SQLite fifty take about 50 s of processor time, so they are walked in shares, side by side. Chance leaves
out a move now and then: LIVES, which are always walked, take every move of the table.
"""

from __future__ import annotations

import os

import pytest
import time_machine
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from deals import rules
from deals.models import Protection
from tests.deals.machine import LIVES, Registrations, World, moves_without_a_rule
from tests.deals.racers import AT

EXAMPLES, STEPS = int(os.environ.get("MACHINE_EXAMPLES", "200")), int(os.environ.get("MACHINE_STEPS", "30"))
# A failure is shrunk when it is looked into: MACHINE_SHRINK=1.
PHASES = list(Phase) if os.environ.get("MACHINE_SHRINK") else [Phase.generate]
SHARES = [0, *(pytest.param(n, marks=pytest.mark.sqlite) for n in (1, 2, 3))]
SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


def test_every_move_of_every_table_has_a_rule():
    assert moves_without_a_rule() == []


def test_a_move_that_is_new_is_missed_by_name(monkeypatch):
    from core.lifecycle import Lifecycle

    monkeypatch.setattr(rules, "LIFECYCLE", Lifecycle({"forget": ("draft", "discarded")}))

    assert moves_without_a_rule() == ["no rule for move forget of LIFECYCLE"]


def begin() -> None:
    """A world of its own; nothing has happened in it."""
    with time_machine.travel(AT, tick=False):
        Registrations.world = World()
    Registrations.taken.clear()


@pytest.mark.django_db
def test_the_lives_that_are_always_walked_take_every_move_of_the_table():
    begin()
    for steps in LIVES:
        life = Registrations()
        try:
            life.live(steps)
        finally:
            life.teardown()

    assert set(rules.LIFECYCLE.moves) - set(Registrations.taken) == set()


def walk(examples: int, steps: int) -> None:
    """So many lives in a world of their own."""
    begin()
    size = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=SLOW,
        database=None,
        phases=PHASES,
    )
    run_state_machine_as_test(Registrations, settings=size)


@pytest.mark.faults
@pytest.mark.django_db
@pytest.mark.parametrize("share", SHARES)
def test_registrations_keep_to_their_table_whatever_is_tried(share):
    walk(EXAMPLES // len(SHARES), STEPS)
    print(f"moves: {dict(Registrations.taken)}; answers: {dict(Registrations.answered)}")
    if EXAMPLES >= 1000:
        assert set(rules.LIFECYCLE.moves) - set(Registrations.taken) == set()


@pytest.mark.parametrize(
    "guard",
    [
        "deals.actions.moves.record",  # a move without its event
        "deals.actions.decisions.protect",  # an approval without its protection
    ],
)
@pytest.mark.django_db
def test_what_is_left_out_is_seen(guard, monkeypatch):
    monkeypatch.setattr(guard, lambda *given, **named: [Protection(starts_on=AT.date())])

    with pytest.raises((AssertionError, ExceptionGroup)):
        walk(30, 10)
