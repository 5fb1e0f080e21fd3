"""The people at a partner, recorded by the vendor and by the partner itself."""

from __future__ import annotations

import pytest

from partners.models import Contact


def test_a_manager_adds_a_person_changes_them_and_notes_that_they_left(northgate, maya, browser_of):
    browser = browser_of(maya)
    people = f"/manage/partners/{northgate.pk}/people/"
    page = browser.post(f"{people}new/", {"name": "Dana Whitfield", "email": "Dana@Northgate.example"})
    assert page.url == people
    dana = Contact.objects.get(name="Dana Whitfield")
    assert dana.email == "dana@northgate.example"
    browser.post(f"/manage/contacts/{dana.pk}/change/", {"name": "Dana Whit", "title": "Engineer"})
    assert "Dana Whit" in browser.get(people).content.decode()
    browser.post(f"/manage/contacts/{dana.pk}/left/")
    dana.refresh_from_db()
    assert dana.left_on is not None
    assert "Dana Whit" not in browser.get(people).content.decode()


def test_a_partner_admin_adds_its_own_people(northgate, priya, sam, browser_of):
    page = browser_of(priya).post("/portal/people/new/", {"name": "Omar Haddad"})
    assert page.url == "/portal/people/"
    assert Contact.objects.get(name="Omar Haddad").partner == northgate
    assert browser_of(sam).post("/portal/people/new/", {"name": "Someone"}).status_code == 403


@pytest.mark.parametrize("move", ["change", "left"])
def test_another_partners_person_does_not_exist(northgate, albion, priya, rhys, maya, browser_of, move):
    contact = albion.contacts.get(user=rhys)
    assert browser_of(rhys).get(f"/portal/contacts/{contact.pk}/{move}/").status_code == 200
    assert browser_of(priya).get(f"/portal/contacts/{contact.pk}/{move}/").status_code == 404
    assert browser_of(maya).get(f"/manage/contacts/{contact.pk}/{move}/").status_code == 404


def test_an_address_that_is_taken_is_said_at_the_form(northgate, priya, maya, browser_of):
    taken = {"name": "Double", "email": "priya@northgate.example"}
    page = browser_of(maya).post(f"/manage/partners/{northgate.pk}/people/new/", taken)
    assert page.status_code == 400
    assert "This partner has a person with this address already." in page.content.decode()
