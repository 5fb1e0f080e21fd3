"""Runs of the recalculation on their pages: progress, counts, duration, errors, and whether incremental equals full."""

from datetime import timedelta

import pytest

from core.saving import save
from tests.tiers.factories import make_version
from tiers.models import TierRun

pytestmark = pytest.mark.django_db
RUNS = "/manage/tiers/runs/"


@pytest.fixture
def run(northgate, albion, at):
    """A full run of three and a half minutes in which one partner of each manager failed."""
    version = make_version()
    errors = [{"partner": str(p.pk), "error": f"ValueError: {p.name}"} for p in (northgate, albion)]
    made = TierRun(
        program=version.program,
        program_version=version,
        kind="full",
        as_of=at.date(),
        started_at=at,
        ended_at=at + timedelta(seconds=210),
        looked_at=9000,
        differed=12,
        judged=12,
        failed=2,
        actions={"upgrade": 3},
        errors=errors,
        missed=1,
    )
    return save(made)


def test_the_list_tells_how_a_run_went(ada, browser_of, run):
    page = browser_of(ada).get(RUNS).content.decode()
    for words in ("All partners", "With errors", "3 min 30 s", "9,000", "1 differed"):
        assert words in page


def test_the_list_names_the_version_and_of_older_runs_the_program(ada, browser_of, api_of, run):
    assert str(run.program_version) in browser_of(ada).get(RUNS).content.decode()
    TierRun.objects.update(program_version=None)
    page = browser_of(ada).get(RUNS).content.decode()
    assert str(run.program_version) not in page
    assert str(run.program) in page
    assert api_of(ada).get("/api/v1/tier-runs/").json()["results"][0]["program_version"] is None


def test_one_run_tells_what_followed_and_the_errors_of_the_partners_one_sees(
    ada, maya, browser_of, run, albion
):
    page = browser_of(ada).get(run.get_absolute_url()).content.decode()
    assert "12 of 12 judged" in page
    assert "Upgrade" in page
    assert f"ValueError: {albion.name}" in page
    page = browser_of(maya).get(run.get_absolute_url()).content.decode()
    assert "ValueError: Northgate" in page
    assert albion.name not in page


def test_a_run_that_equals_the_incremental_ones_says_so(ada, browser_of, run):
    TierRun.objects.update(missed=0, failed=0, errors=[])
    page = browser_of(ada).get(run.get_absolute_url()).content.decode()
    assert "equal" in page
    assert "No partner failed." in page
    TierRun.objects.update(ended_at=None, judged=6, missed=None)
    page = browser_of(ada).get(run.get_absolute_url()).content.decode()
    assert "6 of 12 judged" in page
    assert "still runs" in page


def test_the_api_reads_runs_and_partners_see_none(maya, priya, api_of, northgate, run):
    found = api_of(maya).get("/api/v1/tier-runs/").json()["results"]
    assert [(one["missed"], len(one["errors"]), one["program_version"]) for one in found] == [
        (1, 1, run.program_version.number)
    ]
    assert api_of(priya, northgate).get("/api/v1/tier-runs/").json()["results"] == []
    assert api_of(maya).post("/api/v1/tier-runs/", {}, content_type="application/json").status_code == 405


def test_the_board_leads_to_what_stands_beside_it(ada, browser_of, run):
    page = browser_of(ada).get("/manage/tiers/").content.decode()
    for url in (RUNS, "/manage/tiers/simulator/", "/manage/tiers/benefits/", "/manage/tiers/comparison/"):
        assert url in page
