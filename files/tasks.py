"""The daily clearing of files that no row speaks of."""

from datetime import date, datetime

from core.jobs import job
from files.actions import remove_orphans


@job("files.remove_orphans")
def remove_orphan_files(day: date, at: datetime) -> dict[str, int]:
    return {"removed": remove_orphans(at=at)}
