"""Writing long exports; the daily clearing of what no row speaks of and of old exports."""

from datetime import date, datetime

from celery import shared_task

from core.clock import now
from core.jobs import job
from files.actions import remove_orphans
from files.exports import remove_old, write_waiting


@shared_task(name="files.tasks.write_exports")
def write_exports() -> None:
    """Write the exports that wait."""
    write_waiting(now=now)


@job("files.remove_orphans")
def remove_orphan_files(day: date, at: datetime) -> dict[str, int]:
    return {"removed": remove_orphans(at=at), "exports": remove_old(at=at)}
