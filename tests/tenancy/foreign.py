"""Ids of another partner's rows, sent where an own one belongs: in bodies, forms, filters, prefilled addresses.

The answer must be the one that an id without a row gets, nothing may be written, and nothing of A may point at B.
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator
from functools import partial
from typing import Any

from django import forms as django_forms
from django.db import connection
from django_filters import ModelChoiceFilter, UUIDFilter
from drf_spectacular.generators import SchemaGenerator

from deals.filters import PortalDealFilters
from tests.tenancy import oracles
from tests.tenancy.actors import Knocker
from tests.tenancy.matrix import (
    MISSING,
    VENDOR_WIDE,
    Door,
    all_doors,
    difference,
    in_sight,
    is_of_a,
    masked,
    same_cookies,
    taken_back,
    targets,
)
from tests.tenancy.world import World


def fields_with_ids() -> dict[tuple[str, str], list[tuple[str, bool]]]:
    """(method, path) of the API's writes → the fields that hold an id, and whether they hold a list of them."""
    schema = SchemaGenerator().get_schema(request=None, public=True)
    shapes = schema["components"]["schemas"]
    found = {}
    for path, item in schema["paths"].items():
        for method, operation in item.items():
            content = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if content and method in ("post", "patch"):
                shape = shapes.get(content["schema"].get("$ref", "").rpartition("/")[2], {})
                fields = [
                    (n, f.get("type") == "array")
                    for n, f in shape.get("properties", {}).items()
                    if "uuid" in str(f)
                ]
                if fields:
                    found[(method, path)] = fields
    return found


# Which kinds of rows a field of this name holds; those of any other name are tried with every kind.
KINDS_OF = {
    "partner": ("partner",), "organization": ("organization",), "parent": ("organization",), "psm": ("user",),
    "reviewer": ("user",), "users": ("user",), "user": ("user",), "contact": ("contact",), "contacts": ("contact",),
    "signed_by": ("contact",), "deal": ("deal",), "duplicate_of": ("deal",), "review": ("review",),
    "plan": ("onboarding_plan",), "depends_on": ("onboarding_task",), "subject": ("deal", "review", "partner"),
    "subject_id": ("deal", "application"), "product": ("deal",), "products": ("deal",), "track": ("certification",),
    "gate": ("gate_record",), "type": ("deal",), "stage": ("deal",), "market": ("partner",), "draft": ("deal",),
    "categories": ("partner",), "category": ("partner",), "template": ("onboarding_plan",),
    "customer": ("organization",), "reason": ("deal",), "channel": ("deal",),
}  # fmt: skip


def foreign_ids(world: World, who: Knocker, field: str) -> Iterator[tuple[str, str]]:
    """(kind, id) of rows that this one must not know and that the field could hold."""
    for kind in KINDS_OF.get(field, tuple(world.objects)):
        if who.side == "workspace" and kind in VENDOR_WIDE:
            continue
        owners = world.objects[kind]
        for owner in ("B", "hidden"):
            if owner not in who.sees and owners.get(owner):
                yield kind, str(owners[owner][0])


