"""A product in a folder of its own, whose workers may be killed and whose messages may be lost."""

from __future__ import annotations

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import connection
from kombu import Connection

from prm.celery import app

ROOT = Path(__file__).resolve().parents[2]


class Product:
    """A product in a folder of its own: its database, its broker, its worker."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.worker = folder, None
        self.environment = {
            **os.environ,
            "VAR_DIR": str(folder),
            "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
            "DJANGO_SETTINGS_MODULE": "prm.settings",
            "REDIS_URL": "",
            "EMAIL_URL": "",
            "PRODUCTION": "false",
        }

    def make(self, scene: str) -> Product:
        """The tables of the tests' own database, which has them already, and what a scene puts into them."""
        tables = contextlib.closing(sqlite3.connect(connection.settings_dict["NAME"]))
        with tables as source, contextlib.closing(sqlite3.connect(self.folder / "db.sqlite3")) as copy:
            source.backup(copy)
        assert self.count("core_vendor", "true") == 0, "another test has left something behind"
        self.run("-m", scene)
        return self

    def run(self, *arguments: str) -> None:
        subprocess.run(
            [sys.executable, *arguments], cwd=ROOT, env=self.environment, check=True, capture_output=True
        )

    def start(self) -> None:
        command = (
            "-m celery -A prm.celery:app worker --concurrency 2 --without-gossip --without-mingle -l WARNING"
        )
        with (self.folder / "worker.log").open("a") as log:
            self.worker = subprocess.Popen([sys.executable, *command.split()], cwd=ROOT, env=self.environment,
                                           stdout=log, stderr=log, start_new_session=True)  # fmt: skip

    def kill(self) -> None:
        """The whole group of the worker's processes, at once, without a word; returns when the last one is gone."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.worker.pid, signal.SIGKILL)
        self.worker.wait()
        self.until(
            lambda: not any(is_alive(stat, self.worker.pid) for stat in Path("/proc").glob("[0-9]*/stat"))
        )

    def send(self, task: str, *arguments: Any) -> None:
        folders = {"data_folder_in": f"{self.folder}/broker/queue", "data_folder_out": f"{self.folder}/broker/queue",
                   "control_folder": f"{self.folder}/broker/control"}  # fmt: skip
        with Connection("files://", transport_options=folders) as broker:
            app.send_task(task, arguments, connection=broker, ignore_result=True)

    def flush_broker(self) -> int:
        """Lose every message; returns how many there were."""
        lost = self._messages()
        for path in lost:
            path.unlink(missing_ok=True)
        return len(lost)

    def _messages(self) -> list[Path]:
        return [path for path in (self.folder / "broker" / "queue").iterdir() if path.is_file()]

    def ask(self, question: str) -> list[tuple]:
        with (
            contextlib.closing(sqlite3.connect(self.folder / "db.sqlite3", timeout=20)) as database,
            database,
        ):
            return database.execute(question).fetchall()

    def count(self, table: str, where: str) -> int:
        return self.ask(f"SELECT count(*) FROM {table} WHERE {where}")[0][0]

    def finish(self) -> None:
        """Let the worker take every message and end what it does, and stop it."""
        self.until(lambda: not self._messages())
        self.worker.terminate()
        self.worker.wait(timeout=60)

    def kill_while(self, progress: Callable[[], int], target: int, *tasks: str | tuple[Any, ...]) -> int:
        """Start a worker, let it do tasks until so much is done, and kill it there; returns how far it got."""
        self.start()
        for task in tasks:
            self.send(*([task] if isinstance(task, str) else task))
        self.until(lambda: progress() >= target)
        self.kill()
        return progress()

    def reminded(self) -> int:
        return self.count("inbox_reminder", "state = 'sent'")

    def kept(self, where: str = "true") -> int:
        return self.count("core_mail", f"state = 'kept' AND {where}")

    def until(self, holds, seconds: float = 90) -> None:
        """Looks again and again."""
        deadline = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < deadline, (self.folder / "worker.log").read_text()[-3000:]
            time.sleep(0.004)

    def let_leases_run_out(self) -> None:
        """What ten minutes do: a killed worker's claim on a letter ends, and on a daily job."""
        for table in ("core_mail", "core_jobrun"):
            self.ask(f"UPDATE {table} SET lease_until = '2000-01-01 00:00:00' WHERE lease_until IS NOT NULL")


def is_alive(stat: Path, group: int) -> bool:
    """Whether a line of /proc tells of a process of a group that still runs, or is held up in a write."""
    with contextlib.suppress(OSError):
        state, _parent, of, *_rest = stat.read_text().rpartition(")")[2].split()
        return int(of) == group and state not in "ZX"
    return False
