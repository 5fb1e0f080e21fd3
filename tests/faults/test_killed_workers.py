"""Workers killed while they send, a flushed broker, two beats: every reminder becomes one letter, and none is lost."""

import contextlib
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest
from kombu import Connection

from prm.celery import app

ROOT = Path(__file__).resolve().parents[2]
SWEEP, MAIL = "inbox.tasks.send_due_reminders", "core.tasks.send_mail"
PEOPLE = 40
pytestmark = [pytest.mark.faults, pytest.mark.sqlite]


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
        """The whole group of the worker's processes, at once, without a word."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.worker.pid, signal.SIGKILL)
        self.worker.wait()

    def send(self, task: str) -> None:
        folders = {"data_folder_in": f"{self.folder}/broker/queue", "data_folder_out": f"{self.folder}/broker/queue",
                   "control_folder": f"{self.folder}/broker/control"}  # fmt: skip
        with Connection("files://", transport_options=folders) as connection:
            app.send_task(task, connection=connection, ignore_result=True)

    def flush_broker(self) -> int:
        """Lose every message; returns how many there were."""
        lost = [path for path in (self.folder / "broker" / "queue").iterdir() if path.is_file()]
        for path in lost:
            path.unlink(missing_ok=True)
        return len(lost)

    def ask(self, question: str) -> list[tuple]:
        with (
            contextlib.closing(sqlite3.connect(self.folder / "db.sqlite3", timeout=20)) as database,
            database,
        ):
            return database.execute(question).fetchall()

    def count(self, table: str, where: str) -> int:
        return self.ask(f"SELECT count(*) FROM {table} WHERE {where}")[0][0]

    def reminded(self) -> int:
        return self.count("inbox_reminder", "state = 'sent'")

    def kept(self) -> int:
        return self.count("core_mail", "letter = 'reminder.review' AND state = 'kept'")

    def until(self, holds, seconds: float = 90) -> None:
        """Looks again and again."""
        deadline = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < deadline, (self.folder / "worker.log").read_text()[-3000:]
            time.sleep(0.004)

    def let_leases_run_out(self) -> None:
        """What five minutes do: a killed worker's claim on a letter ends."""
        self.ask("UPDATE core_mail SET lease_until = '2000-01-01 00:00:00' WHERE lease_until IS NOT NULL")


@pytest.fixture
def product(tmp_path):
    made = Product(tmp_path)
    made.run("manage.py", "migrate", "-v0")
    made.run("-m", "tests.faults.scene")
    yield made
    if made.worker:
        made.kill()


def kill_while(product: Product, task: str, progress, target: int) -> int:
    """Start a worker, let it do the task until so much is done, and kill it there; returns how far it got."""
    product.start()
    product.send(task)
    product.until(lambda: progress() >= target)
    product.kill()
    return progress()


def test_every_reminder_becomes_one_letter_whatever_is_killed(product):
    stops = [kill_while(product, SWEEP, product.reminded, target) for target in (1, 12, 24)]
    assert any(0 < done < PEOPLE for done in stops), "no kill came while there was work"
    lost = product.flush_broker()
    assert lost, "there was no message to lose"
    mails = [kill_while(product, MAIL, product.kept, target) for target in (1,)]
    assert any(0 < done < PEOPLE for done in mails), "no kill came while letters were written"
    product.flush_broker()
    product.let_leases_run_out()
    product.start()
    for task in (SWEEP, SWEEP, SWEEP, MAIL, MAIL):  # two beats, and one that came late
        product.send(task)
    product.until(lambda: product.kept() == PEOPLE)
    keys = [key for (key,) in product.ask("SELECT key FROM core_mail WHERE letter = 'reminder.review'")]
    sent = [f"reminder:{id}" for (id,) in product.ask(
        "SELECT lower(substr(hex,1,8)||'-'||substr(hex,9,4)||'-'||substr(hex,13,4)||'-'||substr(hex,17,4)||'-'||"
        "substr(hex,21)) FROM (SELECT id AS hex FROM inbox_reminder WHERE state = 'sent')")]  # fmt: skip
    assert sorted(keys) == sorted(sent) and len(keys) == PEOPLE
    assert product.count("inbox_reminder", "state IN ('planned', 'missed', 'skipped')") == 0
    assert product.count("events_event", "type = 'reminder.sent'") == PEOPLE
    assert product.count("inbox_notification", "kind = 'reminder.review'") == PEOPLE
