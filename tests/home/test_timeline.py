"""Events told as sentences, and what stands around every page."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from accounts import timeline
from accounts.actions import end_membership, start_membership
from accounts.models import Membership
from core.actors import SYSTEM
from deals import actions as deal_actions
from events import sentences, types
from home.kinds import KINDS
from home.navigation import WORKSPACE
from tests.factories import make_partner


def test_every_type_that_partners_see_has_its_words():
    visible = set(types.visible_names())
    assert "deal.approved" in visible
    assert visible & set(sentences.untold()) == set()


def test_a_sentence_names_nothing_but_what_its_type_declares():
    for kind in types.catalogue():
        words = sentences.words_of(kind.name)
        if words:
            for pattern in (str(words.done), str(words.happened)):
                used = {name.removesuffix("_name") for name in re.findall(r"%\((\w+)\)s", pattern)} - {
                    "subject",
                    "money",
                }
                assert used <= set(kind.keys), kind.name


def test_no_one_acting_leaves_a_sentence_that_stands_alone(northgate, maya, acting):
    lines = timeline.of_partner(northgate, actor=acting(maya))
    told = {line["sentence"] for line in lines}
    assert f"{northgate.name} is active: onboarding is complete" in told
    assert all(line["actor"] == "" for line in lines)


def test_days_and_money_are_said_as_people_write_them():
    data = {"amount": "1200.50", "currency": "EUR", "booked_on": "2026-11-03"}
    told = sentences.tell("booking.recorded", who="Finn", subject="D-1001", data=data)
    assert told.sentence == "booked €1,200.50 for D-1001"


def test_a_payload_that_lacks_a_word_falls_back_to_the_promise():
    told = sentences.tell("deal.approved", who="Dirk", subject="D-1001", data={})
    assert told.actor == ""
    assert told.sentence == f"{types.get('deal.approved').promise.rstrip('.')}, by Dirk"


def test_a_timeline_costs_the_same_for_few_events_and_for_many(
    northgate, maya, dirk, register, acting, moment, django_assert_max_num_queries
):
    for _n in range(4):
        deal_actions.approve_deal(by=acting(dirk), deal=register(northgate), at=moment)
    with django_assert_max_num_queries(8):
        assert len(timeline.of_partner(northgate, actor=acting(maya))) > 8


def test_a_partners_line_leads_to_the_portal(northgate, sam, priya, acting, moment):
    deal = deal_actions.start_draft(
        by=acting(sam), partner=northgate, at=moment, customer_name="Begun Clinic"
    )
    (line,) = timeline.about(deal, actor=acting(priya))
    assert line["url"] == f"/portal/deals/{deal.pk}/"


# Around every page ----------------------------------------------------------------------------------------------


def test_every_kind_of_the_queue_belongs_to_a_section_of_the_sidebar():
    assert {kind.section for kind in KINDS} <= {section.key for section in WORKSPACE}
    assert len({kind.key for kind in KINDS}) == len(KINDS)


def test_the_portal_has_at_most_seven_words(northgate, priya, browser_of):
    html = browser_of(priya).get("/portal/").content.decode()
    nav = html[html.index('class="prm-portal-nav"') :]
    assert 3 < nav[: nav.index("</nav>")].count("<a ") <= 7


def test_a_person_of_two_partners_may_switch(northgate, priya, at, browser_of):
    second = make_partner("Second Care", at=at - timedelta(days=100))
    browser = browser_of(priya)
    switch = f"/portal/switch/{second.pk}/"
    assert switch not in browser.get("/portal/").content.decode()
    start_membership(by=SYSTEM, user=priya, partner=second, role="partner_viewer", at=at)
    assert switch in browser.get("/portal/").content.decode()
    browser.post(switch)
    assert "<h1>Second Care" in browser.get("/portal/").content.decode()
    end_membership(by=SYSTEM, membership=Membership.objects.get(user=priya, partner=second), at=at)
    assert "<h1>Northgate" in browser.get("/portal/").content.decode()


def test_my_partners_are_those_with_the_latest_events(northgate, maya, at, browser_of):
    quiet = [make_partner(f"Quiet {n}", psm=maya, at=at - timedelta(days=500 + n)) for n in range(4)]
    html = browser_of(maya).get("/manage/search/").content.decode()
    beside = html[html.index('aria-label="My partners"') :]
    shown = re.findall(r"/manage/partners/([0-9a-f-]{36})/", beside[: beside.index("</nav>")])
    assert shown[0] == str(northgate.pk)
    assert len(shown) == 4 and str(quiet[-1].pk) not in shown


def test_whoever_views_the_portal_as_a_partner_is_told_so(northgate, maya, browser_of):
    browser = browser_of(maya)
    browser.post(f"/manage/partners/{northgate.pk}/view-portal/", {"reason": "A question by phone"})
    html = browser.get("/portal/").content.decode()
    assert "You see the portal as" in html and "/stop-viewing/" in html
    assert "/portal/deals/new/" not in html


@pytest.mark.parametrize("role", ["maya", "dirk", "vera"])
def test_the_sidebar_offers_what_the_role_may_see(role, request, northgate, browser_of):
    html = browser_of(request.getfixturevalue(role)).get("/manage/").content.decode()
    assert "/manage/deals/" in html
    assert "/manage/settings/" not in html
