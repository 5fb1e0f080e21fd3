"""Whatever the clock does, an occasion about a tier is told once: on its day, or late where that was slept through."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest

from core import jobs
from core.models import Mail
from inbox.actions import send_due_reminders
from inbox.models import Reminder
from tests.enablement.factories import certify
from tiers.models import Grace, Standing
from tiers.tasks import sweep

pytestmark = pytest.mark.django_db
NIGHT = [
    ["enablement.expire_certifications", "00:20"],
    ["tiers.decisions", "02:05"],
    ["tiers.recalculate", "02:10"],
]
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
RENEWAL, GRACE = (90, 60, 30, 7), (60, 30, 14, 7, 1)


def beat(at: datetime) -> None:
    """What beat rings for at an instant, twice: another beat runs beside it."""
    for _beat in range(2):
        for run in jobs.due(NIGHT, at):
            jobs.run(run, at)
        sweep(at)
        send_due_reminders(at=at)


def morning(day: date, hour: int = 9) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=UTC)


def told() -> list[tuple[str, date]]:
    """What the partner's admin was told, and on which day."""
    found = Mail.objects.filter(to_user__email="priya@northgate.example").order_by("created_at", "letter")
    return [(mail.letter, mail.created_at.date()) for mail in found]


@pytest.fixture
def silver(northgate, priya, version, tracks, hire):
    """Northgate is Silver by one certified person until a day, since a hundred days before."""

    def until(ends: date):
        certify(hire(northgate, "Dana"), tracks["sales"], ends - 100 * DAY, expires_on=ends)
        beat(morning(ends - 100 * DAY))
        assert told() == [("tier.awarded", ends - 100 * DAY)]
        Mail.objects.all().delete()
        return northgate

    return until


@pytest.mark.parametrize(
    "lost_on",
    [date(2027, 1, 1), date(2027, 12, 1), date(2028, 2, 29)],
    ids=["on New Year", "grace to a leap day", "on a leap day"],
)
def test_over_a_year_s_end_and_a_leap_day_each_is_told_on_its_day(silver, lost_on):
    silver(lost_on)
    over = lost_on + 90 * DAY
    expected = [
        *(("reminder.certification", lost_on - n * DAY) for n in RENEWAL),
        ("certification.expired", lost_on),
        ("tier.grace_started", lost_on),
        *(("reminder.tier-grace", over - n * DAY) for n in GRACE),
        ("tier.lowered", over),
    ]
    days = {day for _letter, day in expected}
    for day in sorted(days | {day - DAY for day in days}):
        beat(morning(day))
    assert told() == expected
    assert not Reminder.objects.filter(is_late=True).exists()
    assert not Standing.objects.open().exists()


def test_an_hour_forth_and_back_over_midnight_repeats_nothing(silver):
    lost_on = date(2027, 1, 1)
    silver(lost_on)
    for n in RENEWAL[:-1]:
        beat(morning(lost_on - n * DAY))
    for day in (lost_on - 7 * DAY, lost_on, lost_on + 30 * DAY):
        before_midnight = morning(day, hour=0) - HOUR / 2
        for hours in (0, 1, 0, 1, 4, 3):
            beat(before_midnight + hours * HOUR)
    assert told()[3:] == [
        ("reminder.certification", lost_on - 7 * DAY),
        ("certification.expired", lost_on),
        ("tier.grace_started", lost_on),
        ("reminder.tier-grace", lost_on + 30 * DAY),
    ]


def test_days_that_were_slept_through_are_made_up_for_once_and_late(silver):
    """The sixth day instead of the seventh before the end, two days after the loss, two days after a reminder's."""
    lost_on = date(2026, 12, 31)
    partner = silver(lost_on)
    for n in RENEWAL[:-1]:
        beat(morning(lost_on - n * DAY))
    beat(morning(lost_on - 5 * DAY))
    beat(morning(lost_on + 2 * DAY))
    over = lost_on + 92 * DAY
    assert Grace.objects.get(partner=partner).ends_on == over
    beat(morning(over - 58 * DAY))
    assert told()[3:] == [
        ("reminder.certification", lost_on - 5 * DAY),
        ("certification.expired", lost_on + 2 * DAY),
        ("tier.grace_started", lost_on + 2 * DAY),
        ("reminder.tier-grace", over - 58 * DAY),
    ]
    late = Reminder.objects.filter(is_late=True, recipient__email="priya@northgate.example")
    assert sorted(late.values_list("kind", "offset_days")) == [("certification", 7), ("tier-grace", 60)]
