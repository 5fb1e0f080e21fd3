"""Daily jobs: a row a day, once, whatever is run twice or fails."""

from datetime import UTC, datetime, timedelta

import pytest

from core import jobs
from core.models import IdempotencyKey, JobRun
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
