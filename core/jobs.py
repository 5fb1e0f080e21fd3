"""Daily jobs as rows (job, day), and the doorbell that tells a worker to look now."""

import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta
from typing import Any

import structlog
from celery import current_app
from django.db import transaction

from core.clock import day, zone
from core.models import JobRun
from core.saving import lock, save

LEASE = timedelta(minutes=10)
MOST_ATTEMPTS = 5
log = structlog.get_logger(__name__)

Job = Callable[[date, datetime], dict[str, Any] | None]
_jobs: dict[str, Job] = {}


def job(name: str) -> Callable[[Job], Job]:
    """Declare the work of a daily job: `f(day, at) -> counts`. It must be safe to run twice."""

    def declare(work: Job) -> Job:
        _jobs[name] = work
        return work

    return declare


def known() -> list[str]:
    return sorted(_jobs)


_quiet: ContextVar[bool] = ContextVar("quiet", default=False)


@contextmanager
def quiet() -> Iterator[None]:
    """No doorbell is rung inside: for loads that make thousands of rows; the sweeps find them."""
    token = _quiet.set(True)
    try:
        yield
    finally:
        _quiet.reset(token)


def doorbell(task: Any) -> None:
    """Send a task's message after commit; a broker that is away costs nothing, the sweep finds the rows.

    A task of a higher app is given by its name.
    """
    if _quiet.get():
        return
    try:
        task = current_app.signature(task) if isinstance(task, str) else task
        task.apply_async(retry=False, ignore_result=True)
    except Exception as error:  # noqa: BLE001 (whatever the broker's client raises)
        log.warning("doorbell failed", task=str(task), error=str(error))


def due(daily: list[list[str]], at: datetime) -> list[JobRun]:
    """The runs that should have happened by now today and have not finished, their rows created."""
    here = at.astimezone(zone())
    runs = []
    for name, clock in daily:
        if here.time() >= time.fromisoformat(clock):
            run, _made = JobRun.objects.get_or_create(job=name, day=day(at))
            if run.finished_at is None and run.attempts < MOST_ATTEMPTS:
                runs.append(run)
    return runs


def run(record: JobRun, at: datetime) -> JobRun:
    """Do one run under a lease; a failure is kept on the row and tried again by the next tick."""
    with transaction.atomic():
        record = lock(record)
        if record.finished_at or (record.lease_until and record.lease_until > at):
            return record
        record.attempts += 1
        record.started_at = at
        record.lease_until = at + LEASE
        save(record)
    try:
        record.counts = _jobs[record.job](record.day, at) or {}
        record.finished_at = at
        record.error = ""
    except Exception:
        record.error = traceback.format_exc()[-2000:]
        log.exception("job failed", job=record.job, day=str(record.day))
    record.lease_until = None
    return save(record)
