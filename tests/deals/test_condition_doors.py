"""Conditions and lapsed registrations by page, portal and API."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from core.actors import SYSTEM
from core.clock import now, today
from deals import actions
from deals.models import Deal
from home.kinds import KINDS
from tests.deals import factories as make

DAY = timedelta(days=1)
LETTER, BUDGET = "A letter of intent is signed.", "The budget is released."


@pytest.fixture
def at():
    """Yesterday: doors read the clock."""
    return now() - DAY


def waiting(partner, at, organization):
    return make.submitted(partner, at, organization, expected_close_on=today() + 100 * DAY)


@pytest.fixture
def deal(northgate, at, brannoc):
    return actions.approve_deal(
        by=SYSTEM, deal=waiting(northgate, at, brannoc), at=at, conditions=[LETTER, BUDGET],
        conditions_until=today() + 20 * DAY,
    )  # fmt: skip


def text_of(page):
    return page.content.decode()


def send(client, path, data=None, **headers):
    return client.post(path, json.dumps(data or {}), content_type="application/json", headers=headers)


def stored(deal):
    return Deal.objects.get(pk=deal.pk)


def test_the_decision_page_approves_with_conditions(dirk, browser_of, northgate, at, brannoc):
    deal, browser = waiting(northgate, at, brannoc), browser_of(dirk)
    until = (today() + 20 * DAY).isoformat()
    typed = f"{LETTER}\n\n{BUDGET}\n"
    choice = {"move": "approve_with_conditions", "days": "90", "conditions": typed, "conditions_until": until}
    assert browser.post(deal.decide_url, choice).status_code == 302
    found = stored(deal)
    assert found.state == "conditionally_approved"
    assert [condition.text for condition in found.conditions.all()] == [LETTER, BUDGET]


@pytest.mark.parametrize("left_out", ["conditions", "conditions_until"])
def test_the_decision_page_asks_for_what_a_condition_needs(
    dirk, browser_of, northgate, at, brannoc, left_out
):
    choice = {
        "move": "approve_with_conditions",
        "conditions": LETTER,
        "conditions_until": (today() + 20 * DAY).isoformat(),
    }
    page = browser_of(dirk).post(waiting(northgate, at, brannoc).decide_url, {**choice, left_out: ""})
    assert page.status_code == 400


def test_the_letter_follows_what_is_typed(dirk, browser_of, northgate, at, brannoc):
    deal = waiting(northgate, at, brannoc)
    choice = {
        "move": "approve_with_conditions",
        "conditions": LETTER,
        "conditions_until": "nonsense",
        "days": "90",
    }
    page = text_of(browser_of(dirk).get(f"{deal.get_absolute_url()}letter/", choice))
    assert "approved with conditions" in page
    assert LETTER in page


def test_the_partner_reads_and_answers_them(sam, browser_of, deal, pdf):
    browser, first = browser_of(sam), deal.conditions.first()
    page = text_of(browser.get(deal.portal_url))
    assert LETTER in page
    url = f"/portal/conditions/{first.pk}/answer/"
    assert url in page
    assert "report-win" not in page
    assert browser.get(url).status_code == 200
    answer = browser.post(url, {"answer": "Signed on Monday.", "evidence": pdf})
    assert answer["Location"] == deal.portal_url
    page = text_of(browser.get(deal.portal_url))
    assert "Signed on Monday." in page
    assert "order.pdf" in page


def test_a_stranger_finds_no_condition(rhys, browser_of, deal):
    assert browser_of(rhys).get(f"/portal/conditions/{deal.conditions.first().pk}/answer/").status_code == 404


def test_the_queue_asks_and_the_page_ticks_off(dirk, acting, browser_of, deal, at):
    first, second = deal.conditions.all()
    kind = next(kind for kind in KINDS if kind.key == "conditions")
    assert list(kind.waiting(acting(dirk), at)) == []
    actions.answer_condition(by=SYSTEM, condition=first, answer="Signed on Monday.", at=at)
    assert list(kind.waiting(acting(dirk), at)) == [deal]
    browser, url = browser_of(dirk), f"{deal.get_absolute_url()}meet-conditions/"
    assert url in text_of(browser.get("/manage/"))
    assert "Signed on Monday." in text_of(browser.get(url))
    assert browser.post(url, {"conditions": []}).status_code == 400
    browser.post(url, {"conditions": [str(first.pk)]})
    assert stored(deal).state == "conditionally_approved"
    browser.post(url, {"conditions": [str(second.pk)]})
    assert stored(deal).state == "approved"
    assert browser.get(url).status_code == 200
    assert browser.post(url, {"conditions": [str(second.pk)]}).status_code == 400


def test_the_page_gives_them_up_with_a_reason(dirk, browser_of, deal):
    browser, url = browser_of(dirk), f"{deal.get_absolute_url()}miss-conditions/"
    assert url in text_of(browser.get(deal.get_absolute_url()))
    assert browser.post(url, {"reason": ""}).status_code == 400
    browser.post(url, {"reason": "cannot_be_met"})
    assert stored(deal).state == "expired"
    assert "Cannot be met" in text_of(browser.get(deal.get_absolute_url()))


def test_over_the_api(dirk, sam, api_of, northgate, at, brannoc, pdf):
    deal, desk, seller = waiting(northgate, at, brannoc), api_of(dirk), api_of(sam, northgate)
    url = f"/api/v1/deals/{deal.pk}/"
    body = {"conditions": [LETTER, BUDGET], "conditions_until": (today() + 20 * DAY).isoformat()}
    assert send(desk, f"{url}approve-with-conditions/", body).status_code == 428
    assert (
        send(
            desk, f"{url}approve-with-conditions/", {**body, "conditions": []}, **{"If-Match": "*"}
        ).status_code
        == 400
    )
    made = send(desk, f"{url}approve-with-conditions/", body, **{"If-Match": "*"}).json()
    assert (made["state"], made["protected_until"]) == ("conditionally_approved", body["conditions_until"])
    rows = seller.get(f"/api/v1/conditions/?deal={deal.pk}&ordering=created_at").json()["results"]
    assert {row["text"] for row in rows} == {LETTER, BUDGET}
    assert not {"met_by", "answered_by"} & set(rows[0])
    answered = seller.post(
        f"/api/v1/conditions/{rows[0]['id']}/answer/", {"answer": "Signed.", "evidence": pdf}
    )
    assert (answered.status_code, answered.json()["state"]) == (200, "answered")
    named = {"conditions": [rows[0]["id"]]}
    some = send(desk, f"{url}meet-conditions/", named, **{"If-Match": "*"})
    assert some.json()["state"] == "conditionally_approved"
    assert send(desk, f"{url}meet-conditions/", **{"If-Match": "*"}).json()["state"] == "approved"
    missed = send(desk, f"{url}miss-conditions/", {"reason": "cannot_be_met"}, **{"If-Match": "*"})
    assert missed.status_code == 409


def test_a_question_says_its_last_day_and_a_lapsed_registration_says_why(
    sam, browser_of, northgate, at, brannoc
):
    deal = waiting(northgate, at - 20 * DAY, brannoc)
    deal = actions.ask_for_more(
        by=SYSTEM, deal=deal, question="Who decides?", fields=["contact"], at=at - 20 * DAY
    )
    browser = browser_of(sam)
    assert "after that day the registration lapses" in text_of(browser.get(deal.portal_url))
    actions.lapse_unanswered(at=at)
    page = text_of(browser.get(deal.portal_url))
    assert "Lapsed" in page
    assert "had no answer by" in page
    assert f"{deal.portal_url}edit/" not in page
