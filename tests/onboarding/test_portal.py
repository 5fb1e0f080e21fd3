"""The partner's checklist."""

from __future__ import annotations

import pytest

from core.actors import SYSTEM
from onboarding.actions.plans import begin_plan
from partners.actions import activate_partner, suspend_partner
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def fernside(template, maya, at):
    partner = factories.make_partner("Fernside Digital", country="GB", psm=maya, at=at, active=False)
    begin_plan(by=SYSTEM, partner=partner, at=at)
    return partner


@pytest.fixture
def fern(fernside, at):
    return factories.make_partner_user("fern@fernside.example", "Fern Ojo", fernside, "partner_admin", at)


def of(partner, code):
    return partner.onboarding_plans.get().tasks.get(code=code)


def test_the_checklist_shows_what_each_side_does(fern, browser_of):
    page = browser_of(fern).get("/portal/onboarding/")
    text = page.content.decode()
    assert page.status_code == 200
    for words in ("Sign the partner agreement", "Welcome call", "We do this for you", "Maya Lindqvist"):
        assert words in text
    assert [row["task"].code for row in page.context["next"]] == ["sign_agreement", "invite_team"]


def test_a_task_is_ticked_and_taken_back_with_one_tap(fernside, fern, browser_of):
    browser, sign = browser_of(fern), of(fernside, "sign_agreement")
    answer = browser.post(f"/portal/onboarding/tasks/{sign.pk}/done/")
    assert answer.headers["Location"] == f"/portal/onboarding/#task-{sign.pk}"
    assert of(fernside, "sign_agreement").state == "done"
    assert browser.post(f"/portal/onboarding/tasks/{sign.pk}/reopen/").status_code == 302
    assert of(fernside, "sign_agreement").state == "todo"


def test_the_vendors_task_is_not_the_partners_to_tick(fernside, fern, browser_of):
    welcome = of(fernside, "welcome_call")
    assert browser_of(fern).post(f"/portal/onboarding/tasks/{welcome.pk}/done/").status_code == 403
    assert of(fernside, "welcome_call").state == "todo"


def test_another_partners_tasks_do_not_exist(fernside, fern, priya, browser_of):
    url = f"/portal/onboarding/tasks/{of(fernside, 'sign_agreement').pk}/done/"
    assert browser_of(fern).get(url).status_code == 200
    assert browser_of(priya).get(url).status_code == 404
    assert browser_of(priya).post(url).status_code == 404
    assert browser_of(priya).get("/portal/onboarding/").status_code == 404


def test_a_finance_person_looks_and_ticks_nothing(fernside, fern, browser_of, at):
    reader = factories.make_partner_user("fin@fernside.example", "Finn", fernside, "partner_finance", at)
    browser = browser_of(reader)
    page = browser.get("/portal/onboarding/")
    assert page.status_code == 200
    assert "/done/" not in page.content.decode()
    url = f"/portal/onboarding/tasks/{of(fernside, 'sign_agreement').pk}/done/"
    assert browser.post(url).status_code == 403


def test_while_suspended_nothing_is_ticked(fernside, fern, browser_of, at):
    activate_partner(by=SYSTEM, partner=fernside, because="test", at=at)
    suspend_partner(by=SYSTEM, partner=fernside, reason_code="payment", at=at)
    browser = browser_of(fern)
    assert browser.get("/portal/onboarding/").status_code == 200
    url = f"/portal/onboarding/tasks/{of(fernside, 'sign_agreement').pk}/done/"
    assert browser.post(url).status_code == 403
