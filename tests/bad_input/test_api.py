"""Every write of the API × the corpus: never a 500, nothing of what is refused is stored, lists still read."""

from __future__ import annotations

import json
from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator

from tests.bad_input import corpus
from tests.bad_input.good import good_writes
from tests.bad_input.probing import GATHERING, Probing, all_tables
from tests.tenancy.matrix import taken_back

pytestmark = pytest.mark.django_db


def operations() -> dict[str, tuple[str, str, dict[str, Any], list[str]]]:
    """operation id → method, path, its fields' schemas and the required ones."""
    schema = SchemaGenerator().get_schema(request=None, public=True)
    shapes = schema["components"]["schemas"]
    found = {}
    for path, item in schema["paths"].items():
        for method, operation in item.items():
            if method in ("post", "patch", "put", "delete"):
                content = operation.get("requestBody", {}).get("content", {})
                body = content.get("application/json") or next(iter(content.values()), {"schema": {}})
                shape = shapes.get(body["schema"].get("$ref", "").rpartition("/")[2], {})
                fields = shape.get("properties", {})
                found[operation["operationId"]] = (method, path, fields, shape.get("required", []))
    return found


OPERATIONS = operations()


@pytest.fixture(scope="module")
def good(world, people, django_db_blocker):
    """What works is made ready once; what comes of it is taken back with each probe."""
    with django_db_blocker.unblock(), taken_back():
        yield good_writes(world)


@pytest.fixture(scope="module")
def before(good, django_db_blocker):
    with django_db_blocker.unblock():
        return all_tables()


@pytest.fixture
def probing(people, before):
    return Probing(people, before)


def sender(people, good, name):
    """A function that sends a body to an operation."""
    method, path, _fields, _required = OPERATIONS[name]
    write = good[name]
    address = path.replace("{id}", str(write.on))
    client = people[write.by].client

    def send(body: Any, content_type: str = "application/json", **headers: str) -> Any:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        return getattr(client, method)(
            address, raw, content_type=content_type, headers={"if-match": "*", **headers}
        )

    return client, send, write


def judge(capsys, probing: Probing, title: str) -> None:
    with capsys.disabled():
        print(f"\n  {title}: {probing.probes} probes, {probing.accepted} accepted")
    if probing.faults:
        pytest.fail("\n".join(probing.faults[:12]), pytrace=False)


def test_every_write_of_the_api_is_probed(good):
    assert set(good) == set(OPERATIONS)


def test_the_good_ones_work(people, good, probing, capsys):
    """The positive control: what the probes spoil is right by itself."""
    wrong = {}
    for name, write in good.items():
        client, send, _write = sender(people, good, name)
        status = probing.send(
            name, client, lambda send=send, write=write: send(write.body), list(write.lists)
        )
        if (status < 300) != write.works:
            wrong[name] = status

    assert wrong == {}
    judge(capsys, probing, "good writes")


def spoiled(fields: dict[str, Any], body: dict[str, Any]) -> Any:
    """Bodies with one wrong thing: what is wrong, the body, and the pages that must still be read."""
    texts = 0
    for field, schema in fields.items():
        kind = corpus.kind_of(schema)
        texts += kind == "text"
        pages = GATHERING if kind in ("day", "instant", "money", "number") else ()
        for value in corpus.values_for(kind, texts):
            yield f"{field}={short(value)}", {**body, field: value}, pages
        yield f"without {field}", {k: v for k, v in body.items() if k != field}, ()
    yield "unknown field", {**body, "there_is_no_such_field": 1}, ()
    yield "many unknown fields", {**body, **{f"f{n}": n for n in range(200)}}, ()
    for name in ("id", "version", "tenant", "state", "created_at", "number"):
        yield f"read-only {name}", {**body, name: "x"}, ()


def short(value: Any) -> str:
    return ascii(value)[:40]


@pytest.mark.parametrize("name", OPERATIONS)
def test_one_wrong_field(people, good, probing, name):
    _method, _path, fields, _required = OPERATIONS[name]
    client, send, write = sender(people, good, name)
    for what, body, pages in corpus.in_turn(spoiled(fields, write.body), name):
        probing.send(f"{name} {what}", client, lambda body=body: send(body), [*write.lists, *pages])

    assert probing.probes >= 1
    if probing.faults:
        pytest.fail("\n".join(probing.faults[:12]), pytrace=False)


