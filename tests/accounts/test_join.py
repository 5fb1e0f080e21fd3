"""Joining by the link of an invitation."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from accounts.actions import invite, revoke_invitation
from accounts.models import Membership, User
from core.actors import SYSTEM
from core.clock import now
from core.mail import render
from core.models import Mail
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db
NEW = {"name": "Lou Berg", "password": "four quiet words here"}


@pytest.fixture(autouse=True)
def nobody_tried_before(db):
    cache.clear()


@pytest.fixture
def invitation(northgate):
    return invite(
        by=SYSTEM,
        partner=northgate,
        email="lou@northgate.example",
        name="Lou",
        role="partner_seller",
        at=now(),
    )


def link_of(invitation) -> str:
    mail = Mail.objects.filter(letter="account.invitation", to_address=invitation.email).latest("created_at")
    return re.search(r"(/join/\S+/)", render(mail)[1]).group(1)


def test_a_new_person_chooses_name_and_password_and_is_in(invitation):
    client, path = Client(), link_of(invitation)
    page = client.get(path).content.decode()
    assert "Northgate Clinical Systems" in page
    assert "Seller" in page

    assert client.post(path, NEW).headers["Location"] == "/portal/"

    assert client.get("/portal/team/").status_code == 200
    assert User.objects.get(email="lou@northgate.example").name == "Lou Berg"
    assert Client().get(path).status_code == 409
    assert Client().post(path, NEW).status_code == 409


def test_looking_at_the_link_uses_nothing_up(invitation):
    path = link_of(invitation)
    for _n in range(3):
        assert Client().get(path).status_code == 200


def test_a_person_with_an_account_proves_it_by_the_password(northgate, albion, rhys):
    offer = invite(
        by=SYSTEM, partner=northgate, email=rhys.email, name="Rhys", role="partner_viewer", at=now()
    )
    client, path = Client(), link_of(offer)
    assert 'name="name"' not in client.get(path).content.decode()
    assert client.post(path, {"password": "wrong"}).status_code == 400
    assert Membership.objects.current().filter(user=rhys).count() == 1

    assert client.post(path, {"password": PASSWORD}).status_code == 302

    assert Membership.objects.current().filter(user=rhys).count() == 2
    # Signing in is left to the log-in page, which asks for the second factor.
    assert client.get("/portal/team/").status_code == 302


def test_a_password_is_not_guessed_at_the_link(northgate, albion, rhys):
    offer = invite(
        by=SYSTEM, partner=northgate, email=rhys.email, name="Rhys", role="partner_viewer", at=now()
    )
    client, path = Client(), link_of(offer)
    codes = [client.post(path, {"password": f"guess {n}"}).status_code for n in range(11)]
    assert codes == [400] * 10 + [429]
    assert client.post(path, {"password": PASSWORD}).status_code == 429


@pytest.mark.parametrize("change", [{"password": "short"}, {"password": "password123"}, {"password": ""}, {"name": ""},
                                    {"name": "n" * 121}, {"password": "p" * 201}])  # fmt: skip
def test_a_weak_password_or_no_name_leaves_the_link_open(invitation, change):
    path = link_of(invitation)
    assert Client().post(path, {**NEW, **change}).status_code == 400
    assert not User.objects.filter(email="lou@northgate.example").exists()
    assert Client().post(path, NEW).status_code == 302


def test_a_revoked_or_old_link_is_closed(invitation, northgate):
    path = link_of(invitation)
    with time_machine.travel(now() + timedelta(days=8)):
        assert Client().get(path).status_code == 409
    revoke_invitation(by=SYSTEM, invitation=invitation, at=now())
    assert Client().get(path).status_code == 409
    assert Client().get("/join/nonsense/").status_code == 409


def test_joining_over_the_api(invitation):
    url, token = "/api/v1/public/invitations/accept/", link_of(invitation).removeprefix("/join/").rstrip("/")

    def post(**changes):
        return Client().post(url, {**NEW, "token": token, **changes}, content_type="application/json")

    assert post(password="short").status_code == 400
    assert post(token="nonsense").status_code == 409
    assert post(role="partner_admin").status_code == 400
    assert post().json()["role"] == "partner_seller"
    assert post().status_code == 409
