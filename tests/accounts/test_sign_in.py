"""Signing in: by address and password, slowly for guessers, with a second factor where the role needs one."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from accounts.models import Invitation
from core import clock
from core.mail import claim, deliver, render
from core.models import Mail
from events.models import Event
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"


def sign_in(client, email, password=PASSWORD):
    return client.post(LOGIN, {"login": email, "password": password})


def test_the_right_password_opens_the_door(maya, client):
    assert sign_in(client, "MAYA@vendor.example").status_code == 302
    assert client.get("/manage/profile/").status_code == 200
    assert Event.objects.filter(type="user.signed_in", subject_id=maya.pk).count() == 1


def test_wrong_password_and_unknown_address_get_the_same_answer(maya, client):
    known = sign_in(client, maya.email, "wrong-password").content
    unknown = sign_in(Client(), "nobody@vendor.example", "wrong-password").content
    strip = re.compile(rb'(csrfmiddlewaretoken" value="[^"]*|X-CSRFToken": "[^"]*|[a-z]+@vendor\.example)')
    assert strip.sub(b"", known) == strip.sub(b"", unknown)


def test_guessing_is_slowed_while_the_owner_still_gets_in_from_elsewhere(maya, client):
    answers = [sign_in(client, maya.email, f"wrong-{n}").status_code for n in range(15)]
    assert answers[-1] == 429
    assert sign_in(client, maya.email).status_code == 429
    elsewhere = Client(REMOTE_ADDR="203.0.113.7")
    assert sign_in(elsewhere, maya.email).status_code == 302


def test_a_deactivated_person_cannot_sign_in(maya, client):
    maya.is_active = False
    maya.save()
    sign_in(client, maya.email)
    assert client.get("/manage/profile/").status_code == 302


def test_there_is_no_public_sign_up(program, client):
    form = {"email": "x@y.example", "password1": PASSWORD, "password2": PASSWORD}
    assert "login" not in client.post("/accounts/signup/", form).headers.get("Location", "")
    assert sign_in(client, "x@y.example").status_code == 200


def test_a_role_that_needs_a_second_factor_is_sent_to_set_one_up(maya, sam, browser_of, settings):
    assert browser_of(maya).get("/manage/profile/").status_code == 200
    settings.DEMO_MODE = False
    answer = browser_of(maya).get("/manage/profile/")
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/2fa/")
    assert browser_of(sam).get("/portal/profile/").status_code == 200


def test_a_session_without_the_second_factor_is_refused_by_the_api(maya, browser_of, settings):
    assert browser_of(maya).get("/api/v1/deals/").status_code == 200
    settings.DEMO_MODE = False
    answer = browser_of(maya).get("/api/v1/deals/")
    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
    totp.TOTP.activate(maya, totp.generate_totp_secret())
    assert browser_of(maya).get("/api/v1/deals/").status_code == 200


def test_the_log_says_who_called_the_api(maya, api_of, caplog):
    with caplog.at_level("INFO", logger="request"):
        assert api_of(maya).get("/api/v1/deals/").status_code == 200
    assert any(
        record.msg.get("actor") == str(maya.pk) for record in caplog.records if isinstance(record.msg, dict)
    )


def test_the_seed_of_the_second_factor_is_not_stored_in_clear(maya):
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(maya, secret)
    stored = Authenticator.objects.get(user=maya).data["secret"]
    assert secret not in stored
    assert totp.TOTP(Authenticator.objects.get(user=maya)).validate_code(
        totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time())))
    )


def test_a_forgotten_password_comes_as_a_letter_whose_link_is_not_stored(maya, client):
    client.post("/accounts/password/reset/", {"email": maya.email})
    mail = Mail.objects.get(letter="account.password_reset")
    link = re.search(r"https?://\S+", render(mail)[1]).group(0)
    key = link.rstrip("/").rpartition("/")[2]
    assert key not in str(vars(mail))
    page = client.get("/" + link.partition("://")[2].partition("/")[2], follow=True)
    assert page.status_code == 200
    fresh = {"password1": "another-long-password", "password2": "another-long-password"}
    client.post(page.redirect_chain[-1][0], fresh)
    assert sign_in(Client(), maya.email).status_code == 200
    assert sign_in(Client(), maya.email, "another-long-password").status_code == 302


def test_asking_for_a_reset_does_not_tell_who_is_known(maya, client):
    known = client.post("/accounts/password/reset/", {"email": maya.email})
    unknown = Client().post("/accounts/password/reset/", {"email": "nobody@vendor.example"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])


def test_an_invited_person_joins_by_a_link_that_works_once(priya, browser_of, client):
    form = {"name": "Lou Kim", "email": "lou@northgate.example", "role": "partner_seller"}
    browser_of(priya).post("/portal/team/invite/", form)
    mail = claim(clock.now())
    path = "/join/" + re.search(r"/join/(\S+)", render(mail)[1]).group(1)
    deliver(mail, at=clock.now())
    assert Mail.objects.get(pk=mail.pk).state == "kept"
    assert client.get(path).status_code == 200
    answer = client.post(path, {"name": "Lou Kim", "password": PASSWORD})
    assert answer.status_code == 302
    assert Invitation.objects.get().state == "accepted"
    assert sign_in(Client(), "lou@northgate.example").status_code == 302
    assert Client().post(path, {"name": "Eve", "password": PASSWORD}).status_code in (409, 410)
