"""Partners, their people and organisations over the API."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partners.actions import note_knowledge
from partners.models import Organization
from tests import factories

pytestmark = pytest.mark.django_db
PARTNERS, CONTACTS, ORGANIZATIONS = "/api/v1/partners/", "/api/v1/contacts/", "/api/v1/organizations/"


def post(client, url, body=None, **headers):
    return client.post(url, body or {}, content_type="application/json", headers=headers)


def patch(client, url, body, **headers):
    return client.patch(url, body, content_type="application/json", headers=headers)


def test_each_side_reads_what_is_its_own(northgate, albion, maya, ada, priya, api_of):
    assert [p["name"] for p in api_of(maya).get(PARTNERS).json()["results"]] == ["Northgate Clinical Systems"]
    assert len(api_of(ada).get(PARTNERS).json()["results"]) == 2
    own = api_of(priya, northgate)
    [seen] = own.get(PARTNERS).json()["results"]
    assert seen["psm"]["name"] == "Maya Lindqvist"
    assert "is_strategic" not in seen
    assert own.get(f"{PARTNERS}{albion.pk}/").status_code == 404


def test_a_partner_is_changed_with_its_etag(northgate, maya, priya, api_of):
    client, url = api_of(maya), f"{PARTNERS}{northgate.pk}/"
    tag = client.get(url).headers["ETag"]
    assert patch(client, url, {"name": "New name"}).status_code == 428
    changed = patch(client, url, {"name": "New name", "is_strategic": True}, **{"If-Match": tag})
    assert (changed.status_code, changed.json()["name"]) == (200, "New name")
    assert patch(client, url, {"name": "Late"}, **{"If-Match": tag}).status_code == 412
    assert patch(api_of(priya, northgate), url, {"name": "Mine"}, **{"If-Match": "*"}).status_code == 403


@pytest.mark.parametrize(
    "body",
    [{"name": ""}, {"name": "x" * 201}, {"currency": "XXX"}, {"time_zone": "Mars"}, {"state": "active"},
     {"channel": "moon"}],
)  # fmt: skip
def test_wrong_facts_are_400(northgate, maya, api_of, body):
    answer = patch(api_of(maya), f"{PARTNERS}{northgate.pk}/", body, **{"If-Match": "*"})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == f"/{next(iter(body))}"


def test_a_partner_is_moved(northgate, ada, maya, tomas, dirk, api_of):
    client, url = api_of(ada), f"{PARTNERS}{northgate.pk}/"
    assert post(client, f"{url}suspend/", {"reason": "bad_mood"}).status_code == 400
    assert post(client, f"{url}suspend/", {"reason": "payment"}).json()["state"] == "suspended"
    assert post(client, f"{url}suspend/", {"reason": "payment"}).status_code == 409
    assert post(client, f"{url}resume/").json()["state"] == "active"
    assert post(client, f"{url}activate/").status_code == 409
    assert post(client, f"{url}assign/", {"psm": str(dirk.pk)}).status_code == 400
    assert post(client, f"{url}assign/", {"psm": str(uuid4())}).status_code == 400
    assert post(client, f"{url}assign/", {"psm": str(tomas.pk)}).json()["psm"]["id"] == str(tomas.pk)
    assert post(api_of(maya), f"{url}suspend/", {"reason": "payment"}).status_code == 404
    assert post(client, f"{url}terminate/", {"reason": "mutual"}).status_code == 428
    tag = client.get(url).headers["ETag"]
    assert (
        post(client, f"{url}terminate/", {"reason": "mutual"}, **{"If-Match": tag}).json()["state"]
        == "terminated"
    )


def test_people_of_a_partner(northgate, albion, priya, rhys, sam, api_of):
    client = api_of(priya, northgate)
    assert {c["name"] for c in client.get(CONTACTS).json()["results"]} == {"Priya Raman", "Sam Ortiz"}
    made = post(
        client, CONTACTS, {"partner": str(northgate.pk), "name": "Lou", "email": "lou@northgate.example"}
    )
    assert made.status_code == 201
    url = f"{CONTACTS}{made.json()['id']}/"
    again = {"partner": str(northgate.pk), "name": "Lou", "email": "lou@northgate.example"}
    assert post(client, CONTACTS, again).status_code == 400
    assert post(client, CONTACTS, {"partner": str(albion.pk), "name": "Spy"}).status_code == 400
    assert patch(client, url, {"title": "CTO"}, **{"If-Match": made.headers["ETag"]}).json()["title"] == "CTO"
    assert post(client, f"{url}note-departure/").json()["left_on"]
    assert post(api_of(rhys, albion), f"{url}note-departure/").status_code == 404
    assert (
        post(api_of(sam, northgate), CONTACTS, {"partner": str(northgate.pk), "name": "X"}).status_code == 403
    )


def test_a_partner_finds_only_organizations_that_it_may_know(
    northgate, albion, priya, rhys, maya, api_of, at
):
    hidden = factories.make_organization("Mercy General Hospital")
    told = factories.make_organization("Mercy Children")
    public = factories.make_organization("Mercy Public Trust", public_directory=True)
    note_knowledge(organization=told, partner=northgate, because="registered", at=at)

    def found(client):
        answer = client.get(ORGANIZATIONS, {"search": "mercy", "count": "true"}).json()
        assert answer["count"] == len(answer["results"])
        return [o["name"] for o in answer["results"]]

    client = api_of(priya, northgate)
    assert found(client) == ["Mercy Children", "Mercy Public Trust"]
    assert found(api_of(rhys, albion)) == ["Mercy Public Trust"]
    assert found(api_of(maya)) == ["Mercy Children", "Mercy General Hospital", "Mercy Public Trust"]
    missing = client.get(f"{ORGANIZATIONS}{uuid4()}/")
    unseen = client.get(f"{ORGANIZATIONS}{hidden.pk}/")
    same = ("status", "title", "detail", "code")
    assert [missing.json()[k] for k in same] == [unseen.json()[k] for k in same]
    assert "website" not in client.get(f"{ORGANIZATIONS}{public.pk}/").json()


def test_organizations_are_recorded_by_the_vendor_alone(northgate, maya, priya, api_of):
    body = {
        "name": "Bay Hospital",
        "country": "US",
        "website": "https://bay.example",
        "domains": ["bayhealth.example"],
    }
    made = post(api_of(maya), ORGANIZATIONS, body)
    assert made.status_code == 201
    assert set(made.json()["domains"]) == {"bay.example", "bayhealth.example"}
    assert post(api_of(priya, northgate), ORGANIZATIONS, body).status_code == 403
    assert post(api_of(maya), ORGANIZATIONS, {**body, "country": "Utopia"}).status_code == 400
    url = f"{ORGANIZATIONS}{made.json()['id']}/"
    changed = patch(api_of(maya), url, {"city": "Bay City"}, **{"If-Match": made.headers["ETag"]})
    assert changed.json()["city"] == "Bay City"
    assert Organization.objects.filter(name="Bay Hospital").count() == 1


def test_a_list_costs_the_same_at_one_and_at_three_rows(northgate, ada, api_of):
    client = api_of(ada)
    client.get(PARTNERS)
    with CaptureQueriesContext(connection) as one:
        client.get(PARTNERS)
    factories.make_partner("Second Partner")
    factories.make_partner("Third Partner")
    with CaptureQueriesContext(connection) as three:
        assert len(client.get(PARTNERS).json()["results"]) == 3
    assert len(three) == len(one)
