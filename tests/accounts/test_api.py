"""Accounts and the vendor over the API."""

import pytest

pytestmark = pytest.mark.django_db


def patch(api, address, body, tag):
    return api.patch(address, body, content_type="application/json", headers={"If-Match": tag})


def test_an_account_is_closed_and_opened(sam, ada, northgate, api_of):
    admin, seller = api_of(ada), api_of(sam, northgate)
    address = f"/api/v1/users/{sam.pk}/"
    assert admin.get(address).json()["is_active"] is True
    assert admin.post(f"{address}deactivate/", {}, content_type="application/json").status_code == 400

    closed = admin.post(f"{address}deactivate/", {"reason": "left"}, content_type="application/json")
    assert (closed.status_code, closed.json()["is_active"]) == (200, False)
    assert seller.get("/api/v1/deals/").status_code == 401
    assert [row["id"] for row in admin.get("/api/v1/users/?is_active=false").json()["results"]] == [
        str(sam.pk)
    ]

    opened = admin.post(f"{address}reactivate/", {}, content_type="application/json")
    assert (opened.status_code, opened.json()["is_active"]) == (200, True)
    assert admin.post(f"{address}reactivate/", {}, content_type="application/json").status_code == 409
    assert seller.get("/api/v1/deals/").status_code == 401  # its key stays revoked


def test_accounts_are_for_administrators(sam, maya, northgate, api_of):
    assert api_of(maya).get("/api/v1/users/").status_code == 403
    assert api_of(sam, northgate).get("/api/v1/users/").status_code == 403
    assert api_of(maya).get("/api/v1/vendor/").status_code == 403


def test_each_changes_its_own_profile_and_no_other(sam, priya, northgate, api_of):
    api = api_of(sam, northgate)
    changed = patch(api, f"/api/v1/users/{sam.pk}/", {"theme": "dark"}, '"1"')
    assert (changed.status_code, changed.json()["theme"], changed["ETag"]) == (200, "dark", '"2"')
    assert patch(api, f"/api/v1/users/{sam.pk}/", {"time_zone": "Mars"}, '"2"').status_code == 400
    assert patch(api, f"/api/v1/users/{priya.pk}/", {"name": "Not Me"}, "*").status_code == 403
    priya.refresh_from_db()
    assert priya.name != "Not Me"


def test_the_vendor_shows_itself_otherwise(ada, api_of):
    api = api_of(ada)
    row = api.get("/api/v1/vendor/").json()["results"][0]
    address = f"/api/v1/vendor/{row['id']}/"
    tag = api.get(address)["ETag"]
    assert patch(api, address, {"accent": "blue"}, tag).json()["errors"][0]["pointer"] == "/accent"
    assert patch(api, address, {"currency": "EUR"}, tag).status_code == 400
    changed = patch(api, address, {"tagline": "Partners of Corvane"}, tag)
    assert (changed.status_code, changed.json()["tagline"]) == (200, "Partners of Corvane")
    assert patch(api, address, {"tagline": "Late"}, tag).status_code == 412
