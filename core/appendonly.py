"""Append-only tables: triggers refuse UPDATE and DELETE on both engines; one helper lifts them for test teardown."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

TABLES = ["events_event", "events_eventseal"]


def declare(table: str) -> None:
    """In `AppConfig.ready`: a higher app's table whose migration calls `protect`."""
    TABLES.append(table)


def protect(schema_editor: Any, table: str) -> None:
    """Create the triggers of one table."""
    for statement in _statements(schema_editor.connection.vendor, table):
        schema_editor.execute(statement, params=None)


def lift(schema_editor: Any, table: str) -> None:
    """Drop the triggers of one table."""
    on = f" ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
    for verb in ("update", "delete"):
        schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{verb}{on}", params=None)


def _statements(vendor: str, table: str) -> list[str]:
    if vendor == "postgresql":
        refuse = (
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger AS $$ "
            "BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$ LANGUAGE plpgsql"
        )
        return [refuse] + [
            f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            for verb in ("update", "delete")
        ]
    return [
        f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        for verb in ("update", "delete")
    ]


@contextmanager
def lifted() -> Iterator[None]:
    """For the teardown of tests alone: the tables may be emptied inside."""
    with connection.schema_editor() as editor:
        for table in TABLES:
            lift(editor, table)
    try:
        yield
    finally:
        with connection.schema_editor() as editor:
            for table in TABLES:
                protect(editor, table)
