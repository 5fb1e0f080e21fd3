"""Daily jobs: a row a day, once, whatever is run twice or fails."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from core import jobs
from core.models import IdempotencyKey, JobRun, Vendor
from core.tasks import prune

pytestmark = pytest.mark.django_db
DAILY = [["test.count", "02:00"]]
NIGHT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


@pytest.fixture
def calls(program, monkeypatch):
    found = []
    monkeypatch.setitem(jobs._jobs, "test.count", lambda day, at: found.append(day) or {"n": len(found)})
    return found


def tick(at):
    for run in jobs.due(DAILY, at):
        jobs.run(run, at)


def test_nothing_happens_before_its_time(calls):
    tick(NIGHT - timedelta(minutes=1))
    assert calls == []
    tick(NIGHT)
    assert len(calls) == 1


def test_a_second_tick_of_the_day_does_nothing(calls):
    for minutes in (0, 1, 2, 600):
        tick(NIGHT + timedelta(minutes=minutes))
    assert len(calls) == 1
    tick(NIGHT + timedelta(days=1))
    assert len(calls) == 2


def test_a_machine_that_slept_runs_it_late_once(calls):
    tick(NIGHT + timedelta(hours=9))
    assert [run.day for run in JobRun.objects.all()] == [NIGHT.date()]


def test_two_beats_at_once_run_it_once(calls):
    first, second = jobs.due(DAILY, NIGHT), jobs.due(DAILY, NIGHT)
    jobs.run(first[0], NIGHT)
    jobs.run(second[0], NIGHT)
    assert len(calls) == 1


# How often the clocks change there in a year.
CHANGES = {
    "America/Toronto": 2, "America/St_Johns": 2, "America/New_York": 2, "America/Sao_Paulo": 0, "Europe/London": 2,
    "Europe/Berlin": 2, "Africa/Cairo": 2, "Asia/Kolkata": 0, "Asia/Tokyo": 0, "Australia/Sydney": 2,
    "Australia/Lord_Howe": 2, "Pacific/Apia": 0,
}  # fmt: skip
TIMES = ("00:30", "01:30", "02:30", "09:00")


def changing_days(zone: str, year: int) -> list[date]:
    """The days of a year at whose end the clocks are not what they were at its beginning; one in June without any."""

    def offset(day: date) -> timedelta | None:
        return datetime.combine(day, time(), tzinfo=ZoneInfo(zone)).utcoffset()

    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
    found = [day for day in days if offset(day) != offset(day + timedelta(days=1))]
    assert len(found) == CHANGES[zone]
    return found or [date(year, 6, 15)]


@pytest.mark.parametrize("year", [2026, 2027, 2028])
@pytest.mark.parametrize("zone", CHANGES)
def test_where_an_hour_is_missing_or_comes_twice_a_job_runs_once_that_day(program, monkeypatch, zone, year):
    """At its time; where that is missing at the next there is, where it comes twice at the first."""
    Vendor.objects.update(time_zone=zone)
    ran, now = [], []
    for clock in TIMES:
        monkeypatch.setitem(jobs._jobs, clock, lambda day, at, clock=clock: ran.append((day, clock, now[-1])))
    for on in changing_days(zone, year):
        begins = datetime.combine(on, time(), tzinfo=ZoneInfo(zone)).astimezone(UTC)
        expected = {}
        for instant in (begins + timedelta(minutes=30 * n) for n in (*range(-1, 11), 18, 19, 20, 46)):
            here = instant.astimezone(ZoneInfo(zone))
            now.append(instant)
            for clock in TIMES:
                if here.date() == on and here.time() >= time.fromisoformat(clock):
                    expected.setdefault((on, clock), instant)
            for run in jobs.due([[clock, clock] for clock in TIMES], instant):
                jobs.run(run, instant)
        todays = [(day, clock) for day, clock, _at in ran if day == on]
        assert sorted(todays) == [(on, clock) for clock in TIMES]
        assert {(day, clock): at for day, clock, at in ran if day == on} == expected


def test_a_failure_is_kept_and_tried_again(program, monkeypatch):
    def broken(day, at):
        raise RuntimeError("no disk")

    monkeypatch.setitem(jobs._jobs, "test.count", broken)
    for minutes in range(10):
        tick(NIGHT + timedelta(minutes=minutes))
    run = JobRun.objects.get()
    assert (run.attempts, run.finished_at) == (jobs.MOST_ATTEMPTS, None)
    assert "no disk" in run.error


def test_a_killed_run_is_taken_up_once_its_lease_is_over(calls):
    run = jobs.due(DAILY, NIGHT)[0]
    JobRun.objects.filter(pk=run.pk).update(lease_until=NIGHT + jobs.LEASE, attempts=1)
    tick(NIGHT + timedelta(minutes=1))
    assert calls == []
    tick(NIGHT + jobs.LEASE)
    assert len(calls) == 1


def test_what_has_had_its_time_is_cleared_away():
    old, fresh = (
        IdempotencyKey.objects.create(scope=name, fingerprint="x", created_at=NIGHT - timedelta(hours=hours))
        for name, hours in (("old", 25), ("fresh", 23))
    )
    assert prune(NIGHT.date(), NIGHT) == {"answers": 1, "sessions": 0}
    assert list(IdempotencyKey.objects.all()) == [fresh] and old.scope == "old"
