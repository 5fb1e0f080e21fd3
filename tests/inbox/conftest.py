"""An occasion of the tests' own, so that the inbox is tried without the apps above it."""

import pytest

from core.ids import uuid7
from core.mail import Letter, letter
from inbox import notices
from inbox.actions import plan_reminders

if not notices.is_known("reminder.occasion"):
    notices.declare("reminder.occasion", "%(partner)s: the occasion is on %(on)s.")

    @letter("reminder.occasion")
    def occasion(mail):
        return Letter(subject="The occasion")


@pytest.fixture
def plan(northgate, at):
    """Plans reminders of one occasion of Northgate's."""
    subject = uuid7()

    def planned(occasion_on, *recipients, offsets=(30, 14, 7, 1), when=at, **facts):
        return plan_reminders(
            kind="occasion",
            subject_id=subject,
            partner=northgate,
            occasion_on=occasion_on,
            offsets=offsets,
            recipients=recipients,
            at=when,
            url="/manage/occasions/1/",
            **facts,
        )

    planned.subject = subject
    return planned
