"""The partner's pages of its reviews."""

import pytest
import time_machine

from accounts.actions import view_portal_as
from reviews.models import Commitment, Review
from tests.files.samples import GOOD, upload


@pytest.fixture(autouse=True)
def the_clock(at):
    with time_machine.travel(at, tick=False):
        yield


@pytest.fixture
def pages(priya, browser_of):
    return browser_of(priya)


def text(answer) -> str:
    assert answer.status_code == 200, answer.content[:500]
    return answer.content.decode()


def test_a_partner_sees_its_own_reviews(review, pages, rhys, browser_of):
    assert f"/portal/reviews/{review.id}/" in text(pages.get("/portal/reviews/"))
    assert "Q4 2026 review" in text(pages.get(f"/portal/reviews/{review.id}/"))
    other = browser_of(rhys)
    assert str(review.id) not in text(other.get("/portal/reviews/"))
    for path in ("", "sign/", "calendar.ics", "commitments/new/", "documents/new/"):
        assert other.get(f"/portal/reviews/{review.id}/{path}").status_code == 404


def test_a_partner_is_not_offered_the_vendors_moves(review, pages):
    page = text(pages.get(f"/portal/reviews/{review.id}/"))
    for words in ("Write the minutes", "Cancel the review", "agenda/", "attendees/"):
        assert words not in page
    for path in ("move/", "hold/", "cancel/", "agenda/"):
        assert pages.get(f"/portal/reviews/{review.id}/{path}").status_code == 404
        assert pages.get(f"/manage/reviews/{review.id}/{path}").status_code == 404


def test_an_admin_signs_and_a_seller_may_not(held, pages, sam, browser_of):
    seller = browser_of(sam)
    assert "Sign off" not in text(seller.get(f"/portal/reviews/{held.id}/"))
    assert seller.post(f"/portal/reviews/{held.id}/sign/").status_code == 403
    assert "Sign off" in text(pages.get(f"/portal/reviews/{held.id}/"))
    assert pages.post(f"/portal/reviews/{held.id}/sign/").status_code == 302
    assert Review.objects.get().partner_signed_at


def test_a_partner_promises_for_itself_alone(review, promised, pages, priya):
    theirs = promised("A deck")
    data = {"text": "Two people", "due_on": "2026-12-31", "side": "vendor"}
    assert pages.post(f"/portal/reviews/{review.id}/commitments/new/", data).status_code == 302
    own = Commitment.objects.get(text="Two people")
    assert own.side == "partner"
    page = text(pages.get(f"/portal/reviews/{review.id}/"))
    assert (
        f"/portal/commitments/{own.id}/complete/" in page and f"/portal/commitments/{theirs.id}" not in page
    )
    assert pages.post(f"/portal/commitments/{own.id}/complete/", {}).status_code == 302
    assert pages.post(f"/portal/commitments/{theirs.id}/complete/", {}).status_code == 403
    assert Commitment.objects.get(pk=own.id).state == "done"


def test_a_partner_adds_a_document(review, pages, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    file = {"file": upload("figures.xlsx", GOOD["figures.xlsx"])}
    assert pages.post(f"/portal/reviews/{review.id}/documents/new/", file).status_code == 302
    assert "figures.xlsx" in text(pages.get(f"/portal/reviews/{review.id}/"))


def test_the_vendors_people_are_named_as_the_vendor_in_the_timeline(review, pages):
    timeline = text(pages.get(f"/portal/reviews/{review.id}/")).partition("Timeline")[2]
    assert "scheduled the Q4 2026 review" in timeline and "Maya Lindqvist" not in timeline


def test_who_looks_at_the_portal_changes_nothing(held, ada, acting, northgate, browser_of, at):
    view = view_portal_as(by=acting(ada), partner=northgate, reason="help", at=at)
    pages = browser_of(ada)
    session = pages.session
    session["portal_view"] = str(view.id)
    session.save()
    assert "Q4 2026" in text(pages.get(f"/portal/reviews/{held.id}/"))
    assert pages.post(f"/portal/reviews/{held.id}/sign/").status_code == 403
