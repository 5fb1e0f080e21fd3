"""Addresses with a rule of their own: what stands open shows nothing, and what acts on a session acts on one's own."""

from __future__ import annotations

import pytest

from accounts.middleware import PARTNER_IN_SESSION
from tests.tenancy import oracles, policy
from tests.tenancy.matrix import MISSING, same_cookies, taken_back
from tests.tenancy.routes import all_routes

pytestmark = pytest.mark.django_db

ROUTES = {route.name: route for route in all_routes()}
TOKENS = ("x", "not.a.token", "AZ8a_wAAfAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")


def test_open_pages_show_nothing_of_anybody(world, people):
    read = 0
    for name in policy.OPEN:
        route = ROUTES[name]
        if route.arguments:
            continue
        for who in ("anonymous", "A_admin", "B_admin", "maya"):
            response = people[who].client.get(route.address())
            assert response.status_code in (200, 302, 405), name
            assert oracles.leaks(world, oracles.content_of(response)) == [], name
            read += 1

    assert read > 40


@pytest.mark.parametrize("name", ["public:apply-confirm", "public:join", "public:confirm-go-live"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_that_is_none_is_one_closed_door(people, name, method):
    """Unknown, malformed, another purpose's: the same answer."""
    answers = set()
    for token in TOKENS:
        client = people["anonymous"].client
        with taken_back(), same_cookies(client):
            response = getattr(client, method)(ROUTES[name].address(token=token))
        answers.add((response.status_code, len(response.content)))

    assert {status for status, _length in answers} == {409}


def test_a_person_of_two_partners_switches_between_its_own_alone(world, people):
    from tests.tenancy.actors import browser

    client = browser(world.people["AB_both"])
    a, b, c = (str(world.partners[letter].pk) for letter in "ABC")

    for chosen, seen in ((a, a), (b, b), (c, b), (MISSING, b), (a, a)):
        assert client.post(f"/portal/switch/{chosen}/").status_code == 302
        assert client.session[PARTNER_IN_SESSION] == seen
        response = client.get("/portal/deals/")
        # Its menu names both partners; the deals are one's alone.
        assert (b"Submitwell zyxquill CANARY-B" in response.content) == (seen == b)


def test_whoever_belongs_to_one_partner_cannot_switch_to_another(world, people):
    client = people["A_admin"].client
    with taken_back(), same_cookies(client):
        client.post(f"/portal/switch/{world.partners['B'].pk}/")
        assert oracles.leaks(world, client.get("/portal/deals/").content) == []


def test_a_look_at_a_portal_shows_that_partner_alone_and_says_so(world, people):
    client = people["viewing A"].client
    response = client.get("/portal/deals/")

    assert response.status_code == 200
    assert oracles.leaks(world, response.content) == []
    assert b"stop-viewing" in response.content
    assert client.post("/portal/deals/new/", {}).status_code == 403


def test_two_people_at_one_address_never_share_an_answer(world, people):
    """A and B ask in turn: nothing that was kept for one reaches the other."""
    for _turn in range(5):
        for address in ("/portal/", "/portal/deals/", "/portal/tier/", "/portal/team/"):
            ours = people["A_admin"].client.get(address)
            theirs = people["B_admin"].client.get(address)
            assert oracles.leaks(world, oracles.content_of(ours)) == []
            assert ours.status_code == theirs.status_code == 200
            assert "no-store" in ours["Cache-Control"] or "private" in ours["Cache-Control"]


def test_someone_who_was_removed_is_out_at_the_next_request(world, people):
    from accounts.actions import end_membership
    from accounts.models import Membership
    from core.actors import SYSTEM
    from core.clock import now

    client = people["A_finance"].client
    with taken_back():
        assert client.get("/portal/deals/").status_code == 200
        membership = Membership.objects.get(user=world.people["A_finance"])
        end_membership(by=SYSTEM, membership=membership, at=now())
        assert client.get("/portal/deals/").status_code == 404
        assert client.get("/api/v1/deals/").status_code == 401
