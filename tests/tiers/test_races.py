"""Two runs at the same moment: one partner is judged once, awarded once, written to once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from django.db import connection, connections

from core.actors import SYSTEM
from core.models import Mail
from events.models import Event
from metrics.actions import touch
from metrics.models import Touched
from tests.enablement.factories import certify
from tiers.actions import recalculate
from tiers.models import Evaluation, Standing
from tiers.tasks import sweep

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
AT = datetime(2026, 11, 24, 15, 31, tzinfo=UTC)
ON = AT.date()


def together(work, times=6):
    """Do the same in so many threads at once; each closes its own connection."""

    def alone(_n):
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(alone, range(times)))


@pytest.fixture(autouse=True)
def on_postgres():
    if connection.vendor != "postgresql":
        pytest.skip("threads share one writer on SQLite")


@pytest.fixture
def earned(northgate, albion, priya, version, tracks, hire):
    """Northgate and Albion have earned Silver and nobody has looked yet."""
    for partner in (northgate, albion):
        certify(hire(partner), tracks["sales"], date(2026, 1, 5))
    Touched.objects.all().delete()
    return [northgate, albion]


def awarded_once(partners):
    return {
        "standings": Standing.objects.count() == len(partners),
        "evaluations": Evaluation.objects.count() == len(partners),
        "events": Event.objects.filter(type="tier.awarded").count() == len(partners),
        "letters": Mail.objects.filter(letter="tier.awarded").count() == 1,
    }


def test_six_full_runs_at_once_award_each_tier_once(earned):
    together(lambda: recalculate(by=SYSTEM, as_of=ON, at=AT))
    assert all(awarded_once(earned).values()), awarded_once(earned)


def test_six_sweeps_at_once_serve_each_request_once(earned):
    for partner in earned:
        touch(partner.id, at=AT)
    together(lambda: sweep(AT))
    assert not Touched.objects.exists()
    assert all(awarded_once(earned).values()), awarded_once(earned)


def test_whoever_is_touched_during_a_sweep_is_looked_at(earned):
    def touch_and_sweep():
        for partner in earned:
            touch(partner.id, at=AT)
        sweep(AT)

    together(touch_and_sweep)
    sweep(AT)
    assert not Touched.objects.exists()
    assert all(awarded_once(earned).values()), awarded_once(earned)
