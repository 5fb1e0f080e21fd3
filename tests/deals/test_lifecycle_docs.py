"""The tables of moves, the doors that make them, and the page of the docs are one."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.urls import resolve

from accounts.roles import Permission
from deals import rules
from prm import lifecycles

PAGE = Path(__file__).parents[2] / "docs" / "lifecycles.md"
ALL = [(title, move) for title, table, _doors in lifecycles.LIFECYCLES for move in table.moves]
TABLES = {title: (table, doors) for title, table, doors in lifecycles.LIFECYCLES}


def test_the_page_is_what_the_tables_say():
    assert PAGE.read_text() == lifecycles.page() + "\n", "Run manage.py document_lifecycles."


@pytest.mark.parametrize("title", TABLES)
def test_every_move_has_its_doors_and_no_other(title):
    table, doors = TABLES[title]
    assert set(doors) == set(table.moves)
    made_by_itself = {name for name, door in doors.items() if door.by_itself}
    assert made_by_itself == table.by_itself


@pytest.mark.parametrize(("title", "name"), ALL)
def test_what_somebody_chooses_has_a_page_and_an_endpoint(title, name):
    door = TABLES[title][1][name]
    if door.by_itself:
        return
    assert lifecycles.permission(door) in set(Permission)
    for page in door.pages:
        assert resolve(lifecycles._url(page)).url_name == page.partition(":")[2]
    verb = resolve(lifecycles._url(f"api:{door.api}")).func
    assert "post" in verb.actions


def test_every_state_can_be_reached_and_has_a_look():
    from core.states import LOOKS

    reached = {move.to for move in rules.LIFECYCLE.moves.values()}
    assert set(rules.STATES) - reached == {rules.DRAFT}
    assert set(rules.STATES) <= set(LOOKS)


def test_every_move_has_its_event():
    from events.types import catalogue

    declared = {kind.name for kind in catalogue()}
    for table, events in (
        (rules.LIFECYCLE, rules.EVENT_OF_MOVE),
        (rules.APPEAL, rules.EVENT_OF_APPEAL),
        (rules.TRANSFER, rules.EVENT_OF_TRANSFER),
        (rules.CONSENT, rules.EVENT_OF_CONSENT),
        (rules.AMENDMENT, rules.EVENT_OF_AMENDMENT),
    ):
        assert set(events) == set(table.moves)
        assert set(events.values()) <= declared
