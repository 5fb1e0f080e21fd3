"""Applications and onboarding over the API."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from onboarding import actions
from partners.models import Partner
from tests.onboarding.conftest import said

pytestmark = pytest.mark.django_db
APPLICATIONS, PLANS, TASKS = "/api/v1/applications/", "/api/v1/onboarding-plans/", "/api/v1/onboarding-tasks/"


def post(client, url, body=None, **headers):
    return client.post(url, body or {}, content_type="application/json", headers=headers)


@pytest.fixture
def plan(in_review, maya, acting, channel, template, at):
    done = actions.approve_application(
        by=acting(maya), application=in_review, psm=maya, categories=[channel], at=at
    )
    return done.partner.onboarding_plans.get()


def test_a_vendors_key_enters_an_application_for_a_company(maya, program, api_of):
    body = {**said(), "categories": ["channel"], "accepts_privacy": True}
    made = post(api_of(maya), APPLICATIONS, body)
    assert made.status_code == 201
    assert made.json()["state"] == "unconfirmed"
    assert made.json()["origin"] == "vendor"
    assert made.headers["Location"].endswith(f"{made.json()['id']}/")


def test_an_application_goes_its_whole_way(received, criteria, maya, tomas, channel, template, api_of):
    client, url = api_of(maya), f"{APPLICATIONS}{received.pk}/"
    assert post(client, f"{url}claim/").json()["state"] == "in_review"
    assert post(client, f"{url}assign/", {"reviewer": str(tomas.pk)}).json()["reviewer"] == str(tomas.pk)
    scored = post(
        client, f"{url}score/", {"marks": {"reach": {"points": 5}, "care": {"points": 3, "note": "So so"}}}
    )
    assert scored.json()["evaluation"]["total"] == 84
    approved = post(client, f"{url}approve/", {"psm": str(maya.pk), "categories": ["channel"]})
    assert approved.status_code == 200
    assert approved.json()["state"] == "approved"
    assert Partner.objects.get().pk == Partner.objects.get(pk=approved.json()["partner"]).pk


def test_a_retried_approval_gets_the_same_answer(in_review, maya, channel, template, api_of):
    client, url = api_of(maya), f"{APPLICATIONS}{in_review.pk}/approve/"
    body = {"psm": str(maya.pk), "categories": ["channel"]}
    first = post(client, url, body, **{"Idempotency-Key": "k1"})
    again = post(client, url, body, **{"Idempotency-Key": "k1"})
    other = post(client, url, {**body, "message": "x"}, **{"Idempotency-Key": "k1"})
    late = post(client, url, body)
    assert first.json() == again.json()
    assert (other.status_code, late.status_code) == (422, 409)
    assert Partner.objects.count() == 1


def test_a_rejection_over_the_api(in_review, maya, api_of):
    client, url = api_of(maya), f"{APPLICATIONS}{in_review.pk}/reject/"
    assert post(client, url, {"reason": "bad_mood"}).status_code == 400
    assert post(client, url, {}).json()["errors"][0]["pointer"] == "/reason"
    assert post(client, url, {"reason": "no_fit"}).json()["reason"] == "no_fit"


@pytest.mark.parametrize(
    ("verb", "body"),
    [
        ("score", {"marks": {}}),
        ("score", {"marks": {"reach": {"points": 0}}}),
        ("score", {"marks": {"reach": {"points": 6}}}),
        ("score", {"marks": {"charm": {"points": 1}}}),
        ("score", {"marks": {"reach": 5}}),
        ("assign", {"reviewer": str(uuid4())}),
        ("assign", {"reviewer": "me"}),
        ("approve", {"psm": None, "categories": ["channel"]}),
        ("approve", {"categories": []}),
        ("approve", {"categories": ["made_up"]}),
        ("approve", {"message": "m" * 1001}),
        ("approve", {"unknown": 1}),
        ("link-organization", {"organization": str(uuid4())}),
        ("withdraw", {"comment": "c" * 1001}),
    ],
)
def test_wrong_input_is_400(in_review, criteria, maya, channel, template, api_of, verb, body):
    if verb == "approve":
        body = {"psm": str(maya.pk), "categories": ["channel"], **body}
    answer = post(api_of(maya), f"{APPLICATIONS}{in_review.pk}/{verb}/", body)
    assert answer.status_code == 400, answer.content
    in_review.refresh_from_db()
    assert in_review.state == "in_review"


def test_applications_are_the_vendors_alone(received, maya, priya, vera, northgate, api_of):
    url = f"{APPLICATIONS}{received.pk}/"
    assert api_of(maya).get(url).status_code == 200
    partner = api_of(priya, northgate)
    assert partner.get(url).status_code == 404
    assert post(partner, f"{url}approve/").status_code == 404
    assert partner.get(APPLICATIONS).status_code == 403
    assert post(api_of(vera), f"{url}claim/").status_code == 403


def test_lists_filter_and_refuse_what_they_do_not_know(received, maya, api_of):
    client = api_of(maya)
    assert len(client.get(APPLICATIONS, {"state": "received", "is_waiting": "true"}).json()["results"]) == 1
    assert len(client.get(APPLICATIONS, {"is_mine": "true"}).json()["results"]) == 0
    assert client.get(APPLICATIONS, {"colour": "red"}).status_code == 400
    assert client.get(APPLICATIONS, {"state": "lost"}).status_code == 400


def test_a_stale_etag_is_412(received, maya, api_of):
    client, url = api_of(maya), f"{APPLICATIONS}{received.pk}/"
    tag = client.get(url).headers["ETag"]
    assert post(client, f"{url}claim/", **{"If-Match": tag}).status_code == 200
    assert post(client, f"{url}claim/", **{"If-Match": tag}).status_code == 412


def test_criteria_and_templates_are_read(criteria, template, maya, priya, northgate, api_of):
    client = api_of(maya)
    assert [c["code"] for c in client.get("/api/v1/application-criteria/").json()["results"]] == [
        "reach",
        "care",
    ]
    [found] = client.get("/api/v1/onboarding-templates/").json()["results"]
    assert len(found["tasks"]) == 5
    assert api_of(priya, northgate).get("/api/v1/onboarding-templates/").status_code == 403


def test_a_plan_and_its_tasks(plan, maya, api_of):
    client = api_of(maya)
    shown = client.get(f"{PLANS}{plan.pk}/").json()
    assert (shown["n_required"], shown["readiness"]) == (5, 0)
    welcome = client.get(TASKS, {"plan": str(plan.pk), "side": "vendor", "is_waiting": "false"}).json()[
        "results"
    ]
    [only] = welcome
    assert post(client, f"{TASKS}{only['id']}/complete/").json()["state"] == "done"
    assert post(client, f"{TASKS}{only['id']}/complete/").status_code == 409
    assert post(client, f"{TASKS}{only['id']}/reopen/").json()["state"] == "todo"
    assert post(client, f"{TASKS}{only['id']}/skip/", {"reason": ""}).status_code == 400
    assert post(client, f"{TASKS}{only['id']}/move/", {"due_on": "2027-13-01"}).status_code == 400
    assert (
        post(client, f"{TASKS}{only['id']}/move/", {"due_on": "2027-01-05"}).json()["due_on"] == "2027-01-05"
    )
    assert post(client, f"{TASKS}{only['id']}/skip/", {"reason": "Met already"}).json()["state"] == "skipped"
    assert client.get(f"{PLANS}{plan.pk}/").json()["readiness"] == 20


def test_a_task_is_added_and_a_plan_cancelled(plan, maya, api_of):
    client = api_of(maya)
    body = {
        "plan": str(plan.pk),
        "title": "Visit",
        "stage": "launch",
        "side": "vendor",
        "due_on": "2027-03-01",
    }
    assert post(client, TASKS, body).status_code == 201
    assert post(client, TASKS, {**body, "stage": "party"}).status_code == 400
    assert post(client, f"{PLANS}{plan.pk}/cancel/").status_code == 428
    tag = client.get(f"{PLANS}{plan.pk}/").headers["ETag"]
    assert post(client, f"{PLANS}{plan.pk}/cancel/", **{"If-Match": tag}).json()["state"] == "cancelled"
    again = post(client, PLANS, {"partner": str(plan.partner_id)})
    assert again.status_code == 201
    assert post(client, PLANS, {"partner": str(plan.partner_id)}).status_code == 409


def test_another_partner_reaches_neither_plan_nor_task(plan, priya, northgate, tomas, api_of):
    task = plan.tasks.get(code="sign_agreement")
    for client in (api_of(priya, northgate), api_of(tomas)):
        assert client.get(f"{PLANS}{plan.pk}/").status_code == 404
        assert client.get(f"{TASKS}{task.pk}/").status_code == 404
        assert post(client, f"{TASKS}{task.pk}/complete/").status_code == 404
        assert client.get(PLANS).json()["results"] == []
        assert client.get(TASKS, {"plan": str(plan.pk)}).json()["results"] == []


def test_lists_of_tasks_cost_the_same_at_one_and_at_five_rows(plan, maya, api_of):
    client = api_of(maya)
    client.get(TASKS)
    with CaptureQueriesContext(connection) as one:
        assert len(client.get(TASKS, {"page_size": "1"}).json()["results"]) == 1
    with CaptureQueriesContext(connection) as five:
        assert len(client.get(TASKS).json()["results"]) == 5
    assert len(five) == len(one)
