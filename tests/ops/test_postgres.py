"""PostgreSQL as production has it: two roles, and a dump that can be restored. Uses the cluster of bin/services."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
import pytest

ROOT = Path(__file__).resolve().parents[2]
OPERATIONS = (ROOT / "docs" / "operations.md").read_text()
pytestmark = pytest.mark.postgres


def as_role(url: str, statement: str, *values: object) -> list[tuple]:
    connection = psycopg2.connect(url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


@contextmanager
def one_at_a_time(url: str) -> Iterator[None]:
    """Two who migrate one database at the same instant make its tables twice: the server lets one of them wait."""
    connection = psycopg2.connect(url)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(20261127)")
        yield
    finally:
        connection.close()


@pytest.fixture(scope="module")
def owner() -> str:
    """The owner's address of a database that was migrated as an operator does it; the workers of a run share it."""
    url = os.environ["MIGRATION_DATABASE_URL"]
    command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
    environment = {**os.environ, "DATABASE_URL": os.environ["APP_DATABASE_URL"]}
    with one_at_a_time(url):
        subprocess.run(command, cwd=ROOT, env=environment, check=True)
    return url


@pytest.fixture
def app(owner) -> str:
    return os.environ["APP_DATABASE_URL"]


def test_the_application_reads_and_writes_rows(app):
    as_role(app, "INSERT INTO django_session VALUES ('a-session', 'data', now())")

    assert as_role(app, "SELECT session_data FROM django_session WHERE session_key = 'a-session'") == [
        ("data",)
    ]

    as_role(app, "DELETE FROM django_session WHERE session_key = 'a-session'")


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE django_session",
        "ALTER TABLE events_event DISABLE TRIGGER ALL",
        "TRUNCATE events_event",
        "CREATE TABLE mine (id int)",
        "ALTER TABLE events_event ADD COLUMN more int",
        "SET session_replication_role = replica",
    ],
)
def test_the_application_changes_no_table_and_lifts_no_trigger(app, statement):
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        as_role(app, statement)


def test_neither_role_is_above_the_rules(owner):
    rows = as_role(
        owner, "SELECT rolname FROM pg_roles WHERE rolname LIKE 'prm_%%' AND (rolsuper OR rolbypassrls)"
    )

    assert rows == []


def test_a_dump_is_restored_whole(owner, tmp_path):
    dump, restore = (documented(command) for command in ("pg_dump", "pg_restore"))
    as_role(owner, "INSERT INTO django_session VALUES ('kept', 'data', now()) ON CONFLICT DO NOTHING")
    restored = owner.rsplit("/", 1)[0] + "/restored"
    shell(
        f"dropdb --if-exists --maintenance-db={owner} restored; createdb --maintenance-db={owner} restored",
        tmp_path,
    )

    shell(dump, tmp_path, MIGRATION_DATABASE_URL=owner)
    shell(restore, tmp_path, MIGRATION_DATABASE_URL=restored)

    assert counts(restored) == counts(owner)
    assert counts(restored)["django_session"] > 0
    assert as_role(restored, "SELECT count(*) FROM pg_trigger") == as_role(
        owner, "SELECT count(*) FROM pg_trigger"
    )


def documented(command: str) -> str:
    """The line of docs/operations.md that begins with this command, without its comment."""
    [line] = re.findall(rf"^{command} .*$", OPERATIONS, re.MULTILINE)
    return line.partition("#")[0]


def shell(line: str, folder: Path, **variables: str) -> None:
    subprocess.run(["sh", "-ec", line], cwd=folder, env={**os.environ, **variables}, check=True)


def counts(url: str) -> dict[str, int]:
    tables = as_role(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    return {table: as_role(url, f'SELECT count(*) FROM "{table}"')[0][0] for (table,) in tables}
