"""Work in the background: leads whose time has run out are passed on."""

from datetime import date, datetime
from typing import Any

from celery import shared_task

from core.clock import now
from core.jobs import job
from leads import actions


@job("leads.pass_on")
def pass_on_daily(day: date, at: datetime) -> dict[str, Any]:
    """The daily run, which leaves a row of what it did."""
    return {"passed_on": actions.pass_on_overdue(at=at)}


@shared_task(name="leads.tasks.pass_on")
def pass_on() -> None:
    """The sweep in between: an offer lapses at its hour, not at the end of a day."""
    actions.pass_on_overdue(at=now())
