"""The vendor's pages: lists, one lead with why, entering, reading in, routing by hand, who takes leads."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.actors import SYSTEM
from core.clock import now
from leads import actions
from leads.models import Lead, LeadProfile
from tests.leads import factories as make


@pytest.fixture
def moment():
    return now()


@pytest.fixture
def browser(browser_of, maya):
    return browser_of(maya)


def form(**changes) -> dict:
    return {
        "customer_name": "Larkhill", "country": "US", "contact_name": "Ana Ruiz",
        "contact_email": "ana@larkhill.example", "need": "Faster night scans.", "language": "en", "source": "web",
        "consent_basis": "inquiry", "amount_0": "USD", "amount_1": "1200", "route_now": "on", **changes,
    }  # fmt: skip


def test_a_lead_is_entered_and_the_page_says_why_it_went_where(browser, northgate):
    answer = browser.post("/manage/leads/new/", form(), follow=True)
    page = answer.content.decode()
    assert Lead.objects.get().partner == northgate
    assert "Northgate Clinical Systems, by the rule “In turn”." in page
    assert "rules, version 1" in page
    assert "Market" in page and "Capacity" in page


def test_what_would_tell_who_it_is_is_refused_at_the_field(browser, northgate):
    answer = browser.post("/manage/leads/new/", form(need="Larkhill wants faster scans."))
    assert answer.status_code == 400
    assert "Partners read this before they accept; take out “larkhill”." in answer.content.decode()


@pytest.mark.parametrize("key", ["open", "routing", "waiting", "pool", "late_contact", "held"])
def test_each_view_holds_its_leads(browser, northgate, moment, key):
    from datetime import timedelta

    leads = {
        "routing": make.entered(moment, customer_name="Routing House"),
        "waiting": make.offered(northgate, moment, customer_name="Waiting House"),
        "pool": make.pooled(moment, customer_name="Pool House"),
        "late_contact": make.accepted(northgate, moment - timedelta(days=6), customer_name="Late House"),
        "held": make.contacted(northgate, moment, customer_name="Held House"),
        "closed": actions.close_lead(
            by=SYSTEM, lead=make.entered(moment, customer_name="Closed House"), reason="no_partner", at=moment
        ),
    }
    page = browser.get(f"/manage/leads/?status={key}").content.decode()
    shown = {name for name, lead in leads.items() if lead.customer_name in page}
    expected = {"open": set(leads) - {"closed"}, "held": {"held", "late_contact"}}.get(key, {key})
    assert shown == expected


def test_it_is_offered_to_a_chosen_partner_taken_back_and_closed(browser, northgate, moment):
    lead = make.entered(moment)
    base = f"/manage/leads/{lead.pk}/"
    assert b"Find a partner" in browser.get(base).content
    refused = browser.post(f"{base}offer/", {"partner": northgate.pk})
    assert refused.status_code == 400
    browser.post(f"{base}offer/", {"partner": northgate.pk, "reason": "customer_wish"})
    assert Lead.objects.get().partner == northgate
    browser.post(f"{base}withdraw-offer/", {"reason": "wrong_partner"})
    browser.post(f"{base}pool/")
    assert Lead.objects.get().state == "pooled"
    browser.post(f"{base}withdraw-offer/", {"reason": "wrong_partner"})
    browser.post(f"{base}route/")
    assert Lead.objects.get().state == "offered"
    browser.post(f"{base}withdraw-offer/", {"reason": "wrong_partner"})
    browser.post(f"{base}close/", {"reason": "no_partner"})
    assert Lead.objects.get().state == "closed"
    page = browser.get(base).content.decode()
    assert "No partner" in page and "Open again" in page


def test_a_lead_that_is_with_a_partner_is_not_offered_again(browser, northgate, albion, moment):
    lead = make.accepted(northgate, moment)
    answer = browser.post(
        f"/manage/leads/{lead.pk}/offer/", {"partner": northgate.pk, "reason": "customer_wish"}
    )
    assert answer.status_code == 409


def test_a_list_is_checked_and_then_entered(browser):
    upload = SimpleUploadedFile("leads.csv", b"customer_name,country\nLarkhill,US\nElmhill,XX\n", "text/csv")
    page = browser.post("/manage/leads/import/", {"upload": upload}).content.decode()
    assert "Nothing is entered yet" in page and "Enter 1 lead" in page
    assert not Lead.objects.exists()
    page = browser.post(
        "/manage/leads/import/", {"rows": "customer_name,country\nLarkhill,US\nElmhill,XX\n", "confirm": "1"}
    ).content.decode()
    assert "The leads are entered" in page and "L-1001" in page
    assert Lead.objects.count() == 1


def test_who_takes_leads_with_figures_and_their_why(browser, northgate, moment):
    make.accepted(northgate, moment)
    page = browser.get("/manage/leads/partners/").content.decode()
    assert "Northgate Clinical Systems" in page and "1 of 10" in page and "100%" in page
    path = f"/manage/partners/{northgate.pk}/lead-profile/"
    page = browser.get(path).content.decode()
    assert f"/manage/partners/{northgate.pk}/why/lead_acceptance_rate/" in page
    browser.post(path, {"takes_leads": "on", "languages": ["en", "de"], "capacity": "2"})
    profile = LeadProfile.objects.get()
    assert (profile.languages, profile.capacity) == (["de", "en"], 2)
    why = browser.get(f"/manage/partners/{northgate.pk}/why/lead_time_to_accept/").content.decode()
    assert "How long does the partner take to accept a lead?" in why and "0 hours" in why


def test_what_needs_routing_is_in_the_queue_of_whoever_entered_it(browser, maya, acting, moment):
    lead = make.entered(moment, acting(maya))
    page = browser.get("/manage/").content.decode()
    assert f"Find a partner for {lead.number}" in page


def test_a_manager_sees_what_its_own_partners_have_and_what_nobody_has(browser, northgate, albion, moment):
    mine, others = (
        make.offered(northgate, moment),
        make.offered(albion, moment, customer_name="Foreign House"),
    )
    free = make.entered(moment, customer_name="Free House")
    assert browser.get(f"/manage/leads/{others.pk}/").status_code == 404
    for lead in (mine, free):
        assert browser.get(f"/manage/leads/{lead.pk}/").status_code == 200


def test_partners_of_colleagues_are_counted_in_the_explanation_and_not_named(
    browser, northgate, albion, moment
):
    make.make_routing({"code": "anyone", "partner_must": []})
    lead = actions.route_lead(by=SYSTEM, lead=make.entered(moment), at=moment)
    if lead.partner != northgate:
        lead = actions.decline_lead(by=SYSTEM, lead=lead, reason="too_far", at=moment)
    page = browser.get(f"/manage/leads/{lead.pk}/").content.decode()
    assert "Northgate Clinical Systems" in page and "Albion" not in page
    assert "1 partner of a colleague" in page


@pytest.mark.parametrize("n", [1, 3])
@pytest.mark.parametrize("path", ["/manage/leads/", "/manage/leads/partners/", "/manage/referrals/"])
def test_lists_ask_as_much_for_one_as_for_three(
    browser, maya, moment, path, n, django_assert_max_num_queries
):
    for number in range(n):
        partner = make.ready(f"Partner{number} Health")
        make.offered(partner, moment, customer_name=f"C{number}")
    browser.get(path)
    with django_assert_max_num_queries(36):
        browser.get(path)
