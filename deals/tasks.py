"""Work in the background: protections end by their own date, and so does the time to answer a question; what waits too
long for our own answer is escalated."""

from datetime import date, datetime
from typing import Any

from celery import shared_task

from core.clock import now
from core.jobs import job
from deals import actions
from deals.imports.work import work_on_waiting


@job("deals.expire_protections")
def expire_protections(day: date, at: datetime) -> dict[str, Any]:
    """The daily run."""
    return {"expired": actions.release_lapsed(at=at)}


@job("deals.lapse_unanswered")
def lapse_unanswered(day: date, at: datetime) -> dict[str, Any]:
    """Registrations whose question nobody answered in time."""
    return {"lapsed": actions.lapse_unanswered(at=at)}


@job("deals.remind_of_old_accounts")
def remind_of_old_accounts(day: date, at: datetime) -> dict[str, Any]:
    """Direct accounts that nobody confirmed for a quarter."""
    return {"reminded": actions.remind_of_old_accounts(at=at)}


@job("deals.activate_rules")
def activate_rules(day: date, at: datetime) -> dict[str, Any]:
    """Rules of engagement whose day has come."""
    return {"activated": actions.activate_due(at=at)}


@job("deals.remove_old_imports")
def remove_old_imports(day: date, at: datetime) -> dict[str, Any]:
    """Files of registrations are kept for a month."""
    return {"removed": actions.remove_old_imports(at=at)}


@shared_task(name="deals.tasks.work_on_imports")
def work_on_imports() -> None:
    """Check and register the files that wait."""
    work_on_waiting(now=now)


@shared_task(name="deals.tasks.escalate_due")
def escalate_due() -> None:
    """What waits for an answer goes to a superior before the promise is broken."""
    actions.escalate_due(at=now())


@shared_task(name="deals.tasks.release_lapsed")
def release_lapsed() -> None:
    """The sweep in between, for the time zones whose day ends at another hour."""
    at = now()
    actions.release_lapsed(at=at)
    actions.lapse_unanswered(at=at)
