"""Tasks of core: the daily tick, the mail sweep, and the clearing away of what has had its time."""

from datetime import date, datetime, timedelta

from celery import shared_task
from django.contrib.sessions.models import Session

from core import jobs, mail
from core.clock import now
from core.models import IdempotencyKey


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


@jobs.job("core.prune")
def prune(day: date, at: datetime) -> dict[str, int]:
    """Answers kept for repeated requests go after a day, sessions when they have ended."""
    answers = IdempotencyKey.objects.filter(created_at__lt=at - timedelta(days=1))
    ended = Session.objects.filter(expire_date__lt=at)
    return {"answers": answers.delete()[0], "sessions": ended.delete()[0]}
