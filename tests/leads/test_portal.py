"""The partner's pages: yes and no in one tap, who it is only afterwards, and the way to a registration."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.clock import now
from leads.models import Lead, Referral
from tests.factories import make_partner_user
from tests.leads import factories as make


@pytest.fixture
def moment():
    return now()


@pytest.fixture
def browser(browser_of, sam):
    return browser_of(sam)


def canaries_in(response) -> list[str]:
    content = b"".join(response.streaming_content) if response.streaming else response.content
    return [word for word in make.CANARIES.values() if word in content.decode(errors="replace")]


def pages(lead: Lead) -> list[str]:
    base = f"/portal/leads/{lead.pk}/"
    return [
        "/portal/", "/portal/leads/", "/portal/leads/?export=csv", base, f"{base}accept/", f"{base}decline/",
        f"{base}note-contact/", f"{base}return/", f"{base}lose/", "/portal/notifications/",
    ]  # fmt: skip


def test_no_page_says_who_it_is_before_it_is_accepted_and_every_page_may_afterwards(
    browser, northgate, moment
):
    lead = make.offered(northgate, moment)
    for path in pages(lead):
        answer = browser.get(path)
        assert answer.status_code == 200, path
        assert canaries_in(answer) == [], path
    assert b"night scans" in browser.get(f"/portal/leads/{lead.pk}/").content
    browser.post(f"/portal/leads/{lead.pk}/accept/")
    shown = canaries_in(browser.get(f"/portal/leads/{lead.pk}/"))
    assert {"Zyxquill Infirmary", "77 Quibblethorn Road", "Jabberina Wockleton", "+44 20 7946 0991"} <= set(
        shown
    )
    assert "Zyxquill Infirmary" in canaries_in(browser.get("/portal/leads/?export=csv"))


def test_the_form_of_a_registration_is_not_filled_in_before(browser, northgate, moment):
    lead = make.offered(northgate, moment)
    answer = browser.get(f"/portal/leads/{lead.pk}/convert/")
    assert (answer.status_code, canaries_in(answer)) == (409, [])
    browser.post(f"/portal/leads/{lead.pk}/accept/")
    answer = browser.get(f"/portal/leads/{lead.pk}/convert/")
    assert answer.status_code == 200
    assert "Zyxquill Infirmary" in canaries_in(answer)


def test_one_tap_accepts_and_shows_whom_to_call(browser, northgate, moment):
    lead = make.offered(northgate, moment)
    page = browser.get("/portal/leads/").content.decode()
    assert f'action="/portal/leads/{lead.pk}/accept/"' in page
    answer = browser.post(f"/portal/leads/{lead.pk}/accept/", follow=True)
    assert 'href="tel:+442079460991"' in answer.content.decode()
    assert Lead.objects.get().state == "accepted"


def test_one_tap_declines_for_a_usual_reason(browser, northgate, moment):
    lead = make.offered(northgate, moment)
    page = browser.get("/portal/leads/").content.decode()
    assert 'name="reason" value="too_far"' in page
    answer = browser.post(f"/portal/leads/{lead.pk}/decline/", {"reason": "too_far"})
    assert (answer.status_code, answer["Location"]) == (302, "/portal/leads/")
    assert browser.get(f"/portal/leads/{lead.pk}/").status_code == 404


def test_who_comes_second_to_the_pool_reads_that_it_is_taken(program, northgate, browser, browser_of, moment):
    other = make.ready("Other Health")
    late = browser_of(make_partner_user("late@other.example", "Lara Late", other, "partner_seller", moment))
    lead = make.pooled(moment)
    assert lead.number in late.get("/portal/leads/").content.decode()
    browser.post(f"/portal/leads/{lead.pk}/accept/")
    answer = late.post(f"/portal/leads/{lead.pk}/accept/")
    assert answer.status_code == 409
    assert "Another partner was faster: this lead is taken." in answer.content.decode()
    assert canaries_in(answer) == []
    assert canaries_in(late.get(f"/portal/leads/{lead.pk}/accept/")) == []


def test_the_registration_is_filled_in(browser, northgate, moment):
    lead = make.contacted(northgate, moment)
    page = browser.get(f"/portal/leads/{lead.pk}/convert/").content.decode()
    for words in ("Zyxquill Infirmary", "Vorpalminster", "240,000.00", "They want a demo."):
        assert words in page
    close = (moment.date() + timedelta(days=60)).isoformat()
    answer = browser.post(
        f"/portal/leads/{lead.pk}/convert/",
        {"customer_name": lead.customer_name, "customer_country": "US", "customer_city": lead.city,
         "products": [p.pk for p in lead.products.all()], "amount_0": "USD", "amount_1": "240,000.00",
         "expected_close_on": close, "what_it_did": "A call.", "no_patient_data": "on"},
    )  # fmt: skip
    lead.refresh_from_db()
    assert answer["Location"] == f"/portal/deals/{lead.deal_id}/"
    deal = browser.get(answer["Location"]).content.decode()
    assert f"from lead {lead.number}" in deal
    assert f"/portal/leads/{lead.pk}/" in deal


def test_what_a_registration_lacks_is_said_at_the_field(browser, northgate, moment):
    lead = make.contacted(northgate, moment)
    answer = browser.post(
        f"/portal/leads/{lead.pk}/convert/", {"customer_name": "X", "customer_country": "US"}
    )
    assert answer.status_code == 400
    assert Lead.objects.get().state == "contacted"


def test_a_contact_is_referred_in_a_minute(browser, northgate, moment):
    page = browser.get("/portal/referrals/new/")
    assert page.status_code == 200
    facts = {
        "customer_name": "Dales Hospice", "country": "US", "contact_name": "Ines Prado",
        "contact_phone": "+1 555 0100", "consented_on": moment.date().isoformat(), "message": "Triage.",
    }  # fmt: skip
    refused = browser.post("/portal/referrals/new/", facts)
    assert refused.status_code == 400
    answer = browser.post("/portal/referrals/new/", {**facts, "has_consent": "on"})
    referral = Referral.objects.get()
    assert answer["Location"] == f"/portal/referrals/{referral.pk}/"
    assert "Received" in browser.get(answer["Location"]).content.decode()
    assert "Dales Hospice" in browser.get("/portal/referrals/").content.decode()


def test_the_home_says_what_waits(browser, northgate, moment):
    lead = make.offered(northgate, moment)
    assert f"Answer about the lead {lead.number}" in browser.get("/portal/").content.decode()
    browser.post(f"/portal/leads/{lead.pk}/accept/")
    assert "Call Zyxquill Infirmary" in browser.get("/portal/").content.decode()


def test_a_viewer_reads_and_does_nothing(northgate, browser_of, moment):
    val = make_partner_user("val@northgate.example", "Val Osei", northgate, "partner_viewer", moment)
    lead, browser = make.offered(northgate, moment), browser_of(val)
    page = browser.get("/portal/leads/").content.decode()
    assert lead.number in page and "accept/" not in page
    assert browser.post(f"/portal/leads/{lead.pk}/accept/").status_code == 403


@pytest.mark.parametrize("path", ["/portal/leads/", "/portal/referrals/"])
@pytest.mark.parametrize("n", [1, 3])
def test_lists_ask_as_much_for_one_as_for_three(
    browser, northgate, moment, path, n, django_assert_max_num_queries
):
    for number in range(n):
        make.accepted(northgate, moment, customer_name=f"C{number}")
    browser.get(path)
    with django_assert_max_num_queries(32):
        browser.get(path)
