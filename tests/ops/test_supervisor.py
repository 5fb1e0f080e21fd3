"""`make run` keeps its three processes alive, ends them all when asked, and refuses a port that is taken."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PARTS = ("gunicorn", " worker ", " beat ")
pytestmark = [pytest.mark.faults, pytest.mark.sqlite]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until(true, seconds: float = 40):
    """Polls until the condition holds, and gives what it found."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if found := true():
            return found
        time.sleep(0.1)
    raise AssertionError(f"{true.__name__} never came true")


class Run:
    """A supervised product in a folder of its own."""

    def __init__(self, folder: Path):
        self.port, self.folder = free_port(), folder
        self.environment = {
            **os.environ,
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "VAR_DIR": str(folder),
            "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
            "REDIS_URL": "",
            "BASE_URL": f"http://localhost:{self.port}",
            "ALLOWED_HOSTS": "localhost",
            "DEMO_MODE": "false",
            "PRODUCTION": "false",
        }
        self.output = folder / "output"

    def manage(self, *arguments: str) -> None:
        subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=self.environment, check=True)

    def start(self) -> None:
        with self.output.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "bin/supervise"],
                cwd=ROOT,
                env=self.environment,
                stdout=output,
                stderr=output,
            )

        def serving_or_ended():
            return "Serving at" in self.output.read_text() or self.process.poll() is not None

        wait_until(serving_or_ended)
        assert self.process.poll() is None, self.output.read_text()
        wait_until(self.all_parts_run)

    def all_parts_run(self) -> bool:
        return all(self.child(part) for part in PARTS)

    def members(self) -> dict[int, str]:
        """Every process of this run, by the folder that its environment names."""
        mark = f"VAR_DIR={self.folder}".encode()
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (folder / "environ").read_bytes().split(b"\0"):
                    found[int(folder.name)] = (folder / "cmdline").read_text().replace("\0", " ")
            except OSError:
                continue
        return {pid: command for pid, command in found.items() if command}

    def child(self, word: str) -> int | None:
        """The process that the supervisor itself started for this part."""
        status = f"PPid:\t{self.process.pid}\n"
        for pid, command in self.members().items():
            if word in command and status in (Path("/proc") / str(pid) / "status").read_text():
                return pid
        return None


@pytest.fixture(scope="module")
def migrated(tmp_path_factory) -> Path:
    """An empty database with its tables, made once."""
    empty = Run(tmp_path_factory.mktemp("migrated"))
    empty.manage("migrate", "--verbosity", "0")
    return empty.folder / "db.sqlite3"


@pytest.fixture
def run(tmp_path, migrated) -> Iterator[Run]:
    run = Run(tmp_path)
    shutil.copy(migrated, tmp_path)
    try:
        run.start()
        yield run
    finally:
        for pid in run.members():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_stopping_leaves_no_process_behind(run, number):
    run.process.send_signal(number)

    assert run.process.wait(timeout=45) == 0
    assert run.members() == {}


def test_killed_parts_are_started_again(run):
    killed = {part: run.child(part) for part in PARTS}

    for pid in killed.values():
        os.kill(pid, signal.SIGKILL)

    def all_others_run():
        return all(run.child(part) not in (None, killed[part]) for part in PARTS)

    assert wait_until(all_others_run)


def test_killing_the_supervisor_ends_its_children(run):
    assert len(run.members()) >= 4

    run.process.kill()
    run.process.wait()

    def nobody_left():
        return run.members() == {}

    assert wait_until(nobody_left)


def test_a_taken_port_is_named_and_nothing_is_started(run, tmp_path_factory):
    other = {**run.environment, "VAR_DIR": str(tmp_path_factory.mktemp("second"))}

    second = subprocess.run(["bin/run"], cwd=ROOT, env=other, capture_output=True, text=True, check=False)

    assert second.returncode == 1
    assert f"Port {run.port} is taken" in second.stderr
    assert list(Path(other["VAR_DIR"]).iterdir()) == []
