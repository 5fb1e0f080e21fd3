"""The figures of deals: what each counts, that its rows add up to it, and who reads which."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.actors import SYSTEM
from core.clock import now
from deals import actions
from deals.metrics import registrations
from deals.metrics.facts import result
from metrics import registry
from tests.deals import factories as make

DAY = timedelta(days=1)


def value(key, partner, as_of):
    return next((v.value for v in registry.get(key).values(as_of) if v.partner_id == partner.pk), None)


def counted(key, partner, as_of):
    return [row.label for row in registry.get(key).rows(partner.pk, as_of) if not row.excluded]


@pytest.mark.parametrize(
    ("unit", "part", "whole", "said"),
    [
        ("percent", 1, 3, 33),
        ("percent", 1, 8, 13),
        ("percent", 0, 0, None),
        ("days", 33, 2, 17),
        ("count", 4, 9, 4),
    ],
)
def test_percentages_and_means_are_rounded_half_up(unit, part, whole, said):
    assert result(unit, part, whole) == said


def test_nothing_is_no_figure(northgate, on):
    for key in registrations.SHOWN:
        assert value(key, northgate, on) is None
        whole = registry.get(key).whole(on)
        assert whole.n_rows == 0 and whole.value in (None, 0)


def test_a_win_was_registered_in_time_when_it_was_protected_two_weeks_before(northgate, at):
    early = make.approved(northgate, at, customer_name="Early")
    make.won(northgate, at + 20 * DAY, customer_name="Late")
    actions.report_win(
        by=SYSTEM, deal=early, won_on=early.day_of(at) + 14 * DAY, reference="PO", at=at + 14 * DAY
    )
    day = (at + 20 * DAY).date()
    assert value("deal_registration_rate", northgate, day) == 50
    assert sorted(row.rpartition(", ")[2] for row in counted("deal_registration_rate", northgate, day)) == [
        "registered in time", "registered late"
    ]  # fmt: skip
    assert counted("deal_registration_rate", northgate, day + 366 * DAY) == []


def test_approvals_are_shares_of_what_was_decided(northgate, at, on):
    make.approved(northgate, at)
    refused = make.submitted(northgate, at, customer_name="Elsewhere")
    actions.reject_deal(by=SYSTEM, deal=refused, reason="not_eligible", at=at)
    make.submitted(northgate, at, customer_name="Waiting")
    assert value("deal_approval_rate", northgate, on) == 50
    assert len(counted("deal_approval_rate", northgate, on)) == 2


def test_the_time_to_a_decision_is_in_business_days_without_the_pause(northgate, at):
    # A Tuesday; Thursday is Thanksgiving in the partner's country.
    deal = make.submitted(northgate, at)
    asked = actions.ask_for_more(by=SYSTEM, deal=deal, question="Who?", fields=["contact"], at=at + DAY)
    answered = actions.submit_deal(by=SYSTEM, deal=asked, at=at + 8 * DAY)
    actions.reject_deal(by=SYSTEM, deal=answered, reason="not_eligible", at=at + 9 * DAY)
    day = (at + 9 * DAY).date()
    assert value("deal_decision_time", northgate, day) == 20
    assert value("deal_decisions_in_time", northgate, day) == 100


def test_a_late_decision_is_late_also_after_an_appeal(northgate, at):
    deal = make.submitted(northgate, at)
    refused = actions.reject_deal(by=SYSTEM, deal=deal, reason="not_eligible", at=at + 10 * DAY)
    appeal = actions.file_appeal(by=SYSTEM, deal=refused, grounds="Look again", at=at + 11 * DAY)
    actions.uphold_appeal(by=SYSTEM, appeal=appeal, at=at + 12 * DAY)
    deal.refresh_from_db()
    actions.reject_deal(by=SYSTEM, deal=deal, reason="not_eligible", at=at + 13 * DAY)
    day = (at + 13 * DAY).date()
    assert value("deal_decisions_in_time", northgate, day) == 0
    assert (
        value("deal_decision_time", northgate, day) == 70
    )  # to the first decision: Thanksgiving and two weekends off


def test_conversion_and_protected_days_are_of_what_came_to_an_end(northgate, at):
    won = make.approved(northgate, at, customer_name="Won", days=100)
    lost = make.approved(northgate, at, customer_name="Lost", days=100)
    make.approved(northgate, at, customer_name="Running")
    actions.report_win(
        by=SYSTEM, deal=won, won_on=won.day_of(at) + 20 * DAY, reference="PO", at=at + 20 * DAY
    )
    actions.report_loss(by=SYSTEM, deal=lost, reason="price", at=at + 60 * DAY)
    day = (at + 60 * DAY).date()
    assert value("deal_conversion", northgate, day) == 50
    assert value("protected_days_used", northgate, day) == 40
    assert any("20 of 100 days" in row for row in counted("protected_days_used", northgate, day))


def test_slipping_quiet_and_ending_deals_are_counted(northgate, at, on):
    make.approved(northgate, at, expected_close_on=on + 10 * DAY, days=60)
    make.approved(northgate, at, customer_name="Elsewhere", days=90)
    assert [value(key, northgate, on) for key in registrations.SHOWN[-3:]] == [0, 0, 0]
    later = on + 45 * DAY
    assert value("deal_slippage", northgate, later) == 50
    assert value("quiet_deals", northgate, later) == 2
    assert value("expiring_protections", northgate, later) == 1


def test_values_together_are_of_all_facts_and_not_means_of_means(northgate, albion, at, on):
    make.approved(northgate, at)
    for number in range(3):
        deal = make.submitted(albion, at, customer_name=f"Hospital {number}")
        actions.reject_deal(by=SYSTEM, deal=deal, reason="not_eligible", at=at)
    metric = registry.get("deal_approval_rate")
    assert (metric.whole(on).value, metric.whole(on).n_rows) == (25, 4)
    assert metric.whole(on, [northgate.pk]).value == 100


@pytest.mark.parametrize("key", registrations.SHOWN)
def test_as_many_queries_for_one_deal_as_for_many(key, northgate, albion, at, on):
    def queries():
        with CaptureQueriesContext(connection) as found:
            list(registry.get(key).values(on))
        return len(found)

    make.won(northgate, at)
    make.approved(northgate, at, customer_name="B")
    one = queries()
    for number in range(4):
        make.won(albion, at, customer_name=f"Hospital {number}")
        make.approved(albion, at, customer_name=f"Clinic {number}")
    assert queries() == one <= 5


# Doors


def test_the_page_of_figures_opens_each_with_its_rows(browser_of, ada, maya, northgate, albion):
    at = now() - DAY
    make.booked(northgate, at, at.date())
    make.approved(albion, at, customer_name="Elsewhere")
    page = browser_of(ada).get("/manage/deals/figures/")
    names = [figure["name"] for group in page.context["groups"] for figure in group["figures"]]
    assert len(names) == 9 and [lens["n"] for lens in page.context["lenses"]] == [1, 0, 0, 1]
    for key in (*registrations.SHOWN, "annual_revenue", "sourced_revenue"):
        assert browser_of(ada).get(f"/manage/deals/figures/{key}/").status_code == 200
    both = browser_of(ada).get("/manage/deals/figures/deal_approval_rate/").context["rows"]
    own = browser_of(maya).get("/manage/deals/figures/deal_approval_rate/").context["rows"]
    assert {row["name"] for row in both} == {northgate.name, albion.name}
    assert [row["name"] for row in own] == [northgate.name]
    assert browser_of(ada).get(own[0]["why_url"]).status_code == 200
    assert browser_of(ada).get("/manage/deals/figures/certified_people/").status_code == 404


def test_a_partner_reads_its_own_pipeline_and_our_speed(browser_of, priya, northgate, albion):
    at = now() - DAY
    make.approved(northgate, at)
    refused = make.submitted(albion, at, customer_name="Elsewhere")
    actions.reject_deal(by=SYSTEM, deal=refused, reason="not_eligible", at=at)
    page = browser_of(priya).get("/portal/deals/figures/")
    figures = {f["key"]: f for group in page.context["groups"] for f in group["figures"]}
    assert figures["deal_approval_rate"]["value"] == "100%" and figures["deal_approval_rate"]["n"] == 1
    assert figures["deal_decision_time"]["value"] == "0.0 business days"
    assert albion.name not in page.content.decode()
    for figure in figures.values():
        assert browser_of(priya).get(figure["why_url"]).status_code == 200


def test_the_api_gives_figures_rows_and_lenses(api_of, ada, priya, northgate, albion):
    at = now() - DAY
    make.booked(northgate, at, at.date(), 1_000)
    make.approved(albion, at, customer_name="Elsewhere")
    found = {f["key"]: f for f in api_of(ada).get("/api/v1/deal-figures/").json()["results"]}
    assert (found["deal_approval_rate"]["value"], len(found["deal_approval_rate"]["partners"])) == (100, 2)
    own = api_of(priya, northgate).get("/api/v1/deal-figures/").json()["results"]
    assert all(p["partner"] == str(northgate.pk) for figure in own for p in figure["partners"])
    rows = api_of(priya, northgate).get("/api/v1/deal-figures/sourced_revenue/").json()
    assert (rows["value"], [row["value"] for row in rows["rows"]]) == (1_000, [1_000])
    assert api_of(priya, northgate).get(f"/api/v1/deal-figures/?partner={albion.pk}").status_code == 400
    each = api_of(ada).get("/api/v1/deal-figures/sourced_revenue/").json()["rows"]
    assert [(row["label"], row["subject"], row["value"]) for row in each] == [
        (northgate.name, str(northgate.pk), 1_000)
    ]
    assert api_of(ada).get("/api/v1/deal-figures/?as_of=soon").status_code == 400
    assert api_of(ada).get("/api/v1/deal-figures/nothing/").status_code == 404
    lenses = api_of(ada).get("/api/v1/revenue-lenses/").json()["results"]
    assert lenses[0]["booked"] == {"amount": "10.00", "currency": "USD"}
    assert api_of(priya, northgate).get("/api/v1/revenue-lenses/").status_code == 403
