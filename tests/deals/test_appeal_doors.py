"""Appeals by page, portal and API: what is offered, what is refused, and what nobody is told."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from core.actors import SYSTEM
from core.clock import now, today
from deals import actions
from deals.models import Appeal, Deal
from tests.deals import factories as make

DAY = timedelta(days=1)
APPEALS = "/api/v1/appeals/"
GROUNDS = "We met the CMIO a month before."


@pytest.fixture
def at():
    """Yesterday: doors read the clock."""
    return now() - DAY


def refused(partner, at, by=SYSTEM, organization=None, reason="not_eligible", **changes):
    soon = {"expected_close_on": today() + 100 * DAY, **changes}
    deal = make.submitted(partner, at, organization, **soon)
    return actions.reject_deal(by=by, deal=deal, reason=reason, at=at)


def filed(deal, at, **more):
    return actions.file_appeal(by=SYSTEM, deal=deal, grounds=GROUNDS, at=at, **more)


def text_of(page):
    return page.content.decode()


def send(client, path, data=None, **headers):
    return client.post(path, json.dumps(data or {}), content_type="application/json", headers=headers)


# The portal


def test_a_refused_deal_says_until_when_it_may_be_appealed(sam, browser_of, northgate, at):
    deal = refused(northgate, at)
    page = text_of(browser_of(sam).get(deal.portal_url))
    assert "You can appeal until" in page
    assert f"{deal.portal_url}appeal/" in page


def test_an_approved_deal_offers_no_appeal(sam, browser_of, northgate, at):
    deal = make.approved(northgate, at, expected_close_on=today() + 100 * DAY)
    page = text_of(browser_of(sam).get(deal.portal_url))
    assert "appeal" not in page.lower()


def test_a_seller_appeals_with_evidence_and_follows_the_clock(sam, browser_of, northgate, at, pdf):
    deal, browser = refused(northgate, at), browser_of(sam)
    assert browser.get(f"{deal.portal_url}appeal/").status_code == 200
    answer = browser.post(f"{deal.portal_url}appeal/", {"grounds": GROUNDS, "evidence": pdf})
    assert answer["Location"] == deal.portal_url
    page = text_of(browser.get(deal.portal_url))
    assert "You get an answer by" in page
    assert "order.pdf" in page
    assert f"{deal.portal_url}appeal/" not in page


def test_an_appeal_without_grounds_is_told_so(sam, browser_of, northgate, at):
    deal = refused(northgate, at)
    assert browser_of(sam).post(f"{deal.portal_url}appeal/", {"grounds": ""}).status_code == 400
    assert not Appeal.objects.exists()


def test_an_appeal_can_be_taken_back(sam, browser_of, northgate, at):
    appeal = filed(refused(northgate, at), at)
    browser, url = browser_of(sam), f"/portal/appeals/{appeal.pk}/withdraw/"
    assert browser.get(url).status_code == 200
    assert browser.post(url)["Location"] == appeal.deal.portal_url
    appeal.refresh_from_db()
    assert appeal.state == "withdrawn"


def test_the_answer_is_told_and_the_note_and_the_people_are_not(
    sam, browser_of, northgate, at, dirk, maya, acting
):
    appeal = filed(refused(northgate, at, by=acting(maya)), at)
    actions.dismiss_appeal(by=acting(dirk), appeal=appeal, answer="No budget.", note="Sly.", at=at)
    page = text_of(browser_of(sam).get(appeal.deal.portal_url))
    assert "No budget." in page
    assert "Sly." not in page
    assert dirk.name not in page


def test_nothing_of_the_other_partner_is_told(sam, rhys, browser_of, northgate, albion, at, brannoc):
    rival = make.approved(albion, at, brannoc, expected_close_on=today() + 100 * DAY)
    appeal = filed(refused(northgate, at, organization=brannoc, reason="already_protected"), at)
    page = text_of(browser_of(sam).get(appeal.deal.portal_url))
    assert "Another partner is protected on this customer until" in page
    assert "Albion" not in page
    assert rival.number not in page
    assert browser_of(rhys).get(appeal.deal.portal_url).status_code == 404
    assert browser_of(rhys).get(f"/portal/appeals/{appeal.pk}/withdraw/").status_code == 404


# The workspace


def decide(browser, appeal, **data):
    return browser.post(appeal.decide_url, {"move": "dismiss", "answer": "No budget.", **data})


def test_the_queue_holds_appeals_for_all_but_the_first_decider(dirk, maya, browser_of, northgate, at, acting):
    appeal = filed(refused(northgate, at, by=acting(maya)), at)
    assert appeal.decide_url in text_of(browser_of(dirk).get("/manage/"))
    assert appeal.decide_url not in text_of(browser_of(maya).get("/manage/"))


@pytest.mark.parametrize(("status", "who", "shown"), [
    ("waiting", "maya", True), ("mine", "maya", False), ("mine", "dirk", True), ("decided", "dirk", False),
])  # fmt: skip
def test_the_list_is_filtered(request, browser_of, northgate, at, acting, status, who, shown):
    appeal = filed(refused(northgate, at, by=acting(request.getfixturevalue("maya"))), at)
    page = browser_of(request.getfixturevalue(who)).get(f"/manage/appeals/?status={status}")
    assert (appeal.get_absolute_url() in text_of(page)) is shown


def test_the_list_is_exported(dirk, browser_of, northgate, at):
    appeal = filed(refused(northgate, at), at)
    export = browser_of(dirk).get("/manage/appeals/?export=csv")
    assert appeal.deal.customer_name in b"".join(export).decode()


def test_the_first_decider_reads_why_there_are_no_buttons(maya, browser_of, northgate, at, acting):
    appeal = filed(refused(northgate, at, by=acting(maya)), at)
    browser = browser_of(maya)
    page = text_of(browser.get(appeal.decide_url))
    assert "You decided this registration." in page
    assert 'id="prm-form"' not in page
    assert decide(browser, appeal).status_code == 403
    assert "You decided this registration." in text_of(browser.get(appeal.get_absolute_url()))


def test_the_decision_page_shows_the_case_and_what_was_compared(
    dirk, browser_of, northgate, albion, at, brannoc
):
    rival = make.approved(albion, at, brannoc, expected_close_on=today() + 100 * DAY)
    appeal = filed(refused(northgate, at, organization=brannoc, reason="already_protected"), at)
    page = text_of(browser_of(dirk).get(appeal.decide_url))
    for told in (GROUNDS, "Two discovery calls", rival.number, "Albion"):
        assert told in page


def test_a_second_reviewer_dismisses(dirk, browser_of, northgate, at):
    appeal = filed(refused(northgate, at), at)
    browser = browser_of(dirk)
    assert decide(browser, appeal, answer="").status_code == 400
    assert decide(browser, appeal)["Location"] == "/manage/appeals/?status=waiting"
    page = text_of(browser.get(appeal.get_absolute_url()))
    assert "No budget." in page
    assert "not waiting" in text_of(browser.get(appeal.decide_url))


@pytest.mark.parametrize(("move", "state"), [("uphold", "in_review"), ("approve", "approved")])
def test_a_second_reviewer_upholds(dirk, browser_of, northgate, at, brannoc, move, state):
    appeal = filed(refused(northgate, at, organization=brannoc), at)
    decide(browser_of(dirk), appeal, move=move, days="45")
    assert Deal.objects.get(pk=appeal.deal_id).state == state


def test_a_rival_is_told_in_its_own_words_and_the_form_is_kept(
    dirk, browser_of, northgate, albion, at, brannoc
):
    make.approved(albion, at, brannoc, expected_close_on=today() + 100 * DAY)
    appeal = filed(refused(northgate, at, organization=brannoc), at)
    page = decide(browser_of(dirk), appeal, move="approve", answer="You are right.")
    assert page.status_code == 409
    assert "Another partner is protected on this customer" in text_of(page)
    assert "You are right." in text_of(page)


def test_the_deals_page_says_that_its_decision_is_appealed(dirk, browser_of, northgate, at):
    appeal = filed(refused(northgate, at), at)
    page = text_of(browser_of(dirk).get(appeal.deal.get_absolute_url()))
    assert "The partner has appealed this decision." in page
    assert appeal.get_absolute_url() in page


# The API


def test_an_appeal_is_filed_once_and_read_without_what_is_the_vendors(sam, northgate, api_of, at):
    deal, seller = refused(northgate, at), api_of(sam, northgate)
    body = {"deal": str(deal.pk), "grounds": GROUNDS}
    made = send(seller, APPEALS, body, **{"Idempotency-Key": "one"})
    assert made.status_code == 201
    assert made.json()["state"] == "submitted"
    assert not {"note", "first_decided_by", "decided_by", "partner"} & set(made.json())
    assert send(seller, APPEALS, body, **{"Idempotency-Key": "one"}).json()["id"] == made.json()["id"]
    assert send(seller, APPEALS, body).status_code == 409
    assert seller.get(f"{APPEALS}?status=waiting").json()["results"] == [made.json()]


def test_a_verb_needs_the_version_it_saw(dirk, northgate, api_of, at):
    appeal, desk = filed(refused(northgate, at), at), api_of(dirk)
    url = f"{APPEALS}{appeal.pk}/"
    tag = desk.get(url)["ETag"]
    body = {"answer": "No budget.", "note": "Sly."}
    assert send(desk, f"{url}dismiss/", body).status_code == 428
    assert send(desk, f"{url}dismiss/", body, **{"If-Match": '"99"'}).status_code == 412
    done = send(desk, f"{url}dismiss/", body, **{"If-Match": tag})
    assert (done.status_code, done.json()["state"], done.json()["note"]) == (200, "dismissed", "Sly.")


def test_an_appeal_is_upheld_over_the_api(dirk, northgate, api_of, at, brannoc):
    appeal = filed(refused(northgate, at, organization=brannoc), at)
    body = {"approve": True, "days": 30, "answer": "You are right."}
    done = send(api_of(dirk), f"{APPEALS}{appeal.pk}/uphold/", body, **{"If-Match": "*"})
    assert done.json()["state"] == "upheld"
    assert Deal.objects.get(pk=appeal.deal_id).state == "approved"


def test_the_first_decider_is_refused_over_the_api(dirk, northgate, api_of, at, acting):
    appeal = filed(refused(northgate, at, by=acting(dirk)), at)
    refusal = send(api_of(dirk), f"{APPEALS}{appeal.pk}/uphold/", {}, **{"If-Match": "*"})
    assert refusal.status_code == 403
    assert "Someone else decides its appeal." in refusal.json()["detail"]


def test_mine_over_the_api_is_what_the_keys_person_may_answer(dirk, maya, northgate, api_of, at, acting):
    filed(refused(northgate, at, by=acting(dirk)), at)
    assert len(api_of(maya).get(f"{APPEALS}?status=mine").json()["results"]) == 1
    assert api_of(dirk).get(f"{APPEALS}?status=mine").json()["results"] == []


def test_a_partner_takes_its_appeal_back_and_a_stranger_finds_none(sam, rhys, northgate, albion, api_of, at):
    appeal = filed(refused(northgate, at), at)
    url = f"{APPEALS}{appeal.pk}/withdraw/"
    assert send(api_of(rhys, albion), url).status_code == 404
    assert send(api_of(sam, northgate), url).json()["state"] == "withdrawn"
