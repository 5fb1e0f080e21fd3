"""The sweep of due reminders. Its message only says "look now"; what is due is read from the rows."""

from celery import shared_task

from core.clock import now
from inbox import actions


@shared_task(name="inbox.tasks.send_due_reminders")
def send_due_reminders() -> None:
    actions.send_due_reminders(at=now())
