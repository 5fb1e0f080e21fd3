"""Many who act at the same instant, each through the real door: processes on SQLite, threads on PostgreSQL.

As a script it is the starting gate of the processes: it forks them once, reads one round per line, lets all of them go
at once, and prints what each was answered.
"""

from __future__ import annotations

import io
import json
import multiprocessing
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest.mock import patch
from wsgiref.util import setup_testing_defaults

import time_machine

ROOT = Path(__file__).resolve().parents[2]
AT = datetime(2026, 11, 24, 15, 31, tzinfo=UTC)
# A run makes twenty rounds, every fifth with all fifty; `make faults` a hundred, each with all of them.
ROUNDS = int(os.environ.get("RACE_ROUNDS", "20"))
IS_LONG = ROUNDS >= 100


def rounds(few: int) -> int:
    """A few in a run, all in `make faults`."""
    return ROUNDS if IS_LONG else min(few, ROUNDS)


@dataclass(frozen=True)
class Ask:
    """What one racer does: a request to the API with a key, or, without one, a function by its dotted name."""

    path: str
    key: str = ""
    body: dict[str, Any] = field(default_factory=dict)
    # Decisions are made on what was read ("*": on whatever stands there).
    match: str = "*"


@dataclass(frozen=True)
class Answer:
    """What a racer got. A function that came to its end answers 200, one that met a conflict 409."""

    status: int
    body: Any

    @property
    def words(self) -> str:
        """The reason of a refusal."""
        return str(self.body.get("detail", "")) if isinstance(self.body, dict) else str(self.body)


# One racer --------------------------------------------------------------------------------------------------------


def answer_to(ask: Ask) -> tuple[int, Any]:
    """Do it here and now; what breaks is a 500 with its error."""
    from core.errors import Conflict

    try:
        return _requested(ask) if ask.key else _done(ask)
    except Conflict as refused:
        return 409, {"detail": str(refused)}
    except Exception as error:  # noqa: BLE001 (a race must show what broke)
        return 500, repr(error)


def _done(ask: Ask) -> tuple[int, Any]:
    module, _dot, name = ask.path.rpartition(".")
    return 200, getattr(import_module(module), name)(**ask.body)


def _requested(ask: Ask) -> tuple[int, Any]:
    """One POST to the product's own WSGI application."""
    from prm.wsgi import application

    content = json.dumps(ask.body).encode()
    environ: dict[str, Any] = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": ask.path,
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(content)),
        "HTTP_AUTHORIZATION": f"Bearer {ask.key}",
        "HTTP_IF_MATCH": ask.match,
        "wsgi.input": io.BytesIO(content),
    }
    setup_testing_defaults(environ)
    said: list[str] = []
    response = application(environ, lambda status, headers, *rest: said.append(status))
    try:
        text = b"".join(response)
    finally:
        response.close()
    return int(said[0].split()[0]), json.loads(text or b"null")


@contextmanager
def without(guards: list[str]) -> Iterator[None]:
    """The product with some guards taken away, to show that the race would notice: a function does nothing any more."""
    with ExitStack() as planted:
        for guard in guards:
            planted.enter_context(patch(guard, lambda *given, **named: given[0] if given else None))
        yield


# All of them ------------------------------------------------------------------------------------------------------


def keep_connections() -> None:
    """As in production: who has answered keeps its connection for the next request."""
    from django.db import connections

    connections.settings["default"]["CONN_MAX_AGE"] = None


class Threads:
    """Racers in this process: PostgreSQL's own locks hold them apart."""

    def __init__(self, most: int) -> None:
        from django.db import connections

        self.pool, self.age = ThreadPoolExecutor(most), connections.settings["default"]["CONN_MAX_AGE"]
        keep_connections()

    def race(self, asks: list[Ask], at: datetime, guards: list[str]) -> list[Answer]:
        gate = threading.Barrier(len(asks))

        def run(ask: Ask) -> tuple[int, Any]:
            gate.wait()
            return answer_to(ask)

        with time_machine.travel(at, tick=True), without(guards):
            return [Answer(*pair) for pair in self.pool.map(run, asks)]

    def close(self) -> None:
        """Each thread gives its connection back."""
        from django.db import connections

        gate = threading.Barrier(self.pool._max_workers)

        def leave(_number: int) -> None:
            gate.wait()
            connections.close_all()

        list(self.pool.map(leave, range(self.pool._max_workers)))
        self.pool.shutdown()
        connections.settings["default"]["CONN_MAX_AGE"] = self.age


class Processes:
    """Racers in processes of their own: on SQLite one process must not see what another does half-way."""

    def __init__(self, most: int, folder: Path) -> None:
        from django.db import connection

        environment = {
            **os.environ,
            "DATABASE_URL": f"sqlite:///{connection.settings_dict['NAME']}",
            "VAR_DIR": str(folder),
            # Fifty writers at once on a busy machine: nobody may be sent away for that alone.
            "SQLITE_WAIT": "240",
            "DJANGO_SETTINGS_MODULE": "prm.settings",
            "PYTHONPATH": str(ROOT),
        }
        self.gate = subprocess.Popen([sys.executable, __file__, str(most)], env=environment, cwd=ROOT, text=True,
                                     stdin=subprocess.PIPE, stdout=subprocess.PIPE)  # fmt: skip

    def race(self, asks: list[Ask], at: datetime, guards: list[str]) -> list[Answer]:
        assert self.gate.stdin and self.gate.stdout
        told = {"asks": [asdict(ask) for ask in asks], "at": at.isoformat(), "guards": guards}
        self.gate.stdin.write(json.dumps(told) + "\n")
        self.gate.stdin.flush()
        return [Answer(*pair) for pair in json.loads(self.gate.stdout.readline())]

    def close(self) -> None:
        self.gate.communicate(timeout=30)


def racers(most: int, folder: Path) -> Threads | Processes:
    """Those that fit the test's database."""
    from django.db import connection

    return Threads(most) if connection.vendor == "postgresql" else Processes(most, folder)


def _racer(line: Any, go: Any) -> None:
    """A process that waits for its turn, round after round, until it is told nothing more."""
    while told := line.recv():
        ask, at, guards = Ask(**told["ask"]), datetime.fromisoformat(told["at"]), told["guards"]
        with time_machine.travel(at, tick=True), without(guards):
            line.send("ready")
            go.wait()
            line.send(answer_to(ask))


def gate(most: int) -> None:
    """Fork the racers, then run the rounds that come in, one per line."""
    import django

    django.setup()
    keep_connections()
    import_module("prm.urls")
    fork = multiprocessing.get_context("fork")
    go = fork.Event()
    lines = []
    for _number in range(most):
        ours, theirs = fork.Pipe()
        fork.Process(target=_racer, args=(theirs, go), daemon=True).start()
        lines.append(ours)
    for text in sys.stdin:
        told = json.loads(text)
        racing = lines[: len(told["asks"])]
        for line, ask in zip(racing, told["asks"], strict=True):
            line.send({**told, "asks": [], "ask": ask})
        for line in racing:
            assert line.recv() == "ready"
        go.set()
        answers = [line.recv() for line in racing]
        go.clear()
        sys.stdout.write(json.dumps(answers) + "\n")
        sys.stdout.flush()
    for line in lines:
        line.send(None)


if __name__ == "__main__":
    gate(int(sys.argv[1]))
