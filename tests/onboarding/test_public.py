"""The public pages and endpoints: apply, the one answer, confirm."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.test import Client

from core.mail import render
from core.models import Mail
from onboarding.models import Application
from tests.onboarding.conftest import said

pytestmark = pytest.mark.django_db
API = "/api/v1/public/applications/"


@pytest.fixture(autouse=True)
def nobody_applied_before(db):
    cache.clear()


def filled(**changes):
    return {**said(), "categories": ["channel"], "accepts_privacy": "on", **changes}


def as_json(**changes):
    return {**said(), "categories": ["channel"], "accepts_privacy": True, **changes}


def send(client=None, **changes):
    return (client or Client()).post("/apply/", filled(**changes))


def answer_of(response) -> tuple:
    """What a stranger can compare: status, address, body and headers but for the request's own id."""
    headers = {k: v for k, v in response.headers.items() if k not in ("X-Request-ID", "Set-Cookie")}
    shown = Client().get(response.headers["Location"])
    return response.status_code, headers, response.content, shown.status_code


def letter(name: str) -> str:
    return render(Mail.objects.filter(letter=name).latest("created_at"))[1]


def link_in(text: str) -> str:
    return re.search(r"(/apply/confirm/\S+/)", text).group(1)


def test_the_form_is_calm_and_asks_for_no_puzzle(program):
    page = Client().get("/apply/")
    assert page.status_code == 200
    text = page.content.decode()
    for name in ("legal_name", "website", "country", "categories", "intent", "contact_name", "contact_email"):
        assert f'name="{name}"' in text
    assert "captcha" not in text.lower()


def test_a_company_applies_and_confirms_by_the_button_behind_the_link(program):
    assert send().headers["Location"] == "/apply/sent/"
    path = link_in(letter("application.confirm"))

    assert Client().get(path).status_code == 200
    assert Application.objects.get().state == "unconfirmed"

    page = Client().post(path)
    assert "A-1001" in page.content.decode()
    assert Application.objects.get().state == "received"
    assert Client().post(path).status_code == 409
    assert Client().get(path).status_code == 409


@pytest.mark.parametrize(
    "path", ["/apply/confirm/nonsense/", "/apply/confirm/AAAA.BBBB/", "/apply/confirm/%00.x/"]
)
def test_a_link_that_is_none_is_closed(program, path):
    assert Client().get(path).status_code == 409
    assert Client().post(path).status_code == 409


def test_known_and_unknown_companies_get_the_same_answer(program, northgate, priya):
    unknown = send()
    partner = send(website="https://northgate.example", contact_email="lee@northgate.example")
    by_website = send(website="https://northgate.example", contact_email="lee@elsewhere.example")
    again = send()

    assert answer_of(unknown) == answer_of(partner) == answer_of(by_website) == answer_of(again)
    assert set(Mail.objects.values_list("letter", flat=True)) == {
        "application.confirm",
        "application.colleague",
    }


def test_the_endpoint_gives_known_and_unknown_companies_the_same_answer(program, northgate, priya):
    def post(**changes):
        response = Client().post(API, as_json(**changes), content_type="application/json")
        return response.status_code, response.json()

    known = post(website="https://northgate.example", contact_email="lee@northgate.example")
    assert post() == known == post()
    assert known[0] == 202
    assert Application.objects.filter(organization=northgate.organization).exists()


def test_a_colleague_of_a_partner_is_told_whom_to_ask_and_the_admin_hears_of_it(program, northgate, priya):
    send(website="https://northgate.example", contact_email="lee@northgate.example")
    page = Client().post(link_in(letter("application.colleague")))

    assert "administrator" in page.content.decode()
    assert "Northgate" not in page.content.decode()
    assert "lee@northgate.example" in letter("application.referred")
    assert Mail.objects.get(letter="application.referred").to_user == priya


def test_a_machine_that_fills_the_trap_gets_the_same_answer_and_nothing_is_kept(program):
    person, machine = send(), send(fax="1234", contact_email="bot@bot.example")
    assert answer_of(person) == answer_of(machine)
    assert not Application.objects.filter(contact_email="bot@bot.example").exists()


def test_one_address_gets_only_so_many_letters(program):
    answers = {answer_of(send())[0:1] + answer_of(send())[3:] for _n in range(4)}
    assert len(answers) == 1
    assert Mail.objects.filter(to_address="nora@brightwell.example").count() == 4


def test_one_place_can_not_send_without_end(program):
    codes = [
        send(contact_email=f"p{n}@c{n}.example", website=f"https://c{n}.example").status_code
        for n in range(21)
    ]
    assert codes[19] == 302
    assert codes[20] == 429
    assert Application.objects.count() == 20


def test_a_double_submit_is_one_application(program):
    key = {"idempotency_key": "abc123"}
    assert send(**key).status_code == send(**key).status_code == 302
    assert Application.objects.count() == 1
    assert Mail.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("legal_name", ""),
        ("legal_name", "x" * 201),
        ("legal_name", "Nul\x00"),
        ("website", "not a website"),
        ("website", "ftp://files.example"),
        ("country", "XX"),
        ("categories", "made_up"),
        ("intent", "y" * 2001),
        ("contact_email", "nobody"),
        ("identifier", "12345"),
        ("accepts_privacy", ""),
    ],
)
def test_what_is_wrong_is_said_at_its_field(program, field, value):
    page = send(**{field: value})
    assert page.status_code == 400
    assert f"id_{field}_error" in page.content.decode()
    assert not Application.objects.exists()


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"legal_name": 7, "categories": "channel"}, "/categories"),
        ({"categories": []}, "/categories"),
        ({"categories": ["made_up"]}, "/categories"),
        ({"country": "Norway"}, "/country"),
        ({"accepts_privacy": False}, "/accepts_privacy"),
        ({"website": "javascript:alert(1)"}, "/website"),
        ({"contact_email": "a" * 300 + "@x.example"}, "/contact_email"),
        ({"state": "received"}, "/state"),
        ({"identifier": "1"}, "/identifier"),
    ],
)
def test_the_endpoint_points_at_what_is_wrong(program, change, pointer):
    response = Client().post(API, as_json(**change), content_type="application/json")
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"
    assert any(error["pointer"].startswith(pointer) for error in response.json()["errors"])
    assert not Application.objects.exists()


@pytest.mark.parametrize("body", ["", "[]", '{"legal_name": "\\u0000"}', '{"a": 1, "a": 2}', "{"])
def test_the_endpoint_refuses_what_is_no_proper_object(program, body):
    assert Client().post(API, body, content_type="application/json").status_code == 400


def test_an_application_is_confirmed_over_the_api(program):
    Client().post(API, as_json(), content_type="application/json")
    token = link_in(letter("application.confirm")).removeprefix("/apply/confirm/").rstrip("/")
    first = Client().post(f"{API}confirm/", {"token": token}, content_type="application/json")
    second = Client().post(f"{API}confirm/", {"token": token}, content_type="application/json")
    assert (first.status_code, second.status_code) == (200, 409)
    assert Application.objects.get().state == "received"
