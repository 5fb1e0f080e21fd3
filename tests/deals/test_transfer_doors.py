"""Transfers, changes and reopening by page, portal and API: what is offered, refused, and what nobody is told."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from core.actors import SYSTEM
from core.clock import now, today
from deals import actions
from deals.models import Amendment, Deal, Transfer
from home.kinds import KINDS
from tests.deals import factories as make

DAY = timedelta(days=1)


@pytest.fixture
def at():
    """Yesterday: doors read the clock."""
    return now() - DAY


@pytest.fixture
def deal(northgate, at, brannoc):
    return make.approved(northgate, at, brannoc, expected_close_on=today() + 100 * DAY, contact="Helen Marsh")


def proposed(deal, receiver, at):
    return actions.propose_transfer(
        by=SYSTEM, deal=deal, receiver=receiver, reason="Nearer.", comment="You both know them.", at=at
    )


def asked(transfer):
    return transfer.consents.get(state="requested")


def text_of(page):
    return page.content.decode()


def send(client, path, data=None, **headers):
    return client.post(path, json.dumps(data or {}), content_type="application/json", headers=headers)


def kind(key):
    return next(kind for kind in KINDS if kind.key == key)


# Transfers by page


def test_a_seller_asks_the_desk_proposes_both_admins_agree_and_the_desk_carries_it_out(
    sam, priya, rhys, dirk, acting, browser_of, northgate, albion, deal, at
):
    seller, giver, taker, desk = (browser_of(person) for person in (sam, priya, rhys, dirk))
    assert f"{deal.portal_url}request-transfer/" in text_of(seller.get(deal.portal_url))
    assert seller.get(f"{deal.portal_url}request-transfer/").status_code == 200
    seller.post(f"{deal.portal_url}request-transfer/", {"wish": "Albion", "reason": "Too far away."})
    transfer = Transfer.objects.get()
    assert "You asked to hand this registration on." in text_of(seller.get(deal.portal_url))

    assert transfer.get_absolute_url() in text_of(desk.get("/manage/"))
    page = text_of(desk.get(transfer.get_absolute_url()))
    assert "Nobody is asked until you propose a partner." in page
    propose = f"{deal.get_absolute_url()}propose-transfer/"
    assert "Albion" in text_of(desk.get(propose))
    desk.post(propose, {"receiver": str(albion.pk), "comment": "You both know them."})

    consent = asked(transfer)
    assert consent.portal_url in text_of(giver.get("/portal/"))
    page = text_of(giver.get(consent.portal_url))
    assert "Shall Albion Health take" in page
    assert "You both know them." in page
    assert seller.get(consent.portal_url).status_code == 403
    giver.post(consent.portal_url, {"answer": "give"})

    consent = asked(transfer)
    page = text_of(taker.get(consent.portal_url))
    for told in (deal.customer_name, "Northgate Clinical Systems", "Triage"):
        assert told in page
    for hidden in (deal.number, "420,000", "Helen Marsh", "Too far away."):
        assert hidden not in page
    assert taker.get(deal.portal_url).status_code == 404
    taker.post(consent.portal_url, {"answer": "give"})

    assert list(kind("transfer").waiting(acting(dirk), at)) == [transfer]
    carry_out = f"{transfer.get_absolute_url()}carry-out/"
    assert carry_out in text_of(desk.get(transfer.get_absolute_url()))
    assert desk.get(carry_out).status_code == 200
    desk.post(carry_out)
    transfer.refresh_from_db()
    assert transfer.state == "carried_out"
    taken = transfer.taken_over_by
    assert taken.portal_url in text_of(taker.get("/portal/deals/"))
    assert "Protected for you until" in text_of(taker.get(taken.portal_url))
    page = text_of(giver.get(deal.portal_url))
    assert "Transferred" in page
    assert taken.number not in page
    assert giver.get(taken.portal_url).status_code == 404
    assert "nothing left to answer" in text_of(taker.get(consent.portal_url))


def test_the_receiver_finds_nothing_before_the_holder_agrees(rhys, browser_of, albion, deal, at):
    transfer = proposed(deal, albion, at)
    taker = browser_of(rhys)
    assert taker.get(asked(transfer).portal_url).status_code == 404
    assert "Northgate" not in text_of(taker.get("/portal/"))
    assert taker.get(f"/portal/transfers/{transfer.pk}/take-back/").status_code == 404


def test_a_page_without_an_answer_says_so_and_a_no_ends_it(priya, browser_of, albion, deal, at):
    transfer, giver = proposed(deal, albion, at), browser_of(priya)
    url = asked(transfer).portal_url
    assert giver.post(url, {}).status_code == 400
    giver.post(url, {"answer": "decline", "comment": "We stay."})
    transfer.refresh_from_db()
    assert transfer.state == "declined"


def test_the_desk_gives_it_up_and_a_wish_is_taken_back(sam, dirk, browser_of, albion, deal, at):
    transfer, desk = proposed(deal, albion, at), browser_of(dirk)
    assert desk.get(f"{transfer.get_absolute_url()}cancel/").status_code == 200
    desk.post(f"{transfer.get_absolute_url()}cancel/")
    wish = actions.request_transfer(by=SYSTEM, deal=deal, wish="Albion", reason="Too far.", at=at)
    seller, url = browser_of(sam), f"/portal/transfers/{wish.pk}/take-back/"
    assert url in text_of(seller.get(deal.portal_url))
    assert seller.get(url).status_code == 200
    assert seller.post(url)["Location"] == deal.portal_url
    assert set(Transfer.objects.values_list("state", flat=True)) == {"cancelled"}


# Transfers over the API


def test_a_transfer_over_the_api(sam, priya, rhys, dirk, api_of, northgate, albion, deal):
    desk, seller = api_of(dirk), api_of(sam, northgate)
    giver, taker = api_of(priya, northgate), api_of(rhys, albion)
    base = f"/api/v1/deals/{deal.pk}/"
    assert (
        send(seller, f"{base}request-transfer/", {"wish": "Albion", "reason": "Too far."}).status_code == 200
    )
    assert send(seller, f"{base}propose-transfer/", {"receiver": str(albion.pk)}).status_code == 403
    assert send(desk, f"{base}propose-transfer/", {"receiver": str(albion.pk)}).status_code == 200
    transfer = desk.get(f"/api/v1/transfers/?deal={deal.pk}").json()["results"][0]
    assert (transfer["state"], transfer["receiver"]["name"]) == ("proposed", "Albion Health")
    url = f"/api/v1/transfers/{transfer['id']}/"
    assert taker.get(url).status_code == 404
    assert taker.get("/api/v1/transfer-consents/").json()["results"] == []
    consents = "/api/v1/transfer-consents/"
    mine = giver.get(consents).json()["results"][0]
    assert not {"partner", "transfer", "answered_by"} & set(mine)
    assert send(seller, f"{consents}{mine['id']}/give/", {}).status_code == 403
    assert send(giver, f"{consents}{mine['id']}/give/", {}).json()["state"] == "given"
    theirs = taker.get(consents).json()["results"][0]
    assert (theirs["other"], theirs["customer"], theirs["products"]) == (
        "Northgate Clinical Systems", deal.customer_name, ["triage"],
    )  # fmt: skip
    assert "amount" not in theirs
    assert send(taker, f"{consents}{theirs['id']}/give/", {}).json()["state"] == "given"
    assert send(desk, f"{url}carry-out/").status_code == 428
    done = send(desk, f"{url}carry-out/", **{"If-Match": "*"}).json()
    assert (done["state"], done["open_moves"]) == ("carried_out", [])
    assert "taken_over_by" not in giver.get(url).json()
    assert taker.get(f"/api/v1/deals/{done['taken_over_by']['id']}/").json()["state"] == "approved"
    assert send(desk, f"{url}cancel/").status_code == 409


def test_a_consent_is_declined_over_the_api(priya, api_of, northgate, albion, deal, at):
    consent = asked(proposed(deal, albion, at))
    url = f"/api/v1/transfer-consents/{consent.pk}/decline/"
    assert send(api_of(priya, northgate), url, {"comment": "No."}).json()["state"] == "declined"


# Changes


def test_a_seller_asks_for_a_change_and_the_desk_sees_old_beside_new(sam, dirk, acting, browser_of, deal, at):
    seller, desk, url = browser_of(sam), browser_of(dirk), f"{deal.portal_url}request-amendment/"
    assert url in text_of(seller.get(deal.portal_url))
    form = text_of(seller.get(url))
    assert "Helen Marsh" in form
    product = str(deal.products.get().pk)
    typed = {
        "products": [product], "amount_0": "USD", "amount_1": "500,000.00", "contact": "Luis Ortega",
        "expected_close_on": deal.expected_close_on.isoformat(), "help_wanted": "none",
    }  # fmt: skip
    assert seller.post(url, typed).status_code == 400
    assert seller.post(url, {**typed, "reason": "The board wants more."})["Location"] == deal.portal_url
    amendment = Amendment.objects.get()
    assert set(amendment.changes) == {"amount", "contact"}
    page = text_of(seller.get(deal.portal_url))
    assert "Luis Ortega" in page
    assert url not in page
    assert list(kind("amendment").waiting(acting(dirk), at)) == [amendment]
    page = text_of(desk.get(amendment.decide_url))
    for told in ("Helen Marsh", "Luis Ortega", "$420,000", "$500,000", "The board wants more."):
        assert told in page
    assert desk.post(amendment.decide_url, {"answer": "refuse"}).status_code == 400
    desk.post(amendment.decide_url, {"answer": "accept"})
    assert Deal.objects.get(pk=deal.pk).contact == "Luis Ortega"
    assert "Accepted" in text_of(desk.get(deal.get_absolute_url()))


def test_nothing_different_is_no_change(sam, browser_of, deal):
    typed = {
        "products": [str(deal.products.get().pk)], "amount_0": "USD", "amount_1": "420000", "contact": "Helen Marsh",
        "expected_close_on": deal.expected_close_on.isoformat(), "help_wanted": "none", "reason": "x",
    }  # fmt: skip
    page = browser_of(sam).post(f"{deal.portal_url}request-amendment/", typed)
    assert page.status_code == 400
    assert "Nothing is different" in text_of(page)


def test_a_change_over_the_api(sam, dirk, rhys, api_of, northgate, albion, deal):
    seller, desk = api_of(sam, northgate), api_of(dirk)
    base, amendments = f"/api/v1/deals/{deal.pk}/request-amendment/", "/api/v1/amendments/"
    assert send(seller, base, {"reason": "x"}).status_code == 400
    assert send(seller, base, {"reason": "x", "customer_name": "Else"}).status_code == 400
    assert send(seller, base, {"reason": "x", "products": ["triage", "imaging"]}).status_code == 200
    found = seller.get(f"{amendments}?state=requested").json()["results"][0]
    assert found["changes"] == {"products": {"old": ["triage"], "new": ["imaging", "triage"]}}
    assert api_of(rhys, albion).get(f"{amendments}{found['id']}/").status_code == 404
    url = f"{amendments}{found['id']}/"
    assert send(desk, f"{url}accept/").status_code == 428
    done = send(desk, f"{url}accept/", **{"If-Match": "*"})
    assert (done.status_code, done.json()["state"]) == (200, "accepted")
    assert sorted(seller.get(f"/api/v1/deals/{deal.pk}/").json()["products"]) == ["imaging", "triage"]
    send(seller, base, {"reason": "x", "contact": "Ana"})
    second = seller.get(f"{amendments}?state=requested").json()["results"][0]
    refused = send(desk, f"{amendments}{second['id']}/refuse/", {"reason": "not_agreed"}, **{"If-Match": "*"})
    assert refused.json()["refusal"] == "not_agreed"
    send(seller, base, {"reason": "x", "contact": "Ana"})
    third = seller.get(f"{amendments}?state=requested").json()["results"][0]
    assert send(seller, f"{amendments}{third['id']}/withdraw/").json()["state"] == "withdrawn"


def test_a_change_is_taken_back_by_page(sam, browser_of, deal, at):
    amendment = actions.request_amendment(by=SYSTEM, deal=deal, reason="x", contact="Ana", at=at)
    seller, url = browser_of(sam), f"/portal/amendments/{amendment.pk}/withdraw/"
    assert url in text_of(seller.get(deal.portal_url))
    assert seller.get(url).status_code == 200
    assert seller.post(url)["Location"] == deal.portal_url


# Reopening


def test_the_desk_reopens_and_others_are_not_offered_it(dirk, maya, browser_of, deal, at):
    deal = actions.report_win(by=SYSTEM, deal=deal, won_on=deal.day_of(at), reference="PO", at=at)
    actions.book_deal(by=SYSTEM, deal=deal, amount=deal.amount, booked_on=at.date(), at=at)
    desk, url = browser_of(dirk), f"{deal.get_absolute_url()}reopen/"
    assert url in text_of(desk.get(deal.get_absolute_url()))
    assert url not in text_of(browser_of(maya).get(deal.get_absolute_url()))
    assert browser_of(maya).get(url).status_code == 403
    page = text_of(desk.get(url))
    assert "$420,000" in page
    assert "The protection runs on until" in page
    assert desk.post(url, {"reason": ""}).status_code == 400
    desk.post(url, {"reason": "customer_came_back"})
    assert Deal.objects.get(pk=deal.pk).state == "approved"
    assert not actions.booked(deal)


def test_a_deal_is_reopened_over_the_api_or_told_why_not(dirk, api_of, northgate, albion, deal, at, brannoc):
    lost = actions.report_loss(by=SYSTEM, deal=deal, reason="price", at=at)
    rival = make.approved(albion, at, brannoc, expected_close_on=today() + 100 * DAY)
    desk, url = api_of(dirk), f"/api/v1/deals/{lost.pk}/reopen/"
    refused = send(desk, url, {"reason": "customer_came_back"}, **{"If-Match": "*"})
    assert refused.status_code == 409
    assert "Another partner is protected" in refused.json()["detail"]
    actions.withdraw_deal(by=SYSTEM, deal=rival, reason="no_opportunity", at=at)
    done = send(desk, url, {"reason": "customer_came_back", "days": 30}, **{"If-Match": "*"})
    assert (done.status_code, done.json()["state"]) == (200, "approved")
