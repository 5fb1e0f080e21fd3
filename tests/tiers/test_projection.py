"""The money that a tier asks for, over time and ahead; and where a metric is used."""

from datetime import timedelta

import pytest

from core.actors import SYSTEM
from tests.deals import factories as deals
from tests.enablement.factories import certify
from tests.tiers.factories import content, make_version, need
from tiers.actions import recalculate
from tiers.explained import explain
from tiers.projection import projection_of

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def version(program, at):
    """Gold asks for money too."""
    made = content()
    asked = need(5_000_000, window="trailing_12_months")
    made["tiers"]["gold"]["requirements"]["annual_revenue"] = {"metric": "annual_revenue", **asked}
    return make_version(made)


@pytest.fixture
def silver(northgate, version, tracks, hire, at):
    certify(hire(northgate), tracks["sales"], at.date())
    return northgate


def evaluated(partner, on, at):
    recalculate(by=SYSTEM, as_of=on, at=at)
    return explain(partner, on, on)


def test_what_nobody_has_booked_is_no_picture(silver, at):
    assert projection_of(evaluated(silver, at.date(), at)) is None


def test_the_money_leaves_the_window_a_year_after_it_came(silver, at):
    deals.booked(silver, at, at.date(), 6_000_000)
    on = at.date() + 240 * DAY
    shown = projection_of(evaluated(silver, on, at + 240 * DAY))
    values = [row["cells"][1]["value"] for row in shown["rows"]]
    assert len(values) == 19
    assert (values[0], values[12], values[-1]) == ("$0", "$60K", "$0")
    assert shown["title"].startswith("If nothing new comes, annual revenue falls below $50K by ")
    assert "Gold, $50K" in shown["chart"]


def test_an_earlier_day_is_not_drawn_ahead(silver, at):
    deals.booked(silver, at, at.date(), 6_000_000)
    recalculate(by=SYSTEM, as_of=at.date(), at=at)
    assert projection_of(explain(silver, at.date(), at.date() + DAY)) is None


def test_a_metric_says_which_programs_ask_for_it(silver, maya, browser_of):
    browser = browser_of(maya)
    assert "Levels, version 1: Gold" in browser.get("/manage/metrics/annual_revenue/").content.decode()
    assert "Levels, version 1: Gold, Silver" in browser.get("/manage/metrics/").content.decode()
