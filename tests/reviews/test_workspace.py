"""The vendor's pages of reviews."""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from core.models import Vendor
from files.models import Attachment
from inbox.models import Reminder
from reviews.actions import hold_review, schedule_review, sign_off
from reviews.models import Commitment, Review
from tests import factories
from tests.files.samples import GOOD, HOSTILE, upload
from tests.reviews.conftest import STARTS


@pytest.fixture(autouse=True)
def the_clock(at):
    with time_machine.travel(at, tick=False):
        yield


@pytest.fixture
def pages(maya, browser_of):
    return browser_of(maya)


def text(answer) -> str:
    assert answer.status_code == 200, answer.content[:500]
    return answer.content.decode()


def send(pages, path, **data):
    return pages.post(path, data)


def test_the_list_shows_my_partners_reviews_and_no_others(review, albion, tomas, acting, pages, at):
    schedule_review(by=acting(tomas), partner=albion, quarter="2026Q4", starts_at=STARTS, at=at)
    page = text(pages.get("/manage/reviews/?state=scheduled"))
    assert "Northgate Clinical Systems" in page and "Albion" not in page


def test_the_list_is_found_by_words_and_filters(review, pages):
    for query in (
        "search=northgate+2026q4",
        "quarter=2026Q4",
        "is_mine=true",
        "on_from=2026-12-15&on_until=2026-12-15",
    ):
        assert "Northgate" in text(pages.get(f"/manage/reviews/?{query}")).partition("<main")[2]
    for query in ("search=albion", "state=held", "on_from=2026-12-16"):
        assert "Nothing matches" in text(pages.get(f"/manage/reviews/?{query}"))


def test_the_list_asks_the_same_number_of_queries_for_three_rows_as_for_one(review, maya, acting, pages, at):
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            text(pages.get("/manage/reviews/"))
        return len(seen)

    queries()
    one = queries()
    for name in ("Lakeside", "Hillside"):
        partner = factories.make_partner(f"{name} Health", psm=maya, at=at)
        schedule_review(by=acting(maya), partner=partner, quarter="2026Q4", starts_at=STARTS, at=at)
    assert queries() == one


@pytest.mark.parametrize("month", ["2026-12", "", "2026-13", "soon", "0001-01", "9999-12"])
def test_a_month_shows_its_days(review, pages, month):
    page = text(pages.get(f"/manage/reviews/month/?month={month}"))
    assert ("Northgate" in page.partition("<main")[2]) == (month == "2026-12")


def test_the_record_shows_the_next_moves_and_what_is_open(review, promised, pages):
    promised("German sales deck")
    page = text(pages.get(f"/manage/reviews/{review.id}/"))
    for words in ("Tue 15 Dec 2026, 10:00 (America/New York)", "60 minutes", "German sales deck", "Write the minutes",
                  "Priya Raman", "Tue 1 Dec", "Move", "Cancel the review"):  # fmt: skip
        assert words in page
    assert "Sign off" not in page


def test_promises_of_last_time_come_first(held, promised, northgate, maya, acting, pages, at):
    promised("Two more people on level 3", "partner")
    coming = schedule_review(by=acting(maya), partner=northgate, quarter="2027Q1",
                             starts_at=datetime(2027, 3, 1, 15, tzinfo=UTC), at=at)  # fmt: skip
    page = text(pages.get(f"/manage/reviews/{coming.id}/"))
    assert page.index("Commitments from last time come first") < page.index("Two more people on level 3")
    assert "0 of 1 kept" in page


def test_another_success_managers_review_is_not_there(review, tomas, browser_of):
    pages = browser_of(tomas)
    for path in ("", "move/", "hold/", "calendar.ics", "commitments/new/"):
        assert pages.get(f"/manage/reviews/{review.id}/{path}").status_code == 404


def test_who_only_reads_is_refused_the_moves(review, vera, browser_of):
    pages = browser_of(vera)
    page = text(pages.get(f"/manage/reviews/{review.id}/"))
    assert "Write the minutes" not in page and "Add a commitment" not in page
    for path in ("move/", "hold/", "cancel/", "agenda/", "commitments/new/", "documents/new/"):
        assert pages.get(f"/manage/reviews/{review.id}/{path}").status_code == 403
        assert pages.post(f"/manage/reviews/{review.id}/{path}").status_code == 403
    assert pages.get("/manage/reviews/new/").status_code == 403


WHEN = {"on": "2026-12-21", "time": "10:00", "time_zone": "America/New_York", "length_minutes": "90"}


def test_a_review_is_scheduled_on_the_clock_of_its_zone(northgate, pages):
    form = text(pages.get(f"/manage/reviews/new/?partner={northgate.pk}"))
    assert f'value="{northgate.pk}" selected' in form
    send(pages, "/manage/reviews/new/", partner=northgate.pk, quarter="2026Q4", **WHEN)
    review = Review.objects.get()
    assert (review.starts_at, review.on) == (datetime(2026, 12, 21, 15, tzinfo=UTC), date(2026, 12, 21))
    assert review.length_minutes == 90 and Reminder.objects.planned().exists()


def test_a_foreign_partner_can_not_be_chosen(northgate, albion, pages):
    assert "Albion" not in text(pages.get(f"/manage/reviews/new/?partner={albion.pk}"))
    answer = send(pages, "/manage/reviews/new/", partner=albion.pk, quarter="2026Q4", **WHEN)
    assert answer.status_code == 400 and not Review.objects.exists()


