"""Each list asks the database as often for three rows as for one, and never more often than a page needs."""

from __future__ import annotations

import pytest
from django import forms
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.api import BaseViewSet
from core.list_page import ListPage
from tests.tenancy import oracles
from tests.tenancy.matrix import all_doors, taken_back

pytestmark = pytest.mark.django_db

MOST = 14
DOORS = all_doors()
PAGES = [
    door for door in DOORS if door.side != "api" and issubclass(door.route.view, ListPage) and not door.row.of
]
LISTS = [
    door
    for door in DOORS
    if door.key.endswith(".list") and door.method == "get" and issubclass(door.route.view, BaseViewSet)
]
# Lists that ask for more than rows, each with what it shows besides. Eight queries are the frame's, nine the portal's.
MORE: dict[str, tuple[int, str]] = {
    "workspace:deals": (26, "seven counted views, six choices to filter by, three settings"),
    "workspace:deal-board": (22, "stages, sums and cards, rates, five choices to filter by"),
    "workspace:deal-review": (24, "four counted views, markets of responsibility, six choices to filter by"),
    "workspace:answers": (18, "the limit of a day, six choices to filter by"),
    "workspace:conflict-cases": (15, "two counted views, the rules to filter by"),
    "workspace:leads": (21, "five counted views, three choices to filter by"),
    "workspace:lead-takers": (19, "four figures, profiles, what each holds, the usual load"),
    "portal:leads": (
        22,
        "four counted views, what waits for an answer or a call, reasons, two choices to filter by",
    ),
    "workspace:deal-forecast": (20, "sums, rates, stages, five choices to filter by"),
    "portal:deal-board": (18, "stages, sums and cards, rates, three choices to filter by"),
    "portal:deal-forecast": (16, "sums, rates, stages, three choices to filter by"),
    "portal:team-certifications": (
        27,
        "tracks, their people’s certifications, the tier’s rule with its facts",
    ),
    "workspace:partners": (17, "booked amounts, tiers, four choices to filter by"),
    "workspace:reviews": (16, "three counted views, two choices to filter by"),
    "workspace:applications": (15, "two counted views, two choices to filter by"),
    "workspace:onboarding": (15, "three counted views, choices to filter by"),
}


def asked(client, address) -> tuple[int, int]:
    """How many queries an answer takes, and its length, once everything that is asked once is known."""
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    assert response.status_code == 200, address
    return len(queries), response.content.count(b"</tr>") if b"<html" in response.content[:200] else len(
        response.json()["results"]
    )


@pytest.mark.parametrize("door", PAGES, ids=[door.key for door in PAGES])
def test_a_page_asks_as_often_for_three_rows_as_for_one(people, monkeypatch, door, record_property):
    client = people["A_admin" if door.side == "portal" else "ada"].client
    found = []
    for size in (1, 3):
        monkeypatch.setattr(door.route.view, "page_rows", size)
        with taken_back():
            found.append(asked(client, door.address("")))

    (one, _short), (three, _long) = found
    record_property("queries", three)
    assert one == three, f"{door.key}: {one} for one row, {three} for three"
    assert three <= MORE.get(door.key, (MOST, ""))[0], f"{door.key}: {three}"


@pytest.mark.parametrize("door", LISTS, ids=[door.key for door in LISTS])
def test_a_list_of_the_api_asks_as_often_for_three_rows_as_for_one(people, door):
    name = "key vendor"
    if door.key.startswith("api:notifications"):
        name = "key A_write"
    with taken_back():
        one, rows_of_one = asked(people[name].client, door.address("") + "?page_size=1")
        three, rows_of_three = asked(people[name].client, door.address("") + "?page_size=3")

    assert one == three, f"{door.key}: {one} for one row, {three} for three"
    assert three <= MORE.get(door.key, (MOST, ""))[0], f"{door.key}: {three}"
    assert rows_of_one <= 1 and rows_of_three <= 3


def choices_of(field: forms.Field) -> list[str]:
    """What can be chosen in a filter, each of which may be a query of its own."""
    if isinstance(field, forms.ModelChoiceField):
        first = field.queryset.first()
        return [str(field.prepare_value(first))] if first else []
    if isinstance(field, forms.ChoiceField):
        return [str(value) for value, _label in field.choices if value not in ("", None)]
    return [{forms.DateField: "2026-01-05", forms.DecimalField: "7"}.get(type(field), "true")]


FILTERED = [door for door in PAGES if door.route.view.filterset_class]


@pytest.mark.parametrize("door", FILTERED, ids=[door.key for door in FILTERED])
def test_a_list_is_narrowed_by_every_choice_of_every_filter(people, door):
    client, address = people["A_admin" if door.side == "portal" else "ada"].client, door.address("")
    form, tried = client.get(address).context["filter_form"], 0
    for name, field in form.fields.items():
        for value in choices_of(field):
            with taken_back():
                response = client.get(address, {name: value, "export": "csv"})
                assert response.status_code == 200, (name, value)
                assert oracles.content_of(response), (name, value)
            tried += 1

    assert tried >= 1


def test_most_lists_have_three_rows_to_show(people):
    """One row for one, three for three: the comparison compares something."""
    full = 0
    for door in LISTS:
        response = people["key vendor"].client.get(door.address("") + "?page_size=3")
        full += len(response.json()["results"]) == 3

    assert len(LISTS) > 30 and len(PAGES) > 12
    assert full > 22
