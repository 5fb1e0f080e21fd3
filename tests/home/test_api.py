"""The queue, snoozes, search and events over the API."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from deals import actions as deal_actions
from tests.factories import make_partner_user


def post(client, url, **body):
    return client.post(url, json.dumps(body), content_type="application/json")


def test_the_work_queue_is_that_of_the_pages(northgate, maya, register, api_of):
    deal = register(northgate)
    content = api_of(maya).get("/api/v1/work-queue/").json()
    assert content["counts"] == {"deal_decision": 1}
    (row,) = content["results"]
    assert row["id"] == str(deal.pk)
    assert row["partner"] == {"id": str(northgate.pk), "name": northgate.name}
    assert row["due_at"] == deal.due_at.isoformat().replace("+00:00", "Z")
    assert row["action"] == "Decide" and row["is_late"] is False


def test_the_work_queue_of_a_partners_person_is_what_is_next(
    northgate, priya, dirk, register, acting, api_of, moment
):
    deal = register(northgate)
    asked = {"question": "Which site?", "fields": ["customer_city"]}
    deal_actions.ask_for_more(by=acting(dirk), deal=deal, at=moment, **asked)
    (row,) = api_of(priya, northgate).get("/api/v1/work-queue/").json()["results"]
    assert (row["kind"], row["id"]) == ("deal_question", str(deal.pk))


def test_the_work_queue_narrows_to_a_kind_and_knows_no_other_parameter(
    northgate, maya, register, received, api_of
):
    register(northgate)
    api = api_of(maya)
    assert len(api.get("/api/v1/work-queue/").json()["results"]) == 2
    (row,) = api.get("/api/v1/work-queue/?kind=application").json()["results"]
    assert row["kind"] == "application"
    assert api.get("/api/v1/work-queue/?scope=theirs").status_code == 400
    assert api.get("/api/v1/work-queue/?colour=red").status_code == 400


def test_search_needs_words_and_finds_what_i_may_see(northgate, albion, maya, api_of):
    api = api_of(maya)
    (row,) = api.get("/api/v1/search/?q=northgate").json()["results"]
    assert (row["kind"], row["id"]) == ("partner", str(northgate.pk))
    assert api.get("/api/v1/search/?q=albion").json()["results"] == []
    assert api.get("/api/v1/search/").status_code == 400
    assert api.get("/api/v1/search/?q=" + "a+" * 11).status_code == 400


def test_a_partner_does_not_find_an_organization_that_it_has_no_reason_to_know(
    northgate, albion, priya, rhys, register, api_of
):
    register(northgate, customer_name="Secret Hospital")
    found = api_of(priya, northgate).get("/api/v1/search/?q=secret").json()["results"]
    assert {row["kind"] for row in found} >= {"deal"}
    assert api_of(rhys, albion).get("/api/v1/search/?q=secret").json()["results"] == []


def test_a_thing_is_put_off_and_woken(northgate, maya, register, api_of, moment):
    deal = register(northgate)
    api = api_of(maya)
    until = (moment + timedelta(days=1)).isoformat()
    made = post(api, "/api/v1/snoozes/", kind="deal_decision", subject_id=str(deal.pk), until=until)
    assert made.status_code == 201
    assert api.get("/api/v1/work-queue/").json()["results"] == []
    snooze = made.json()["id"]
    assert [row["id"] for row in api.get("/api/v1/snoozes/").json()["results"]] == [snooze]
    assert post(api, f"/api/v1/snoozes/{snooze}/wake/").status_code == 200
    assert len(api.get("/api/v1/work-queue/").json()["results"]) == 1


def test_snoozes_are_ones_own(northgate, maya, dirk, register, api_of, moment):
    deal = register(northgate)
    until = (moment + timedelta(days=1)).isoformat()
    body = {"kind": "deal_decision", "subject_id": str(deal.pk), "until": until}
    snooze = post(api_of(maya), "/api/v1/snoozes/", **body).json()["id"]
    other = api_of(dirk)
    assert other.get("/api/v1/snoozes/").json()["results"] == []
    assert other.get(f"/api/v1/snoozes/{snooze}/").status_code == 404
    assert post(other, f"/api/v1/snoozes/{snooze}/wake/").status_code == 404
    assert api_of(maya).get(f"/api/v1/snoozes/{snooze}/").status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "nothing"},
        {"until": "yesterday"},
        {"until": "2020-01-01T00:00:00Z"},
        {"subject_id": "x"},
        {"colour": 1},
    ],
)
def test_a_wrong_snooze_is_refused(northgate, maya, register, api_of, moment, wrong):
    deal = register(northgate)
    until = (moment + timedelta(days=1)).isoformat()
    body = {"kind": "deal_decision", "subject_id": str(deal.pk), "until": until}
    assert post(api_of(maya), "/api/v1/snoozes/", **{**body, **wrong}).status_code == 400


def test_a_partner_has_no_snoozes(northgate, priya, api_of):
    assert api_of(priya, northgate).get("/api/v1/snoozes/").status_code == 403


# What happened --------------------------------------------------------------------------------------------------


def events(api, **params):
    return api.get("/api/v1/events/", params).json()["results"]


def test_what_happened_to_a_deal_is_told_in_sentences(
    northgate, maya, dirk, register, acting, api_of, moment
):
    deal = register(northgate)
    deal_actions.approve_deal(by=acting(dirk), deal=deal, at=moment)
    (row,) = events(api_of(maya), subject_id=str(deal.pk), type="deal.approved")
    assert row["sentence"].startswith(f"Dirk Boone approved {deal.number}, protected until ")
    assert row["actor"] == {"kind": "user", "name": "Dirk Boone"}
    assert "score" in row["data"]


def test_a_partner_reads_its_own_part_and_not_who_of_the_vendor_it_was(
    northgate, albion, priya, rhys, dirk, register, acting, api_of, moment
):
    deal = register(northgate)
    deal_actions.approve_deal(by=acting(dirk), deal=deal, at=moment)
    (row,) = events(api_of(priya, northgate), type="deal.approved")
    assert row["sentence"].startswith("Corvane approved")
    assert set(row["data"]) == {"until", "days", "automatic", "rule_version"}
    assert events(api_of(rhys, albion), type="deal.approved") == []
    assert events(api_of(rhys, albion), subject_id=str(deal.pk)) == []


def test_internal_types_are_not_the_partners(northgate, priya, maya, register, api_of):
    register(northgate)
    assert events(api_of(maya), type="deal.customer_linked")
    assert events(api_of(priya, northgate), type="deal.customer_linked") == []


def test_events_about_accounts_are_the_auditors(northgate, maya, vera, api_of):
    assert events(api_of(vera), type="user.added")
    assert events(api_of(maya), type="user.added") == []


def test_events_filter_by_partner_and_instant(northgate, albion, ada, api_of, moment):
    api = api_of(ada)
    make_partner_user("new@northgate.example", "New One", northgate, "partner_viewer", moment)
    assert {row["partner"] for row in events(api, partner=str(northgate.pk))} == {str(northgate.pk)}
    since = (moment - timedelta(minutes=1)).isoformat()
    assert {row["type"] for row in events(api, since=since, partner=str(northgate.pk))} == {
        "membership.started", "contact.added",
    }  # fmt: skip
    assert api.get("/api/v1/events/?since=soon").status_code == 400
    assert api.get("/api/v1/events/?subject_id=x").status_code == 400


def test_a_partners_own_people_are_named(northgate, priya, sam, acting, api_of, moment):
    deal_actions.start_draft(by=acting(sam), partner=northgate, at=moment, customer_name="Begun Clinic")
    (row,) = events(api_of(priya, northgate), type="deal.drafted")
    assert row["sentence"].startswith("Sam Ortiz began D-")
