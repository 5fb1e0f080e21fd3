"""What a partner may know of organizations: its own, those it registered, the public directory. Nothing else tells."""

from __future__ import annotations

import json
import re

import pytest

from core import clock
from deals.models import Deal
from partners.models import Organization
from tests.tenancy import oracles
from tests.tenancy.matrix import same_cookies, taken_back
from tests.tenancy.world import HIDDEN_CUSTOMER, PUBLIC_CUSTOMER

pytestmark = pytest.mark.django_db

UNKNOWN_CUSTOMER = "Nowhereland General Hospital"
MASK = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32}|[A-Za-z0-9]{64}"
    r"|[DAQ]-\d+|\d\d:\d\d(:\d\d)?(\.\d+)?|\d{4}-\d\d-\d\dT[^\"]+"
)


def same_words(content: bytes, name: str) -> str:
    """An answer without ids, numbers, instants and the name that was asked for."""
    text = content.decode()
    for form in (name, name.upper(), name.replace(" ", "%20"), name.replace(" ", "+"), name.casefold()):
        text = text.replace(form, "NAME")
    return MASK.sub("", text)


def known_ids(world):
    knowledge = Organization.objects.filter(known_by__partner=world.partners["A"])
    return {str(pk) for pk in knowledge.values_list("pk", flat=True)} | {str(world.rows["public"].pk)}


def test_the_api_lists_and_counts_what_is_known_alone(world, people):
    answer = people["key A_write"].client.get("/api/v1/organizations/?count=true&page_size=200").json()

    assert {row["id"] for row in answer["results"]} == known_ids(world)
    assert answer["count"] == len(known_ids(world))
    assert Organization.objects.count() > answer["count"] + 3


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/organizations/?search={}",
        "/api/v1/organizations/?search={}&count=true",
        "/api/v1/search/?q={}",
        "/api/v1/deals/?search={}",
        "/portal/search/?q={}",
        "/portal/deals/?search={}",
        "/portal/deals/customers/?customer_name={}",
        "/portal/deals/new/?customer_name={}",
    ],
)
def test_a_hidden_customer_is_found_as_little_as_an_unknown_one(world, people, address):
    client = people["key A_write" if address.startswith("/api") else "A_admin"].client

    # A's own contested registration bears this name; without it, the name is A's as little as anybody's.
    with taken_back():
        Deal.objects.filter(pk=world.rows["contested_A"].pk).update(customer_name="x", search_text="x")
        answers = [client.get(address.format(name)) for name in (HIDDEN_CUSTOMER, UNKNOWN_CUSTOMER)]

    hidden, unknown = answers
    assert (hidden.status_code, sorted(hidden.headers)) == (unknown.status_code, sorted(unknown.headers))
    assert same_words(hidden.content, HIDDEN_CUSTOMER) == same_words(unknown.content, UNKNOWN_CUSTOMER)


def test_a_public_customer_is_found(people):
    """What is absent above could have been there."""
    for address, name in (
        (f"/api/v1/organizations/?search={PUBLIC_CUSTOMER}", "key A_write"),
        (f"/portal/deals/customers/?customer_name={PUBLIC_CUSTOMER}", "A_admin"),
        (f"/portal/search/?q={PUBLIC_CUSTOMER}", "A_admin"),
    ):
        assert PUBLIC_CUSTOMER in people[name].client.get(address).content.decode()


def registration(name: str, **more) -> dict:
    return {
        "customer_name": name, "customer_country": "US", "customer_city": "Quarrybank", "products": ["triage"],
        "customer_website": "https://www.quarrybank.example", "what_it_did": "Two calls.", "no_patient_data": True,
        "amount": {"amount": "420000.00", "currency": "USD"}, **more,
        "expected_close_on": clock.today().replace(year=clock.today().year + 1, day=1).isoformat(),
    }  # fmt: skip


def test_a_registration_of_a_hidden_customer_is_answered_as_one_of_a_fresh_name(world, people):
    """Also by its web domain, which the vendor knows: state, verdict, dates and events tell nothing."""
    client = people["key A_write"].client
    answers = []
    for name in (HIDDEN_CUSTOMER, UNKNOWN_CUSTOMER):
        with taken_back():
            made = client.post(
                "/api/v1/deals/", json.dumps(registration(name)), content_type="application/json"
            )
            assert made.status_code == 201, made.content
            seen = client.get(f"/api/v1/deals/{made.json()['id']}/")
            page = people["A_admin"].client.get(f"/portal/deals/{made.json()['id']}/")
            known = client.get("/api/v1/organizations/?count=true")
            checks = client.get("/api/v1/conflict-checks/?count=true")
            words = [same_words(part.content, name) for part in (made, seen, page, known)]
            answers.append([*words, checks.json()["count"], made.json()["organization"]])

    assert answers[0] == answers[1]
    assert answers[0][-1] is None


