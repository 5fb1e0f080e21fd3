"""A benchmark's measurements on SQLite and on PostgreSQL, each in a process of its own: settings are read once."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def on_each_engine(script: str) -> bool:
    """Run the script with each engine's name as its argument, on an empty database; whether both met their bars."""
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as folder:
        os.chmod(folder, 0o711)  # PostgreSQL's own user must get to its folder
        sqlite = {"DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3", "REDIS_URL": "", "VAR_DIR": folder}
        good = [_run(script, "sqlite", sqlite)]
        try:
            good.append(_run(script, "postgresql", {**_services(folder), "VAR_DIR": folder}))
        finally:
            subprocess.run(["bin/services", "stop", folder], cwd=ROOT, check=False)
    return all(good)


def _run(script: str, engine: str, variables: dict[str, str]) -> bool:
    environment = {**os.environ, "PRODUCTION": "false", "EMAIL_URL": "", **variables}
    return subprocess.run([sys.executable, script, engine], env=environment, check=False).returncode == 0


def _services(folder: str) -> dict[str, str]:
    lines = subprocess.run(
        ["bin/services", "start", folder], cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
    )
    return dict(shlex.split(line)[1].split("=", 1) for line in lines.stdout.splitlines())
