"""The pages and endpoints of answers, contributions and the library of metrics."""

from __future__ import annotations

from outcomes.models import SatisfactionAnswer, ValueContribution
from tests.outcomes.factories import answered, contributed

ANSWERS, VALUE = "/manage/satisfaction/", "/manage/contributions/"


def test_a_psm_records_an_answer_and_withdraws_it(northgate, hospital, maya, browser_of, at):
    browser = browser_of(maya)
    facts = {
        "partner": northgate.pk, "customer": hospital.pk, "question": "nps", "answered_on": "2026-11-02", "score": "9",
        "scale_low": "0", "scale_high": "10", "respondent_role": "CIO",
    }  # fmt: skip
    made = browser.post(f"{ANSWERS}new/", facts)
    answer = SatisfactionAnswer.objects.get()
    assert made.url == answer.get_absolute_url()
    assert "9 on 0–10" in browser.get(made.url).content.decode()
    assert hospital.name in browser.get(ANSWERS).content.decode()
    browser.post(f"{made.url}withdraw/", {"reason": "entered_in_error", "comment": ""})
    answer.refresh_from_db()
    assert answer.withdrawn_on is not None


def test_a_list_is_checked_before_it_is_recorded(northgate, hospital, maya, browser_of):
    browser = browser_of(maya)
    header = "partner,customer,answered_on,score,scale_low,scale_high"
    rows = f"{header}\n{northgate.name},{hospital.name},2026-11-02,9,0,10\n"
    page = browser.post(f"{ANSWERS}import/", {"rows": rows}).content.decode()
    assert "Nothing is recorded yet" in page
    assert not SatisfactionAnswer.objects.exists()
    browser.post(f"{ANSWERS}import/", {"rows": rows, "confirm": "1"})
    assert SatisfactionAnswer.objects.count() == 1


def test_a_partner_reads_its_own_answers_and_only_customers_that_it_knows(
    northgate, albion, hospital, larkhill, priya, browser_of, at, on
):
    answered(northgate, hospital, on, "9", at)
    answered(northgate, larkhill, on, "8", at)
    foreign = answered(albion, larkhill, on, "7", at)
    browser = browser_of(priya)
    page = browser.get("/portal/satisfaction/").content.decode()
    assert "9 on 0–10" in page
    assert larkhill.name in page
    assert hospital.name not in page
    assert "7 on 0–10" not in page
    assert browser.get(f"/portal/satisfaction/{foreign.pk}/").status_code == 404
    own = SatisfactionAnswer.objects.get(customer=hospital)
    assert hospital.name not in browser.get(f"/portal/satisfaction/{own.pk}/").content.decode()
    why = browser.get("/portal/why/customer_satisfaction/").content.decode()
    assert "9 on 0–10" in why


def test_a_partner_tells_and_the_vendor_verifies(northgate, priya, maya, browser_of):
    facts = {"kind": "case_study", "title": "A ward's year", "occurred_on": "2026-11-02", "quantity": "1",
             "evidence": "In our archive"}  # fmt: skip
    browser_of(priya).post("/portal/contributions/new/", facts)
    found = ValueContribution.objects.get()
    psm = browser_of(maya)
    assert "A ward" in psm.get(f"{VALUE}?state=recorded").content.decode()
    psm.post(f"{found.get_absolute_url()}verify/", {})
    found.refresh_from_db()
    assert found.state == "verified"
    assert "Verified" in browser_of(priya).get(f"/portal/contributions/{found.pk}/").content.decode()


def test_what_one_recorded_oneself_is_verified_by_a_colleague(northgate, maya, browser_of, at, on):
    from accounts.actors import vendor_actor

    own = contributed(northgate, on, at, by=vendor_actor(maya))
    page = browser_of(maya).get(own.get_absolute_url()).content.decode()
    assert "Somebody else verifies what you recorded." in page
    assert browser_of(maya).post(f"{own.get_absolute_url()}verify/", {}).status_code == 403


def test_the_library_says_what_every_number_means(northgate, maya, browser_of):
    browser = browser_of(maya)
    page = browser.get("/manage/metrics/").content.decode()
    assert "Annual revenue" in page
    assert "Customer satisfaction" in page
    one = browser.get("/manage/metrics/annual_revenue/").content.decode()
    assert "First month of the fiscal year" in one
    assert "45" in one
    assert browser.get("/manage/metrics/nonsense/").status_code == 404
