"""Attachments over the API."""

import pytest

from files import kinds
from files.actions import attach
from files.models import Attachment
from tests.files.samples import GOOD, HOSTILE, upload


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def own_kind(monkeypatch):
    monkeypatch.setattr(kinds, "_owners", {})
    kinds.declare("partner", "partners.Partner", "team.invite", partner_of=lambda partner: partner)


def send(api, subject, name="letter.pdf", content=GOOD["letter.pdf"], kind="partner"):
    return api.post(
        "/api/v1/attachments/", {"kind": kind, "subject": str(subject), "file": upload(name, content)}
    )


def test_a_file_is_added_read_and_fetched(own_kind, northgate, priya, maya, api_of):
    api = api_of(priya, northgate)
    answer = send(api, northgate.pk)
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert (made["name"], made["content_type"], made["size"]) == (
        "letter.pdf",
        "application/pdf",
        len(GOOD["letter.pdf"]),
    )
    for reader in (api, api_of(maya)):
        content = reader.get(f"/api/v1/attachments/{made['id']}/content/")
        assert b"".join(content.streaming_content) == GOOD["letter.pdf"]
        assert content["Content-Disposition"].startswith("attachment")
        assert [
            a["id"] for a in reader.get(f"/api/v1/attachments/?subject={northgate.pk}").json()["results"]
        ] == [made["id"]]


def test_a_foreign_record_gets_no_file_and_a_foreign_file_is_not_there(own_kind, northgate, albion, rhys, priya, acting,
                                                                       api_of, at):  # fmt: skip
    other = api_of(rhys, albion)
    assert send(other, northgate.pk).status_code == 400
    file = attach(by=acting(priya), kind="partner", subject=northgate, partner=northgate,
                  upload=upload("notes.txt", b"a"), at=at)  # fmt: skip
    assert other.get("/api/v1/attachments/").json()["results"] == []
    for path in ("", "content/"):
        assert other.get(f"/api/v1/attachments/{file.id}/{path}").status_code == 404
    assert other.get(file.get_absolute_url()).status_code == 404


def test_a_role_that_may_not_add_is_refused(own_kind, northgate, sam, api_of):
    assert send(api_of(sam, northgate), northgate.pk).status_code == 403


@pytest.mark.parametrize("name", ["page.pdf", "empty.pdf", "macro.docx", "setup.exe"])
def test_a_hostile_file_is_400_and_leaves_nothing(own_kind, northgate, priya, api_of, tmp_path, name):
    answer = send(api_of(priya, northgate), northgate.pk, name, HOSTILE[name])
    assert answer.status_code == 400 and answer["Content-Type"] == "application/problem+json"
    assert not Attachment.objects.exists() and not [p for p in tmp_path.rglob("*") if p.is_file()]


@pytest.mark.parametrize(
    "changed", [{"kind": "cake"}, {"kind": ""}, {"subject": "me"}, {"colour": "red"}, {"file": "text"}]
)
def test_bad_input_is_400(own_kind, northgate, priya, api_of, changed):
    facts = {"kind": "partner", "subject": str(northgate.pk), "file": upload("notes.txt", b"a"), **changed}
    assert api_of(priya, northgate).post("/api/v1/attachments/", facts).status_code == 400


def test_the_pages_address_asks_for_nothing_but_visibility(northgate, priya, acting, browser_of, client, at):
    file = attach(by=acting(priya), kind="partner", subject=northgate, partner=northgate,
                  upload=upload("Größe; \"x\".txt", b"a"), at=at)  # fmt: skip
    assert client.get(file.get_absolute_url()).status_code == 404
    answer = browser_of(priya).get(file.get_absolute_url())
    assert answer.status_code == 200 and answer["X-Content-Type-Options"] == "nosniff"
    assert "filename*=utf-8''Gr%C3%B6%C3%9Fe" in answer["Content-Disposition"]
