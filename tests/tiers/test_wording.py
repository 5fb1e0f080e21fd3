"""How gaps are said: in the metric's unit, and money in whole units of which nobody is told too few."""

import pytest

from core.models import Vendor
from home.tiers import requirement
from tests.deals.factories import booked
from tests.tiers.factories import content, make_draft, need, put_in_force
from tiers import rules, wording
from tiers.actions import recalculate
from tiers.rules import Fact, Need, Rung

pytestmark = pytest.mark.django_db
M = 1_000_000_00


def found(there, threshold, comparator="at_least", metric="annual_revenue"):
    rung = Rung("gold", 1, (Need(metric, comparator, threshold, metric=metric),))
    return rules.evaluate([rung], {metric: Fact(there)}).rungs[0].findings[0]


@pytest.mark.parametrize(
    ("there", "threshold", "comparator", "said", "exact"),
    [
        (1, M // 2, "at_least", "$500,000 more", "exactly $499,999.99"),
        (M // 2 - 1, M // 2, "at_least", "$1 more", "exactly $0.01"),
        (M // 2 - 100, M // 2, "at_least", "$1 more", ""),
        (0, M // 2, "at_least", "$500,000 more", ""),
        (M // 2, M // 2, "more_than", "$1 more", "exactly $0.01"),
        (M // 2 + 150, M // 2, "at_most", "$2 less", "exactly $1.50"),
    ],
)
def test_money_that_is_missing_is_said_in_whole_units_rounded_up(
    program, there, threshold, comparator, said, exact
):
    finding = found(there, threshold, comparator)
    assert wording.gap(finding) == said
    assert wording.exactly_lacking("annual_revenue", finding.missing) == exact


def test_a_currency_without_decimals_is_not_rounded(program):
    Vendor.objects.update(currency="JPY")
    assert wording.gap(found(1, 500_000)) == "¥499,999 more"


def test_people_and_times_are_said_in_their_own_unit(program):
    assert wording.gap(found(1, 3, metric="certified_people")) == "2 more people"
    assert wording.exactly_lacking("certified_people", 2) == ""


def test_homes_say_the_gap_as_the_pages_of_tiers_do(program):
    row = {"metric": "annual_revenue", "value": 1, "threshold": M // 2, "verdict": "not_met"}
    shown = requirement({**row, "missing": M // 2 - 1}, "USD")
    assert (shown["missing"], shown["exact"]) == ("$500,000 to go", "exactly $499,999.99")


def test_pages_say_whole_units_and_keep_the_exact_amount_at_hand(
    northgate, maya, priya, browser_of, api_of, program, system, at, monkeypatch
):
    monkeypatch.setattr("django.utils.timezone.now", lambda: at)
    made = content()
    asked = need(M // 2, metric="annual_revenue", window="trailing_12_months")
    made["tiers"]["authorized"]["requirements"] = {"annual_revenue": asked}
    put_in_force(make_draft(made), at)
    booked(northgate, at, at.date(), minor=1)
    recalculate(by=system, as_of=at.date(), at=at)
    for person, url in ((maya, f"/manage/partners/{northgate.pk}/tier/"), (priya, "/portal/tier/")):
        page = browser_of(person).get(url).content.decode()
        assert "annual revenue ($500,000 more)" in page
        assert 'title="exactly $499,999.99">$500,000 more</span>' in page
        assert "499,999.99 more" not in page
    home = browser_of(maya).get(f"/manage/partners/{northgate.pk}/").content.decode()
    assert 'title="exactly $499,999.99">$500,000 to go</span>' in home
