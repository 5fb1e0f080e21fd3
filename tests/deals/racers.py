"""Many who act at the same instant: processes on SQLite, threads on PostgreSQL. Each says how it went.

As a script: `racers.py WHAT ID…` in an environment that names the database; prints one JSON line per racer.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
AT = datetime(2026, 11, 24, 15, 31, tzinfo=UTC)


def approve(deal_id: str) -> None:
    from core.actors import SYSTEM
    from deals.actions import approve_deal
    from deals.models import Deal

    approve_deal(by=SYSTEM, deal=Deal.objects.get(pk=deal_id), at=AT)


def register(partner_id: str) -> str:
    from core.actors import SYSTEM
    from deals.actions import register_deal
    from partners.models import Partner
    from tests.deals.factories import facts

    partner = Partner.objects.get(pk=partner_id)
    return str(register_deal(by=SYSTEM, partner=partner, at=AT, **facts(external_ref="CRM-1")).pk)


def merge(key: str) -> str:
    """One organization into another: `loser:winner`."""
    from core.actors import SYSTEM
    from partners.actions import merge_organizations
    from partners.models import Organization

    one, other = (Organization.objects.get(pk=pk) for pk in key.split(":"))
    return merge_organizations(by=SYSTEM, organization=one, into=other, at=AT).state


def any_of(key: str) -> Any:
    """Different work at the same instant: `what:key`."""
    what, _, rest = key.partition(":")
    return WORK[what](rest)


WORK: dict[str, Callable[[str], Any]] = {
    "approve": approve,
    "register": register,
    "merge": merge,
    "any": any_of,
}


def outcome(what: str, key: str) -> list[str]:
    """What came of one racer: ["done", result], ["conflict", words] or ["broken", error]."""
    from django.db import connection

    from core.errors import Conflict

    try:
        return ["done", str(WORK[what](key))]
    except Conflict as refused:
        return ["conflict", str(refused)]
    except Exception as error:  # noqa: BLE001 (a race must show what broke)
        return ["broken", repr(error)]
    finally:
        connection.close()


def race(what: str, keys: list[str], folder: Path, script: str = __file__) -> list[list[str]]:
    """Run all at once against the test's database; returns their outcomes. `script` knows the work by its name."""
    from django.db import connection

    if connection.vendor == "postgresql":
        return _by_threads(what, keys)
    return _by_processes(what, keys, folder, script)


def _by_threads(what: str, keys: list[str]) -> list[list[str]]:
    start, found = threading.Barrier(len(keys)), []

    def run(key: str) -> None:
        start.wait()
        found.append(outcome(what, key))

    threads = [threading.Thread(target=run, args=(key,)) for key in keys]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def _by_processes(what: str, keys: list[str], folder: Path, script: str) -> list[list[str]]:
    from django.db import connection

    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{connection.settings_dict['NAME']}",
        "VAR_DIR": str(folder),
        "DJANGO_SETTINGS_MODULE": "prm.settings",
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, script, what, *keys]
    run = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert run.returncode == 0, run.stderr[-2000:]
    return [json.loads(line) for line in run.stdout.splitlines() if line.startswith("[")]


def _run_one(what: str, key: str, start: Any, found: Any) -> None:
    start.wait()
    found.put(outcome(what, key))


def main(what: str, keys: list[str]) -> None:
    import django

    django.setup()
    fork = multiprocessing.get_context("fork")
    start, found = fork.Barrier(len(keys)), fork.Queue()
    racers = [fork.Process(target=_run_one, args=(what, key, start, found)) for key in keys]
    for racer in racers:
        racer.start()
    for _racer in racers:
        sys.stdout.write(json.dumps(found.get(timeout=200)) + "\n")
    for racer in racers:
        racer.join()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
