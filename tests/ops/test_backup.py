"""The documented SQLite backup, taken while the database is being written to, holds every committed row."""

import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.sqlite
OPERATIONS = (Path(__file__).resolve().parents[2] / "docs" / "operations.md").read_text()


def test_a_backup_taken_in_use_is_whole(tmp_path):
    [line] = re.findall(r"^\.venv/bin/python (-c '.*VACUUM.*')$", OPERATIONS, re.MULTILINE)
    (tmp_path / "var").mkdir()
    live = sqlite3.connect(tmp_path / "var" / "db.sqlite3", isolation_level=None)
    live.execute("PRAGMA journal_mode=WAL")
    live.execute("CREATE TABLE kept (id int)")
    live.execute("INSERT INTO kept VALUES (1)")
    live.execute("BEGIN IMMEDIATE")
    live.execute("INSERT INTO kept VALUES (2)")

    subprocess.run(["sh", "-ec", f"{sys.executable} {line}"], cwd=tmp_path, check=True)

    live.execute("COMMIT")
    backup = sqlite3.connect(tmp_path / "backup.sqlite3")
    assert backup.execute("SELECT id FROM kept").fetchall() == [(1,)]
    assert backup.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
