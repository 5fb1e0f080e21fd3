"""A partner's moves on the pages: what they do, who may, and the letters to its admins."""

from __future__ import annotations

import pytest

from core.actors import SYSTEM
from core.mail import render
from core.models import Mail
from partners import actions
from partners.models import Contact
from tests import factories

pytestmark = pytest.mark.django_db


def url(partner, move: str) -> str:
    return f"/manage/partners/{partner.pk}/{move}/"


def letters_to(user) -> list[str]:
    return list(
        Mail.objects.filter(to_user=user).order_by("created_at", "id").values_list("letter", flat=True)
    )


def test_a_suspension_shows_what_it_does_and_is_told_with_its_reason(northgate, priya, maya, browser_of):
    browser = browser_of(maya)
    page = browser.get(url(northgate, "suspend")).content.decode()
    assert "Protections of its deals keep running." in page
    assert "Your partnership is suspended" in page
    assert browser.post(url(northgate, "suspend"), {"reason": ""}).status_code == 400

    assert browser.post(url(northgate, "suspend"), {"reason": "payment"}).status_code == 302

    northgate.refresh_from_db()
    assert (northgate.state, northgate.state_reason) == ("suspended", "payment")
    assert letters_to(priya)[-1] == "partner.suspended"
    assert "Payment" in render(Mail.objects.get(letter="partner.suspended"))[1]
    assert browser.post(url(northgate, "suspend"), {"reason": "payment"}).status_code == 409


def test_while_suspended_the_portal_is_read_only_and_keys_are_refused(
    northgate, priya, maya, browser_of, api_of
):
    portal, key = browser_of(priya), api_of(priya, northgate)
    assert portal.get("/portal/team/invite/").status_code == 200
    assert key.get("/api/v1/partners/").status_code == 200

    browser_of(maya).post(url(northgate, "suspend"), {"reason": "payment"})

    assert portal.get("/portal/team/").status_code == 200
    assert portal.get("/portal/team/invite/").status_code == 403
    assert key.get("/api/v1/partners/").status_code == 401

    browser_of(maya).post(url(northgate, "resume"))

    assert portal.get("/portal/team/invite/").status_code == 200
    assert key.get("/api/v1/partners/").status_code == 200
    assert letters_to(priya)[-1] == "partner.resumed"


def test_the_end_closes_log_ins_and_keeps_history(northgate, priya, ada, browser_of, api_of):
    portal, key = browser_of(priya), api_of(priya, northgate)
    assert portal.get("/portal/team/").status_code == 200

    assert browser_of(ada).post(url(northgate, "terminate"), {"reason": "mutual"}).status_code == 302

    assert portal.get("/portal/team/").status_code == 404
    assert key.get("/api/v1/partners/").status_code == 401
    assert letters_to(priya)[-1] == "partner.terminated"
    assert Contact.objects.filter(partner=northgate).exists()
    assert browser_of(ada).post(url(northgate, "resume")).status_code == 409


def test_a_letter_of_a_state_that_has_passed_is_not_sent(northgate, priya, at):
    actions.suspend_partner(by=SYSTEM, partner=northgate, reason_code="payment", at=at)
    actions.resume_partner(by=SYSTEM, partner=northgate, at=at)
    assert render(Mail.objects.get(letter="partner.suspended")) is None
    assert render(Mail.objects.get(letter="partner.resumed")) is not None


def test_who_may_move_a_partner(northgate, albion, maya, ada, dirk, vera, browser_of):
    assert browser_of(maya).get(url(northgate, "suspend")).status_code == 200
    assert browser_of(maya).get(url(albion, "suspend")).status_code == 404
    assert browser_of(maya).get(url(northgate, "terminate")).status_code == 403
    assert browser_of(maya).get(url(northgate, "assign")).status_code == 403
    for user in (dirk, vera):
        assert browser_of(user).post(url(northgate, "suspend"), {"reason": "payment"}).status_code == 403
    northgate.refresh_from_db()
    assert northgate.state == "active"


def test_a_partner_gets_another_manager(northgate, ada, tomas, dirk, browser_of):
    browser = browser_of(ada)
    assert browser.post(url(northgate, "assign"), {"psm": str(dirk.pk)}).status_code == 400
    assert browser.post(url(northgate, "assign"), {"psm": str(tomas.pk)}).status_code == 302
    northgate.refresh_from_db()
    assert northgate.psm == tomas


def test_onboarding_is_ended_early(maya, at, browser_of):
    partner = factories.make_partner("Fernside", psm=maya, at=at, active=False)
    assert browser_of(maya).post(url(partner, "activate")).status_code == 302
    partner.refresh_from_db()
    assert partner.state == "active"


def test_facts_are_changed_and_a_stale_form_is_told_so(northgate, maya, browser_of):
    browser = browser_of(maya)
    form = {"name": "Northgate Systems", "currency": "EUR", "time_zone": "Europe/Berlin"}
    assert browser.post(url(northgate, "change"), {**form, "time_zone": "Mars/One"}).status_code == 400
    assert (
        browser.post(url(northgate, "change"), {**form, "version": str(northgate.version)}).status_code == 302
    )
    assert (
        browser.post(url(northgate, "change"), {**form, "version": str(northgate.version)}).status_code == 412
    )
    northgate.refresh_from_db()
    assert (northgate.name, northgate.currency) == ("Northgate Systems", "EUR")


def test_a_comment_stays_with_the_vendor(northgate, priya, maya, browser_of, api_of):
    form = {"reason": "payment", "comment": "Two invoices are open."}
    assert browser_of(maya).post(url(northgate, "suspend"), form).status_code == 302

    page = browser_of(maya).get(northgate.get_absolute_url()).content.decode()
    assert "Suspended: " in page and "Two invoices are open." in page
    assert (
        api_of(maya).get(f"/api/v1/partners/{northgate.pk}/").json()["state_comment"]
        == "Two invoices are open."
    )
    assert "Two invoices" not in browser_of(priya).get("/portal/").content.decode()
    assert "Two invoices" not in str(render(Mail.objects.get(letter="partner.suspended")))
