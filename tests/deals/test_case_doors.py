"""Conflict cases by page, portal and API."""

from __future__ import annotations

import pytest

from deals import actions
from deals.models import CaseParty, ConflictCase, Deal
from home import queue
from tests.deals.factories import hold_rules, submitted
from tests.factories import make_organization, make_vendor_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def terms(program, at):
    """The rules of engagement in force, by two of which cases are decided."""
    return hold_rules(at)


@pytest.fixture
def claims(program, northgate, albion, priya, rhys, at):
    hospital = make_organization("Harbor Valley General", kind="hospital")
    return submitted(northgate, at, hospital), submitted(albion, at, hospital, customer_name="HV General")


@pytest.fixture
def case(claims, system, at):
    return actions.open_case(
        by=system, deal=claims[0], other=claims[1], at=at, summary="Both say they were there."
    )


def test_a_case_is_opened_from_the_decision_and_walked_to_its_end_by_page(claims, dirk, priya, browser_of):
    browser = browser_of(dirk)
    decision = browser.get(claims[0].decide_url).content.decode()
    assert f"{claims[0].get_absolute_url()}open-case/" in decision
    form = browser.get(f"{claims[0].get_absolute_url()}open-case/").content.decode()
    assert claims[1].number in form
    body = {"other": claims[1].pk, "direct": "", "summary": "Both."}
    made = browser.post(f"{claims[0].get_absolute_url()}open-case/", body)
    case = ConflictCase.objects.get()
    assert made.headers["Location"] == case.get_absolute_url()
    assert case.number in browser.get(claims[0].decide_url).content.decode()
    url = case.get_absolute_url()
    assert browser.post(f"{url}assign/", {"mediator": dirk.pk}).status_code == 302
    asked = browser.get(f"{url}gather/").content.decode()
    assert "Somebody else has a claim" in asked
    assert browser.post(f"{url}gather/").status_code == 302

    party = CaseParty.objects.get(deal=claims[0])
    portal = browser_of(priya)
    assert party.portal_url in portal.get(claims[0].portal_url).content.decode()
    given = portal.post(f"{party.portal_url}give-evidence/", {"text": "We met them in May."})
    assert given.status_code == 302

    assert "We met them in May." in browser.get(url).content.decode()
    split = {"outcome": "split", "first_share": "60", "second_share": "50", "proposal": "Both worked."}
    wrong = browser.post(f"{url}propose/", split)
    assert (wrong.status_code, "add up to 100" in wrong.content.decode()) == (400, True)
    assert browser.post(f"{url}propose/", {**split, "second_share": "40"}).status_code == 302
    form = browser.get(f"{url}decide/").content.decode()
    assert "What both agree to holds." in form
    assert "Changes are announced." not in form
    body = {"outcome": "split", "first_share": "60", "second_share": "40", "rule": "agreement", "reasoning": "Both.",
            "precedent": "shared-work", "first_words": "", "second_words": "Well done."}  # fmt: skip
    assert browser.post(f"{url}decide/", body).status_code == 302
    page = browser.get(url).content.decode()
    assert "60% of the credit" in page
    assert (
        "shared-work"
        in browser.get("/manage/conflict-cases/?status=precedents&columns=precedent").content.decode()
    )
    assert "Your share of the credit is 60%" in portal.get(party.portal_url).content.decode()


def test_the_list_has_the_running_ones_and_those_that_are_mine(case, dirk, maya, browser_of):
    assert case.number in browser_of(dirk).get("/manage/conflict-cases/?status=mine").content.decode()
    assert case.number in browser_of(maya).get("/manage/conflict-cases/?status=running").content.decode()
    assert case.number not in browser_of(maya).get("/manage/conflict-cases/?status=mine").content.decode()


def test_a_manager_reads_both_sides_and_opens_its_own_alone(case, claims, maya, browser_of):
    page = browser_of(maya).get(case.get_absolute_url()).content.decode()
    assert "Albion Health" in page
    assert claims[0].get_absolute_url() in page
    assert claims[1].get_absolute_url() not in page
    assert "decide/" not in page


def test_a_case_waits_in_the_deal_desk_s_queue_and_not_in_the_first_decider_s(case, dirk, acting, system, at):
    assert queue.counts(acting(dirk), at, queue.ALL)["conflict_case"] == 1
    Deal.objects.filter(pk=case.parties.first().deal_id).update(decided_by=dirk)
    actions.propose_outcome(by=system, case=case, outcome="first", proposal="First.", at=at)
    assert "conflict_case" not in queue.counts(acting(dirk), at, queue.ALL)


def test_whoever_decided_one_reads_why_it_is_not_offered_the_decision(case, dirk, browser_of, system, at):
    Deal.objects.filter(pk=case.parties.first().deal_id).update(decided_by=dirk)
    actions.propose_outcome(by=system, case=case, outcome="first", proposal="First.", at=at)
    page = browser_of(dirk).get(case.get_absolute_url()).content.decode()
    assert "Someone else decides the case." in page
    assert "/decide/" not in page
    body = {"outcome": "first", "rule": "agreement", "reasoning": "x"}
    assert browser_of(dirk).post(f"{case.get_absolute_url()}decide/", body).status_code == 403


def test_a_case_is_walked_over_the_api(claims, dirk, priya, northgate, api_of, at):
    api, desk = api_of(dirk), api_of(make_vendor_user("ines@vendor.example", "Ines", "deal_desk", at))
    body = {"deal": str(claims[0].pk), "direct": "O-5531, owner Lena"}
    made = api.post("/api/v1/conflict-cases/", body, content_type="application/json")
    assert (made.status_code, made.json()["kind"]) == (201, "partner_direct")
    url = f"/api/v1/conflict-cases/{made.json()['id']}/"
    assert api.post(f"{url}gather/", {}, content_type="application/json").json()["state"] == "gathering"
    mine = api_of(priya, northgate).get("/api/v1/case-parties/").json()["results"]
    assert set(mine[0]) & {"case", "position", "partner", "words"} == set()
    give = f"/api/v1/case-parties/{mine[0]['id']}/give-evidence/"
    given = api_of(priya, northgate).post(give, {"text": "Since May."}, content_type="application/json")
    assert given.json()["evidence"][0]["text"] == "Since May."
    tag = {"If-Match": "*"}
    said = {"outcome": "first", "proposal": "They were first."}
    assert api.post(f"{url}propose/", said, content_type="application/json").status_code == 428
    assert api.post(f"{url}propose/", said, content_type="application/json", headers=tag).status_code == 200
    said = {"outcome": "first", "rule": "first_complete", "reasoning": "Minutes.", "precedent": "minutes"}
    done = desk.post(f"{url}decide/", said, content_type="application/json", headers=tag)
    assert (done.status_code, done.json()["state"]) == (200, "decided")
    found = api.get("/api/v1/conflict-cases/?status=precedents&search=minutes").json()["results"]
    assert [row["number"] for row in found] == [done.json()["number"]]
    by_rule = [
        api.get(f"/api/v1/conflict-cases/?rule={rule}") for rule in ("first_complete", "agreement", "x")
    ]
    assert [answer.status_code for answer in by_rule] == [200, 200, 400]
    assert [len(answer.json()["results"]) for answer in by_rule[:2]] == [1, 0]


def test_a_case_is_closed_by_page(case, dirk, browser_of):
    answer = browser_of(dirk).post(f"{case.get_absolute_url()}close/", {"reasoning": "Two departments."})
    assert answer.status_code == 302
    page = browser_of(dirk).get(case.get_absolute_url()).content.decode()
    assert "Closed without a decision" in page
