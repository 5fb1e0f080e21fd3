"""Reviews and commitments over the API: the same moves, the same rules."""

import pytest
import time_machine

from reviews.models import Commitment, Review

JSON = {"content_type": "application/json"}


@pytest.fixture(autouse=True)
def the_clock(at):
    with time_machine.travel(at, tick=False):
        yield


@pytest.fixture
def api(maya, api_of):
    return api_of(maya)


def post(api, path, body=None, match="*"):
    return api.post(f"/api/v1/{path}", body or {}, **JSON, headers={"if-match": match} if match else {})


def new(northgate, **changed):
    return {
        "partner": str(northgate.pk),
        "quarter": "2026Q4",
        "starts_at": "2026-12-15T10:00:00-05:00",
        **changed,
    }


def test_a_review_goes_from_the_calendar_to_both_signatures(northgate, api, priya, api_of):
    answer = post(api, "reviews/", new(northgate, agenda=["Pipeline"]))
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert (made["state"], made["on"], made["time_zone"]) == ("scheduled", "2026-12-15", "America/New_York")
    assert made["moves"] == ["move", "hold", "cancel"]
    base = f"reviews/{made['id']}/"
    moved = post(api, base + "move/", {"starts_at": "2026-12-21T10:00:00-05:00", "length_minutes": 90})
    assert (moved.json()["on"], moved.json()["length_minutes"]) == ("2026-12-21", 90)
    held = post(api, base + "hold/", {"minutes": "All is well.", "held_on": "2026-11-24"})
    assert (held.json()["state"], held.json()["sign_by"]) == ("held", "2026-11-29")
    assert post(api_of(priya, northgate), base + "sign-off/").json()["signatures"]["vendor"] is None
    assert post(api, base + "sign-off/").json()["state"] == "signed_off"


def test_lists_and_details_show_ones_own(review, api, priya, northgate, rhys, albion, api_of):
    for key in (api, api_of(priya, northgate)):
        assert [
            r["id"] for r in key.get("/api/v1/reviews/?state=scheduled&quarter=2026Q4").json()["results"]
        ] == [str(review.id)]
        attendees = key.get(f"/api/v1/reviews/{review.id}/").json()["attendees"]
        assert "Maya Lindqvist" in {attendee["name"] for attendee in attendees}
    other = api_of(rhys, albion)
    assert other.get("/api/v1/reviews/").json()["results"] == []
    assert other.get(f"/api/v1/reviews/{review.id}/").status_code == 404
    assert post(other, f"reviews/{review.id}/sign-off/").status_code == 404


def test_a_partner_may_not_use_the_vendors_verbs(review, priya, northgate, api_of):
    key = api_of(priya, northgate)
    for path in (
        "move/",
        "hold/",
        "cancel/",
        "change-agenda/",
        "choose-attendees/",
        "reopen/",
        "change-minutes/",
    ):
        assert post(key, f"reviews/{review.id}/{path}").status_code == 403
    assert post(key, "reviews/", new(northgate)).status_code == 403


def test_verbs_ask_for_the_version_that_was_read(review, api):
    body = {"minutes": "Done."}
    assert post(api, f"reviews/{review.id}/hold/", body, match="").status_code == 428
    assert post(api, f"reviews/{review.id}/hold/", body, match='"99"').status_code == 412
    tag = api.get(f"/api/v1/reviews/{review.id}/")["ETag"]
    assert post(api, f"reviews/{review.id}/hold/", body, match=tag).status_code == 200


def test_a_closed_move_is_409_and_says_so(held, api):
    answer = post(api, f"reviews/{held.id}/hold/", {"minutes": "Again."})
    assert answer.status_code == 409 and answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "closed_move"


