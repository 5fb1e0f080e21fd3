"""The letters of the log-in library: rows, whose token is made only when they are written."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from core.mail import render
from core.models import Mail
from events.models import Event

ASK = "/accounts/password/reset/"
NEW = {"password1": "another-good-battery", "password2": "another-good-battery"}


def path_in(text: str) -> str:
    return re.search(r"https?://[^/\s]+(/accounts/password/reset/key/\S+)", text).group(1)


@pytest.fixture
def asked(priya):
    """Priya asked for a new password."""
    Client().post(ASK, {"email": priya.email})
    return Mail.objects.get(letter="account.password_reset", to_user=priya)


def test_a_forgotten_password_is_replaced_by_the_letters_link_once(asked, priya):
    client = Client()
    path = path_in(render(asked)[1])
    form = client.get(path).headers["Location"]
    assert client.post(form, NEW).status_code == 302
    priya.refresh_from_db()
    assert priya.check_password(NEW["password1"])
    assert "key" not in Client().get(path).headers.get("Location", "")


def test_the_row_holds_no_token(asked):
    token = path_in(render(asked)[1]).rpartition("key/")[2]
    assert token.partition("-")[2][:20] not in str(Mail.objects.filter(pk=asked.pk).values().get())


def test_the_link_of_a_letter_dies_after_sixty_minutes(asked, priya):
    path = path_in(render(asked)[1])
    with time_machine.travel(asked.created_at + timedelta(minutes=59)):
        assert Client().get(path).status_code == 302
    with time_machine.travel(asked.created_at + timedelta(minutes=61)):
        assert Client().get(path).status_code == 200
    assert priya.check_password("correct-horse-battery")


def test_an_unknown_address_gets_the_same_answer_and_a_letter_of_its_own(db, priya):
    known = Client().post(ASK, {"email": priya.email})
    unknown = Client().post(ASK, {"email": "nobody@else.example"})
    assert (known.status_code, known.headers["Location"]) == (
        unknown.status_code,
        unknown.headers["Location"],
    )
    mail = Mail.objects.get(letter="account.unknown")
    assert mail.to_address == "nobody@else.example" and "no account" in render(mail)[1]


def test_a_changed_password_is_told(asked, priya):
    client = Client()
    client.post(client.get(path_in(render(asked)[1])).headers["Location"], NEW)
    subject, text, html = render(Mail.objects.get(letter="account.password_changed", to_user=priya))
    assert Event.objects.filter(type="user.password_changed", subject_id=priya.id).count() == 1
    assert subject == "Your password was changed" and "UTC" in text and "was not me" in html


def test_a_closed_account_gets_no_link(asked, priya):
    priya.is_active = False
    priya.save()
    assert render(Mail.objects.get(pk=asked.pk)) is None