def test_a_registration_that_another_partner_is_protected_on_is_answered_as_a_free_one(world, people):
    """B holds a protection on this customer: until the vendor decides, A reads nothing of it."""
    client, theirs = people["key A_write"].client, world.rows["approved_B"]
    answers = []
    for name, website in (
        (theirs.customer_name, theirs.customer_website),
        (UNKNOWN_CUSTOMER, "https://no.example"),
    ):
        with taken_back():
            body = registration(name, customer_website=website, customer_city="Brannoc Falls")
            made = client.post("/api/v1/deals/", json.dumps(body), content_type="application/json")
            assert made.status_code == 201
            deal = Deal.objects.get(pk=made.json()["id"])
            page = people["A_admin"].client.get(f"/portal/deals/{deal.pk}/")
            words = [same_words(part.content.replace(website.encode(), b""), name) for part in (made, page)]
            answers.append((words, deal.conflict_verdict))

    assert answers[0][0] == answers[1][0]
    assert answers[0][1] != answers[1][1], "the vendor does read it"


def test_the_vendors_linking_changes_nothing_that_the_partner_reads(world, people):
    """Before and after a customer is linked to an organization: the same list, count, page and events."""
    from core.actors import SYSTEM
    from deals.actions import link_customer

    key, admin, deal = people["key A_write"].client, people["A_admin"].client, world.rows["submitted_A"]

    def read():
        addresses = [
            f"/api/v1/deals/{deal.pk}/", "/api/v1/organizations/?count=true", "/api/v1/events/?page_size=200",
        ]  # fmt: skip
        pages = [f"/portal/deals/{deal.pk}/", f"/portal/deals/customers/?customer_name={HIDDEN_CUSTOMER}"]
        found = [key.get(address) for address in addresses] + [admin.get(page) for page in pages]
        return [same_words(part.content, HIDDEN_CUSTOMER) for part in found]

    with taken_back():
        before = read()
        linked = link_customer(by=SYSTEM, deal=deal, organization=world.rows["hidden"], at=clock.now())
        assert linked.organization_id == world.rows["hidden"].pk
        assert read() == before


def test_an_approved_customer_is_known_from_then_on(world, people):
    from core.actors import SYSTEM
    from deals.actions import approve_deal, link_customer

    with taken_back():
        at = clock.now()
        deal = link_customer(
            by=SYSTEM, deal=world.rows["submitted_A"], organization=world.rows["hidden"], at=at
        )
        approve_deal(by=SYSTEM, deal=deal, at=at)
        listed = people["key A_write"].client.get("/api/v1/organizations/?page_size=200").json()["results"]

    assert str(world.rows["hidden"].pk) in {row["id"] for row in listed}


def test_nothing_of_a_rival_is_in_the_refusal_that_rests_on_it(world, people):
    """A is refused because B is protected: it reads until when, never who, what or which registration."""
    deal = world.rows["contested_A"]
    for address, name in (
        (f"/api/v1/deals/{deal.pk}/", "key A_write"),
        (f"/api/v1/conflict-checks/{world.rows['check_A'].pk}/", "key A_write"),
        (f"/portal/deals/{deal.pk}/", "A_admin"),
        ("/api/v1/events/?page_size=200", "key A_write"),
    ):
        response = people[name].client.get(address)
        assert response.status_code == 200
        assert oracles.leaks(world, oracles.content_of(response)) == []
        assert world.rows["approved_B"].number.encode() not in response.content


def test_an_applicant_is_not_told_that_its_company_is_known(world, people):
    """A known company's domain, an unknown one's: the same answer, byte for byte."""
    client = people["anonymous"].client

    def apply(domain):
        body = {
            "legal_name": "Some Company Ltd", "website": f"https://www.{domain}", "country": "GB",
            "categories": [_category()], "intent": "We resell.", "contact_name": "Nora Quist",
            "contact_email": f"nora@{domain}", "accepts_privacy": True,
        }  # fmt: skip
        with taken_back(), same_cookies(client):
            return client.post(
                "/api/v1/public/applications/", json.dumps(body), content_type="application/json"
            )

    known, unknown = apply("northgate.example"), apply("nowhere-at-all.example")
    assert known.status_code == 202, known.content
    assert (known.status_code, known.content, sorted(known.headers)) == (
        unknown.status_code, unknown.content, sorted(unknown.headers),
    )  # fmt: skip


def _category() -> str:
    from onboarding.doors import offered_categories

    return offered_categories().first().code
