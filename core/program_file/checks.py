"""Rules for `where`: what must hold between the rows of a map."""

from collections.abc import Iterator
from typing import Any

from core.program_file.schema import Row, Rule
from core.program_file.text import Problem


def _about(name: str, rule: Rule) -> Rule:
    rule.about = name  # type: ignore[attr-defined]
    return rule


def apart(name: str) -> Rule:
    """No two rows' ranges in this field share an amount; a band's upper end belongs to the next band."""

    def rule(rows: dict[str, Row]) -> Iterator[Problem]:
        banded = [row for row in rows.values() if row.values[name] is not None]
        for n, row in enumerate(banded):
            for earlier in banded[:n]:
                mine, theirs = row.values[name], earlier.values[name]
                if mine.overlaps(theirs):
                    yield row.problem(name, f"{mine} overlaps {theirs} of {earlier.code}")

    return _about(name, rule)


def unlike(name: str) -> Rule:
    """No two rows say the same in this field."""

    def rule(rows: dict[str, Row]) -> Iterator[Problem]:
        seen: dict[Any, Row] = {}
        for row in rows.values():
            value = row.values[name]
            if value is not None and value in seen:
                yield row.problem(name, f"{value} is already taken by {seen[value].code}")
            seen.setdefault(value, row)

    return _about(name, rule)


def in_order(name: str) -> Rule:
    """The codes a row lists in this field are other rows of the map, and nobody waits for itself."""

    def rule(rows: dict[str, Row]) -> Iterator[Problem]:
        done: set[str] = set()
        for row in rows.values():
            for code in row.values[name]:
                if code not in rows:
                    yield row.problem(name, f"there is no “{code}” here")
        while ready := {c for c, row in rows.items() if c not in done and done.issuperset(row.values[name])}:
            done |= ready
        for row in rows.values():
            if row.code not in done and set(row.values[name]) <= set(rows):
                yield row.problem(name, f"{row.code} waits for itself, or for something that never comes")

    return _about(name, rule)


def adds_up_to(total: int, name: str) -> Rule:
    """The rows' numbers in this field add up."""

    def rule(rows: dict[str, Row]) -> Iterator[str]:
        found = sum(row.values[name] for row in rows.values())
        if found != total:
            yield f"{name} adds up to {found}, not to {total}"

    return _about(name, rule)
