"""The vendor's pages of deals."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.actors import SYSTEM
from core.clock import now, today
from core.money import Money
from deals import actions
from deals.models import Booking, Deal, Implementation, Protection
from tests.deals import factories as make
from tests.factories import make_organization

DAY = timedelta(days=1)


@pytest.fixture
def at():
    """Yesterday: pages read the clock."""
    return now() - DAY


@pytest.fixture
def on(at):
    return today()


def soon(**changes):
    return {"expected_close_on": today() + 100 * DAY, **changes}


@pytest.fixture
def submitted(northgate, at, brannoc):
    return make.submitted(northgate, at, brannoc, **soon())


@pytest.fixture
def approved(northgate, at, brannoc):
    return make.approved(northgate, at, brannoc, **soon())


@pytest.fixture
def won(northgate, at, brannoc):
    return make.won(northgate, at, brannoc, **soon())


def test_the_list_shows_my_deals_and_no_others(maya, browser_of, northgate, albion, at):
    mine = make.submitted(northgate, at, **soon())
    other = make.submitted(albion, at, customer_name="Elsewhere Hospital", **soon())
    page = browser_of(maya).get("/manage/deals/?status=open").content.decode()
    assert mine.number in page
    assert other.number not in page


QUERIES = """status=waiting status=to_book ends_within=30 status=slipping state=won&state=lost search=brannoc sort=-due
    columns=number,customer,verdict,submitted market=us""".split()


@pytest.mark.parametrize("query", QUERIES)
def test_every_view_and_filter_of_the_list_answers(ada, browser_of, submitted, query):
    assert browser_of(ada).get(f"/manage/deals/?{query}").status_code == 200


def test_a_filter_that_makes_no_sense_is_no_fault_of_ours(ada, browser_of, submitted):
    for query in ("status=x", "partner=x", "ends_within=-1", "closes_after=never", "country=%00"):
        assert browser_of(ada).get(f"/manage/deals/?{query}").status_code in (200, 400)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_list_can_be_exported(ada, browser_of, submitted, kind):
    answer = browser_of(ada).get(f"/manage/deals/?export={kind}")
    assert answer.status_code == 200
    assert answer["Content-Disposition"].endswith(f'.{kind}"')


def test_the_number_of_queries_does_not_grow_with_the_rows(
    ada, browser_of, northgate, at, django_assert_max_num_queries
):
    browser = browser_of(ada)

    def count():
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert browser.get("/manage/deals/").status_code == 200
        return len(found)

    make.submitted(northgate, at, **soon())
    count()
    one = count()
    for number in range(2):
        make.submitted(northgate, at, customer_name=f"Hospital {number}", **soon())
    assert count() == one


def test_a_record_in_every_state_answers(ada, browser_of, northgate, at, pdf):
    def another(name, life=make.submitted):
        return life(northgate, at, customer_name=name, **soon())

    deals = [
        another("First", make.draft),
        another("Second"),
        another("Third", make.approved),
        another("Fourth", make.reported).deal,
        actions.reject_deal(by=SYSTEM, deal=another("Fifth"), reason="not_eligible", at=at),
        actions.ask_for_more(by=SYSTEM, deal=another("Sixth"), question="Who?", fields=["contact"], at=at),
        actions.report_loss(by=SYSTEM, deal=another("Seventh", make.approved), reason="price", at=at),
    ]
    for deal in deals:
        answer = browser_of(ada).get(deal.get_absolute_url())
        assert answer.status_code == 200, deal.state
        assert deal.customer_name in answer.content.decode()


def test_another_psms_deal_does_not_exist(tomas, browser_of, submitted):
    for path in ("", "decide/", "letter/", "withdraw/", "book/"):
        assert browser_of(tomas).get(f"{submitted.get_absolute_url()}{path}").status_code == 404


def test_a_partners_person_has_no_workspace(priya, browser_of, submitted):
    assert browser_of(priya).get("/manage/deals/").status_code == 404


# Deciding


def test_the_decision_page_shows_request_evidence_and_letter(maya, browser_of, submitted):
    page = browser_of(maya).get(submitted.decide_url).content.decode()
    assert "What Northgate Clinical Systems will get" in page
    assert "is approved" in page
    assert "Two discovery calls" in page
    assert "Nothing else that we know of means this customer." in page


def test_a_conflict_is_compared_side_by_side(ada, browser_of, submitted, albion, at, brannoc):
    rival = make.submitted(albion, at, brannoc, **soon())
    page = browser_of(ada).get(rival.decide_url).content.decode()
    assert submitted.number in page
    assert "Northgate Clinical Systems" in page
    assert "Hard conflict" in page


def test_the_letter_follows_what_is_chosen(maya, browser_of, submitted):
    browser = browser_of(maya)
    base = f"{submitted.get_absolute_url()}letter/"
    assert "not approved" in browser.get(f"{base}?move=reject&reason=not_eligible").content.decode()
    assert (
        "Who decides?"
        in browser.get(
            f"{base}?move=ask_for_more&question=Who+decides%3F&fields_asked=contact"
        ).content.decode()
    )
    for wrong in ("?move=x", "?days=abc", "?days=99999999999", "?move=mark_duplicate&duplicate_of=x"):
        assert browser.get(base + wrong).status_code == 200


def test_an_approval_leads_to_the_next_one(maya, browser_of, submitted, northgate, at):
    following = make.submitted(northgate, at, customer_name="Next Hospital", **soon())
    answer = browser_of(maya).post(
        submitted.decide_url, {"move": "approve", "days": "90", "version": submitted.version}
    )
    assert (answer.status_code, answer["Location"]) == (302, following.decide_url)
    assert Deal.objects.get(pk=submitted.pk).state == "approved"
    assert Protection.objects.running().count() == 1


def test_after_the_last_one_comes_the_list(maya, browser_of, submitted):
    answer = browser_of(maya).post(submitted.decide_url, {"move": "reject", "reason": "not_eligible"})
    assert answer["Location"] == "/manage/deals/review/"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"move": "reject"}, "Choose a reason."),
        ({"move": "reject", "reason": "nonsense"}, "valid choice"),
        ({"move": "mark_duplicate"}, "Choose the registration"),
        ({"move": "ask_for_more", "fields_asked": ["contact"]}, "Say what you need to know."),
        ({"move": "ask_for_more", "question": "Who?"}, "Choose the fields"),
        ({"move": "approve", "days": "0"}, "greater than or equal to 1"),
        ({"move": "approve", "days": "99999"}, "less than or equal to 730"),
        ({"move": "approve", "comment": "x" * 1001}, "at most 1000"),
        ({"move": "approve", "comment": "a\x00b"}, "Null characters"),
        ({"move": "nonsense"}, "valid choice"),
        ({}, "required"),
    ],
)
def test_a_decision_that_cannot_be_is_answered_at_the_field(maya, browser_of, submitted, data, words):
    answer = browser_of(maya).post(submitted.decide_url, data)
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert Deal.objects.get(pk=submitted.pk).state == "submitted"


def test_a_rivals_approval_is_told_the_day(ada, browser_of, approved, albion, at, brannoc):
    rival = make.submitted(albion, at, brannoc, **soon())
    answer = browser_of(ada).post(rival.decide_url, {"move": "approve", "days": "90"})
    assert answer.status_code == 409
    assert "Another partner is protected on this customer until" in answer.content.decode()


def test_a_stale_decision_is_told_so(maya, browser_of, submitted):
    answer = browser_of(maya).post(
        submitted.decide_url, {"move": "approve", "days": "90", "version": submitted.version - 1}
    )
    assert answer.status_code == 412


def test_the_same_decision_sent_twice_is_one(maya, browser_of, submitted):
    browser, data = browser_of(maya), {"move": "approve", "days": "90", "idempotency_key": "once"}
    assert browser.post(submitted.decide_url, data).status_code == 302
    assert browser.post(submitted.decide_url, data).status_code == 302
    assert Protection.objects.count() == 1


def test_an_auditor_reads_and_decides_nothing(vera, browser_of, submitted):
    browser = browser_of(vera)
    assert browser.get(submitted.get_absolute_url()).status_code == 200
    assert browser.get(submitted.decide_url).status_code == 403
    assert browser.post(submitted.decide_url, {"move": "approve"}).status_code == 403


# Linking the customer


def test_the_typed_customer_is_linked_to_a_candidate(maya, browser_of, northgate, at, brannoc):
    deal = make.submitted(
        northgate, at, customer_name="St Brannoc’s", customer_website="stbrannocs.example", **soon()
    )
    browser, url = browser_of(maya), f"{deal.get_absolute_url()}link-customer/"
    assert brannoc.name in browser.get(url).content.decode()
    answer = browser.post(url, {"organization": str(brannoc.pk)})
    assert answer["Location"] == deal.decide_url
    assert Deal.objects.get(pk=deal.pk).organization == brannoc


def test_an_organization_can_be_looked_for(maya, browser_of, northgate, at, larkhill):
    deal = make.submitted(northgate, at, **soon())
    url = f"{deal.get_absolute_url()}link-customer/"
    assert larkhill.name not in browser_of(maya).get(url).content.decode()
    assert larkhill.name in browser_of(maya).get(f"{url}?search=larkhill").content.decode()
    assert browser_of(maya).post(url, {"organization": "nonsense"}).status_code == 400


def test_a_new_customer_is_added(maya, browser_of, northgate, at):
    deal = make.submitted(northgate, at, **soon())
    url = f"{deal.get_absolute_url()}add-customer/"
    assert deal.customer_name in browser_of(maya).get(url).content.decode()
    answer = browser_of(maya).post(url, {"name": "St. Brannoc’s", "country": "US", "kind": "hospital_system"})
    assert answer.status_code == 302
    assert Deal.objects.get(pk=deal.pk).organization.name == "St. Brannoc’s"


# Registering for a partner, and the other moves


def test_a_manager_registers_for_a_partner(maya, browser_of, northgate, albion):
    data = {
        "partner": str(northgate.pk), "customer_name": "Larkhill", "customer_country": "US",
        "products": [str(make.facts()["products"][0].pk)], "amount_0": "USD", "amount_1": "310,000",
        "expected_close_on": (today() + 90 * DAY).isoformat(), "what_it_did": "Met the CNO.", "no_patient_data": "on",
    }  # fmt: skip
    browser = browser_of(maya)
    assert browser.get("/manage/deals/new/").status_code == 200
    answer = browser.post("/manage/deals/new/", data)
    deal = Deal.objects.get()
    assert answer["Location"] == deal.get_absolute_url()
    assert (deal.source, deal.partner, deal.amount) == ("manager", northgate, Money(31_000_000, "USD"))
    foreign = browser.post("/manage/deals/new/", {**data, "partner": str(albion.pk)})
    assert foreign.status_code == 400


def test_a_manager_says_the_sales_channel(maya, browser_of, northgate, indirect):
    data = {
        "partner": str(northgate.pk), "customer_name": "Larkhill", "customer_country": "US",
        "products": [str(make.facts()["products"][0].pk)], "amount_0": "USD", "amount_1": "310,000",
        "expected_close_on": (today() + 90 * DAY).isoformat(), "what_it_did": "Met the CNO.", "no_patient_data": "on",
        "channel": str(indirect.pk),
    }  # fmt: skip
    browser_of(maya).post("/manage/deals/new/", data)
    assert Deal.objects.get().channel == indirect


def test_a_manager_registers_again_for_a_partner_what_came_to_nothing(
    maya, browser_of, northgate, brannoc, at
):
    old = make.submitted(northgate, at, brannoc, external_ref="CRM-9", contact="Helen Marsh", **soon())
    browser, url = browser_of(maya), f"/manage/deals/new/?again={old.pk}"
    assert url not in browser.get(old.get_absolute_url()).content.decode()
    actions.reject_deal(by=SYSTEM, deal=old, reason="not_eligible", comment="No", at=at)
    assert url in browser.get(old.get_absolute_url()).content.decode()

    form = browser.get(url).context["form"].initial
    assert (form["partner"], form["customer_name"], form["contact"], form["amount"]) == (
        northgate.pk, old.customer_name, "Helen Marsh", old.amount,
    )  # fmt: skip
    assert (form["external_ref"], form["no_patient_data"]) == ("", False)
    data = {
        "partner": str(northgate.pk), "customer_name": old.customer_name, "customer_country": "US",
        "products": [str(pk) for pk in form["products"]], "amount_0": "USD", "amount_1": "310,000",
        "expected_close_on": form["expected_close_on"].isoformat(), "what_it_did": "Anew.", "no_patient_data": "on",
    }  # fmt: skip
    answer = browser.post(url, data)
    new = Deal.objects.exclude(pk=old.pk).get()
    assert answer["Location"] == new.get_absolute_url()
    assert (new.partner, new.source, new.state) == (northgate, "manager", "submitted")
    assert Deal.objects.get(pk=old.pk).state == "rejected"


@pytest.mark.parametrize("key", ["nonsense", "00000000-0000-7000-8000-000000000000", "foreign"])
def test_a_manager_registers_nothing_again_of_another_manager_s_partner(
    maya, tomas, browser_of, albion, at, key
):
    theirs = make.submitted(albion, at, **soon())
    key = theirs.pk if key == "foreign" else key
    assert browser_of(maya).get(f"/manage/deals/new/?again={key}").status_code == 404
    assert browser_of(tomas).get(f"/manage/deals/new/?again={theirs.pk}").status_code == 200


@pytest.mark.parametrize("path", ["withdraw", "revoke", "report-loss", "report-win", "update-stage"])
def test_the_moves_of_an_approved_deal_have_their_pages(maya, browser_of, approved, path):
    assert browser_of(maya).get(f"{approved.get_absolute_url()}{path}/").status_code == 200


def test_a_protection_is_revoked_with_its_reason(maya, browser_of, approved):
    url = f"{approved.get_absolute_url()}revoke/"
    assert browser_of(maya).post(url, {"reason": ""}).status_code == 400
    assert browser_of(maya).post(url, {"reason": "inaccurate"}).status_code == 302
    assert Deal.objects.get(pk=approved.pk).state == "revoked"


def test_a_closed_move_is_told_in_words(maya, browser_of, approved):
    answer = browser_of(maya).post(f"{approved.get_absolute_url()}start-review/", {})
    assert answer.status_code == 409


# Booking and going live


def test_finance_books_a_win_and_corrects_it(finn, browser_of, won):
    browser = browser_of(finn)
    assert won.number in browser.get("/manage/deals/?status=to_book").content.decode()
    url = f"{won.get_absolute_url()}book/"
    assert browser.get(url).status_code == 200
    data = {"amount_0": "USD", "amount_1": "420000", "booked_on": today().isoformat()}
    assert browser.post(url, data).status_code == 302
    booking = Booking.objects.get()
    assert won.number not in browser.get("/manage/deals/?status=to_book").content.decode()
    correct = f"/manage/bookings/{booking.pk}/correct/"
    assert browser.get(correct).status_code == 200
    assert browser.post(correct, {**data, "reason": "cancelled"}).status_code == 302
    assert [b.amount_minor for b in Booking.objects.order_by("created_at")] == [42_000_000, -42_000_000]
    assert browser.get("/manage/bookings/").status_code == 200
    assert browser.get(won.get_absolute_url()).status_code == 200


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"booked_on": "2099-01-01"}, "future"),
        ({"booked_on": "soon"}, "valid date"),
        ({"amount_1": "-5"}, "above zero"),
        ({"amount_1": "lots"}, "12000.50"),
        ({"amount_0": "XXX"}, "valid choice"),
        ({"amount_0": "JPY", "amount_1": "10.5"}, "decimals"),
        ({"amount_0": "KWD", "amount_1": "10"}, "rate"),
    ],
)
def test_a_booking_that_cannot_be_is_answered_at_the_field(finn, browser_of, won, change, words):
    data = {"amount_0": "USD", "amount_1": "420000", "booked_on": today().isoformat(), **change}
    answer = browser_of(finn).post(f"{won.get_absolute_url()}book/", data)
    assert answer.status_code == 400
    assert words in answer.content.decode()
    assert not Booking.objects.exists()


def test_a_psm_has_no_booking_page(maya, browser_of, won):
    assert browser_of(maya).get(f"{won.get_absolute_url()}book/").status_code == 403


def test_a_go_live_is_reported_and_accepted_with_the_document(maya, browser_of, won):
    browser = browser_of(maya)
    url = f"{won.get_absolute_url()}report-go-live/"
    assert browser.get(url).status_code == 200
    data = {
        "product": str(won.products.get().pk),
        "went_live_on": won.day_of(now()).isoformat(),
        "contact_name": "Helen Marsh",
        "contact_email": "helen@brannoc.example",
    }
    assert browser.post(url, data).status_code == 302
    go_live = Implementation.objects.get()
    for path in ("ask-again", "withdraw", "accept"):
        assert browser.get(f"/manage/implementations/{go_live.pk}/{path}/").status_code == 200
    accept = f"/manage/implementations/{go_live.pk}/accept/"
    assert browser.post(accept, {}).status_code == 400
    document = SimpleUploadedFile("acceptance.pdf", make.PDF, content_type="application/pdf")
    assert browser.post(accept, {"document": document}).status_code == 302
    assert Implementation.objects.get().state == "accepted"
    assert browser.get("/manage/implementations/").status_code == 200


def test_a_file_that_is_not_what_it_says_is_refused(maya, browser_of, approved):
    data = {
        "won_on": approved.day_of(now()).isoformat(),
        "evidence": SimpleUploadedFile("order.pdf", b"MZ not a pdf"),
    }
    answer = browser_of(maya).post(f"{approved.get_absolute_url()}report-win/", data)
    assert answer.status_code == 400
    assert Deal.objects.get(pk=approved.pk).state == "approved"


def test_customers_with_long_names_and_marks_are_shown(ada, browser_of, northgate, at):
    name = "Ärzte- & <b>Krankenhaus</b> " + "x" * 150
    deal = make.approved(northgate, at, make_organization("X"), customer_name=name, **soon())
    page = browser_of(ada).get(deal.get_absolute_url()).content.decode()
    assert "&lt;b&gt;Krankenhaus" in page
