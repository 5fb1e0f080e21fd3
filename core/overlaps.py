"""Rows of one subject whose days never overlap: an exclusion constraint on PostgreSQL, triggers on SQLite.

In a migration:

    migrations.RunPython(*overlaps.forbidden("tiers_standing", ("partner_id", "program_id"), "starts_on", "ends_on"))

A row holds from `start` on and no longer on `end` (NULL: still holds); one that ends where it starts holds on no day.
"""

from collections.abc import Callable, Sequence
from typing import Any

FOREVER = "9999-12-31"
SUFFIX = "_never_overlaps"  # what the constraint's name ends in, on both engines
Step = Callable[[Any, Any], None]


def forbidden(table: str, subject: Sequence[str], start: str, end: str) -> tuple[Step, Step]:
    """The two directions of a migration step that forbids overlaps among the rows that agree in `subject`."""
    name = f"{table}{SUFFIX}"

    def forwards(apps: Any, schema_editor: Any) -> None:
        for statement in _statements(schema_editor.connection.vendor, name, table, subject, start, end):
            schema_editor.execute(statement, params=None)

    def backwards(apps: Any, schema_editor: Any) -> None:
        for statement in _removals(schema_editor.connection.vendor, name, table):
            schema_editor.execute(statement, params=None)

    return forwards, backwards


def _statements(
    vendor: str, name: str, table: str, subject: Sequence[str], start: str, end: str
) -> list[str]:
    if vendor == "postgresql":
        same = ", ".join(f"{column} WITH =" for column in subject)
        return [
            "CREATE EXTENSION IF NOT EXISTS btree_gist",
            f"ALTER TABLE {table} ADD CONSTRAINT {name} "
            f"EXCLUDE USING gist ({same}, daterange({start}, {end}) WITH &&)",
        ]
    same = " AND ".join(f"other.{column} = NEW.{column}" for column in subject)
    new_end, other_end = (f"COALESCE({row}.{end}, '{FOREVER}')" for row in ("NEW", "other"))
    both_hold = f"NEW.{start} < {new_end} AND other.{start} < {other_end}"
    meet = f"NEW.{start} < {other_end} AND other.{start} < {new_end}"
    exists = f"SELECT 1 FROM {table} other WHERE other.id <> NEW.id AND {same} AND {both_hold} AND {meet}"
    return [
        f"CREATE TRIGGER {name}_{verb} BEFORE {verb.upper()} ON {table} WHEN EXISTS ({exists}) "
        f"BEGIN SELECT RAISE(ABORT, '{name}'); END"
        for verb in ("insert", "update")
    ]


def _removals(vendor: str, name: str, table: str) -> list[str]:
    if vendor == "postgresql":
        return [f"ALTER TABLE {table} DROP CONSTRAINT {name}"]
    return [f"DROP TRIGGER IF EXISTS {name}_{verb}" for verb in ("insert", "update")]
