"""Adding files and fetching them."""

import os
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import Http404

from accounts.roles import Permission
from events.models import Event
from files import kinds, rules
from files.actions import attach, attach_alone, remove_orphans
from files.models import Attachment
from files.views.public import serve
from tests.files.samples import GOOD, HOSTILE, upload


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def letter(northgate, priya, acting, at):
    return attach(by=acting(priya), kind="evidence", subject=northgate, partner=northgate,
                  upload=upload("letter.pdf", GOOD["letter.pdf"]), at=at)  # fmt: skip


def body(answer) -> bytes:
    return b"".join(answer.streaming_content)


def test_a_file_is_kept_under_a_random_name_and_leaves_an_event(letter, tmp_path, at):
    assert letter.name == "letter.pdf" and letter.content_type == "application/pdf"
    assert "letter" not in letter.path and (tmp_path / letter.path).read_bytes() == GOOD["letter.pdf"]
    event = Event.objects.get(type="file.attached")
    assert (event.at, event.subject_id, event.data["attachment"]) == (at, letter.subject_id, str(letter.id))
    assert "letter.pdf" not in str(event.data)


def test_a_refused_file_leaves_nothing(northgate, priya, acting, tmp_path, at):
    with pytest.raises(ValidationError):
        attach(by=acting(priya), kind="evidence", subject=northgate, partner=northgate,
               upload=upload("page.pdf", HOSTILE["page.pdf"]), at=at)  # fmt: skip
    assert not Attachment.objects.exists() and not [p for p in tmp_path.rglob("*") if p.is_file()]


def test_its_own_people_and_the_vendor_fetch_a_file(letter, priya, maya, ada, acting):
    for person in (priya, maya, ada):
        answer = serve(acting(person), letter.id)
        assert body(answer) == GOOD["letter.pdf"]
        assert answer["Content-Disposition"] == 'attachment; filename="letter.pdf"'
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert answer["X-Content-Type-Options"] == "nosniff"


def test_another_partner_and_anothers_manager_get_404(letter, rhys, tomas, acting):
    for person in (rhys, tomas):
        with pytest.raises(Http404):
            serve(acting(person), letter.id)


def test_a_file_follows_its_record_when_the_partner_changes_hands(letter, northgate, maya, tomas, acting):
    northgate.psm = tomas
    northgate.save()
    assert serve(acting(tomas), letter.id)
    with pytest.raises(Http404):
        serve(acting(maya), letter.id)


def test_a_partner_never_sees_the_vendors_own_file_about_it(northgate, maya, priya, acting, at):
    attachment = attach(by=acting(maya), kind="note", subject=northgate, partner=northgate, is_internal=True,
                        upload=upload("notes.txt", GOOD["notes.txt"]), at=at)  # fmt: skip
    assert serve(acting(maya), attachment.id)
    with pytest.raises(Http404):
        serve(acting(priya), attachment.id)
    assert Event.objects.visible_to(acting(maya)).filter(type="file.kept", partner=northgate).exists()
    assert not Event.objects.visible_to(acting(priya)).filter(type="file.kept").exists()


def test_a_partner_sends_at_most_a_hundred_files_a_day(northgate, priya, acting, at, monkeypatch):
    monkeypatch.setattr(rules, "MOST_A_DAY", 2)
    send = lambda when: attach(by=acting(priya), kind="evidence", subject=northgate, partner=northgate,  # noqa: E731
                               upload=upload("notes.txt", b"a"), at=when)  # fmt: skip
    send(at), send(at)
    with pytest.raises(ValidationError, match="At most 2 files a day"):
        send(at)
    assert send(at + timedelta(days=1))


def test_a_file_by_itself_needs_a_declared_record_and_its_permission(
    northgate, priya, sam, acting, at, monkeypatch
):
    facts = {"subject": northgate, "upload": upload("notes.txt", b"a"), "at": at}
    with pytest.raises(ValidationError, match="cannot be added"):
        attach_alone(by=acting(priya), kind="partner", **facts)
    monkeypatch.setattr(kinds, "_owners", {})
    kinds.declare("partner", "partners.Partner", Permission.TEAM_INVITE, partner_of=lambda partner: partner)
    assert attach_alone(by=acting(priya), kind="partner", **facts).partner == northgate
    with pytest.raises(PermissionDenied):
        attach_alone(by=acting(sam), kind="partner", **facts)


def test_the_bytes_of_a_rolled_back_upload_are_cleared_a_day_later(
    letter, northgate, priya, acting, at, tmp_path
):
    with pytest.raises(RuntimeError), transaction.atomic():
        lost = attach(by=acting(priya), kind="evidence", subject=northgate, partner=northgate,
                      upload=upload("notes.txt", b"a"), at=at)  # fmt: skip
        raise RuntimeError
    for path in (lost.path, letter.path):
        os.utime(tmp_path / path, (at.timestamp(), at.timestamp()))
    assert remove_orphans(at=at + timedelta(hours=1)) == 0
    assert remove_orphans(at=at + timedelta(days=2)) == 1
    assert default_storage.exists(letter.path) and not default_storage.exists(lost.path)
