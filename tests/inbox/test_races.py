"""Many sweeps at the same instant send each reminder once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection

from core import mail
from core.models import Mail
from inbox.actions import send_due_reminders
from inbox.models import Reminder
from tests import factories

pytestmark = [pytest.mark.faults, pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def in_threads(work, count=6):
    """Runs the work in threads, each with a connection of its own."""

    def one(_n):
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


@pytest.fixture
def due(plan, at):
    """Twenty people are reminded today."""
    people = [
        factories.make_vendor_user(f"p{n}@vendor.example", f"Person {n}", "marketing", at) for n in range(20)
    ]
    plan(date(2026, 11, 24), *people, offsets=[0])


def test_sweeps_at_once_send_each_reminder_once(due, at):
    counts = in_threads(lambda: send_due_reminders(at=at))
    assert (sum(c["sent"] for c in counts), sum(c["failed"] for c in counts)) == (20, 0)
    assert set(Reminder.objects.values_list("state", flat=True)) == {"sent"}
    assert Mail.objects.filter(letter="reminder.occasion").count() == 20


def test_workers_at_once_claim_each_letter_once(due, at):
    send_due_reminders(at=at)

    def claim_all():
        found = []
        while claimed := mail.claim(at):
            found.append(claimed.pk)
        return found

    claimed = [pk for found in in_threads(claim_all) for pk in found]
    assert len(claimed) == len(set(claimed)) == 20
