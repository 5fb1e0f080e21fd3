"""More time by page, by API and by mail: the partner asks, the vendor answers, both read what became of it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from core import mail
from core.actors import SYSTEM
from core.clock import now, today
from core.models import Mail
from deals import actions
from deals.models import Deal, Extension
from tests.deals import factories as make

DAY = timedelta(days=1)


@pytest.fixture
def at():
    """Yesterday: pages read the clock."""
    return now() - DAY


@pytest.fixture
def approved(northgate, at, brannoc):
    return make.approved(northgate, at, brannoc, expected_close_on=today() + 100 * DAY)


@pytest.fixture
def expired(northgate, brannoc):
    """Its last day was the day before yesterday."""
    begun = now() - 92 * DAY
    deal = make.approved(northgate, begun, brannoc, expected_close_on=today() + 100 * DAY)
    actions.release_lapsed(at=deal.ends_at)
    return Deal.objects.get(pk=deal.pk)


@pytest.fixture
def asked(approved, at):
    return actions.request_extension(by=SYSTEM, deal=approved, at=at, **said(approved, at))


def said(deal, at):
    return {"evidence": "A demonstration for the CMIO.", "activity_on": deal.day_of(at)}


def typed(deal):
    return {"evidence": "A demonstration for the CMIO.", "activity_on": deal.day_of(now()).isoformat()}


def text(answer):
    return answer.content.decode()


# Pages


def test_a_seller_asks_for_more_time_in_the_portal(sam, browser_of, approved):
    browser, url = browser_of(sam), f"{approved.portal_url}request-extension/"
    assert url in text(browser.get(approved.portal_url))
    assert "60 days longer" in text(browser.get(url))
    assert browser.post(url, {**typed(approved), "activity_on": "2020-01-01"}).status_code == 400
    assert browser.post(url, typed(approved))["Location"] == approved.portal_url
    page = text(browser.get(approved.portal_url))
    assert "A demonstration for the CMIO." in page
    assert url not in page
    assert browser.post(url, typed(approved)).status_code == 409


def test_a_viewer_is_not_offered_to_ask(priya, browser_of, approved, sam):
    assert "request-extension" in text(browser_of(sam).get(approved.portal_url))
    assert "request-renewal" not in text(browser_of(sam).get(approved.portal_url))


def test_the_deal_desk_grants_on_the_page_of_the_request(dirk, browser_of, asked, approved):
    browser = browser_of(dirk)
    assert asked.decide_url in text(browser.get(approved.get_absolute_url()))
    page = text(browser.get(asked.decide_url))
    assert "A demonstration for the CMIO." in page and "the reminders move with it" in page
    assert browser.post(asked.decide_url, {"answer": "refuse"}).status_code == 400
    answer = browser.post(asked.decide_url, {"answer": "grant", "comment": "Good luck."})
    assert answer["Location"] == approved.get_absolute_url()
    asked.refresh_from_db()
    assert (asked.state, asked.comment) == ("granted", "Good luck.")
    assert "Granted" in text(browser.get(approved.get_absolute_url()))


def test_a_refusal_is_read_in_the_portal_with_its_reason(dirk, sam, browser_of, asked, approved):
    browser_of(dirk).post(asked.decide_url, {"answer": "refuse", "reason": "too_long", "comment": "Enough."})
    asked.refresh_from_db()
    assert asked.state == "refused"
    page = text(browser_of(sam).get(approved.portal_url))
    assert "Refused" in page and "Enough" in page


def test_a_renewal_is_asked_for_in_the_portal_and_granted_in_the_workspace(sam, dirk, browser_of, expired):
    browser, url = browser_of(sam), f"{expired.portal_url}request-renewal/"
    page = text(browser.get(expired.portal_url))
    assert "You can ask for a renewal until" in page and url in page
    assert browser.post(url, typed(expired)).status_code == 302
    desk, renew = browser_of(dirk), f"{expired.get_absolute_url()}renew/"
    assert renew in text(desk.get(expired.get_absolute_url()))
    assert desk.get(renew).status_code == 200
    assert desk.post(renew, {"comment": ""}).status_code == 302
    expired.refresh_from_db()
    assert (expired.state, expired.protected_from) == ("approved", expired.day_of(now()))


def test_the_page_of_a_renewal_says_what_it_does(dirk, browser_of, expired):
    asked = actions.request_renewal(by=SYSTEM, deal=expired, at=now(), **said(expired, now()))
    assert "protected again from today on" in text(browser_of(dirk).get(asked.decide_url))


def test_the_decision_page_says_that_another_may_still_renew(albion, dirk, browser_of, expired, brannoc):
    rival = make.submitted(albion, now(), brannoc, expected_close_on=today() + 100 * DAY)
    browser = browser_of(dirk)
    assert "Nobody else may still renew" in text(browser.get(rival.decide_url))
    answer = browser.post(rival.decide_url, {"move": "approve", "days": "90"})
    assert answer.status_code == 409
    assert "can still be renewed by whoever was protected" in text(answer)


# API


def send(client, path, data=None, **headers):
    return client.post(path, json.dumps(data or {}), content_type="application/json", headers=headers)


def test_a_partner_asks_over_the_api_and_reads_the_answer(sam, northgate, dirk, api_of, approved):
    seller, desk = api_of(sam, northgate), api_of(dirk)
    path = f"/api/v1/deals/{approved.pk}/request-extension/"
    late = send(seller, path, {**typed(approved), "activity_on": "2020-01-01"})
    assert late.status_code == 400
    assert {error["pointer"] for error in late.json()["errors"]} == {"/activity_on"}
    assert send(seller, path, typed(approved)).json()["id"] == str(approved.pk)
    assert send(seller, path, typed(approved)).status_code == 409
    [row] = desk.get(f"/api/v1/extensions/?deal={approved.pk}&state=requested").json()["results"]
    assert row["requested_by"] == str(sam.pk)
    grant = f"/api/v1/extensions/{row['id']}/grant/"
    assert send(seller, grant).status_code == 403
    assert send(desk, grant).status_code == 428
    etag = desk.get(f"/api/v1/extensions/{row['id']}/")["ETag"]
    assert send(desk, grant, {"comment": "Good luck."}, if_match=etag).json()["state"] == "granted"
    read = seller.get(f"/api/v1/extensions/{row['id']}/").json()
    approved.refresh_from_db()
    assert (read["until"], read["comment"]) == (approved.protected_until.isoformat(), "Good luck.")
    assert "decided_by" not in read


def test_another_partner_finds_no_request(rhys, albion, api_of, asked):
    other = api_of(rhys, albion)
    assert other.get("/api/v1/extensions/").json()["results"] == []
    assert other.get(f"/api/v1/extensions/{asked.pk}/").status_code == 404


def test_a_refusal_over_the_api_needs_a_reason(dirk, api_of, asked):
    desk = api_of(dirk)
    path, etag = f"/api/v1/extensions/{asked.pk}/refuse/", desk.get(f"/api/v1/extensions/{asked.pk}/")["ETag"]
    assert send(desk, path, {}, if_match=etag).status_code == 400
    assert send(desk, path, {"reason": "too_long"}, if_match=etag).json()["reason"] == "too_long"


def test_a_renewal_over_the_api(sam, northgate, dirk, api_of, expired):
    desk = api_of(dirk)
    path, url = f"/api/v1/deals/{expired.pk}/", f"/api/v1/deals/{expired.pk}/renew/"
    etag = desk.get(path)["ETag"]
    assert send(desk, url, if_match=etag).status_code == 409
    seller = api_of(sam, northgate)
    assert send(seller, f"{path}request-renewal/", typed(expired)).status_code == 200
    assert send(desk, url, if_match=desk.get(path)["ETag"]).json()["state"] == "approved"


# Mails


def letter(user, name):
    [found] = Mail.objects.filter(letter=name, to_user=user)
    return mail.render(found)


def test_the_letters_tell_the_day_or_the_reason(priya, asked, approved, at):
    actions.grant_extension(by=SYSTEM, extension=asked, at=at, comment="Good luck.")
    subject, body, html = letter(priya, "deal.extended")
    assert "runs longer" in subject
    assert "is protected for you until" in body and "Good luck." in body
    assert approved.portal_url in html
    again = actions.request_extension(by=SYSTEM, deal=approved, at=at, **said(approved, at))
    actions.refuse_extension(by=SYSTEM, extension=again, reason="no_activity", at=at)
    subject, body, _html = letter(priya, "deal.extension_refused")
    assert "is not extended" in subject
    assert "It still runs until" in body


def test_the_letter_of_the_end_says_until_when_a_renewal_can_be_asked_for(priya, expired):
    _subject, body, _html = letter(priya, "deal.expired")
    last = expired.protected_until + 7 * DAY
    assert f"ask for a renewal by {last.day} {last:%B %Y}" in body


def test_the_letter_of_a_renewal(priya, expired):
    actions.request_renewal(by=SYSTEM, deal=expired, at=now(), **said(expired, now()))
    actions.renew_deal(by=SYSTEM, deal=expired, at=now())
    subject, body, _html = letter(priya, "deal.renewed")
    assert "is renewed" in subject and "is protected for you until" in body
    assert Extension.objects.get().state == "granted"
