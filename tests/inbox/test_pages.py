"""The bell's page on both sides, and the same over the API."""

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inbox.actions import notify, send_due_reminders
from inbox.models import Notification


@pytest.fixture(autouse=True)
def the_clock(at):
    with time_machine.travel(at, tick=False):
        yield


@pytest.fixture
def told(northgate, at):
    """Tells a person something."""

    def tell(user, words="soon"):
        args = {"partner": "Northgate", "on": words, "days": 1}
        return notify(
            user=user, kind="reminder.occasion", url="/manage/reviews/", partner=northgate, args=args, at=at
        )

    return tell


def text(answer) -> str:
    assert answer.status_code == 200, answer.content[:500]
    return answer.content.decode()


@pytest.mark.parametrize(("who", "side"), [("maya", "manage"), ("priya", "portal")])
def test_the_bell_counts_what_is_new_and_opening_reads_it(who, side, request, told, browser_of):
    user = request.getfixturevalue(who)
    notification = told(user)
    pages = browser_of(user)
    page = text(pages.get(f"/{side}/notifications/"))
    assert "1 unread notification" in page and "the occasion is on soon" in page
    answer = pages.post(f"/{side}/notifications/{notification.id}/read/")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/{side}/reviews/")
    assert "unread notification" not in text(pages.get(f"/{side}/notifications/"))


def test_looking_alone_reads_nothing(told, maya, browser_of):
    told(maya)
    pages = browser_of(maya)
    for _i in range(2):
        pages.get("/manage/notifications/")
    assert Notification.objects.get().read_at is None


def test_all_are_marked_as_read(told, maya, browser_of):
    told(maya), told(maya)
    pages = browser_of(maya)
    assert pages.post("/manage/notifications/read-all/").status_code == 302
    assert not Notification.objects.unread().exists()
    assert "Mark all as read" not in text(pages.get("/manage/notifications/"))


def test_anothers_notification_is_not_there(told, maya, tomas, ada, browser_of):
    notification = told(maya)
    for other in (tomas, ada):
        pages = browser_of(other)
        assert "the occasion is on" not in text(pages.get("/manage/notifications/"))
        assert pages.post(f"/manage/notifications/{notification.id}/read/").status_code == 404


def test_unread_ones_are_filtered(told, maya, browser_of):
    told(maya, "Monday")
    told(maya, "Tuesday")
    pages = browser_of(maya)
    pages.post(f"/manage/notifications/{Notification.objects.first().id}/read/")
    page = text(pages.get("/manage/notifications/?is_unread=true")).partition("<main")[2]
    assert ("Monday" in page) != ("Tuesday" in page)


def test_the_page_asks_the_same_number_of_queries_for_three_rows_as_for_one(told, maya, browser_of):
    pages = browser_of(maya)

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            text(pages.get("/manage/notifications/"))
        return len(seen)

    told(maya)
    queries()
    one = queries()
    told(maya), told(maya)
    assert queries() == one


def test_notifications_over_the_api(told, maya, tomas, api_of):
    notification = told(maya)
    api = api_of(maya)
    found = api.get("/api/v1/notifications/?is_unread=true").json()["results"]
    assert [(n["id"], n["text"]) for n in found] == [
        (str(notification.id), "Northgate: the occasion is on soon.")
    ]
    assert api_of(tomas).get(f"/api/v1/notifications/{notification.id}/").status_code == 404
    assert api.post(f"/api/v1/notifications/{notification.id}/read/", content_type="application/json").json()[
        "read_at"
    ]
    told(maya)
    assert api.post("/api/v1/notifications/read-all/", content_type="application/json").json() == {"read": 1}
    assert api.get("/api/v1/notifications/?is_unread=true").json()["results"] == []


def test_reminders_over_the_api(plan, maya, priya, rhys, northgate, albion, api_of, at):
    plan(at.date(), maya, priya, offsets=[0])
    send_due_reminders(at=at)
    found = api_of(maya).get("/api/v1/reminders/?state=sent&kind=occasion").json()["results"]
    assert {r["recipient"] for r in found} == {str(maya.id), str(priya.id)}
    own = api_of(priya, northgate).get("/api/v1/reminders/").json()["results"]
    assert [r["recipient"] for r in own] == [str(priya.id)]
    assert api_of(rhys, albion).get("/api/v1/reminders/").json()["results"] == []
    assert api_of(maya).post("/api/v1/reminders/", content_type="application/json").status_code == 405
    assert api_of(maya).get("/api/v1/reminders/?is_late=true").status_code == 400
