"""Setting facts on a row, and saying which of them differ."""

from __future__ import annotations

from typing import Any


def with_facts(row: Any, facts: dict[str, Any]) -> tuple[Any, list[str]]:
    """Set facts on a row; returns it and the names of those that differ."""
    changed = [name for name, value in facts.items() if getattr(row, name) != value]
    for name, value in facts.items():
        setattr(row, name, value)
    return row, changed