@pytest.mark.parametrize(
    ("changed", "pointer"),
    [
        ({"starts_at": "2026-11-01T10:00:00Z"}, "starts_at"),
        ({"starts_at": "soon"}, "starts_at"),
        ({"starts_at": None}, "starts_at"),
        ({"quarter": "Q4"}, "quarter"),
        ({"time_zone": "Mars/Base"}, "time_zone"),
        ({"length_minutes": 10}, "length_minutes"),
        ({"length_minutes": "long"}, "length_minutes"),
        ({"agenda": ["a" * 201]}, "agenda"),
        ({"agenda": [1] * 31}, "agenda"),
        ({"partner": "00000000-0000-7000-8000-000000000000"}, "partner"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_bad_input_is_400_with_a_pointer(northgate, api, changed, pointer):
    answer = post(api, "reviews/", new(northgate, **changed))
    assert answer.status_code == 400, answer.content
    assert any(pointer in error["pointer"] for error in answer.json()["errors"])
    assert not Review.objects.exists()


@pytest.mark.parametrize(
    "query", ["colour=red", "state=lost", "quarter=Q4", "partner=x", "is_mine=maybe", "on_from=soon"]
)
def test_an_unknown_parameter_or_value_is_400(review, api, query):
    assert api.get(f"/api/v1/reviews/?{query}").status_code == 400


def test_a_second_review_of_a_quarter_is_refused_in_words(review, northgate, api):
    answer = post(api, "reviews/", new(northgate))
    assert answer.status_code == 400 and "already" in answer.content.decode()


def test_commitments_are_made_and_closed(review, northgate, api, priya, api_of):
    key = api_of(priya, northgate)
    facts = {"review": str(review.id), "side": "partner", "text": "Two people", "due_on": "2026-12-31"}
    made = post(key, "commitments/", facts)
    assert made.status_code == 201, made.content
    base = f"commitments/{made.json()['id']}/"
    assert post(key, "commitments/", {**facts, "side": "vendor"}).status_code == 403
    assert post(key, base + "complete/", {"outcome": "Both"}).json()["state"] == "done"
    assert post(key, base + "complete/").status_code == 409
    assert post(key, base + "reopen/").json()["moves"] == ["complete", "drop"]
    assert post(api, base + "drop/", {"outcome": "No need"}).json()["outcome"] == "No need"
    assert [c["id"] for c in api.get(f"/api/v1/commitments/?review={review.id}").json()["results"]] == [
        made.json()["id"]
    ]
    assert Commitment.objects.count() == 1


def test_a_repeated_post_makes_one(review, api):
    facts = {"review": str(review.id), "side": "vendor", "text": "A deck", "due_on": "2026-12-31"}
    first, second = (
        api.post("/api/v1/commitments/", facts, **JSON, headers={"idempotency-key": "k"}) for _i in range(2)
    )
    assert first.json() == second.json() and Commitment.objects.count() == 1


def test_people_and_agenda_over_the_api(review, ada, northgate, priya, albion, rhys, api):
    contact = northgate.contacts.get(user=priya)
    body = {"users": [str(ada.pk)], "contacts": [str(contact.pk)]}
    chosen = post(api, f"reviews/{review.id}/choose-attendees/", body)
    assert {a["name"] for a in chosen.json()["attendees"]} == {"Ada Okafor", "Priya Raman"}
    foreign = {"users": [], "contacts": [str(albion.contacts.get(user=rhys).pk)]}
    assert post(api, f"reviews/{review.id}/choose-attendees/", foreign).status_code == 400
    assert post(api, f"reviews/{review.id}/change-agenda/", {"agenda": ["One"]}).json()["agenda"] == ["One"]


def test_cancelled_and_put_back(review, api):
    assert post(api, f"reviews/{review.id}/cancel/", {"reason": "bored"}).status_code == 400
    assert post(api, f"reviews/{review.id}/cancel/", {"reason": "no_date"}).json()["state"] == "cancelled"
    again = post(api, f"reviews/{review.id}/reopen/", {"starts_at": "2026-12-21T10:00:00Z"})
    assert again.json()["state"] == "scheduled"


def test_the_calendar_file(review, api):
    answer = api.get(f"/api/v1/reviews/{review.id}/calendar/")
    assert answer["Content-Type"].startswith("text/calendar") and b"BEGIN:VEVENT" in answer.content
