"""Tasks of core: the daily tick and the mail sweep."""

from celery import shared_task

from core import jobs, mail
from core.clock import now


@shared_task(name="core.tasks.tick")
def tick(daily: list[list[str]]) -> None:
    """Run each daily job whose time has passed today, once."""
    for record in jobs.due(daily, now()):
        jobs.run(record, now())


@shared_task(name="core.tasks.send_mail")
def send_mail() -> None:
    """Send what is queued, oldest first, each under a lease."""
    while claimed := mail.claim(now()):
        try:
            mail.deliver(claimed, at=now())
        except Exception as error:  # noqa: BLE001 (kept on the row)
            mail.fail(claimed, error)
