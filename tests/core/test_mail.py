"""Mail is claimed by one worker at a time, and taken up again when that worker is gone."""

from datetime import timedelta

import pytest

from core import mail
from core.models import Mail


@pytest.fixture
def queued(priya, at, monkeypatch):
    monkeypatch.setitem(mail._letters, "account.unknown", lambda row: mail.Letter(subject="Hello\nthere"))
    return mail.send("account.unknown", at=at, to_user=priya, key="once")


def test_a_key_makes_a_letter_once(queued, priya, at):
    assert mail.send("account.unknown", at=at, to_user=priya, key="once") == queued
    assert Mail.objects.filter(key="once").count() == 1


def test_two_workers_never_hold_the_same_letter(queued, at):
    assert mail.claim(at) == queued
    assert mail.claim(at) is None


def test_a_killed_workers_letter_is_taken_up_when_its_lease_is_over(queued, at):
    mail.claim(at)
    assert mail.claim(at + mail.LEASE) is None
    again = mail.claim(at + mail.LEASE + timedelta(seconds=1))
    assert (again, again.attempts) == (queued, 2)


def test_without_a_mail_server_a_letter_is_kept(queued, at, settings):
    settings.EMAIL_URL = ""
    assert mail.deliver(mail.claim(at), at=at).state == Mail.KEPT


def test_a_letter_goes_out_with_a_stable_id_and_one_line_of_subject(queued, at, settings, mailoutbox):
    settings.EMAIL_URL = "smtp://localhost"
    sent = mail.deliver(mail.claim(at), at=at)
    assert (sent.state, sent.sent_at) == (Mail.SENT, at)
    assert mailoutbox[0].extra_headers["Message-ID"].startswith(f"<{queued.id}@")
    assert mailoutbox[0].subject == "Hello there"


def test_a_letter_that_no_longer_applies_is_withdrawn(queued, at, monkeypatch):
    monkeypatch.setitem(mail._letters, "account.unknown", lambda row: None)
    assert mail.deliver(mail.claim(at), at=at).state == Mail.WITHDRAWN


def test_after_five_failures_a_letter_stops_and_shows(queued, at):
    for n in range(mail.MOST_ATTEMPTS):
        mail.fail(mail.claim(at + n * 2 * mail.LEASE), OSError("connection refused"))
    stopped = Mail.objects.get(pk=queued.pk)
    assert (stopped.state, stopped.attempts) == (Mail.FAILED, 5)
    assert stopped.error == "OSError: connection refused"
    assert mail.claim(at + timedelta(days=9)) is None
