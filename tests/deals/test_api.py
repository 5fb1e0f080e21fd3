"""Registrations over the API: every verb, every refusal, and what a partner never reads."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from core.actors import SYSTEM
from core.clock import now, today
from deals import actions, rules
from deals.models import Booking, Deal, Implementation
from deals.serializers import PortalDealSerializer
from tests.deals import factories as make

DAY = timedelta(days=1)
DEALS = "/api/v1/deals/"


@pytest.fixture
def at():
    """Yesterday: the API reads the clock."""
    return now() - DAY


def soon(**changes):
    return {"expected_close_on": today() + 100 * DAY, **changes}


def body(**changes):
    return {
        "customer_name": "Larkhill Community Hospital", "customer_country": "US", "products": ["triage"],
        "amount": {"amount": "310000.00", "currency": "USD"},
        "expected_close_on": (today() + 90 * DAY).isoformat(), "what_it_did": "Met the CNO.", "no_patient_data": True,
        **changes,
    }  # fmt: skip


def send(client, path, data=None, **headers):
    return client.post(path, json.dumps(data or {}), content_type="application/json", headers=headers)


def verb(client, deal, name, data=None, **headers):
    return send(client, f"{DEALS}{deal.pk}/{name}/", data, **headers)


def pointers(answer):
    return {error["pointer"] for error in answer.json()["errors"]}


@pytest.fixture
def seller(sam, northgate, api_of):
    return api_of(sam, northgate)


@pytest.fixture
def manager(maya, api_of):
    return api_of(maya)


@pytest.fixture
def submitted(northgate, at, brannoc):
    return make.submitted(northgate, at, brannoc, **soon())


# Registering


def test_a_deal_is_registered_with_its_etag_and_address(seller, northgate):
    answer = send(seller, DEALS, body(external_ref="CRM-1"))
    assert answer.status_code == 201, answer.content
    found = answer.json()
    assert (found["state"], found["source"], found["amount"]) == (
        "submitted",
        "api",
        {"amount": "310000.00", "currency": "USD"},
    )
    assert answer["ETag"].startswith('"')
    assert seller.get(answer["Location"]).json()["number"] == found["number"]
    again = send(seller, DEALS, body(external_ref="CRM-1"))
    assert again.json()["id"] == found["id"]
    assert Deal.objects.count() == 1


def test_a_draft_is_begun_changed_and_submitted(seller, northgate):
    draft = send(seller, DEALS, {"customer_name": "Larkhill", "is_draft": True})
    assert draft.json()["state"] == "draft"
    path = f"{DEALS}{draft.json()['id']}/"
    patch = {key: value for key, value in body().items() if key != "customer_name"}
    without = seller.patch(path, json.dumps(patch), content_type="application/json")
    assert without.status_code == 428
    changed = seller.patch(
        path, json.dumps(patch), content_type="application/json", headers={"If-Match": draft["ETag"]}
    )
    assert changed.status_code == 200, changed.content
    stale = seller.patch(
        path, json.dumps(patch), content_type="application/json", headers={"If-Match": draft["ETag"]}
    )
    assert stale.status_code == 412
    assert send(seller, f"{path}submit/").json()["state"] == "submitted"
    assert send(seller, f"{path}submit/").status_code == 409


def test_a_repeat_with_the_same_key_gets_the_same_answer(seller, northgate):
    first = send(seller, DEALS, body(), **{"Idempotency-Key": "k1"})
    again = send(seller, DEALS, body(), **{"Idempotency-Key": "k1"})
    assert (again.status_code, again["Idempotent-Replayed"], again.json()) == (201, "true", first.json())
    assert send(seller, DEALS, body(customer_name="Other"), **{"Idempotency-Key": "k1"}).status_code == 422
    assert Deal.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"customer_name": ""}, "/customer_name"),
        ({"customer_name": 5.5}, None),
        ({"customer_name": ["x"]}, "/customer_name"),
        ({"customer_name": "x" * 201}, "/customer_name"),
        ({"customer_country": "ZZ"}, "/customer_country"),
        ({"products": ["nonsense"]}, "/products"),
        ({"products": "triage"}, "/products"),
        ({"products": []}, "/products"),
        ({"amount": {"amount": "-5", "currency": "USD"}}, ""),
        ({"amount": {"amount": "1e400", "currency": "USD"}}, "/amount"),
        ({"amount": {"amount": "NaN", "currency": "USD"}}, "/amount"),
        ({"amount": {"amount": "5", "currency": "XXX"}}, "/amount"),
        ({"amount": {"amount": 5, "currency": "USD"}}, "/amount"),
        ({"amount": 5}, "/amount"),
        ({"expected_close_on": "2020-01-01"}, "/expected_close_on"),
        ({"expected_close_on": "31.12.2027"}, "/expected_close_on"),
        ({"no_patient_data": False}, "/no_patient_data"),
        ({"organization": "nonsense"}, "/organization"),
        ({"organization": str(uuid4())}, "/organization"),
        ({"help_wanted": "money"}, "/help_wanted"),
        ({"unknown": 1}, "/unknown"),
        ({"external_ref": "x" * 101}, "/external_ref"),
    ],
)
def test_wrong_input_is_a_problem_with_a_pointer(seller, northgate, change, pointer):
    answer = send(seller, DEALS, body(**change))
    if pointer is None:
        assert answer.status_code in (201, 400)
        return
    assert answer.status_code == 400, answer.content
    assert answer["Content-Type"].startswith("application/problem+json")
    assert pointer in pointers(answer)
    assert not Deal.objects.exists()


def test_broken_characters_are_refused(seller, northgate):
    for raw in ('{"customer_name": "a\\u0000b"}', '{"customer_name": "\\ud800"}', "[1]", "{", '{"a": NaN}'):
        assert seller.post(DEALS, raw, content_type="application/json").status_code == 400


def test_a_vendor_names_the_partner_and_only_one_it_may_see(manager, northgate, albion):
    assert send(manager, DEALS, body()).status_code == 400
    assert send(manager, DEALS, body(partner=str(albion.pk))).status_code == 400
    assert send(manager, DEALS, body(partner=str(northgate.pk))).json()["partner"]["name"] == northgate.name


def test_a_partner_does_not_register_for_another(seller, northgate, albion):
    assert send(seller, DEALS, body(partner=str(albion.pk))).status_code == 400


def test_an_organization_that_one_may_not_know_is_as_unknown_as_one_that_is_not_there(
    seller, northgate, brannoc, larkhill
):
    known = send(seller, DEALS, body(organization=str(brannoc.pk)))
    missing = send(seller, DEALS, body(organization=str(uuid4())))
    assert known.status_code == missing.status_code == 400
    assert known.json()["errors"][0]["code"] == missing.json()["errors"][0]["code"]
    assert send(seller, DEALS, body(organization=str(larkhill.pk))).status_code == 201


# Deciding


def test_an_approval_needs_if_match_and_protects(manager, submitted):
    assert verb(manager, submitted, "approve").status_code == 428
    assert verb(manager, submitted, "approve", **{"If-Match": '"1"'}).status_code == 412
    tag = manager.get(f"{DEALS}{submitted.pk}/")["ETag"]
    answer = verb(manager, submitted, "approve", {"days": 60}, **{"If-Match": tag})
    assert answer.status_code == 200, answer.content
    assert answer.json()["state"] == "approved"
    protections = manager.get(f"/api/v1/protections/?deal={submitted.pk}&is_running=true").json()["results"]
    assert [p["product"] for p in protections] == ["triage"]
    assert verb(manager, submitted, "approve", **{"If-Match": "*"}).status_code == 409


def test_a_rivals_approval_is_a_conflict_with_the_day(ada, api_of, northgate, albion, at, brannoc):
    first = make.approved(northgate, at, brannoc, **soon())
    rival = make.submitted(albion, at, brannoc, **soon())
    answer = verb(api_of(ada), rival, "approve", **{"If-Match": "*"})
    assert (answer.status_code, answer.json()["code"]) == (409, "protected")
    assert str(first.protected_until.year) in answer.json()["detail"]
    assert "Northgate" not in answer.content.decode()


@pytest.mark.parametrize(
    ("name", "data", "state"),
    [
        ("start-review", {}, "in_review"),
        ("ask-for-more", {"question": "Who?", "fields": ["contact"]}, "action_required"),
        ("reject", {"reason": "not_eligible"}, "rejected"),
        ("withdraw", {"reason": "no_opportunity"}, "withdrawn"),
    ],
)
def test_the_verbs_of_a_submitted_deal(manager, submitted, name, data, state):
    answer = verb(manager, submitted, name, data, **{"If-Match": "*"})
    assert (answer.status_code, answer.json().get("state")) == (200, state), answer.content


@pytest.mark.parametrize(
    ("name", "data", "pointer"),
    [
        ("ask-for-more", {"question": "", "fields": ["contact"]}, "/question"),
        ("ask-for-more", {"question": "Who?", "fields": []}, "/fields"),
        ("ask-for-more", {"question": "Who?", "fields": ["state"]}, "/fields/0"),
        ("reject", {}, "/reason"),
        ("reject", {"reason": "nonsense"}, "/reason"),
        ("approve", {"days": 0}, "/days"),
        ("approve", {"days": 10**12}, "/days"),
        ("approve", {"days": "many"}, "/days"),
        ("mark-duplicate", {"duplicate_of": str(uuid4())}, "/duplicate_of"),
        ("link-customer", {"organization": 7}, "/organization"),
        ("update-stage", {"stage": "nonsense"}, "/stage"),
        ("update-stage", {"stage": "closed_lost"}, "/stage"),
    ],
)
def test_a_verb_with_wrong_input_changes_nothing(manager, submitted, name, data, pointer):
    answer = verb(manager, submitted, name, data, **{"If-Match": "*"})
    assert answer.status_code == 400, answer.content
    assert pointer in pointers(answer)
    assert Deal.objects.get(pk=submitted.pk).state == "submitted"


def test_a_customer_is_linked_or_added_by_the_vendor(manager, northgate, at, brannoc):
    deal = make.submitted(northgate, at, **soon())
    assert (
        verb(manager, deal, "link-customer", {"organization": str(brannoc.pk)}).json()["organization"]["name"]
        == brannoc.name
    )
    other = make.submitted(northgate, at, customer_name="New Hospital", **soon())
    assert verb(manager, other, "add-customer").json()["organization"]["name"] == "New Hospital"


def test_a_duplicate_and_a_revocation(manager, northgate, at, brannoc):
    first, second = make.approved(northgate, at, brannoc, **soon()), make.submitted(northgate, at, **soon())
    answer = verb(manager, second, "mark-duplicate", {"duplicate_of": str(first.pk)}, **{"If-Match": "*"})
    assert answer.json()["duplicate_of"] == first.number
    assert (
        verb(manager, first, "revoke", {"reason": "inaccurate"}, **{"If-Match": "*"}).json()["state"]
        == "revoked"
    )


@pytest.mark.parametrize(
    "name",
    [
        "approve",
        "reject",
        "start-review",
        "ask-for-more",
        "mark-duplicate",
        "revoke",
        "link-customer",
        "add-customer",
    ],
)
def test_a_partner_decides_nothing(seller, submitted, name):
    assert verb(seller, submitted, name, **{"If-Match": "*"}).status_code == 403


# The partner's own verbs, booking, going live


def test_a_deal_goes_all_the_way(seller, finn, manager, api_of, northgate, at, brannoc):
    deal = make.approved(northgate, at, brannoc, **soon())
    assert verb(seller, deal, "update-stage", {"stage": "committed"}).json()["stage"] == "committed"
    assert verb(seller, deal, "report-win", {"won_on": deal.day_of(now()).isoformat()}).status_code == 400
    order = {"won_on": deal.day_of(now()).isoformat(), "evidence": SimpleUploadedFile("order.pdf", make.PDF)}
    answer = seller.post(f"{DEALS}{deal.pk}/report-win/", order)
    assert answer.json()["state"] == "won", answer.content
    money = {"amount": "420000.00", "currency": "USD"}
    booked = send(
        api_of(finn),
        "/api/v1/bookings/",
        {"deal": str(deal.pk), "amount": money, "booked_on": today().isoformat()},
    )
    assert booked.status_code == 201, booked.content
    assert booked.json()["program_amount"] == money
    correction = send(
        api_of(finn),
        f"/api/v1/bookings/{booked.json()['id']}/correct/",
        {"booked_on": today().isoformat(), "reason": "cancelled"},
    )
    assert correction.json()["amount"]["amount"] == "-420000.00"
    assert correction.json()["reverses"] == booked.json()["id"]
    go_live = send(seller, "/api/v1/implementations/", {
        "deal": str(deal.pk), "product": "triage", "went_live_on": deal.day_of(now()).isoformat(),
        "contact_name": "Helen Marsh", "contact_email": "helen@brannoc.example"})  # fmt: skip
    assert go_live.status_code == 201, go_live.content
    path = f"/api/v1/implementations/{go_live.json()['id']}/"
    assert send(seller, f"{path}ask-again/").status_code == 200
    assert (
        seller.post(f"{path}accept/", {"document": SimpleUploadedFile("a.pdf", make.PDF)}).status_code == 403
    )
    accepted = manager.post(f"{path}accept/", {"document": SimpleUploadedFile("a.pdf", make.PDF)})
    assert accepted.json()["state"] == "accepted", accepted.content
    assert send(seller, f"{path}withdraw/").status_code == 409


def test_a_partner_books_nothing(seller, northgate, at, brannoc):
    deal = make.won(northgate, at, brannoc, **soon())
    answer = send(
        seller,
        "/api/v1/bookings/",
        {"deal": str(deal.pk), "amount": {"amount": "1.00", "currency": "USD"}, "booked_on": "2026-11-24"},
    )
    assert answer.status_code == 403
    assert not Booking.objects.exists()


def test_bookings_and_protections_and_checks_are_never_written_directly(ada, api_of, northgate, at, brannoc):
    make.booked(northgate, at, at.date(), organization=brannoc, **soon())
    client = api_of(ada)
    for noun in ("bookings", "protections", "conflict-checks"):
        row = client.get(f"/api/v1/{noun}/").json()["results"][0]
        for method in (client.put, client.patch, client.delete):
            assert (
                method(f"/api/v1/{noun}/{row['id']}/", "{}", content_type="application/json").status_code
                == 405
            )
    assert send(client, "/api/v1/protections/", {}).status_code == 405


def test_a_loss_and_a_discarded_draft(seller, northgate, at):
    deal, draft = make.approved(northgate, at, **soon()), make.draft(northgate, at, **soon())
    assert (
        verb(seller, deal, "report-loss", {"reason": "price", "comment": "Too dear."}).json()["state"]
        == "lost"
    )
    assert verb(seller, draft, "discard").json()["state"] == "discarded"


# What is read


def test_a_partner_reads_its_own_rows_alone(seller, rhys, api_of, northgate, albion, at, brannoc):
    mine = make.reported(northgate, at, organization=brannoc, **soon()).deal
    other = make.reported(albion, at, customer_name="Elsewhere", **soon()).deal
    actions.book_deal(by=SYSTEM, deal=other, amount=mine.amount, booked_on=other.won_on, at=at + DAY)
    refused = make.submitted(albion, at, brannoc, **soon())
    actions.reject_deal(by=SYSTEM, deal=refused, reason="already_protected", at=at)
    for noun in ("deals", "protections", "bookings", "implementations", "conflict-checks"):
        foreign = api_of(rhys, albion).get(f"/api/v1/{noun}/").json()["results"]
        assert foreign, noun
        own = seller.get(f"/api/v1/{noun}/").json()["results"]
        assert {row["id"] for row in own}.isdisjoint(row["id"] for row in foreign)
        assert seller.get(f"/api/v1/{noun}/{foreign[0]['id']}/").status_code == 404
        assert seller.get(f"/api/v1/{noun}/{uuid4()}/").status_code == 404


def test_a_partner_is_not_told_of_conflicts_that_refused_nothing(seller, northgate, albion, at, brannoc):
    make.approved(albion, at - DAY, brannoc, **soon())
    deal = make.submitted(northgate, at, brannoc, **soon())
    url = f"/api/v1/conflict-checks/?deal={deal.pk}"
    actions.reject_deal(by=SYSTEM, deal=deal, reason="insufficient_evidence", at=at)
    assert seller.get(url).json()["results"] == []
    Deal.objects.filter(pk=deal.pk).update(reason="already_protected")
    assert len(seller.get(url).json()["results"]) > 0


def test_a_partner_never_reads_the_other_partner_or_an_unknown_organization(
    seller, northgate, albion, at, brannoc
):
    make.approved(albion, at - DAY, brannoc, customer_name="Secret Spelling", **soon())
    deal = make.submitted(northgate, at, brannoc, **soon())
    path = f"{DEALS}{deal.pk}/"
    assert seller.get(path).json()["organization"] is None
    assert "conflict_score" not in seller.get(path).json()
    assert seller.get(f"/api/v1/conflict-checks/?deal={deal.pk}").json()["results"] == []
    actions.reject_deal(by=SYSTEM, deal=deal, reason="already_protected", at=at)
    [*_older, check] = seller.get(f"/api/v1/conflict-checks/?deal={deal.pk}&ordering=created_at").json()[
        "results"
    ]
    assert check["candidates"][0]["kind"] == "protection"
    assert {factor["name"] for factor in check["candidates"][0]["factors"]} == {"Account", "Product", "Time"}
    everything = seller.get(path).content.decode() + json.dumps(check)
    for secret in ("Albion", "Secret Spelling", str(albion.pk), str(brannoc.pk)):
        assert secret not in everything


def test_the_vendor_reads_the_candidates(ada, api_of, northgate, albion, at, brannoc):
    first = make.approved(northgate, at, brannoc, **soon())
    rival = make.submitted(albion, at, brannoc, **soon())
    check = api_of(ada).get(f"/api/v1/conflict-checks/?deal={rival.pk}").json()["results"][0]
    assert (check["candidates"][0]["number"], check["candidates"][0]["partner"]) == (
        first.number,
        northgate.name,
    )
    assert check["verdict"] == "hard"


def test_a_partner_cannot_ask_for_conflicts(seller, manager, submitted):
    assert seller.get(f"{DEALS}?verdict=hard").status_code == 400
    assert seller.get(f"{DEALS}?verdict=clear").status_code == 400
    assert manager.get(f"{DEALS}?verdict=clear").json()["results"]


WRONG = """nonsense=1 status=nonsense ordering=nonsense stage=nonsense partner=x page_size=0 ends_within=-1
    closes_after=never cursor=nonsense updated_since=yesterday""".split()


@pytest.mark.parametrize("query", WRONG)
def test_a_wrong_parameter_is_named(manager, submitted, query):
    answer = manager.get(f"{DEALS}?{query}")
    assert answer.status_code == 400
    assert f"/{query.partition('=')[0]}" in pointers(answer)


def test_lists_filter_search_and_page(manager, northgate, at, brannoc):
    deals = [
        make.submitted(northgate, at, customer_name=f"Hospital {n}", **soon())
        for n in ("Aster", "Birch", "Cedar")
    ]
    page = manager.get(f"{DEALS}?page_size=2&ordering=number&count=true").json()
    assert (len(page["results"]), page["count"]) == (2, 3)
    rest = manager.get(page["next"]).json()["results"]
    assert [row["number"] for row in page["results"] + rest] == [deal.number for deal in deals]
    assert [row["customer_name"] for row in manager.get(f"{DEALS}?search=birch").json()["results"]] == [
        "Hospital Birch"
    ]
    assert manager.get(f"{DEALS}?status=waiting&product=triage&stage=prospect&type=referral").json()[
        "results"
    ]


def test_the_number_of_queries_does_not_grow_with_the_rows(manager, seller, northgate, at):
    def count(client, path):
        with CaptureQueriesContext(connection) as found:
            assert client.get(path).status_code == 200
        return len(found)

    def one_more(name):
        deal = make.reported(northgate, at, customer_name=name, **soon()).deal
        actions.book_deal(by=SYSTEM, deal=deal, amount=deal.amount, booked_on=deal.won_on, at=at + DAY)
        rejected = make.submitted(northgate, at, customer_name=name, **soon())
        actions.reject_deal(by=SYSTEM, deal=rejected, reason="not_eligible", at=at)

    paths = [
        f"/api/v1/{noun}/"
        for noun in ("deals", "protections", "bookings", "implementations", "conflict-checks")
    ]
    one_more("First")
    before = [[count(client, path), count(client, path)][1] for client in (manager, seller) for path in paths]
    one_more("Second")
    one_more("Third")
    assert [count(client, path) for client in (manager, seller) for path in paths] == before


def test_a_key_that_only_reads_writes_nothing(sam, northgate, at):
    from django.test import Client

    from tests.factories import make_key

    client = Client(headers={"authorization": f"Bearer {make_key(sam, northgate, may_write=False)}"})
    assert client.get(DEALS).status_code == 200
    assert send(client, DEALS, body()).status_code == 403
    assert not Deal.objects.exists()


def test_nobody_reads_nothing(client, db):
    for noun in (
        "deals",
        "protections",
        "bookings",
        "implementations",
        "conflict-checks",
        "deal-types",
        "stages",
    ):
        assert client.get(f"/api/v1/{noun}/").status_code == 401


def test_the_reference_data_of_deals_is_read(seller, northgate):
    assert [row["code"] for row in seller.get("/api/v1/stages/").json()["results"]] == list(make.STAGES)
    assert [row["code"] for row in seller.get("/api/v1/deal-types/").json()["results"]] == list(make.TYPES)


def test_an_implementation_is_not_reported_twice(seller, northgate, at, brannoc):
    deal = make.reported(northgate, at, organization=brannoc, **soon()).deal
    answer = send(seller, "/api/v1/implementations/", {
        "deal": str(deal.pk), "product": "triage", "went_live_on": deal.won_on.isoformat(), "contact_name": "H",
        "contact_email": "h@b.example"})  # fmt: skip
    assert answer.status_code in (400, 409)
    assert Implementation.objects.count() == 1


@pytest.mark.parametrize("state", rules.STATES)
def test_each_open_move_of_a_registration_is_the_name_of_its_verb(state):
    moves, deal = rules.LIFECYCLE.open_moves(state), Deal(state=state)
    shown = PortalDealSerializer().get_open_moves(deal)
    assert len(set(shown)) == len(moves)
    for name in shown:
        assert resolve(f"{DEALS}{deal.pk}/{name.replace('_', '-')}/").func.actions == {"post": name}


def test_an_answer_is_sent_by_the_verb_that_open_moves_names(manager, seller, northgate, at):
    deal = make.submitted(northgate, at, **soon())
    actions.ask_for_more(by=SYSTEM, deal=deal, question="Who?", fields=["contact"], at=at)
    shown = seller.get(f"{DEALS}{deal.pk}/").json()
    assert "submit" in shown["open_moves"]
    assert verb(seller, deal, "submit").json()["state"] == "submitted"
