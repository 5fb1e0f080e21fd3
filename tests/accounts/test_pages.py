"""People's pages: team, invitations, keys, the look at a portal."""

import pytest

from accounts.models import ApiKey, Invitation, Membership
from core.models import Mail, Vendor

pytestmark = pytest.mark.django_db


def test_a_partner_admin_invites_a_colleague(priya, browser_of):
    browser = browser_of(priya)
    assert browser.get("/portal/team/").status_code == 200
    form = {"name": "Lou", "email": "Lou@northgate.example", "role": "partner_seller"}
    answer = browser.post("/portal/team/invite/", form)
    assert answer.status_code == 302
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.partner_id) == (
        "lou@northgate.example",
        priya.memberships.get().partner_id,
    )
    assert Mail.objects.get().letter == "account.invitation"


def test_the_same_form_sent_twice_invites_once(priya, browser_of):
    browser = browser_of(priya)
    form = {"name": "Lou", "email": "l@northgate.example", "role": "partner_seller", "idempotency_key": "k1"}
    assert [browser.post("/portal/team/invite/", form).status_code for _i in range(2)] == [302, 302]
    assert Invitation.objects.count() == 1


def test_a_seller_may_not_invite(sam, browser_of):
    assert browser_of(sam).get("/portal/team/invite/").status_code == 403


def test_a_partner_cannot_give_a_role_of_the_vendor(priya, browser_of):
    form = {"name": "Lou", "email": "l@x.example", "role": "administrator"}
    assert browser_of(priya).post("/portal/team/invite/", form).status_code == 400
    assert not Invitation.objects.exists()


def test_a_foreign_colleague_does_not_exist(priya, rhys, browser_of):
    foreign, own = rhys.memberships.get(), priya.memberships.get()
    browser = browser_of(priya)
    assert browser.get(f"/portal/team/{own.pk}/role/").status_code == 200
    assert browser.get(f"/portal/team/{foreign.pk}/role/").status_code == 404


def test_the_last_admin_cannot_be_removed(priya, browser_of):
    own = priya.memberships.get()
    answer = browser_of(priya).post(f"/portal/team/{own.pk}/remove/", {})
    assert answer.status_code == 409
    assert Membership.objects.current().filter(pk=own.pk).exists()


def test_a_removed_person_is_out_at_the_next_request(priya, sam, browser_of):
    seller, admin = browser_of(sam), browser_of(priya)
    assert seller.get("/portal/team/").status_code == 200
    admin.post(f"/portal/team/{sam.memberships.get().pk}/remove/", {})
    assert seller.get("/portal/team/").status_code == 404


def test_a_deactivated_person_is_out_everywhere(sam, ada, northgate, browser_of, api_of):
    browser, api = browser_of(sam), api_of(sam, northgate)
    assert api.get("/api/v1/memberships/").status_code == 200
    browser_of(ada).post(f"/manage/people/{sam.pk}/deactivate/", {"reason": "left"})
    assert browser.get("/portal/team/").status_code == 302
    assert api.get("/api/v1/memberships/").status_code == 401


def test_a_key_is_shown_once_and_stored_as_a_hash(priya, browser_of):
    answer = browser_of(priya).post("/portal/keys/new/", {"name": "CRM", "days": "90"})
    text = answer.context["text"]
    key = ApiKey.objects.get()
    assert text in answer.content.decode()
    assert text not in str(vars(key))
    assert text not in browser_of(priya).get("/portal/keys/").content.decode()


def test_looking_at_a_portal_is_read_only_and_ends(maya, northgate, browser_of):
    browser = browser_of(maya)
    answer = browser.post(f"/manage/partners/{northgate.pk}/view-portal/", {"reason": "Asked on the phone"})
    assert answer.status_code == 302
    assert northgate.name in browser.get("/portal/team/").content.decode()
    assert browser.get("/portal/team/invite/").status_code == 403
    refused = browser.get("/portal/profile/")
    assert refused.status_code == 403 and "/stop-viewing/" in refused.content.decode()
    browser.post("/stop-viewing/")
    assert browser.get("/portal/team/").status_code == 404


def test_a_psm_cannot_look_at_a_foreign_partners_portal(maya, albion, browser_of):
    assert browser_of(maya).get(f"/manage/partners/{albion.pk}/view-portal/").status_code == 404


def test_a_person_changes_its_own_appearance(maya, browser_of):
    form = {"name": "Maya Lindqvist", "time_zone": "Europe/Stockholm", "theme": "dark"}
    assert browser_of(maya).post("/manage/profile/", form).status_code == 302
    maya.refresh_from_db()
    assert (maya.time_zone, maya.theme) == ("Europe/Stockholm", "dark")


def test_a_closed_account_is_opened_again(sam, ada, browser_of):
    admin, seller = browser_of(ada), browser_of(sam)
    admin.post(f"/manage/people/{sam.pk}/deactivate/", {"reason": "on leave"})
    assert admin.post(f"/manage/people/{sam.pk}/deactivate/", {"reason": "again"}).status_code == 409
    assert admin.post(f"/manage/people/{sam.pk}/reactivate/", {}).status_code == 302
    sam.refresh_from_db()
    assert sam.is_active and seller.get("/portal/team/").status_code == 302  # to log in again
    assert admin.post(f"/manage/people/{sam.pk}/reactivate/", {}).status_code == 409


def test_two_administrators_change_the_settings(ada, browser_of):
    browser = browser_of(ada)
    version = browser.get("/manage/settings/").context["version"]
    form = {"name": "Corvane", "tagline": "Partners", "accent": "#2F55D4", "time_zone": "Europe/Oslo"}
    assert browser.post("/manage/settings/", {**form, "version": version}).status_code == 302
    answer = browser.post("/manage/settings/", {**form, "tagline": "Mine", "version": version})
    assert answer.status_code == 412
    assert "Mine" in answer.content.decode() and Vendor.objects.get().tagline == "Partners"
