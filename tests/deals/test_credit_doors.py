"""Setting credit by page and API, and what each side reads of it (P24)."""

from __future__ import annotations

import pytest

from core.actors import SYSTEM
from deals import actions
from deals.credit import FULFILLED, SOURCED, Share
from tests.deals import factories as make
from tests.deals.test_credit import held, split


@pytest.fixture
def deal(northgate, at):
    return make.won(northgate, at)


def line(family, n, who, weight, basis=""):
    return {f"{family}_{3 * n}": who, f"{family}_{3 * n + 1}": weight, f"{family}_{3 * n + 2}": basis}


def test_the_page_sets_a_split(browser_of, dirk, deal, northgate, albion):
    page = f"/manage/deals/{deal.pk}/credit/"
    shown = browser_of(dirk).get(page)
    assert (
        shown.status_code == 200 and b"Primary" not in shown.content and albion.name in shown.content.decode()
    )
    said = {
        **line(SOURCED, 0, northgate.pk, 60), **line(SOURCED, 1, albion.pk, 40, "Introduced the CIO"),
        **line(FULFILLED, 0, "direct", 100), "reason": "agreed",
    }  # fmt: skip
    answer = browser_of(dirk).post(page, said)
    assert answer.status_code == 302, answer.content.decode()
    assert held(deal) == {(SOURCED, northgate.pk): 60, (SOURCED, albion.pk): 40, (FULFILLED, None): 100}
    assert deal.credits.get(is_primary=True, superseded_at=None).partner_id == northgate.pk
    record = browser_of(dirk).get(f"/manage/deals/{deal.pk}/").content.decode()
    assert albion.name in record and "Introduced the CIO" in record and "before it counted" in record


def test_the_page_says_at_the_role_what_does_not_add_up(browser_of, dirk, deal, northgate):
    said = {**line(SOURCED, 0, northgate.pk, 60), **line(FULFILLED, 0, "direct", 100), "reason": "agreed"}
    answer = browser_of(dirk).post(f"/manage/deals/{deal.pk}/credit/", said)
    assert answer.status_code == 400
    assert "The shares add up to 60%, not to 100%." in answer.content.decode()
    assert answer.context["form"].errors.keys() == {"sourced"}


def test_a_line_without_a_name_is_refused(browser_of, dirk, deal):
    said = {**line(SOURCED, 0, "", 60), **line(FULFILLED, 0, "direct", 100), "reason": "agreed"}
    answer = browser_of(dirk).post(f"/manage/deals/{deal.pk}/credit/", said)
    assert answer.context["form"].errors.keys() == {"sourced"}


def test_the_button_is_there_for_those_who_may(browser_of, maya, dirk, vera, deal, at):
    def may(user):
        return (
            f"{deal.get_absolute_url()}credit/"
            in browser_of(user).get(deal.get_absolute_url()).content.decode()
        )

    assert (may(maya), may(dirk), may(vera)) == (True, True, False)
    make_booked = actions.book_deal
    make_booked(by=SYSTEM, deal=deal, amount=deal.amount, booked_on=deal.won_on, at=at)
    assert (may(maya), may(dirk)) == (False, True)


def test_the_partner_sees_its_part_and_that_others_have_the_rest(
    browser_of, priya, deal, northgate, albion, at
):
    actions.set_credit(by=SYSTEM, deal=deal, credits=split(northgate.pk, albion.pk), reason="agreed", at=at)
    page = browser_of(priya).get(deal.portal_url).content.decode()
    assert "60%" in page and "others have 40%" in page
    assert albion.name not in page and str(albion.pk) not in page


def test_the_api_sets_and_lists_credit(api_of, dirk, deal, northgate, albion):
    api, url = api_of(dirk), f"/api/v1/deals/{deal.pk}/set-credit/"
    body = {
        "credits": [
            {"partner": str(northgate.pk), "family": "sourced", "weight": 70, "is_primary": True},
            {"partner": str(albion.pk), "family": "sourced", "weight": 30},
            {"partner": None, "family": "fulfilled", "weight": 100},
        ],
        "reason": "agreed",
    }
    json = {"content_type": "application/json"}
    assert api.post(url, body, **json).status_code == 428
    tag = api.get(f"/api/v1/deals/{deal.pk}/").headers["ETag"]
    answer = api.post(url, body, headers={"if-match": tag}, **json)
    assert answer.status_code == 200, answer.json()
    assert answer.headers["ETag"] != tag
    assert api.post(url, body, headers={"if-match": tag}, **json).status_code == 412
    rows = api.get(f"/api/v1/credits/?deal={deal.pk}&is_current=true").json()["results"]
    assert {(row["family"], row["weight"]) for row in rows} == {
        ("sourced", 70),
        ("sourced", 30),
        ("fulfilled", 100),
    }
    wrong = {**body, "credits": body["credits"][:2]}
    refused = api.post(url, wrong, headers={"if-match": "*"}, **json)
    assert refused.status_code == 400 and refused.json()["errors"][0]["pointer"] == "/fulfilled"


def test_a_partner_s_key_reads_its_own_shares_alone(api_of, rhys, albion, northgate, deal, at):
    actions.set_credit(by=SYSTEM, deal=deal, credits=split(northgate.pk, albion.pk), reason="agreed", at=at)
    answer = api_of(rhys, albion).get("/api/v1/credits/")
    row = answer.json()["results"][0]
    assert len(answer.json()["results"]) == 1
    assert (row["weight"], row["others"], row["deal"]) == (40, 60, {"id": None, "number": deal.number})
    text = answer.content.decode()
    assert northgate.name not in text and str(northgate.pk) not in text and str(deal.pk) not in text


def test_a_psm_reads_the_credit_of_its_own_partners_deals_and_no_stranger_s_name(
    api_of, browser_of, maya, tomas, northgate, albion, deal, at
):
    actions.set_credit(
        by=SYSTEM, deal=deal, reason="agreed", at=at,
        credits=[Share(albion.pk, SOURCED, 100), Share(None, FULFILLED, 100)],
    )  # fmt: skip
    current = "/api/v1/credits/?is_current=true"
    rows = api_of(maya).get(current).json()["results"]
    assert {(row["family"], row["is_direct"], row["partner"]) for row in rows} == {
        ("sourced", False, None), ("fulfilled", True, None)
    }  # fmt: skip
    assert api_of(maya).get(f"{current}&partner={albion.pk}").json()["results"] == []
    assert api_of(tomas).get(current).json()["results"] == []
    page = browser_of(maya).get(deal.get_absolute_url()).content.decode()
    assert "Another partner" in page and albion.name not in page and "/credit/" not in page
    assert browser_of(maya).get(f"{deal.get_absolute_url()}credit/").status_code == 404
