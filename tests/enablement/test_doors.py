"""The pages and the API of certifications: what each side can see and do, and how it is refused."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from enablement.models import Certification, LearningPlan
from tests.enablement.factories import certify

pytestmark = pytest.mark.django_db
LIST = "/manage/certifications/"
API = "/api/v1/certifications/"
PASSED = date(2026, 10, 5)


@pytest.fixture
def held(dana, gwen, tracks):
    """Dana's certification at Northgate; Gwen's at Albion."""
    return certify(dana, tracks["sales"], PASSED), certify(gwen, tracks["platform"], PASSED)


# Pages


def test_a_manager_reads_the_list_of_her_partners(maya, browser_of, held):
    page = browser_of(maya).get(LIST).content.decode()
    assert "Dana Whitfield" in page
    assert "Gwen Price" not in page


def test_everybody_is_seen_by_a_director_and_the_list_is_exported(ada, browser_of, held):
    browser = browser_of(ada)
    assert "Gwen Price" in browser.get(LIST).content.decode()
    csv = b"".join(browser.get(f"{LIST}?export=csv").streaming_content).decode()
    assert "Dana Whitfield" in csv
    assert "Northgate" in csv


@pytest.mark.parametrize("state", ["valid", "expiring", "expired", "revoked", "left"])
def test_the_list_is_filtered_by_state(ada, browser_of, held, state):
    page = browser_of(ada).get(f"{LIST}?state={state}").content.decode()
    assert ("Dana Whitfield" in page) == (state == "valid")


def test_the_number_of_queries_is_the_same_at_one_and_at_three_rows(ada, browser_of, dana, luis, tracks):
    browser = browser_of(ada)
    certify(dana, tracks["sales"], PASSED)
    with CaptureQueriesContext(connection) as one:
        browser.get(LIST)
    certify(luis, tracks["sales"], PASSED)
    certify(luis, tracks["platform"], PASSED)
    with CaptureQueriesContext(connection) as three:
        browser.get(LIST)
    assert len(three) == len(one)


def test_a_certification_is_recorded_by_the_form(maya, browser_of, dana, tracks):
    browser = browser_of(maya)
    assert browser.get(f"{LIST}new/").status_code == 200
    data = {"contact": dana.pk, "track": "sales", "passed_on": "2026-10-05"}
    answer = browser.post(f"{LIST}new/", data)
    certification = Certification.objects.get()
    assert answer.headers["Location"] == certification.get_absolute_url()
    assert "Dana Whitfield" in browser.get(certification.get_absolute_url()).content.decode()


def test_the_form_says_what_is_wrong_at_the_field(maya, browser_of, dana, tracks):
    data = {"contact": dana.pk, "track": "sales", "passed_on": "2999-10-05"}
    answer = browser_of(maya).post(f"{LIST}new/", data)
    assert answer.status_code == 400
    assert "future" in answer.content.decode()
    assert not Certification.objects.exists()


def test_another_managers_people_cannot_be_chosen(tomas, browser_of, dana, tracks):
    data = {"contact": dana.pk, "track": "sales", "passed_on": "2026-10-05"}
    assert browser_of(tomas).post(f"{LIST}new/", data).status_code == 400
    assert not Certification.objects.exists()


def test_a_certification_is_revoked_by_its_page(maya, browser_of, held):
    url = f"{held[0].get_absolute_url()}revoke/"
    browser = browser_of(maya)
    assert browser.get(url).status_code == 200
    assert browser.post(url, {"reason": "left_company"}).status_code == 302
    held[0].refresh_from_db()
    assert held[0].revoked_on
    assert browser.post(url, {"reason": "left_company"}).status_code == 409


def test_a_list_is_checked_first_and_recorded_when_confirmed(maya, browser_of, dana, tracks):
    browser, url = browser_of(maya), f"{LIST}import/"
    rows = "email,track,passed_on\ndana@northgate.example,sales,2026-10-05\nx@y.example,sales,2026-10-05\n"
    page = browser.post(url, {"rows": rows}).content.decode()
    assert "Nothing is recorded yet" in page
    assert "Nobody with this address" in page
    assert not Certification.objects.exists()
    page = browser.post(url, {"rows": rows, "confirm": "1"}).content.decode()
    assert "The list is recorded" in page
    assert Certification.objects.count() == 1
    assert browser.post(url, {"rows": "nonsense"}).status_code == 400


def test_who_may_only_read_records_nothing(vera, browser_of, held):
    browser = browser_of(vera)
    assert "Record a certification" not in browser.get(LIST).content.decode()
    assert browser.get(f"{LIST}new/").status_code == 403
    assert browser.get(f"{LIST}import/").status_code == 403


def test_a_partner_sees_its_own_people_and_no_others(priya, rhys, browser_of, held):
    page = browser_of(priya).get("/portal/people/").content.decode()
    assert "Dana Whitfield" in page
    assert "Gwen Price" not in page
    own, foreign = (f"/portal/certifications/{c.pk}/" for c in held)
    assert browser_of(priya).get(own).status_code == 200
    assert browser_of(priya).get(foreign).status_code == 404
    assert browser_of(rhys).get(foreign).status_code == 200


def test_a_partner_never_reads_the_vendors_comment(ada, priya, browser_of, api_of, held, northgate):
    url = f"{held[0].get_absolute_url()}revoke/"
    browser_of(ada).post(url, {"reason": "irregularity", "comment": "Seen with a phone"})
    assert "Seen with a phone" in browser_of(ada).get(held[0].get_absolute_url()).content.decode()
    assert (
        "Seen with a phone"
        not in browser_of(priya).get(f"/portal/certifications/{held[0].pk}/").content.decode()
    )
    assert "Seen with a phone" not in api_of(priya, northgate).get(f"{API}{held[0].pk}/").content.decode()


def test_an_admin_signs_the_learning_plan_in_the_portal(priya, sam, browser_of, northgate):
    browser = browser_of(priya)
    assert "Sign the learning plan" in browser.get("/portal/people/").content.decode()
    assert browser.post("/portal/learning-plan/", {"agreed": "on"}).status_code == 302
    assert LearningPlan.objects.get().signed_by.user == priya
    assert "in force until" in browser.get("/portal/people/").content.decode()
    assert browser_of(sam).get("/portal/learning-plan/").status_code == 403


def test_a_manager_records_a_plan_that_was_signed_on_paper(maya, tomas, browser_of, northgate, dana):
    url = f"/manage/partners/{northgate.pk}/learning-plan/"
    data = {"signed_by": dana.pk, "signed_on": "2026-10-05"}
    assert browser_of(tomas).post(url, data).status_code == 404
    assert browser_of(maya).get(url).status_code == 200
    assert browser_of(maya).post(url, data).status_code == 302
    assert LearningPlan.objects.get().signed_by == dana


# API


def test_the_api_records_reads_and_revokes(maya, api_of, dana, tracks):
    api = api_of(maya)
    body = {"contact": str(dana.pk), "track": "sales", "passed_on": "2026-10-05", "score": 91}
    made = api.post(API, body, content_type="application/json")
    assert made.status_code == 201, made.content
    assert made.json()["state"] == "valid"
    assert made.json()["contact"]["name"] == "Dana Whitfield"
    url = made.headers["Location"]
    assert api.get(url).headers["ETag"] == made.headers["ETag"]
    revoked = api.post(f"{url}revoke/", {"reason": "left_company"}, content_type="application/json")
    assert revoked.json()["state"] == "revoked"
    again = api.post(f"{url}revoke/", {"reason": "left_company"}, content_type="application/json")
    assert again.status_code == 409


def test_a_repeated_request_records_once(maya, api_of, dana, tracks):
    api = api_of(maya)
    body = {"contact": str(dana.pk), "track": "sales", "passed_on": "2026-10-05"}
    headers = {"Idempotency-Key": "k-1"}
    first = api.post(API, body, content_type="application/json", headers=headers)
    second = api.post(API, body, content_type="application/json", headers=headers)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] == second.json()["id"]
    assert Certification.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"passed_on": "yesterday"}, "/passed_on"),
        ({"passed_on": "2999-01-01"}, "/passed_on"),
        ({"track": "juggling"}, "/track"),
        ({"contact": "00000000-0000-0000-0000-000000000000"}, "/contact"),
        ({"score": 101}, "/score"),
        ({"evidence": "x" * 301}, "/evidence"),
        ({"shoe_size": 42}, "/shoe_size"),
        ({"expires_on": "2026-10-05"}, ""),
    ],
)
def test_wrong_input_is_refused_with_a_pointer(maya, api_of, dana, tracks, change, pointer):
    body = {"contact": str(dana.pk), "track": "sales", "passed_on": "2026-10-05", **change}
    answer = api_of(maya).post(API, body, content_type="application/json")
    assert answer.status_code == 400
    assert pointer in {error["pointer"] for error in answer.json()["errors"]}
    assert not Certification.objects.exists()


def test_the_api_reads_a_list_in(maya, api_of, dana, tracks):
    rows = "email,track,passed_on\ndana@northgate.example,sales,2026-10-05\nbad\n"
    url = f"{API}import/"
    checked = api_of(maya).post(url, {"rows": rows, "dry_run": True}, content_type="application/json").json()
    assert (checked["saved"], checked["added"], checked["refused"]) == (False, 1, 1)
    done = api_of(maya).post(url, {"rows": rows}, content_type="application/json").json()
    assert (done["saved"], done["added"]) == (True, 1)
    assert done["rows"][1]["line"] == 3
    assert Certification.objects.count() == 1


def test_a_partners_key_reads_its_own_and_writes_none(priya, api_of, northgate, dana, held, tracks):
    api = api_of(priya, northgate)
    found = api.get(API).json()["results"]
    assert [row["id"] for row in found] == [str(held[0].pk)]
    assert "recorded_by" not in found[0]
    assert api.get(f"{API}{held[1].pk}/").status_code == 404
    body = {"contact": str(dana.pk), "track": "sales", "passed_on": "2026-10-05"}
    assert api.post(API, body, content_type="application/json").status_code == 403
    assert api.post(f"{API}import/", {"rows": "x"}, content_type="application/json").status_code == 403


def test_filters_and_unknown_parameters(ada, api_of, held):
    api = api_of(ada)
    assert len(api.get(API).json()["results"]) == 2
    assert len(api.get(f"{API}?state=valid&track=sales").json()["results"]) == 1
    assert len(api.get(f"{API}?search=dana").json()["results"]) == 1
    assert api.get(f"{API}?shoe_size=42").status_code == 400
    assert api.get(f"{API}?state=asleep").status_code == 400


def test_tracks_and_learning_plans_over_the_api(priya, api_of, northgate, albion, dana, gwen, tracks):
    api = api_of(priya, northgate)
    assert {row["code"] for row in api.get("/api/v1/tracks/").json()["results"]} == set(tracks)
    body = {"partner": str(northgate.pk), "signed_by": str(dana.pk)}
    made = api.post("/api/v1/learning-plans/", body, content_type="application/json")
    assert made.status_code == 201, made.content
    assert made.json()["is_in_force"] is True
    foreign = {"partner": str(albion.pk), "signed_by": str(gwen.pk)}
    refused = api.post("/api/v1/learning-plans/", foreign, content_type="application/json")
    assert refused.status_code == 400
    assert LearningPlan.objects.count() == 1


# The end of a certification, before it is recorded


def test_the_form_says_when_it_would_end_and_what_it_renews(maya, tomas, browser_of, dana, tracks):
    url, asked = f"{LIST}expiry/", {"contact": dana.pk, "track": "sales", "passed_on": "2026-10-05"}
    page = browser_of(maya).get(url, asked).content.decode()
    assert "5 Oct 2028" in page
    assert "It counts for 24 months" in page
    certify(dana, tracks["sales"], date(2024, 10, 20))
    page = browser_of(maya).get(url, asked).content.decode()
    assert "20 Oct 2028" in page
    assert "It renews the one that ends on 20 Oct 2026" in page
    assert "Choose the person" in browser_of(maya).get(url, {**asked, "passed_on": "x"}).content.decode()
    assert "Choose the person" in browser_of(tomas).get(url, asked).content.decode()


def test_a_document_is_kept_as_evidence_and_read_by_both_sides(maya, priya, browser_of, dana, tracks):
    from django.core.files.uploadedfile import SimpleUploadedFile

    from tests.tenancy.world import PDF

    upload = SimpleUploadedFile("exam.pdf", PDF, content_type="application/pdf")
    data = {"contact": dana.pk, "track": "sales", "passed_on": "2026-10-05", "upload": upload}
    assert browser_of(maya).post(f"{LIST}new/", data).status_code == 302
    certification = Certification.objects.get()
    assert "exam.pdf" in browser_of(maya).get(certification.get_absolute_url()).content.decode()
    assert "exam.pdf" in browser_of(priya).get(f"/portal/certifications/{certification.pk}/").content.decode()


def test_a_partner_does_not_read_a_reason_that_is_the_vendors(ada, priya, browser_of, held):
    from catalog.models import ReasonCode

    ReasonCode.objects.filter(code="irregularity").update(label="Cheated", partner_visible=False)
    url = f"{held[0].get_absolute_url()}revoke/"
    browser_of(ada).post(url, {"reason": "irregularity", "comment": "Seen with a phone"})
    assert "Cheated" in browser_of(ada).get(held[0].get_absolute_url()).content.decode()
    assert "Cheated" not in browser_of(priya).get(f"/portal/certifications/{held[0].pk}/").content.decode()


def test_the_team_is_shown_by_tracks(priya, browser_of, held):
    page = browser_of(priya).get("/portal/people/team/").content.decode()
    assert "Dana Whitfield" in page
    assert "until " in page
    assert "Not passed" in page
    assert "Gwen Price" not in page
