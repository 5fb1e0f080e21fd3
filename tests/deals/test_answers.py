"""That another partner is protected is told as the outcome of a complete submission alone, so many a day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from accounts.actors import partner_actor, vendor_actor
from catalog.models import Setting
from core import clock
from core.errors import TooMany
from core.models import IdempotencyKey
from core.saving import save
from deals import actions
from deals.actions.answers import answers_left
from deals.models import Deal
from events.models import Event
from tests.deals import factories as make
from tests.factories import make_partner_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_a_day(program):
    return save(Setting(key="deal.most_answers_a_day", value=2))


def register(person, partner, at, n=0, **changes) -> Deal:
    named = {"customer_name": f"Hospital number {n}", **changes}
    return actions.register_deal(by=partner_actor(person), partner=partner, at=at, **make.facts(**named))


def form(**changes) -> dict:
    return {
        "customer_name": "Hospital number 9", "customer_country": "US", "customer_city": "Boise",
        "products": [str(make.facts()["products"][0].pk)], "amount_0": "USD", "amount_1": "1200",
        "expected_close_on": (clock.today() + timedelta(days=60)).isoformat(), "what_it_did": "A call.",
        "no_patient_data": "on", **changes,
    }  # fmt: skip


def test_a_submission_is_told_of_a_protection_and_its_last_day(sam, northgate, albion, brannoc, at):
    other = make.approved(albion, at, brannoc)

    deal = register(sam, northgate, at, customer_name=brannoc.name)

    assert deal.occupied_until == other.protected_until
    submitted = Event.objects.about(deal).get(type="deal.submitted")
    assert submitted.data["occupied_until"] == other.protected_until.isoformat()


def test_a_submission_of_a_free_customer_is_told_of_none(sam, northgate, albion, brannoc, at):
    make.approved(albion, at, brannoc)

    assert register(sam, northgate, at).occupied_until is None


def test_the_own_protection_is_no_other_partner_s(sam, northgate, brannoc, at):
    make.approved(northgate, at, brannoc)

    assert register(sam, northgate, at, customer_name=brannoc.name).occupied_until is None


def test_the_page_says_it_and_names_nobody(sam, browser_of, northgate, albion, brannoc):
    at = clock.now()
    make.approved(albion, at, brannoc, expected_close_on=clock.day(at) + timedelta(days=60))
    soon = clock.day(at) + timedelta(days=60)
    deal = register(sam, northgate, at, customer_name=brannoc.name, expected_close_on=soon)

    page = browser_of(sam).get(deal.portal_url).content.decode()

    assert "Another partner is protected on this customer until" in page
    assert "Albion" not in page


def test_a_submission_is_told_of_the_grace_of_another_and_its_last_day(sam, northgate, albion, brannoc, at):
    ended = make.approved(albion, at, brannoc, days=10)
    actions.release_lapsed(at=ended.ends_at)

    deal = register(sam, northgate, ended.ends_at, customer_name=brannoc.name)

    assert (deal.state, deal.organization, deal.occupied_until) == ("submitted", None, None)
    assert deal.kept_until == ended.protected_until + timedelta(days=7)
    told = Event.objects.about(deal).get(type="deal.submitted").data
    assert told["kept_until"] == deal.kept_until.isoformat()


def test_after_the_grace_and_to_its_holder_none_is_told(sam, northgate, albion, brannoc, at):
    ended = make.approved(northgate, at, brannoc, days=10)
    actions.release_lapsed(at=ended.ends_at)
    bea = make_partner_user("bea@albion.example", "Bea Moor", albion, "partner_seller", at)
    over = ended.ends_at + timedelta(days=7)

    assert register(sam, northgate, ended.ends_at, customer_name=brannoc.name).kept_until is None
    assert register(bea, albion, over - timedelta(seconds=1), customer_name=brannoc.name).kept_until
    assert register(bea, albion, over, customer_name=brannoc.name).kept_until is None


def test_the_grace_is_told_by_page_api_and_list_and_names_nobody(
    sam, dirk, browser_of, api_of, northgate, albion, brannoc
):
    now = clock.now()
    soon = clock.day(now) + timedelta(days=60)
    ended = make.approved(albion, now - timedelta(days=12), brannoc, days=10, expected_close_on=soon)
    actions.release_lapsed(at=now)
    deal = register(sam, northgate, now, customer_name=brannoc.name, expected_close_on=soon)

    page = browser_of(sam).get(deal.portal_url).content.decode()
    stored = api_of(sam, northgate).get(f"/api/v1/deals/{deal.pk}/").json()
    listed = browser_of(dirk).get("/manage/deals/answers/?occupied=true").content.decode()

    assert "This customer can still be renewed by whoever was protected, until" in page
    assert "Albion" not in page and ended.number not in page
    assert stored["kept_until"] == (ended.protected_until + timedelta(days=7)).isoformat()
    assert deal.number in listed and ended.number not in listed


def test_over_the_day_s_most_nothing_is_sent(sam, northgate, two_a_day, at):
    for n in range(2):
        register(sam, northgate, at + timedelta(minutes=n), n)

    with pytest.raises(TooMany, match="sent 2 registrations within a day") as refused:
        register(sam, northgate, at + timedelta(hours=1), 3)
    assert refused.value.retry_at == at + timedelta(days=1)
    assert Deal.objects.count() == 2
    assert register(sam, northgate, at + timedelta(days=1, seconds=1), 3).state == "submitted"


def test_incomplete_ones_drafts_and_the_vendor_s_own_are_not_counted(sam, maya, northgate, two_a_day, at):
    register(sam, northgate, at, 1)
    with pytest.raises(ValidationError):
        register(sam, northgate, at, 2, what_it_did="")
    actions.draft_deal(by=partner_actor(sam), partner=northgate, at=at, **make.facts())
    for n in (3, 4):
        actions.register_deal(
            by=vendor_actor(maya),
            partner=northgate,
            at=at,
            source="manager",
            **make.facts(customer_name=f"M {n}"),
        )

    assert register(sam, northgate, at, 5).state == "submitted"
    with pytest.raises(TooMany):
        register(sam, northgate, at, 6)


def test_whoever_sends_counts_and_not_whoever_drafted(sam, maya, northgate, two_a_day, at):
    drafted = [
        actions.start_draft(by=by, partner=northgate, at=at, **make.facts(customer_name=f"Drafted {n}"))
        for n, by in enumerate([vendor_actor(maya), partner_actor(sam), partner_actor(sam)])
    ]
    of_manager, of_seller, last = drafted
    actions.submit_deal(by=vendor_actor(maya), deal=of_seller, at=at)
    assert answers_left(partner_actor(sam), northgate, at) == 2
    actions.submit_deal(by=partner_actor(sam), deal=of_manager, at=at)
    assert answers_left(partner_actor(sam), northgate, at) == 1
    register(sam, northgate, at, 1)
    with pytest.raises(TooMany):
        actions.submit_deal(by=partner_actor(sam), deal=last, at=at)


def test_another_partner_s_day_is_its_own(sam, northgate, albion, at, two_a_day):
    from tests import factories

    for n in range(2):
        register(sam, northgate, at, n)
    bea = factories.make_partner_user("bea@albion.example", "Bea Moor", albion, "partner_seller", at)

    assert register(bea, albion, at, 7).state == "submitted"


def test_the_portal_keeps_what_cannot_be_sent_as_a_draft(sam, browser_of, northgate, two_a_day):
    at = clock.now()
    soon = clock.day(at) + timedelta(days=60)
    for n in range(2):
        register(sam, northgate, at, n, expected_close_on=soon)

    answer = browser_of(sam).post("/portal/deals/new/", form(), follow=True)

    draft = Deal.objects.get(customer_name="Hospital number 9")
    assert draft.state == "draft" and draft.what_it_did == "A call."
    page = answer.content.decode()
    assert "has sent 2 registrations within a day" in page and "kept as a draft" in page
    assert "Registered." not in page


def test_the_api_says_429_and_when_to_come_back(sam, northgate, two_a_day, api_of):
    at = clock.now()
    soon = clock.day(at) + timedelta(days=60)
    for n in range(2):
        register(sam, northgate, at, n, expected_close_on=soon)
    draft = actions.draft_deal(
        by=partner_actor(sam), partner=northgate, at=at, **make.facts(expected_close_on=soon)
    )

    answer = api_of(sam, northgate).post(
        f"/api/v1/deals/{draft.pk}/submit/", {}, content_type="application/json",
        headers={"Idempotency-Key": "one"},
    )  # fmt: skip

    assert answer.status_code == 429, answer.content
    assert answer.json()["code"] == "too_many_submissions"
    assert 86_000 < int(answer["Retry-After"]) <= 86_401
    draft.refresh_from_db()
    assert draft.state == "draft"
    assert not IdempotencyKey.objects.exists()


def test_the_deal_desk_reads_what_was_told(dirk, sam, browser_of, northgate, albion, brannoc, at):
    other = make.approved(albion, at, brannoc)
    told = register(sam, northgate, at, customer_name=brannoc.name)
    free = register(sam, northgate, at, 3)
    browser = browser_of(dirk)

    everything = browser.get("/manage/deals/answers/").content.decode()
    occupied = browser.get("/manage/deals/answers/?occupied=true").content.decode()

    assert told.number in everything and free.number in everything and other.number in everything
    assert told.number in occupied and free.number not in occupied
    assert "Sam" in everything


def test_it_reads_who_sent_it_and_not_who_drafted_it(dirk, maya, sam, browser_of, northgate, brannoc, at):
    drafted = actions.start_draft(by=partner_actor(sam), partner=northgate, at=at, **make.facts())
    assert drafted.submitted_by == sam
    actions.submit_deal(by=vendor_actor(maya), deal=drafted, at=at)

    page = browser_of(dirk).get("/manage/deals/answers/").content.decode()

    assert maya.name in page
    assert sam.name not in page


def test_a_partner_has_no_such_list(sam, browser_of, northgate):
    assert browser_of(sam).get("/manage/deals/answers/").status_code == 404
