"""The vendor's pages: applications and plans."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Invitation
from onboarding import actions
from onboarding.models import Application, OnboardingPlan
from partners.models import Partner
from tests import factories
from tests.onboarding.conftest import said, token_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def another(apply, at):
    """A second application that waits."""
    application = apply(
        legal_name="Karolin Diagnostics", website="https://karolin.example", contact_email="k@karolin.example"
    )
    return actions.confirm_application(token=token_of(application), at=at + timedelta(minutes=1))


@pytest.fixture
def plan(in_review, maya, acting, channel, template, at) -> OnboardingPlan:
    done = actions.approve_application(
        by=acting(maya), application=in_review, psm=maya, categories=[channel], at=at
    )
    return done.partner.onboarding_plans.get()


def decision(maya, channel, **changes):
    return {"psm": str(maya.pk), "primary": str(channel.pk), "message": "", "comment": "", **changes}


def test_the_list_has_views_for_waiting_mine_and_all(in_review, another, apply, maya, tomas, browser_of):
    apply(legal_name="Not Confirmed", website="https://nc.example", contact_email="n@nc.example")
    maya, tomas = browser_of(maya), browser_of(tomas)

    def names(browser, query):
        return [
            row["cells"][0]["value"]["name"]
            for row in browser.get(f"/manage/applications/{query}").context["rows"]
        ]

    assert names(maya, "?is_waiting=true") == ["Brightwell Health Systems Ltd", "Karolin Diagnostics"]
    assert names(maya, "?is_waiting=true&is_mine=true") == ["Brightwell Health Systems Ltd"]
    assert names(tomas, "?is_mine=true") == []
    assert len(names(maya, "")) == 3
    assert names(maya, "?search=karolin") == ["Karolin Diagnostics"]


def test_the_list_costs_the_same_at_one_and_at_three_rows(received, another, apply, maya, browser_of):
    browser = browser_of(maya)
    browser.get("/manage/applications/")
    with CaptureQueriesContext(connection) as one:
        browser.get("/manage/applications/?search=brightwell")
    apply(legal_name="Brightwell Two", website="https://two.example", contact_email="n@two.example")
    apply(legal_name="Brightwell Three", website="https://three.example", contact_email="n@three.example")
    with CaptureQueriesContext(connection) as three:
        browser.get("/manage/applications/?search=brightwell")
    assert len(three) == len(one)


def test_a_list_is_exported_as_it_is_filtered(received, another, maya, browser_of):
    answer = browser_of(maya).get("/manage/applications/?search=karolin&export=csv")
    text = b"".join(answer.streaming_content).decode()
    assert "Karolin" in text
    assert "Brightwell" not in text


def test_the_decision_page_shows_request_evidence_and_letter(
    in_review, criteria, maya, tomas, acting, browser_of, at
):
    for user, points in ((maya, 5), (tomas, 3)):
        actions.score_application(
            by=acting(user),
            application=in_review,
            marks={"reach": (points, "Because."), "care": (4, "")},
            at=at,
        )
    page = browser_of(maya).get(in_review.get_absolute_url())
    text = page.content.decode()
    assert page.context["card"].total == 80
    for words in ("Brightwell Health Systems Ltd", "Market reach", "Maya Lindqvist", "Tomas Herrera", "Because.",
                  "share brightwell.example", "Welcome to our partner program", "1 of 1"):  # fmt: skip
        assert words in text


def test_the_letter_follows_the_form(in_review, maya, browser_of):
    browser, url = browser_of(maya), f"{in_review.get_absolute_url()}letter/"
    no = browser.get(
        url, {"decision": "reject", "reason_code": "no_fit", "message": "See <you>"}
    ).content.decode()
    assert "No fit" in no
    assert "See &lt;you&gt;" in no
    assert "No fit" not in browser.get(url, {"decision": "approve", "reason_code": "no_fit"}).content.decode()


def test_approving_makes_the_partner_and_leads_to_the_next(
    in_review, another, maya, channel, template, browser_of
):
    answer = browser_of(maya).post(f"{in_review.get_absolute_url()}approve/", decision(maya, channel))
    assert answer.headers["Location"] == another.get_absolute_url()
    assert Partner.objects.get().name == "Brightwell Health Systems Ltd"
    assert Invitation.objects.get().email == "nora@brightwell.example"


def test_approving_twice_by_the_same_form_makes_one_partner(in_review, maya, channel, template, browser_of):
    browser, url = browser_of(maya), f"{in_review.get_absolute_url()}approve/"
    form = decision(maya, channel, idempotency_key="once")
    assert [browser.post(url, form).status_code for _n in range(2)] == [302, 302]
    assert browser.post(url, decision(maya, channel)).status_code == 409
    assert Partner.objects.count() == 1


def test_a_stale_form_is_told_so_and_keeps_what_was_written(in_review, maya, channel, template, browser_of):
    form = decision(maya, channel, version="1", message="Kept words")
    page = browser_of(maya).post(f"{in_review.get_absolute_url()}approve/", form)
    assert page.status_code == 412
    assert "Kept words" in page.content.decode()
    assert not Partner.objects.exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [({"psm": "x"}, "psm"), ({"primary": ""}, "primary"), ({"message": "m" * 1001}, "message"),
     ({"comment": "\x00"}, "comment")],
)  # fmt: skip
def test_what_is_wrong_in_a_decision_is_said_at_its_field(
    in_review, maya, channel, template, browser_of, change, field
):
    page = browser_of(maya).post(f"{in_review.get_absolute_url()}approve/", decision(maya, channel, **change))
    assert page.status_code == 400
    assert page.context["form"].errors.keys() == {field}


def test_a_psm_cannot_be_someone_of_a_partner(in_review, maya, priya, channel, template, browser_of):
    form = decision(maya, channel, psm=str(priya.pk))
    assert browser_of(maya).post(f"{in_review.get_absolute_url()}approve/", form).status_code == 400


def test_rejecting_needs_a_reason(in_review, maya, browser_of):
    browser, url = browser_of(maya), f"{in_review.get_absolute_url()}reject/"
    assert browser.post(url, {"reason_code": ""}).status_code == 400
    assert browser.post(url, {"reason_code": "no_fit"}).status_code == 302
    page = browser.get(in_review.get_absolute_url()).content.decode()
    assert "No fit" in page
    assert "Approve and invite" not in page


def test_scores_are_given_and_changed(in_review, criteria, maya, browser_of):
    browser, url = browser_of(maya), f"{in_review.get_absolute_url()}score/"
    assert browser.post(url, {"points_reach": "5", "note_reach": "Wide"}).status_code == 302
    assert "Wide" in browser.get(url).content.decode()
    assert browser.post(url, {"points_reach": "2"}).status_code == 302
    assert in_review.scores.get().points == 2
    assert browser.post(url, {"points_reach": "9"}).status_code == 400
    assert browser.post(url, {}).status_code == 400


def test_the_steps_before_a_decision(received, apply, maya, tomas, ada, browser_of):
    known = factories.make_organization("Brightwell Group", "GB")
    browser, base = browser_of(maya), received.get_absolute_url()
    assert browser.post(f"{base}claim/").status_code == 302
    assert browser.post(f"{base}assign/", {"reviewer": str(tomas.pk)}).status_code == 302
    assert browser.post(f"{base}link/", {"organization": str(known.pk)}).status_code == 302
    received.refresh_from_db()
    assert (received.state, received.reviewer, received.organization) == ("in_review", tomas, known)
    assert browser.post(f"{base}resend/").status_code == 409
    assert browser.post(f"{base}withdraw/", {"comment": "Bought by another."}).status_code == 302
    waiting = apply(legal_name="Two", website="https://two.example", contact_email="n@two.example")
    assert browser.post(f"{waiting.get_absolute_url()}resend/").status_code == 302


def test_a_manager_enters_an_application_that_still_needs_its_confirmation(program, maya, browser_of):
    form = {**said(), "categories": ["channel"], "accepts_privacy": "on"}
    assert browser_of(maya).post("/manage/applications/new/", form).status_code == 302
    application = Application.objects.get()
    assert (application.state, application.origin) == ("unconfirmed", "vendor")


def test_who_may_not_decide_reads_only(in_review, vera, dirk, priya, browser_of, channel, template):
    url = in_review.get_absolute_url()
    for user in (vera, dirk):
        browser = browser_of(user)
        page = browser.get(url)
        assert page.status_code == 200
        assert "Approve and invite" not in page.content.decode()
        assert browser.post(f"{url}approve/", {}).status_code == 403
        assert browser.post(f"{url}claim/").status_code == 403
    assert browser_of(priya).get(url).status_code == 404
    assert browser_of(priya).post(f"{url}approve/", {}).status_code == 404


def test_the_plan_page_lets_each_task_be_worked_on(plan, maya, browser_of):
    browser, welcome = browser_of(maya), plan.tasks.get(code="welcome_call")
    page = browser.get(plan.get_absolute_url())
    assert page.status_code == 200
    assert "Sign the partner agreement" in page.content.decode()

    base = "/manage/onboarding/tasks"
    assert browser.post(f"{base}/{welcome.pk}/done/").status_code == 302
    assert browser.post(f"{base}/{welcome.pk}/done/").status_code == 409
    assert browser.post(f"{base}/{welcome.pk}/reopen/").status_code == 302
    sign, countersign = plan.tasks.get(code="sign_agreement"), plan.tasks.get(code="countersign")
    assert browser.post(f"{base}/{countersign.pk}/done/").status_code == 409
    assert browser.post(f"{base}/{sign.pk}/done/", {}).status_code == 400
    assert browser.post(f"{base}/{sign.pk}/done/", {"note": "By post"}).status_code == 302
    assert browser.post(f"{base}/{countersign.pk}/skip/", {"reason": ""}).status_code == 400
    assert browser.post(f"{base}/{countersign.pk}/skip/", {"reason": "Not needed"}).status_code == 302
    assert browser.post(f"{base}/{welcome.pk}/move/", {"due_on": "1999-01-01"}).status_code == 400
    assert browser.post(f"{base}/{welcome.pk}/move/", {"due_on": "2027-02-03"}).status_code == 302


def test_a_task_is_added_on_the_page(plan, maya, browser_of):
    url = f"{plan.get_absolute_url()}add-task/"
    earlier = plan.tasks.get(code="welcome_call")
    form = {
        "title": "Visit",
        "side": "vendor",
        "stage": "launch",
        "due_on": "2027-01-15",
        "depends_on": str(earlier.pk),
    }
    assert browser_of(maya).post(url, {**form, "due_on": "soon"}).status_code == 400
    assert browser_of(maya).post(url, form).status_code == 302
    assert plan.tasks.get(title="Visit").depends_on.get() == earlier


def test_plans_of_a_colleagues_partner_do_not_exist_for_a_psm(plan, tomas, browser_of):
    browser, task = browser_of(tomas), plan.tasks.first()
    assert browser.get(plan.get_absolute_url()).status_code == 404
    assert browser.post(f"/manage/onboarding/tasks/{task.pk}/done/").status_code == 404
    assert not browser.get("/manage/onboarding/").context["rows"]


def test_a_plan_is_ended_and_another_started(plan, maya, browser_of):
    browser = browser_of(maya)
    start = f"/manage/partners/{plan.partner_id}/start-onboarding/"
    assert browser.post(start, {}).status_code == 409
    assert browser.post(f"{plan.get_absolute_url()}cancel/").status_code == 302
    assert browser.post(start, {}).status_code == 302
    assert plan.partner.onboarding_plans.count() == 2


def test_the_list_of_plans_shows_progress(plan, maya, browser_of):
    page = browser_of(maya).get("/manage/onboarding/?state=running")
    [row] = page.context["rows"]
    assert row["record"].n_required == 5
    assert [v["name"] for v in page.context["views"] if v["active"]] == ["Running"]
