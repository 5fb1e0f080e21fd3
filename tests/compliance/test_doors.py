"""The pages and the API of gates: what each side can see and do, and how it is refused."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from compliance.actions import record_gate
from compliance.models import GateRecord

pytestmark = pytest.mark.django_db
MATRIX, NEW, API = "/manage/gates/", "/manage/gate-records/new/", "/api/v1/gate-records/"
PASSED = date(2026, 11, 2)


def pass_gate(system, partner, gate, at):
    return record_gate(by=system, partner=partner, gate=gate, passed_on=PASSED, evidence="Report 12", at=at)


@pytest.fixture
def passed(system, northgate, albion, gates, at):
    """A gate of Northgate's and one of Albion's."""
    return [pass_gate(system, partner, gates["security_assessment"], at) for partner in (northgate, albion)]


def test_the_matrix_shows_every_gate_of_her_partners(maya, browser_of, passed, gates):
    page = browser_of(maya).get(MATRIX).content.decode()
    assert "Northgate" in page
    assert "Albion" not in page
    assert "until 1 Nov 2027" in page
    assert page.count("Not passed") >= 3


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("gates=in_progress", True),
        ("gates=certified", False),
        ("gates=none", False),
        ("gates=expiring", False),
    ],
)
def test_the_matrix_is_filtered_by_what_is_passed(maya, browser_of, passed, query, names):
    page = browser_of(maya).get(f"{MATRIX}?{query}").content.decode()
    assert ("until 1 Nov 2027" in page) == names


def test_a_partner_with_all_gates_is_certified(maya, browser_of, system, northgate, gates, at):
    for gate in gates.values():
        pass_gate(system, northgate, gate, at)
    assert "Northgate" in browser_of(maya).get(f"{MATRIX}?gates=certified").content.decode()
    csv = b"".join(browser_of(maya).get(f"{MATRIX}?export=csv").streaming_content).decode()
    assert csv.count("valid") == 4


def test_the_number_of_queries_is_the_same_at_one_and_at_more_rows(
    ada, browser_of, northgate, gates, system, at, albion
):
    browser = browser_of(ada)
    pass_gate(system, northgate, gates["security_assessment"], at)
    browser.get(MATRIX)
    with CaptureQueriesContext(connection) as few:
        browser.get(f"{MATRIX}?gates=in_progress")
    pass_gate(system, albion, gates["security_assessment"], at)
    pass_gate(system, albion, gates["customer_reference"], at)
    with CaptureQueriesContext(connection) as more:
        browser.get(f"{MATRIX}?gates=in_progress")
    assert len(more) == len(few)


def test_a_gate_is_recorded_with_its_document(maya, priya, browser_of, northgate, gates, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    upload = SimpleUploadedFile("report.txt", b"All controls in place.", "text/plain")
    data = {
        "partner": northgate.pk,
        "gate": "security_assessment",
        "passed_on": "2026-11-02",
        "upload": upload,
    }
    answer = browser_of(maya).post(NEW, data)
    assert answer.status_code == 302, answer.content
    record = GateRecord.objects.get()
    assert "report.txt" in browser_of(maya).get(record.get_absolute_url()).content.decode()
    assert "report.txt" in browser_of(priya).get(f"/portal/gate-records/{record.pk}/").content.decode()


def test_the_form_says_what_is_missing_at_the_field(maya, browser_of, northgate, gates):
    browser = browser_of(maya)
    assert browser.get(f"{NEW}?partner={northgate.pk}&gate=security_assessment").status_code == 200
    data = {"partner": northgate.pk, "gate": "security_assessment", "passed_on": "2026-11-02"}
    answer = browser.post(NEW, data)
    assert answer.status_code == 400
    assert "what proves it" in answer.content.decode()


def test_a_foreign_partner_cannot_be_chosen(maya, browser_of, albion, gates):
    data = {"partner": albion.pk, "gate": "security_assessment", "passed_on": "2026-11-02", "evidence": "x"}
    assert browser_of(maya).post(NEW, data).status_code == 400
    assert not GateRecord.objects.exists()


def test_a_record_is_revoked_by_its_page(maya, tomas, browser_of, passed):
    url = f"{passed[0].get_absolute_url()}revoke/"
    assert browser_of(tomas).get(url).status_code == 404
    assert browser_of(maya).get(url).status_code == 200
    assert browser_of(maya).post(url, {"reason": "entered_in_error"}).status_code == 302
    assert browser_of(maya).post(url, {"reason": "entered_in_error"}).status_code == 409


def test_who_may_only_read_records_nothing(finn, browser_of, passed):
    assert "Record a gate" not in browser_of(finn).get(MATRIX).content.decode()
    assert browser_of(finn).get(NEW).status_code == 403


def test_a_partner_sees_its_own_gates_alone(priya, rhys, browser_of, passed, gates):
    page = browser_of(priya).get("/portal/gates/").content.decode()
    assert "1 of 4 passed" in page
    assert "Albion" not in page
    assert browser_of(priya).get(f"/portal/gate-records/{passed[0].pk}/").status_code == 200
    assert browser_of(priya).get(f"/portal/gate-records/{passed[1].pk}/").status_code == 404
    assert browser_of(rhys).get(f"/portal/gate-records/{passed[1].pk}/").status_code == 200


def test_the_api_records_and_revokes(maya, api_of, northgate, gates):
    api = api_of(maya)
    body = {
        "partner": str(northgate.pk),
        "gate": "security_assessment",
        "passed_on": "2026-11-02",
        "evidence": "R",
    }
    made = api.post(API, body, content_type="application/json")
    assert made.status_code == 201, made.content
    assert (made.json()["state"], made.json()["valid_until"]) == ("valid", "2027-11-01")
    url = made.headers["Location"]
    revoked = api.post(f"{url}revoke/", {"reason": "entered_in_error"}, content_type="application/json")
    assert revoked.json()["state"] == "revoked"
    again = api.post(f"{url}revoke/", {"reason": "entered_in_error"}, content_type="application/json")
    assert again.status_code == 409


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"passed_on": "soon"}, "/passed_on"),
        ({"passed_on": "2999-01-01"}, "/passed_on"),
        ({"gate": "turnstile"}, "/gate"),
        ({"evidence": "x" * 301}, "/evidence"),
        ({"evidence": ""}, "/evidence"),
        ({"valid_until": "2026-11-01"}, ""),
        ({"shoe_size": 42}, "/shoe_size"),
    ],
)
def test_wrong_input_is_refused_with_a_pointer(maya, api_of, northgate, gates, change, pointer):
    body = {
        "partner": str(northgate.pk),
        "gate": "security_assessment",
        "passed_on": "2026-11-02",
        "evidence": "R",
    }
    answer = api_of(maya).post(API, {**body, **change}, content_type="application/json")
    assert answer.status_code == 400
    assert pointer in {error["pointer"] for error in answer.json()["errors"]}
    assert not GateRecord.objects.exists()


def test_a_partners_key_reads_its_own_and_writes_none(priya, api_of, northgate, passed, gates):
    api = api_of(priya, northgate)
    found = api.get(f"{API}?state=valid").json()["results"]
    assert [row["id"] for row in found] == [str(passed[0].pk)]
    assert "recorded_by" not in found[0]
    assert len(api.get("/api/v1/gates/").json()["results"]) == 4
    assert api.get(f"{API}{passed[1].pk}/").status_code == 404
    body = {
        "partner": str(northgate.pk),
        "gate": "security_assessment",
        "passed_on": "2026-11-02",
        "evidence": "R",
    }
    assert api.post(API, body, content_type="application/json").status_code == 403