def test_whole_bodies(people, good, probing, capsys):
    for name, write in good.items():
        client, send, _write = sender(people, good, name)
        for raw, content_type in corpus.in_turn(corpus.BODIES, name):
            what = f"{name} {short(raw)} as {content_type}"
            probing.send(what, client, lambda s=send, r=raw, c=content_type: s(r, c), list(write.lists))

    judge(capsys, probing, "whole bodies")


def test_a_body_that_is_too_large(people, good, probing):
    for name in ("deals_create", "public_applications_create", "deals_approve_create"):
        client, send, _write = sender(people, good, name)
        assert probing.send(name, client, lambda send=send: send(corpus.TOO_LARGE), []) == 413

    assert probing.faults == []


@pytest.mark.parametrize(
    "headers",
    [
        {"if-match": "999"}, {"if-match": '"999"'}, {"if-match": "W/\"1\""}, {"if-match": "x" * 5000},
        {"if-match": "\u00e9"}, {"idempotency-key": "x" * 300}, {"idempotency-key": "k\u00e9y"},
        {"idempotency-key": " "},
        {"accept": "text/csv"}, {"accept-language": "xx-XX;q=9"}, {"if-none-match": "*"}, {"range": "bytes=0-1"},
        {"content-length": "0"}, {"x-forwarded-for": "\u0000"},
    ],
    ids=str,
)  # fmt: skip
def test_headers(people, good, probing, headers):
    for name, write in corpus.in_turn(good.items(), str(headers)):
        client, send, _write = sender(people, good, name)
        probing.send(f"{name} {headers}", client, lambda s=send, w=write: s(w.body, **headers), [])

    assert probing.probes > 5
    assert probing.faults == []


def test_a_stale_version_is_412_and_changes_nothing(people, good, probing):
    """Every write on a row, when it says which version it read, is refused for an older one."""
    answers = {}
    for name, write in good.items():
        if write.on and write.works:
            client, send, _write = sender(people, good, name)
            call = lambda s=send, w=write: s(w.body, **{"if-match": '"999"'})  # noqa: E731
            answers[name] = probing.send(name, client, call, [])

    assert probing.faults == []
    assert len(answers) > 35
    assert {name: status for name, status in answers.items() if status != 412} == {}


def test_a_double_submit_happens_once(people, good, probing):
    """The same body with the same key: one row, the same answer; another body with it: 422."""
    checked = 0
    for name, write in good.items():
        method, _path, fields, _required = OPERATIONS[name]
        if method != "post" or not (write.works and write.writes) or write.by == "anonymous":
            continue
        client, send, _write = sender(people, good, name)
        seen = []

        def twice(send=send, write=write, seen=seen, fields=fields):
            headers = {"idempotency-key": "the-same"}
            first, second = send(write.body, **headers), send(write.body, **headers)
            seen += [first, second, send({**write.body, "x": 1}, **headers) if not fields else None]
            return second

        probing.send(name, client, twice, [])
        first, second = seen[0], seen[1]
        assert (first.status_code, first.content) == (second.status_code, second.content), name
        assert second["Idempotent-Replayed"] == "true", name
        checked += 1

    assert probing.faults == []
    assert checked > 40


def test_refusals_point_at_the_field(people, good, probing):
    """A wrong value of a field is named by its pointer, in a problem document."""
    pointed = 0
    for name, write in good.items():
        _method, _path, fields, _required = OPERATIONS[name]
        client, send, _write = sender(people, good, name)
        for field, schema in fields.items():
            if corpus.kind_of(schema) == "file":
                continue
            seen = []
            wrong = {"a": {"b": 1}}

            def call(send=send, write=write, field=field, seen=seen, wrong=wrong):
                seen.append(send({**write.body, field: wrong}))
                return seen[0]

            probing.send(f"{name} {field}", client, call, [])
            answer = seen[0]
            assert answer.status_code == 400, (name, field, answer.status_code)
            assert answer["Content-Type"] == "application/problem+json"
            assert any(e["pointer"].startswith(f"/{field}") for e in answer.json()["errors"]), (
                name,
                field,
                answer.json(),
            )
            pointed += 1

    assert probing.faults == []
    assert pointed > 150
