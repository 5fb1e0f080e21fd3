"""The list and the page of organizations, and the forms around them."""

import pytest

from partners import actions
from partners.models import Organization, Restructuring
from tests.deals.factories import approved
from tests.factories import make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def valley(program):
    top = make_organization("Harbor Valley Health", kind="idn", website="https://hv.example")
    return {"top": top, "hospital": make_organization("Harbor Valley General", kind="hospital", parent=top)}


def test_the_list_finds_by_another_name_and_hides_what_was_merged(valley, dirk, browser_of, system, at):
    twin = make_organization("Seaport Clinics")
    page = browser_of(dirk).get("/manage/organizations/").content.decode()
    assert "Seaport Clinics" in page
    actions.merge_organizations(by=system, organization=twin, into=valley["top"], at=at)
    assert "Seaport Clinics" not in browser_of(dirk).get("/manage/organizations/").content.decode()
    found = browser_of(dirk).get("/manage/organizations/?search=seaport").content.decode()
    assert "Harbor Valley Health" in found
    assert "Seaport Clinics" in browser_of(dirk).get("/manage/organizations/?is_merged=true").content.decode()


def test_health_systems_are_tops_with_something_below(valley, dirk, browser_of):
    make_organization("Lone Clinic")
    page = browser_of(dirk).get("/manage/organizations/?is_top=true").content.decode()
    assert "Harbor Valley Health" in page
    assert "Lone Clinic" not in page


def test_the_page_shows_the_tree_and_what_is_protected_in_it_as_far_as_the_reader_may_see(
    valley, northgate, maya, tomas, browser_of, at
):
    deal = approved(northgate, at, organization=valley["hospital"])
    url = valley["top"].get_absolute_url()
    page = browser_of(maya).get(url).content.decode()
    assert "Harbor Valley General" in page
    assert deal.number in page
    assert "protected until" in page
    other = browser_of(tomas).get(url).content.decode()
    assert "Harbor Valley General" in other
    assert deal.number not in other
    assert "protected until" not in other


def test_facts_are_changed_and_what_it_is_known_by_is_added_and_removed(valley, dirk, browser_of):
    browser, url = browser_of(dirk), valley["top"].get_absolute_url()
    assert browser.post(f"{url}add-name/", {"name": "HV Health", "kind": "alias"}).status_code == 302
    assert browser.post(f"{url}add-identifier/", {"scheme": "npi", "value": "1234567893"}).status_code == 302
    assert browser.post(f"{url}add-domain/", {"domain": "hvhealth.example"}).status_code == 302
    page = browser.get(url).content.decode()
    assert "HV Health" in page and "1234567893" in page and "hvhealth.example" in page
    row = valley["top"].other_names.get()
    assert browser.post(f"/manage/organization-names/{row.pk}/remove/").status_code == 302
    assert not valley["top"].other_names.exists()
    wrong = browser.post(f"{url}add-identifier/", {"scheme": "npi", "value": "12"})
    assert wrong.status_code == 400
    assert "ten digits" in wrong.content.decode()


def test_an_organization_is_added_below_another(valley, dirk, browser_of):
    url = valley["hospital"].get_absolute_url()
    answer = browser_of(dirk).post(f"{url}below/", {"name": "Radiology", "kind": "service_line"})
    assert answer.status_code == 302
    assert Organization.objects.get(name="Radiology").root == valley["top"]


def test_a_merge_by_page_leads_to_what_stays_and_is_undone_there(valley, dirk, browser_of):
    twin = make_organization("Harbor Valley General Hospital")
    browser = browser_of(dirk)
    form = browser.get(f"{twin.get_absolute_url()}merge/").content.decode()
    assert "Harbor Valley General" in form
    answer = browser.post(
        f"{twin.get_absolute_url()}merge/", {"chosen": valley["hospital"].pk, "reason": "Twins"}
    )
    assert answer.headers["Location"] == valley["hospital"].get_absolute_url()
    page = browser.get(answer.headers["Location"]).content.decode()
    assert "Merge of Harbor Valley General Hospital into Harbor Valley General" in page
    assert "Merged." in browser.get(twin.get_absolute_url()).content.decode()
    undo = f"/manage/restructurings/{Restructuring.objects.get().pk}/undo/"
    assert undo in page
    assert browser.post(undo, {"reason": ""}).status_code == 302
    assert Organization.objects.get(pk=twin.pk).merged_into is None


def test_a_move_by_page_that_closes_a_circle_says_so(valley, dirk, browser_of):
    url = f"{valley['top'].get_absolute_url()}move/"
    answer = browser_of(dirk).post(url, {"chosen": valley["hospital"].pk, "reason": ""})
    assert answer.status_code == 400
    assert "below itself" in answer.content.decode()


def test_over_the_api_a_merge_is_asked_for_and_taken_back(valley, dirk, api_of):
    twin, api = make_organization("Twin"), api_of(dirk)
    body = {"kind": "merge", "organization": str(twin.pk), "target": str(valley["hospital"].pk)}
    made = api.post("/api/v1/restructurings/", body, content_type="application/json")
    assert (made.status_code, made.json()["state"]) == (201, "done")
    shown = api.get(f"/api/v1/organizations/{valley['hospital'].pk}/").json()
    assert shown["other_names"] == [{"name": "Twin", "kind": "alias"}]
    assert shown["root"] == str(valley["top"].pk)
    back = api.post(f"/api/v1/restructurings/{made.json()['id']}/undo/", {}, content_type="application/json")
    assert (back.status_code, back.json()["kind"]) == (200, "undo")
    needs = api.post("/api/v1/restructurings/", {**body, "target": None}, content_type="application/json")
    assert needs.status_code == 400


def test_a_partner_cannot_ask_what_an_organization_is_to_the_vendor(priya, northgate, dirk, api_of):
    for question in ("is_partner=true", "is_prospect=true", "is_top=true", "kind=idn"):
        assert api_of(priya, northgate).get(f"/api/v1/organizations/?{question}").status_code == 400
        assert api_of(dirk).get(f"/api/v1/organizations/?{question}").status_code == 200
