"""Each quarter's reviews come with the tier, by the nightly job and when a partner rises."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from core import jobs
from core.actors import SYSTEM
from core.models import JobRun
from inbox.models import Reminder
from partners.actions import suspend_partner
from reviews.actions import schedule_quarter
from reviews.models import Review
from tests.tiers.factories import make_version
from tiers.actions import award_tier
from tiers.models import Tier


@pytest.fixture
def tiers(program):
    make_version()
    return {tier.code: tier for tier in Tier.objects.all()}


@pytest.fixture
def award(tiers, at):
    def awarded(partner, code, when=at):
        return award_tier(by=SYSTEM, partner=partner, tier=tiers[code], evaluation=None, at=when)

    return awarded


def test_rising_into_the_benefit_brings_a_review_with_its_reminders(northgate, priya, maya, award):
    award(northgate, "silver")
    assert not Review.objects.exists()
    award(northgate, "gold")
    assert list(Review.objects.order_by("quarter").values_list("quarter", "on", "is_proposed")) == [
        ("2026Q4", date(2026, 12, 8), True),
        ("2027Q1", date(2027, 3, 1), True),
    ]
    assert {r.recipient for r in Reminder.objects.planned()} == {priya, maya}


def test_the_job_makes_what_is_missing_once(northgate, albion, award, at):
    award(northgate, "gold")
    award(albion, "silver")
    Review.objects.all().delete()
    assert schedule_quarter(at=at) == {"created": 2, "missed": 0}
    assert schedule_quarter(at=at) == {"created": 0, "missed": 0}
    assert set(Review.objects.values_list("partner", flat=True)) == {northgate.pk}


def test_the_next_quarter_comes_in_time_for_its_first_reminder(northgate, award, at):
    award(northgate, "gold", at - timedelta(days=200))
    Review.objects.all().delete()
    assert schedule_quarter(at=datetime(2026, 11, 16, 3, tzinfo=UTC))["created"] == 1
    assert schedule_quarter(at=datetime(2026, 11, 17, 3, tzinfo=UTC))["created"] == 1
    assert Reminder.objects.planned().filter(offset_days=30, occasion_on=date(2027, 3, 1)).exists()


def test_a_suspended_partner_is_not_asked_to_reviews(northgate, ada, acting, award, at):
    award(northgate, "gold")
    Review.objects.all().delete()
    suspend_partner(by=acting(ada), partner=northgate, reason_code="compliance", at=at)
    assert schedule_quarter(at=at)["created"] == 0


def test_who_was_not_reviewed_in_its_quarter_is_missed_and_asked_to_the_next(northgate, award, at):
    award(northgate, "gold")
    counts = schedule_quarter(at=datetime(2027, 1, 16, 3, tzinfo=UTC))
    assert counts == {"created": 0, "missed": 1}
    assert dict(Review.objects.values_list("quarter", "state")) == {"2026Q4": "missed", "2027Q1": "scheduled"}


def test_the_daily_run_is_a_row_and_runs_once(northgate, award, at):
    award(northgate, "gold")
    Review.objects.all().delete()
    daily = [["reviews.schedule_quarter", "03:00"]]
    for _i in range(3):
        for run in jobs.due(daily, at):
            jobs.run(run, at)
    assert JobRun.objects.get(job="reviews.schedule_quarter").counts == {"created": 2, "missed": 0}
    assert Review.objects.count() == 2


def test_reminders_of_proposed_reviews_go_by_the_command(northgate, priya, maya, award, at):
    award(northgate, "gold")
    out = StringIO()
    call_command("send_due_reminders", "--at", "2026-12-01T05:00Z", "--json", stdout=out)
    assert '"sent": 2' in out.getvalue()
