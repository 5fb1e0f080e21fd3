"""The pipeline: the board by stage and how cards move, the forecast by month, deals that slip or go quiet."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.models import FxRate
from catalog.querysets import rates_of
from core.actors import SYSTEM
from core.clock import now
from core.errors import Conflict
from core.money import Money
from deals import actions, pipeline, rules
from deals.models import Deal, Stage
from events.models import Event
from tests.deals import factories as make
from tests.factories import make_organization

DAY = timedelta(days=1)


@pytest.fixture
def chances(program):
    """Each stage with its chance."""
    chance = {"prospect": 10, "qualified": 25, "technical_validation": 50, "committed": 90}
    for code, probability in chance.items():
        Stage.objects.filter(code=code).update(probability=probability)


def stage(code):
    return Stage.objects.get(code=code)


def at_stage(partner, at, code, **facts):
    deal = make.approved(partner, at, **facts)
    return actions.update_stage(by=SYSTEM, deal=deal, stage=stage(code), at=at)


# Moving


def test_a_partner_moves_its_deal_and_says_when_it_closes(northgate, sam, acting, at):
    deal = make.approved(northgate, at)
    moved = actions.update_stage(
        by=acting(sam), deal=deal, stage=stage("qualified"), at=at, expected_close_on=date(2027, 5, 1)
    )
    assert (moved.stage.code, moved.expected_close_on, moved.slips) == ("qualified", date(2027, 5, 1), 1)
    told = Event.objects.get(type="deal.close_moved")
    assert told.data == {"from": "2027-03-15", "to": "2027-05-01", "on_behalf": False}


def test_an_earlier_day_is_no_slip(northgate, at):
    deal = make.approved(northgate, at)
    same = stage("prospect")
    for close in (date(2027, 2, 1), date(2027, 2, 20), date(2027, 2, 20)):
        deal = actions.update_stage(by=SYSTEM, deal=deal, stage=same, at=at, expected_close_on=close)
    assert deal.slips == 1


@pytest.mark.parametrize("close", [date(2026, 11, 23), date(2040, 1, 1)])
def test_a_close_that_cannot_be_is_refused(northgate, at, close):
    deal = make.approved(northgate, at)
    with pytest.raises(ValidationError) as refused:
        actions.update_stage(by=SYSTEM, deal=deal, stage=stage("qualified"), at=at, expected_close_on=close)
    assert "expected_close_on" in refused.value.message_dict


def test_a_won_deal_closes_no_other_day(northgate, at):
    deal = make.won(northgate, at)
    with pytest.raises(Conflict):
        actions.update_stage(
            by=SYSTEM, deal=deal, stage=stage("launched"), at=at, expected_close_on=date(2027, 9, 1)
        )


def test_the_vendor_moves_only_on_the_partner_s_behalf_with_the_permission(northgate, maya, dirk, acting, at):
    deal = make.approved(northgate, at)
    with pytest.raises(PermissionDenied):
        actions.update_stage(by=acting(dirk), deal=deal, stage=stage("qualified"), at=at)
    actions.update_stage(by=acting(maya), deal=deal, stage=stage("qualified"), at=at)
    assert Event.objects.get(type="deal.stage_changed").data["on_behalf"] is True


# The board


def test_the_board_shows_each_stage_with_its_meaning_count_and_worth(
    browser_of, maya, northgate, at, chances
):
    at_stage(northgate, at, "qualified", amount=Money(1_200_000_00, "USD"))
    at_stage(northgate, at, "qualified", customer_name="Klinikum", amount=Money(1_000_00, "EUR"))
    page = browser_of(maya).get("/manage/deals/board/")
    piles = {pile["stage"].code: pile for pile in page.context["piles"]}
    assert list(piles) == ["prospect", "qualified", "technical_validation", "committed", "launched"]
    assert (piles["qualified"]["n"], piles["prospect"]["n"]) == (2, 0)
    assert piles["qualified"]["worth"] == "about $1.20M"
    assert "A point." in page.content.decode()


def test_a_closed_deal_is_not_on_the_board(browser_of, maya, northgate, at):
    make.won(northgate, at)
    make.draft(northgate, at, customer_name="Elsewhere")
    assert browser_of(maya).get("/manage/deals/board/").context["n"] == 0


def test_the_board_is_filtered_as_the_list_is(browser_of, ada, northgate, albion, at):
    make.approved(northgate, at)
    make.approved(albion, at, customer_name="Elsewhere")
    board = browser_of(ada).get(f"/manage/deals/board/?partner={albion.pk}")
    assert board.context["n"] == 1
    way = next(way for way in board.context["ways"] if way["url"].startswith("/manage/deals/?"))
    assert f"partner={albion.pk}" in way["url"]


def test_a_card_is_moved_by_its_menu_and_the_answer_says_so(browser_of, sam, northgate, at):
    deal = make.approved(northgate, at)
    url, said = f"/portal/deals/{deal.pk}/move-stage/", {"stage": "qualified", "version": deal.version}
    answer = browser_of(sam).post(url, said, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert f'data-said="{deal.customer_name} is in Qualified now."' in answer.content.decode()
    assert "<html" not in answer.content.decode()
    assert Deal.objects.get().stage.code == "qualified"
    stale = browser_of(sam).post(url, {**said, "stage": "committed"}, headers={"HX-Request": "true"})
    assert stale.status_code == 412 and "Someone else changed this" in stale.content.decode()
    assert Deal.objects.get().stage.code == "qualified"


def test_without_script_a_move_leads_back_to_the_board(browser_of, sam, northgate, at):
    deal = make.approved(northgate, at)
    answer = browser_of(sam).post(
        f"/portal/deals/{deal.pk}/move-stage/?product=triage", {"stage": "qualified"}
    )
    assert (answer.status_code, answer.headers["Location"]) == (302, "/portal/deals/board/?product=triage")


@pytest.mark.parametrize("code", ["closed_lost", "nowhere", "", "\x00"])
def test_there_is_no_other_column(browser_of, sam, northgate, at, code):
    deal = make.approved(northgate, at)
    assert browser_of(sam).post(f"/portal/deals/{deal.pk}/move-stage/", {"stage": code}).status_code == 400


def test_a_reader_moves_nothing(browser_of, vera, maya, northgate, at):
    deal = make.approved(northgate, at)
    assert "move-stage" in browser_of(maya).get("/manage/deals/board/").content.decode()
    page = browser_of(vera).get("/manage/deals/board/").content.decode()
    assert deal.customer_name in page and "move-stage" not in page
    moved = browser_of(vera).post(f"/manage/deals/{deal.pk}/move-stage/", {"stage": "qualified"})
    assert moved.status_code == 403


def test_a_partner_s_board_holds_its_own_deals_alone(browser_of, priya, northgate, albion, at):
    make.approved(northgate, at)
    other = make.approved(albion, at, customer_name="Elsewhere")
    page = browser_of(priya).get("/portal/deals/board/")
    assert page.context["n"] == 1 and other.customer_name not in page.content.decode()
    assert (
        browser_of(priya).post(f"/portal/deals/{other.pk}/move-stage/", {"stage": "qualified"}).status_code
        == 404
    )


@pytest.mark.parametrize("path", ["/manage/deals/board/", "/manage/deals/forecast/?by=partner"])
def test_as_many_queries_for_one_deal_as_for_many(browser_of, ada, northgate, albion, at, path):
    def queries():
        browser = browser_of(ada)
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert browser.get(path).status_code == 200
        return len(found)

    make.approved(northgate, at)
    queries()
    one = queries()
    for number in range(12):
        currency = ("EUR", "GBP", "JPY")[number % 3]
        partner = (northgate, albion)[number % 2]
        at_stage(partner, at, ("prospect", "qualified")[number % 2], customer_name=f"Hospital {number}",
                 amount=Money(100_000 + number, currency), expected_close_on=date(2027, 1 + number % 9, 3))  # fmt: skip
    assert queries() == one


def test_a_full_column_names_how_many_more_there_are(browser_of, maya, northgate, at, monkeypatch):
    monkeypatch.setattr(pipeline, "MOST_CARDS", 2)
    for number in range(3):
        make.approved(northgate, at, customer_name=f"Hospital {number}")
    pile = browser_of(maya).get("/manage/deals/board/").context["piles"][0]
    assert (pile["n"], len(pile["cards"]), pile["more"]) == (3, 2, 1)
    assert pile["more_url"] == "/manage/deals/?status=open&stage=prospect"


# The forecast


def test_spans_follow_each_other_without_a_gap():
    found = pipeline.spans(date(2026, 11, 24), 12)
    assert [found[0].key, found[1].key, found[-2].key, found[-1].key] == [
        "past",
        "2026-11",
        "2027-10",
        "later",
    ]
    assert (found[0].ends_on, found[1].starts_on) == (date(2026, 11, 23), date(2026, 11, 24))
    for before, after in zip(found, found[1:], strict=False):
        assert after.starts_on == before.ends_on + DAY


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10**12), st.integers(0, 100))
def test_a_weighted_amount_is_the_nearest_minor_unit(minor, probability):
    assert abs(100 * rules.weighted(minor, probability) - minor * probability) <= 50
    assert rules.weighted(minor, 100) == minor


def test_the_forecast_weighs_by_stage_and_converts_at_the_day_s_rate(northgate, albion, at, chances):
    at_stage(northgate, at, "committed", amount=Money(100_000, "USD"), expected_close_on=date(2026, 12, 5))
    at_stage(northgate, at, "qualified", customer_name="B", amount=Money(100_000, "EUR"),
             expected_close_on=date(2026, 12, 9))  # fmt: skip
    at_stage(albion, at, "technical_validation", customer_name="C", amount=Money(50_000, "USD"),
             expected_close_on=date(2028, 1, 9))  # fmt: skip
    found = pipeline.forecast(Deal.objects.all(), "partner", at.date(), 12, rates_of(at.date()))
    december = found.months["2026-12"]
    assert (december.n, december.whole, december.weighted) == (2, 100_000 + 108_000, 90_000 + 27_000)
    assert found.months["later"].weighted == 25_000
    assert (found.total.n, found.total.weighted) == (3, 142_000)
    assert [(group.name, group.total.n) for group in found.groups] == [(northgate.name, 2), (albion.name, 1)]
    assert [code for code, _rate, _on in found.rates_used()] == ["EUR"]


def test_what_has_no_rate_is_said_and_not_added(northgate, at, chances):
    make.approved(northgate, at, amount=Money(100_000, "EUR"))
    FxRate.objects.all().delete()
    found = pipeline.forecast(Deal.objects.all(), "nothing", at.date(), 12, rates_of(at.date()))
    assert (found.total.whole, found.total.without_rate) == (0, {"EUR"})


def test_each_figure_opens_its_deals(browser_of, ada, northgate, albion, chances):
    at = now()
    close = at.date() + 70 * DAY
    at_stage(northgate, at, "committed", expected_close_on=close)
    at_stage(albion, at, "committed", customer_name="B", expected_close_on=close)
    browser = browser_of(ada)
    for by in ("market", "partner", "psm"):
        page = browser.get(f"/manage/deals/forecast/?by={by}")
        group = next(g for g in page.context["groups"] if g["total"].n == 1)
        cell = next(c for c in group["cells"] if c["sums"].n)
        assert cell["url"] in page.content.decode().replace("&amp;", "&")
        rows = browser.get(cell["url"]).context["rows"]
        assert len(rows) == cell["sums"].n == 1
        assert len(browser.get(group["url"]).context["rows"]) == 1
    month = next(m for m in page.context["months"] if m["sums"].n)
    assert len(browser.get(month["url"]).context["rows"]) == 2


def test_the_forecast_is_exported(browser_of, ada, northgate, chances):
    at = now()
    at_stage(northgate, at, "committed", amount=Money(100_000, "USD"), expected_close_on=at.date() + 40 * DAY)
    answer = browser_of(ada).get("/manage/deals/forecast/?by=partner&export=csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = [row for row in csv.DictReader(io.StringIO(text)) if row["Deals"] != "0"]
    assert [(row["By partner"], row["Value"], row["Weighted"]) for row in rows] == [
        (northgate.name, "1000.00", "900.00")
    ]


def test_a_partner_s_forecast_holds_its_own_deals_alone(browser_of, priya, northgate, albion, at):
    make.approved(northgate, at)
    make.approved(albion, at, customer_name="Elsewhere")
    page = browser_of(priya).get("/portal/deals/forecast/?by=partner")
    assert page.context["n"] == 1 and albion.name not in page.content.decode()
    assert page.context["groups"] == []


# Quiet and slipping


def test_a_deal_of_which_nothing_is_heard_for_thirty_days_is_quiet(northgate, at):
    deal = make.approved(northgate, at)
    assert not Deal.objects.quiet(at + 29 * DAY).exists()
    assert Deal.objects.quiet(at + 30 * DAY).get() == deal
    actions.update_stage(by=SYSTEM, deal=deal, stage=stage("qualified"), at=at + 31 * DAY)
    assert not Deal.objects.quiet(at + 32 * DAY).exists()


def test_a_deal_that_waits_for_the_vendor_is_not_quiet(northgate, at):
    make.submitted(northgate, at)
    assert not Deal.objects.quiet(at + 90 * DAY).exists()
    assert not Deal.objects.open().with_activity(at + 90 * DAY).filter(is_quiet=True).exists()


def test_a_deal_slips_when_it_was_put_off_twice_or_its_day_has_passed(northgate, at):
    deal = make.approved(northgate, at, expected_close_on=at.date() + 20 * DAY)
    assert not Deal.objects.slipping(at.date() + 20 * DAY).exists()
    assert Deal.objects.slipping(at.date() + 21 * DAY).exists()
    for later in (30, 40):
        assert not Deal.objects.slipping(at.date()).exists()
        deal = actions.update_stage(
            by=SYSTEM, deal=deal, stage=deal.stage, at=at, expected_close_on=at.date() + later * DAY
        )
    assert Deal.objects.slipping(at.date()).get() == deal


def test_the_partner_is_asked_kindly(browser_of, priya, northgate):
    at = now() - 45 * DAY
    deal = make.approved(northgate, at, make_organization("Brannoc"), expected_close_on=at.date() + 200 * DAY)
    page = browser_of(priya).get(deal.portal_url).content.decode()
    assert "Is this deal still moving?" in page
    listed = browser_of(priya).get("/portal/deals/?status=quiet")
    assert len(listed.context["rows"]) == 1


# Over the API


def test_the_api_gives_stages_and_months(api_of, ada, priya, northgate, albion, chances):
    at = now()
    close = at.date() + 40 * DAY
    at_stage(northgate, at, "committed", amount=Money(100_000, "USD"), expected_close_on=close)
    at_stage(albion, at, "qualified", customer_name="B", amount=Money(40_000, "USD"), expected_close_on=close)
    stages_ = {row["stage"]["code"]: row for row in api_of(ada).get("/api/v1/pipeline/").json()["results"]}
    assert stages_["committed"]["weighted"] == {"amount": "900.00", "currency": "USD"}
    assert (stages_["qualified"]["deals"], stages_["prospect"]["deals"]) == (1, 0)
    rows = api_of(ada).get("/api/v1/forecast/?by=partner").json()
    assert {(row["name"], row["month"], row["value"]["amount"]) for row in rows["results"]} == {
        (northgate.name, f"{close:%Y-%m}", "1000.00"), (albion.name, f"{close:%Y-%m}", "400.00")
    }  # fmt: skip
    assert rows["weighted"]["amount"] == "1000.00" and rows["currency"] == "USD"
    own = api_of(priya, northgate).get("/api/v1/forecast/").json()
    assert own["deals"] == 1 and albion.name not in str(own)


@pytest.mark.parametrize("query", ["by=sun", "by=partner&status=open", "nonsense=1"])
def test_the_forecast_takes_no_unknown_words(api_of, ada, query):
    assert api_of(ada).get(f"/api/v1/forecast/?{query}").status_code == 400


def test_a_partner_s_forecast_is_not_split(api_of, priya, northgate):
    assert api_of(priya, northgate).get("/api/v1/forecast/?by=partner").status_code == 400


def test_the_stage_and_the_close_are_said_over_the_api(api_of, priya, northgate, at):
    deal = make.approved(northgate, at, expected_close_on=now().date() + 20 * DAY)
    later = now().date() + 60 * DAY
    answer = api_of(priya, northgate).post(
        f"/api/v1/deals/{deal.pk}/update-stage/",
        {"stage": "qualified", "expected_close_on": later.isoformat()},
        content_type="application/json",
    )
    assert answer.json()["expected_close_on"] == later.isoformat() and answer.json()["slips"] == 1
