"""Reference data over the API, and through it the manners of every endpoint."""

import json

import pytest

from catalog.models import FxRate

pytestmark = pytest.mark.django_db
URL = "/api/v1/exchange-rates/"
RATE = {"currency": "CHF", "on": "2026-11-02", "rate": "1.13"}


def post(client, body, **headers):
    text = body if isinstance(body, str) else json.dumps(body)
    return client.post(URL, text, content_type="application/json", headers=headers)


def test_a_key_reads_reference_data(ada, api_of):
    answer = api_of(ada).get("/api/v1/markets/")
    assert answer.status_code == 200
    assert {m["code"] for m in answer.json()["results"]} == {"us", "uk", "eu", "jp"}


def test_without_a_key_there_is_no_answer(program, client):
    answer = client.get("/api/v1/markets/")
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_finance_adds_a_rate_once_per_idempotency_key(finn, api_of):
    client = api_of(finn)
    first = post(client, RATE, **{"idempotency-key": "a"})
    again = post(client, RATE, **{"idempotency-key": "a"})
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert again["Idempotent-Replayed"] == "true"
    assert FxRate.objects.filter(currency="CHF").count() == 1


def test_a_reused_key_with_another_body_is_refused(finn, api_of):
    client = api_of(finn)
    post(client, RATE, **{"idempotency-key": "a"})
    answer = post(client, RATE | {"rate": "1.2"}, **{"idempotency-key": "a"})
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")


def test_a_failed_write_frees_its_key(finn, api_of):
    client = api_of(finn)
    assert post(client, RATE | {"rate": "-1"}, **{"idempotency-key": "a"}).status_code == 400
    assert post(client, RATE, **{"idempotency-key": "a"}).status_code == 201


def test_the_second_rate_of_a_day_is_refused_in_words(finn, api_of):
    client = api_of(finn)
    assert post(client, RATE).status_code == 201
    answer = post(client, RATE)
    assert answer.status_code == 400
    assert "This day has a rate already." in json.dumps(answer.json())


def test_a_partner_may_not_add_rates(priya, northgate, api_of):
    assert post(api_of(priya, northgate), RATE).status_code == 403


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{", 400),
        ("[]", 400),
        ('{"currency": "CHF", "currency": "SEK", "on": "2026-11-02", "rate": "1"}', 400),
        (RATE | {"colour": "red"}, 400),
        (RATE | {"currency": "XXX"}, 400),
        (RATE | {"on": "2026-02-30"}, 400),
        (RATE | {"on": "2027-11-02"}, 400),
        (RATE | {"rate": "NaN"}, 400),
        ('{"currency": "CHF", "on": "2026-11-02", "rate": NaN}', 400),
        (RATE | {"origin": "a\x00b"}, 400),
        ('{"currency": "CHF", "on": "2026-11-02", "rate": "1", "origin": "\\ud800"}', 400),
        (RATE | {"origin": "x" * 121}, 400),
        ({}, 400),
        ("[" * 3000 + "]" * 3000, 400),
    ],
)
def test_bad_input_is_named_and_leaves_nothing(finn, api_of, body, status):
    before = FxRate.objects.count()
    answer = post(api_of(finn), body)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert FxRate.objects.count() == before
    assert api_of(finn).get(URL).status_code == 200


WRONG = "colour=red ordering=rate page_size=0 page_size=x cursor=abc search=x on_or_after=x updated_since=yesterday"


@pytest.mark.parametrize("query", WRONG.split())
def test_an_unknown_parameter_or_value_is_named(finn, api_of, query):
    answer = api_of(finn).get(f"{URL}?{query}")
    assert answer.status_code == 400
    assert query.split("=")[0] in json.dumps(answer.json()["errors"])


def test_pages_follow_each_other_without_gap_or_repeat(finn, api_of):
    client, seen, url = api_of(finn), [], f"{URL}?page_size=7"
    while url:
        content = client.get(url).json()
        seen += [row["id"] for row in content["results"]]
        url = content["next"]
    assert len(seen) == len(set(seen)) == FxRate.objects.count()
    back = client.get(f"{URL}?page_size=7").json()["next"]
    assert client.get(client.get(back).json()["previous"]).json()["results"][0]["id"] == seen[0]


def test_a_cursor_of_another_list_is_refused(finn, api_of):
    client = api_of(finn)
    following = client.get(f"{URL}?page_size=2").json()["next"]
    cursor = following.partition("cursor=")[2]
    assert client.get(f"{URL}?page_size=2&currency=EUR&cursor={cursor}").status_code == 400


def test_an_object_has_an_etag(finn, api_of):
    client = api_of(finn)
    one = f"{URL}{FxRate.objects.first().pk}/"
    tag = client.get(one)["ETag"]
    assert client.get(one, headers={"if-none-match": tag}).status_code == 304


@pytest.mark.parametrize("path", ["00000000-0000-7000-8000-000000000000", "1", "x", "%D9%A1"])
def test_what_does_not_exist_is_404(finn, api_of, path):
    answer = api_of(finn).get(f"{URL}{path}/")
    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"


def test_the_wrong_content_type_is_415(finn, api_of):
    answer = api_of(finn).post(URL, {"a": "b"})
    assert answer.status_code == 415


def test_the_documents_are_there_for_everyone(ada, client, browser_of):
    for reader in (client, browser_of(ada)):
        page = reader.get("/api/docs/", headers={"accept": "text/html"})
        assert page.status_code == 200
        assert b"<style" not in page.content
        assert b"<script>" not in page.content
    schema = client.get("/api/schema/").json()
    assert schema["openapi"].startswith("3.1")
    answers = schema["paths"]["/api/v1/exchange-rates/"]["post"]["responses"]
    assert answers["422"]["content"]["application/problem+json"]["schema"]["$ref"].endswith("/Problem")


def test_each_problem_type_is_explained(client, finn, api_of):
    kind = api_of(finn).get(f"{URL}x/").json()["type"]
    page = client.get("/" + kind.partition("://")[2].partition("/")[2].partition("#")[0])
    assert f'id="{kind.partition("#")[2]}"' in page.content.decode()