class Foreign:
    """Sends ids of B and compares with what an id without a row gets."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.before = oracles.fingerprint(world)
        self.crossings = set(oracles.crossings())
        self.probes = 0
        self.faults: list[str] = []
        self.missing: dict[
            Any, tuple[bytes, tuple[str, ...], int]
        ] = {}  # `send` → its answer to a missing id

    def own(self, door: Door, who: Knocker) -> str:
        """An address of the door that this one may use."""
        seen = [t.id for t in targets(self.world, door, most=3) if in_sight(door, who, t)]
        return door.address(seen[0]) if seen else ""

    def compare(self, what: str, who: Knocker, pk: str, send: Any) -> None:
        """`send(id)` for a foreign id and for a missing one; the same answer but for the ids."""
        if send not in self.missing:
            self.missing[send] = self.answer(who, MISSING, send)
        missing, foreign = self.missing[send], self.answer(who, pk, send, watched=True)
        self.probes += 1
        if foreign != missing:
            words = f"{what} by {who.name}: {foreign[2]}, missing {missing[2]}"
            self.faults.append(f"{words}; {difference(missing, foreign)}")

    def answer(
        self, who: Knocker, pk: str, send: Any, watched: bool = False
    ) -> tuple[bytes, tuple[str, ...], int]:
        with taken_back(), same_cookies(who.client):
            writes = oracles.Writes()
            with connection.execute_wrapper(writes):
                response = send(pk)
                content = oracles.content_of(response)
            if watched:
                self.look(who, pk, content, writes)
            body = b"" if response.streaming else response.content
            return masked(body, pk), tuple(sorted(response.headers)), response.status_code

    def look(self, who: Knocker, pk: str, content: bytes, writes: oracles.Writes) -> None:
        if found := oracles.leaks(self.world, content, pk, of_vendor=not is_of_a(who)):
            self.faults.append(f"{who.name} was shown {found[:3]} for {pk}")
        if writes.counted:
            if tables := oracles.changed(self.world, self.before, writes.counted):
                self.faults.append(f"{who.name} changed rows of B in {tables}")
            if more := set(oracles.crossings()) - self.crossings:
                self.faults.append(f"{who.name} linked {sorted(more)}")


def api_doors() -> Iterator[tuple[Door, list[tuple[str, bool]]]]:
    known = fields_with_ids()
    for door in all_doors():
        if door.side == "api" and door.is_unsafe:
            path = door.route.address(**dict.fromkeys(door.route.arguments, "{id}"))
            if fields := known.get((door.method, path)):
                yield door, fields


def try_api_bodies(foreign: Foreign, who: Knocker) -> None:
    for door, fields in api_doors():
        address = foreign.own(door, who)
        if not address or not who.may(door.row.permission("A")):
            continue
        for name, is_list in fields:
            send = partial(send_json, who, door, address, name, is_list)
            for kind, pk in foreign_ids(foreign.world, who, name):
                foreign.compare(f"{door.key} {name}={kind}", who, pk, send)


def send_json(who: Knocker, door: Door, address: str, name: str, is_list: bool, value: str) -> Any:
    body = json.dumps({**door.row.body, name: [value] if is_list else value})
    return getattr(who.client, door.method)(address, body, content_type="application/json")


def form_of(door: Door) -> Any:
    return getattr(door.route.view, "form_class", None)


def choices_in(door: Door) -> list[str]:
    """The fields of a page's form in which a row is chosen."""
    fields = getattr(form_of(door), "base_fields", {})
    return [name for name, field in fields.items() if isinstance(field, django_forms.ModelChoiceField)]


def try_forms(foreign: Foreign, who: Knocker) -> None:
    for door in all_doors():
        if door.side != who.side or not door.is_unsafe or not (names := choices_in(door)):
            continue
        address = foreign.own(door, who)
        if not address or not who.may(door.row.permission("A")):
            continue
        for name in names:
            send = partial(send_form, who, address, name)
            for kind, pk in foreign_ids(foreign.world, who, name):
                foreign.compare(f"{door.key} {name}={kind}", who, pk, send)


def send_form(who: Knocker, address: str, name: str, value: str) -> Any:
    return who.client.post(address, {name: value})


def parameters(door: Door) -> list[str]:
    """What a list can be narrowed by that is another row."""
    filterset = getattr(door.route.view, "filterset_class", None)
    if isinstance(filterset, property):  # one per side: the narrower is the partner's
        filterset = PortalDealFilters
    filters = getattr(filterset, "base_filters", {})
    return [name for name, found in filters.items() if isinstance(found, (ModelChoiceFilter, UUIDFilter))]


def try_filters(foreign: Foreign, who: Knocker) -> None:
    side = "api" if who.by_key else who.side
    for door in all_doors():
        if door.side != side or door.is_unsafe or door.row.of or not who.may(door.row.permission("A")):
            continue
        for name in parameters(door):
            send = partial(ask, who, door.address(""), name)
            for kind, pk in foreign_ids(foreign.world, who, name):
                foreign.compare(f"{door.key}?{name}={kind}", who, pk, send)


def ask(who: Knocker, address: str, name: str, value: str) -> Any:
    return who.client.get(f"{address}{'&' if '?' in address else '?'}{name}={value}")


PREFILLED = ("partner", "organization", "deal", "contact", "review", "customer", "user", "draft", "again")


def read_from_address(door: Door) -> list[str]:
    """Those of them that the page's module speaks of at all, where it reads addresses."""
    source = inspect.getsource(inspect.getmodule(door.route.view))  # type: ignore[arg-type]
    return [name for name in PREFILLED if "request.GET" in source and f'"{name}"' in source]


def try_prefilled(foreign: Foreign, who: Knocker) -> None:
    """Pages that take an id along in their address, such as a form that is opened for one partner."""
    for door in all_doors():
        if door.side != who.side or door.is_unsafe or not who.may(door.row.permission("A")):
            continue
        address = foreign.own(door, who)
        for name in read_from_address(door) if address else ():
            send = partial(ask, who, address, name)
            for kind, pk in foreign_ids(foreign.world, who, name):
                foreign.compare(f"{door.key}?{name}={kind}", who, pk, send)
