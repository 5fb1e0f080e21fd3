"""Bad input at every door of the API that makes something: a sentence, nothing kept, never a 500 (promise P11)."""

import json
from functools import cache

import pytest
from django.apps import apps

from core.access import ActorThrottle

pytestmark = pytest.mark.django_db

CORPUS = [
    None, "", "a\x00b", "x" * 10_000, "\u202egnp.exe", "١٢", "-1", "NaN", "0000-01-01", "2026-02-30",
    "00000000-0000-7000-8000-000000000000", -1, 10**29, True, [], [None], {}, {"amount": "-1", "currency": "USD"},
    {"amount": "1e30", "currency": "XXX"},
]  # fmt: skip


@pytest.fixture(autouse=True)
def _no_limit(monkeypatch):
    """Thousands of requests in a minute are the point here."""
    monkeypatch.setattr(ActorThrottle, "allow_request", lambda self, request, view: True)


@cache
def schema():
    from drf_spectacular.generators import SchemaGenerator

    return SchemaGenerator().get_schema(request=None, public=True)


def resolved(node):
    while "$ref" in node:
        node = schema()["components"]["schemas"][node["$ref"].rpartition("/")[2]]
    return node


def makers():
    """Every list that takes a POST of JSON, with the names of its fields."""
    for path, operations in sorted(schema()["paths"].items()):
        body = operations.get("post", {}).get("requestBody", {}).get("content", {}).get("application/json")
        if body and "{" not in path:
            yield path, sorted(resolved(body["schema"]).get("properties", {}))


def rows():
    """How many rows there are of everything that a request may leave behind."""
    left_out = {"IdempotencyKey", "Session", "AccessAttempt", "ContentType"}
    models = [m for m in apps.get_models() if m.__name__ not in left_out and m._meta.managed]
    return {m._meta.label: m._default_manager.count() for m in models}


def test_there_are_doors_to_knock_at():
    assert len(list(makers())) > 10


def test_bad_input_is_answered_in_words_and_leaves_nothing(ada, priya, northgate, rhys, api_of):
    client, probes = api_of(ada), 0
    for path, fields in makers():
        before = rows()
        for field in fields:
            for value in CORPUS:
                answer = client.post(path, json.dumps({field: value}), content_type="application/json")
                probes += 1
                assert answer.status_code < 500, (path, field, value)
                if answer.status_code >= 400:
                    assert answer["Content-Type"] == "application/problem+json", (path, field, value)
                    assert answer.json()["detail"], (path, field, value)
                else:
                    before = rows()
        assert rows() == before, path
        assert client.get(path).status_code in (200, 401, 403, 404, 405), path
    assert probes > 1000


BROKEN = [
    "",
    "[]",
    "null",
    '"x"',
    "{",
    '{"a": 1, "a": 2}',
    '{"name": "\\ud800"}',
    '{"a": NaN}',
    '{"a": "' + "x" * 1_100_000,
]


@pytest.mark.parametrize("body", [*BROKEN, '{"a":' * 40 + "1" + "}" * 40], ids=range(len(BROKEN) + 1))
def test_a_broken_body_is_refused_at_every_door(ada, api_of, body):
    client = api_of(ada)
    for path, _fields in makers():
        before = rows()
        answer = client.post(path, body, content_type="application/json")
        assert 400 <= answer.status_code < 500 or answer.status_code == 200, (path, body[:40])
        if answer.status_code >= 400:
            assert rows() == before, path
