"""An id of another partner's row is answered as one that does not exist, wherever it is sent; nothing is written."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from core import clock
from tests.tenancy import foreign as probing
from tests.tenancy.foreign import Foreign
from tests.tenancy.matrix import MISSING, taken_back
from tests.tenancy.world import PDF

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("without_counts_in_the_navigation")]
# Who sees what is asked by the same queries on both engines: on PostgreSQL the partner's side alone is tried.
THE_VENDORS = pytest.mark.sqlite
MAYA, PSM = pytest.param("maya", marks=THE_VENDORS), pytest.param("key psm", marks=THE_VENDORS)


@pytest.fixture
def foreign(world):
    return Foreign(world)


@pytest.fixture
def standing_still():
    """Pages tell the time, and two answers are compared."""
    with time_machine.travel(clock.now(), tick=False):
        yield


def judge(capsys, foreign, title):
    with capsys.disabled():
        print(f"\n  {title}: {foreign.probes} probes")
    if foreign.faults:
        pytest.fail("\n".join(foreign.faults), pytrace=False)


@pytest.mark.parametrize("name", ["key A_write", PSM])
def test_in_bodies_of_the_api(foreign, people, capsys, name):
    probing.try_api_bodies(foreign, people[name])

    judge(capsys, foreign, f"bodies by {name}")


@pytest.mark.parametrize("name", ["A_admin", MAYA])
def test_in_forms(foreign, people, standing_still, capsys, name):
    probing.try_forms(foreign, people[name])

    judge(capsys, foreign, f"forms by {name}")


@pytest.mark.parametrize("name", ["key A_write", PSM, "A_admin", MAYA])
def test_in_filters_of_lists(foreign, people, standing_still, capsys, name):
    probing.try_filters(foreign, people[name])

    judge(capsys, foreign, f"filters by {name}")


@pytest.mark.parametrize("name", ["A_admin", MAYA])
def test_in_addresses_that_take_an_id_along(foreign, people, standing_still, capsys, name):
    probing.try_prefilled(foreign, people[name])

    judge(capsys, foreign, f"prefilled addresses by {name}")


def test_most_writes_that_take_an_id_are_probed():
    assert len(list(probing.api_doors())) > 18
    assert sum(1 for door in probing.all_doors() if probing.choices_in(door)) > 10


def post(client, address, body):
    return client.post(address, json.dumps(body), content_type="application/json")


@pytest.mark.parametrize("name", ["key A_write", "key psm"])
def test_a_file_for_a_strangers_record(foreign, people, world, name):
    """A complete body: nothing but the foreign id stands in the way."""
    client = people[name].client

    def send(pk):
        file = SimpleUploadedFile("offer.pdf", PDF, "application/pdf")
        return client.post("/api/v1/attachments/", {"kind": "deal", "subject": pk, "file": file})

    for kind in ("deal", "review", "gate_record"):
        foreign.compare(f"file for {kind}", people[name], str(world.of(kind, "B")[0]), send)

    assert foreign.faults == []
    with taken_back():
        assert send(str(world.of("deal", "A")[0])).status_code == 201


def test_a_strangers_task_is_not_put_off(foreign, people, world):
    """B's deal does not wait for B's stranger of a manager; her own does."""
    client, until = people["key psm"].client, (clock.now() + timedelta(days=1)).isoformat()

    def send(pk):
        body = {"kind": "deal_decision", "subject_id": pk, "until": until}
        return post(client, "/api/v1/snoozes/", body)

    foreign.compare("snooze", people["key psm"], str(world.rows["submitted_B"].pk), send)

    assert foreign.faults == []
    with taken_back():
        assert send(str(world.rows["submitted_A"].pk)).status_code == 201


def test_a_strangers_person_in_an_imported_list(people, world):
    """A CSV line about a person of another manager's partner is refused in the words of an unknown person."""
    client = people["key psm"].client

    def said(email):
        rows = f"email,track,passed_on\n{email},fundamentals,2026-01-05\n"
        with taken_back():
            answer = post(client, "/api/v1/certifications/import/", {"rows": rows})
            assert answer.status_code == 200
            return {**answer.json()["rows"][0], "email": ""}

    assert said("danab@contact.example") == said("nobody@contact.example")
    assert said("danaa@contact.example")["result"] == "added"


def test_a_complete_duplicate_of_a_strangers_deal(foreign, people, world):
    client, deal = people["key psm"].client, world.rows["asked_A"]

    def send(pk):
        address = f"/api/v1/deals/{deal.pk}/mark-duplicate/"
        return client.post(
            address,
            json.dumps({"duplicate_of": pk}),
            content_type="application/json",
            headers={"if-match": "*"},
        )

    foreign.compare("duplicate of", people["key psm"], str(world.rows["submitted_B"].pk), send)

    assert foreign.faults == []
    with taken_back():
        assert send(str(world.rows["submitted_A"].pk)).status_code == 200


def test_a_draft_under_a_strangers_key(people, world):
    """The form's key is the caller's own choice; another's draft is neither shown nor touched."""
    client, theirs = people["A_admin"].client, world.rows["draft_B"]
    before = theirs.version

    with taken_back():
        answer = client.post(f"/portal/deals/drafts/{theirs.pk}/", {"customer_name": "Mine now"})
        theirs.refresh_from_db()
        assert answer.status_code == 404
        assert (theirs.version, "Mine now" in theirs.customer_name) == (before, False)

    with taken_back():
        assert (
            client.post(f"/portal/deals/drafts/{MISSING}/", {"customer_name": "Mine now"}).status_code == 200
        )
