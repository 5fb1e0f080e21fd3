"""Every door × everyone × own, foreign, missing, malformed: the answers of the policy, and nothing of B for A."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.tenancy.matrix import Matrix, all_doors, expected, targets

pytestmark = pytest.mark.django_db

INSIDERS = {"workspace": ("ada", "maya"), "portal": ("A_admin", "A_viewer")}
OTHERS = {"workspace": ("otto", "vera"), "portal": ("A_seller", "C_admin", "viewing A")}
OUTSIDERS = {"workspace": ("A_admin", "anonymous"), "portal": ("maya", "anonymous")}
KEYS = ("key A_write", "key A_viewer", "key psm", "key vendor")
DEAD = ("anonymous", "key expired", "key C_write")
# On PostgreSQL the same queries are asked by fewer: what it cannot run would show with them.
FEW = {
    "workspace": ("ada", "anonymous"),
    "portal": ("A_admin", "anonymous"),
    "api": ("key A_write", "key psm"),
}
TWO = ("missing", "A", "vendor", "shared")


def run(matrix: Matrix, doors, names, only=None, only_refused=False, **more) -> None:
    """Try these doors as these people; `only` targets of these owners, `only_refused` what must not work."""
    for door in doors:
        for name in names(door):
            who = matrix.people[name]
            for target in targets(matrix.world, door, **more):
                if only and target.owner and target.owner not in only:
                    continue
                if only_refused and len(expected(door, who, target)) > 1:
                    continue
                matrix.try_cell(door, who, target)


def judge(capsys, matrix: Matrix, title: str) -> None:
    with capsys.disabled():
        print(f"\n  {title}: {matrix.result.cells} cells, {matrix.result.allowed} of them allowed")
    if matrix.result.faults:
        pytest.fail("\n".join(matrix.result.faults), pytrace=False)


DOORS = all_doors()
APPS = sorted({(door.side, door.app) for door in DOORS})


@pytest.mark.parametrize(("side", "app"), APPS)
def test_the_doors(matrix, capsys, request, side, app):
    doors = [door for door in DOORS if (door.side, door.app) == (side, app)]
    if app != "home":  # there the counts of the frame are looked at too
        request.getfixturevalue("without_counts_in_the_navigation")

    if connection.vendor == "postgresql":
        run(matrix, doors, lambda door: FEW[side])
    elif side == "api":
        run(matrix, doors, lambda door: KEYS)
        run(matrix, doors, lambda door: ("key A_read", "A_viewer"), only_refused=True)
        run(matrix, doors, lambda door: DEAD, only=TWO)
    else:
        run(matrix, doors, lambda door: INSIDERS[side])
        run(matrix, doors, lambda door: OTHERS[side], only_refused=True)
        run(matrix, doors, lambda door: OUTSIDERS[side], only=TWO)

    judge(capsys, matrix, f"{side}, {app}")


@pytest.mark.matrix_full
@pytest.mark.parametrize(("side", "app"), APPS)
def test_the_doors_with_everyone_and_everything(matrix, capsys, side, app):
    doors = [door for door in DOORS if (door.side, door.app) == (side, app)]
    people = [name for name in matrix.people if not (side == "api" and name == "viewing A")]

    run(matrix, doors, lambda door: people, most=3, owners=None)

    judge(capsys, matrix, f"everyone: {side}, {app}")
