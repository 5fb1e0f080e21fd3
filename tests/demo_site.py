"""The demo, loaded once for a run of the tests, and served on a free port for pictures, measurements, journeys."""

import fcntl
import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DATABASE = "db.sqlite3"


@dataclass(frozen=True)
class DemoSite:
    """Where it answers, its settings, and who can log in: role → (e-mail, password)."""

    url: str
    environment: dict[str, str]
    logins: dict[str, tuple[str, str]]


@contextmanager
def demo_files() -> Iterator[Path]:
    """A folder with the demo's SQLite database and files, as of today: a copy of what the run loaded once.

    `DEMO_SNAPSHOT` names the folder that a run shares; without it the demo is loaded anew, in about two minutes.
    """
    with _empty_folder() as folder:
        copy = folder / "var"
        shared = os.environ.get("DEMO_SNAPSHOT")
        if not shared:
            _load(copy)
        else:
            snapshot = Path(shared)
            snapshot.parent.mkdir(parents=True, exist_ok=True)
            with (snapshot.parent / f"{snapshot.name}.lock").open("w") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX)  # of two that come at once, one loads and the other waits
                if not (snapshot / DATABASE).exists():
                    _load(snapshot)
            shutil.copytree(snapshot, copy)
        yield copy


@contextmanager
def _empty_folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="demo-") as folder:
        yield Path(folder)


def _load(folder: Path) -> None:
    folder.mkdir(parents=True)
    environment = {**_bare_environment(), "VAR_DIR": str(folder), "DEMO_MODE": "true"}
    loaded = subprocess.run(["bin/load"], cwd=ROOT, env=environment, capture_output=True, text=True)
    if loaded.returncode:
        raise RuntimeError(f"The demo did not load:\n{loaded.stdout[-2000:]}{loaded.stderr[-2000:]}")


@contextmanager
def demo_site(**settings: str) -> Iterator[DemoSite]:
    """Serves the demo from SQLite, or loads it into the database that `DATABASE_URL` among the settings names."""
    files = _empty_folder() if "DATABASE_URL" in settings else demo_files()
    with files as folder, socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(128)
        port = str(listener.getsockname()[1])
        environment = {
            **_bare_environment(),
            "VAR_DIR": str(folder),
            "PORT": port,
            "DEMO_MODE": "true",
            **settings,
        }
        gunicorn = f"{sys.executable} -m gunicorn prm.wsgi --bind fd://{listener.fileno()}"
        gunicorn += " --worker-class gthread --workers 2 --threads 4 --log-level warning"
        log = folder / "web.log"
        web = subprocess.Popen(
            ["bash", "-ec", f"source bin/environment && bin/load >&2 && exec {gunicorn}"],
            cwd=ROOT,
            env=environment,
            stdout=log.open("wb"),
            stderr=subprocess.STDOUT,
            pass_fds=(listener.fileno(),),
        )
        try:
            _wait(int(port), web, log)
            yield DemoSite(f"http://localhost:{port}", environment, _logins(environment))
        finally:
            web.terminate()
            web.wait(timeout=30)


def _bare_environment() -> dict[str, str]:
    """This process's environment without the settings of any other site."""
    ours = (
        "DATABASE_URL",
        "MIGRATION_DATABASE_URL",
        "REDIS_URL",
        "BASE_URL",
        "ALLOWED_HOSTS",
        "COOKIE_SUFFIX",
    )
    return {name: value for name, value in os.environ.items() if name not in ours}


def _wait(port: int, web: subprocess.Popen, log: Path) -> None:
    """Until it answers; loading the demo into a server's database takes most of a minute."""
    deadline = time.monotonic() + 600
    while time.monotonic() < deadline and web.poll() is None:
        try:
            connection = http.client.HTTPConnection("localhost", port, timeout=5)
            connection.request("GET", "/livez")
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        time.sleep(0.5)
    raise RuntimeError(f"The demo site did not start:\n{log.read_text(errors='replace')[-4000:]}")


def _logins(environment: dict[str, str]) -> dict[str, tuple[str, str]]:
    command = ["bash", "-ec", f"source bin/environment && {sys.executable} manage.py demo_logins --json"]
    answer = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
    return {row["role"]: (row["email"], row["password"]) for row in json.loads(answer.stdout)}