@pytest.mark.parametrize(
    "changed",
    [{"on": "2026-11-20"}, {"on": ""}, {"on": "2028-02-30"}, {"time": "25:00"}, {"time_zone": "Mars/Base"}],
)
def test_a_day_that_does_not_fit_is_told_at_its_field(review, pages, changed):
    answer = send(pages, f"/manage/reviews/{review.id}/move/", **{**WHEN, **changed})
    assert answer.status_code == 400 and "needs correcting" in answer.content.decode()
    assert Review.objects.get().starts_at == STARTS


def test_a_review_moves(review, pages):
    assert send(pages, f"/manage/reviews/{review.id}/move/", **WHEN).status_code == 302
    assert Review.objects.get().on == date(2026, 12, 21)


def test_a_stale_form_is_told_and_changes_nothing(review, pages):
    answer = send(pages, f"/manage/reviews/{review.id}/move/", version="99", **WHEN)
    assert answer.status_code == 412 and Review.objects.get().starts_at == STARTS


def test_a_double_submit_moves_once(review, pages):
    for _i in range(2):
        answer = send(
            pages,
            f"/manage/reviews/{review.id}/move/",
            idempotency_key="k1",
            version=review.version,
            **WHEN,
        )
        assert answer.status_code == 302
    assert Review.objects.get().version == review.version + 1


def test_agenda_and_people_are_changed(review, ada, northgate, sam, pages):
    base = f"/manage/reviews/{review.id}/"
    assert send(pages, base + "agenda/", agenda="Pipeline\n\n Risks \n").status_code == 302
    contact = northgate.contacts.get(user=sam)
    assert send(pages, base + "attendees/", users=[ada.pk], contacts=[contact.pk]).status_code == 302
    page = text(pages.get(base))
    assert "Pipeline" in page and "30 min" in page and "Sam Ortiz" in page and "Ada Okafor" in page


def test_it_is_held_signed_and_closed(review, priya, acting, pages, at):
    base = f"/manage/reviews/{review.id}/"
    assert send(pages, base + "hold/", held_on="2026-11-24", minutes="All is well.").status_code == 302
    assert "All is well." in text(pages.get(base))
    assert send(pages, base + "minutes/", minutes="All is very well.").status_code == 302
    sign_off(by=acting(priya), review=review, at=at)
    assert send(pages, base + "sign/").status_code == 302
    page = text(pages.get(base))
    assert "Signed off" in page and "All is very well." in page and "Correct" not in page
    assert send(pages, base + "sign/").status_code == 409


def test_a_review_is_cancelled_and_put_back(review, pages):
    base = f"/manage/reviews/{review.id}/"
    assert send(pages, base + "cancel/", reason="bored").status_code == 400
    assert send(pages, base + "cancel/", reason="no_date").status_code == 302
    assert Review.objects.get().state == "cancelled"
    assert send(pages, base + "move/", **WHEN).status_code == 409
    assert send(pages, base + "reopen/", on="2026-12-21", time="10:00", time_zone="UTC").status_code == 302
    assert Review.objects.get().state == "scheduled"


def test_a_commitment_lives_on_its_pages(review, pages):
    facts = {"side": "partner", "text": "Two people", "measure": "2 certificates", "due_on": "2026-12-31"}
    assert send(pages, f"/manage/reviews/{review.id}/commitments/new/", **facts).status_code == 302
    commitment = Commitment.objects.get()
    base = f"/manage/commitments/{commitment.id}/"
    for path, data, state in (("complete/", {"outcome": "Both"}, "done"), ("reopen/", {}, "open"),
                              ("drop/", {"outcome": "No need"}, "dropped")):  # fmt: skip
        assert send(pages, base + path, **data).status_code == 302
        assert Commitment.objects.get().state == state
    assert "No need" in text(pages.get(f"/manage/reviews/{review.id}/"))


def test_a_document_is_added_and_fetched(review, pages, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    path = f"/manage/reviews/{review.id}/documents/new/"
    assert pages.post(path, {"file": upload("page.pdf", HOSTILE["page.pdf"])}).status_code == 400
    assert pages.post(path, {"file": upload("deck.pptx", GOOD["deck.pptx"])}).status_code == 302
    file = Attachment.objects.get()
    assert "deck.pptx" in text(pages.get(f"/manage/reviews/{review.id}/"))
    answer = pages.get(file.get_absolute_url())
    assert b"".join(answer.streaming_content) == GOOD["deck.pptx"]
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_the_calendar_file_says_the_same(review, pages):
    answer = pages.get(f"/manage/reviews/{review.id}/calendar.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    event = Calendar.from_ical(answer.content).walk("VEVENT")[0]
    assert (event.decoded("dtstart"), event.decoded("dtend") - event.decoded("dtstart")) == (
        STARTS,
        review.ends_at - STARTS,
    )
    assert str(event["summary"]) == "Q4 2026 review, Northgate Clinical Systems"
    assert f"/manage/reviews/{review.id}/" in str(event["url"])


def test_words_that_a_person_typed_are_never_markup(review, promised, pages, maya, acting, at):
    promised("<script>alert(1)</script>")
    hold_review(by=acting(maya), review=review, minutes="<img src=x onerror=alert(1)>", at=at)
    page = text(pages.get(f"/manage/reviews/{review.id}/"))
    assert "<script>alert" not in page and "<img src=x" not in page and "&lt;img src=x" in page


def test_the_vendor_is_named_as_it_is_called(review, promised, pages):
    Vendor.objects.update(name="Corvane")
    promised()
    assert (
        "Corvane"
        in text(pages.get(f"/manage/reviews/{review.id}/")).partition("Commitments of this review")[2]
    )
