"""The demo, served from a temporary folder on a free port, for pictures and measurements."""

import http.client
import json
import os
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


@dataclass(frozen=True)
class DemoSite:
    """Where it answers, its settings, and who can log in: role → (e-mail, password)."""

    url: str
    environment: dict[str, str]
    logins: dict[str, tuple[str, str]]


@contextmanager
def demo_site(**settings: str) -> Iterator[DemoSite]:
    """Loads the demo into a new database (SQLite, or the one that DATABASE_URL names), serves it, clears it away."""
    with tempfile.TemporaryDirectory(prefix="demo-site-") as folder, socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(128)
        port = str(listener.getsockname()[1])
        environment = {
            **_bare_environment(),
            "VAR_DIR": folder,
            "PORT": port,
            "DEMO_MODE": "true",
            **settings,
        }
        gunicorn = f"{sys.executable} -m gunicorn prm.wsgi --bind fd://{listener.fileno()}"
        gunicorn += " --worker-class gthread --workers 2 --threads 4 --log-level warning"
        log = Path(folder) / "web.log"
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
    """Until it answers; loading the demo takes most of a minute."""
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
