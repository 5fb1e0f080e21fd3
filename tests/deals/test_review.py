"""Who looks at a registration, notes that no partner reads, and what the review queue shows to whom."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from catalog.actions import assign_region
from catalog.models import Market
from core.actors import SYSTEM
from core.errors import Conflict
from core.mail import render
from core.models import Mail
from deals import actions
from deals.models import Deal, DealNote
from events.models import Event
from home import queue
from inbox.models import Notification
from tests.deals import factories as make
from tests.factories import make_key, make_partner

pytestmark = pytest.mark.django_db
SECRET = "their-cfo-is-my-cousin"


def test_a_registration_is_given_to_a_colleague_who_hears_of_it(northgate, maya, dirk, acting, at):
    deal = make.submitted(northgate, at)

    given = actions.assign_deal(by=acting(maya), deal=deal, to=dirk, at=at)

    assert given.assigned_to == dirk
    assert Notification.objects.get(kind="deal.assigned").user == dirk
    event = Event.objects.get(type="deal.assigned")
    assert event.data == {"from": "", "to": str(dirk.pk)}


def test_whoever_takes_it_needs_no_bell_and_twice_is_once(northgate, maya, acting, at):
    deal = make.submitted(northgate, at)

    for _turn in range(2):
        actions.assign_deal(by=acting(maya), deal=deal, to=maya, at=at)

    assert Event.objects.filter(type="deal.assigned").count() == 1
    assert not Notification.objects.filter(kind="deal.assigned").exists()


def test_it_is_given_only_to_those_who_may_decide_it_and_see_its_partner(northgate, tomas, vera, priya, at):
    deal = make.submitted(northgate, at)

    for somebody in (tomas, vera, priya):
        with pytest.raises(ValidationError):
            actions.assign_deal(by=SYSTEM, deal=deal, to=somebody, at=at)


def test_what_is_decided_is_given_to_nobody(northgate, maya, brannoc, at):
    deal = make.approved(northgate, at, brannoc)

    with pytest.raises(Conflict):
        actions.assign_deal(by=SYSTEM, deal=deal, to=maya, at=at)


def test_in_the_work_queue_it_is_its_reviewer_s_and_no_longer_the_manager_s(
    northgate, maya, dirk, acting, at
):
    deal = make.submitted(northgate, at)
    assert [item.id for item in queue.items(acting(maya), at, queue.MINE)] == [deal.pk]

    actions.assign_deal(by=SYSTEM, deal=deal, to=dirk, at=at)

    assert queue.items(acting(maya), at, queue.MINE) == []
    assert [item.id for item in queue.items(acting(dirk), at, queue.MINE)] == [deal.pk]


def test_a_note_is_kept_for_colleagues(northgate, maya, acting, browser_of, at):
    deal = make.submitted(northgate, at)
    browser = browser_of(maya)

    answer = browser.post(f"{deal.get_absolute_url()}note/", {"text": SECRET})

    assert (answer.status_code, answer.url) == (302, deal.decide_url)
    assert DealNote.objects.get().author == maya
    assert SECRET in browser.get(deal.decide_url).content.decode()
    assert SECRET in browser.get(deal.get_absolute_url()).content.decode()


def test_a_note_is_never_changed(northgate, at):
    note = actions.note_deal(by=SYSTEM, deal=make.submitted(northgate, at), text=SECRET, at=at)

    for spoil in (lambda: DealNote.objects.update(text="nothing"), note.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            spoil()


def test_auditors_read_notes_and_write_none(northgate, vera, acting, browser_of, at):
    deal = make.submitted(northgate, at)
    actions.note_deal(by=SYSTEM, deal=deal, text=SECRET, at=at)

    assert SECRET in browser_of(vera).get(deal.get_absolute_url()).content.decode()
    with pytest.raises(PermissionDenied):
        actions.note_deal(by=acting(vera), deal=deal, text="Mine", at=at)


def test_no_partner_ever_reads_a_note(northgate, priya, maya, brannoc, acting, browser_of, at):
    """Through its registration's whole life: pages, API, exports, events and letters."""
    deal = actions.register_deal(by=acting(priya), partner=northgate, at=at, **make.facts())
    actions.note_deal(by=acting(maya), deal=deal, text=SECRET, at=at)
    actions.link_customer(by=SYSTEM, deal=deal, organization=brannoc, at=at)
    actions.approve_deal(by=acting(maya), deal=deal, at=at)
    browser = browser_of(priya)

    addresses = [deal.portal_url, "/portal/deals/", "/portal/deals/?export=csv", f"/api/v1/deals/{deal.pk}/",
                 "/api/v1/deals/", "/api/v1/events/"]  # fmt: skip
    answers = [browser.get(address) for address in addresses]
    letters = [text for mail in Mail.objects.filter(to_user=priya) for text in render(mail) or ()]

    assert {answer.status_code for answer in answers} == {200} and letters
    read = [b"".join(answer) if answer.streaming else answer.content for answer in answers]
    assert not any(SECRET in text for text in [*(content.decode() for content in read), *letters])
    assert browser.get("/api/v1/deal-notes/").status_code == 403
    assert not DealNote.objects.visible_to(acting(priya)).exists()
    assert DealNote.objects.visible_to(acting(maya)).exists()


def test_a_manager_reads_notes_on_her_own_partners_alone(northgate, albion, maya, tomas, acting, at):
    note = actions.note_deal(by=SYSTEM, deal=make.submitted(northgate, at), text=SECRET, at=at)

    assert list(DealNote.objects.visible_to(acting(maya))) == [note]
    assert not DealNote.objects.visible_to(acting(tomas)).exists()


@pytest.fixture
def waiting(northgate, albion, at) -> tuple[Deal, Deal]:
    """One registration of each market."""
    ours = make.submitted(northgate, at, customer_name="Portland General", customer_country="US")
    theirs = make.submitted(albion, at, customer_name="Wharfedale Trust", customer_country="GB")
    return ours, theirs


def numbers(browser, query: str) -> set[str]:
    answer = browser.get(f"/api/v1/deals/?status=waiting&{query}")
    return {row["number"] for row in answer.json()["results"]}


def test_my_region_is_where_the_partner_or_the_customer_is(
    waiting, northgate, dirk, ada, acting, browser_of, at
):
    ours, theirs = waiting
    abroad = make.submitted(northgate, at, customer_name="Elbe Klinik", customer_country="GB")
    northgate.market = Market.objects.get(code="us")
    northgate.save()
    browser = browser_of(dirk)
    assert numbers(browser, "region=mine") == set()

    assign_region(by=acting(ada), user=dirk, markets=[Market.objects.get(code="uk")], at=at)

    assert numbers(browser, "region=mine") == {theirs.number, abroad.number}
    assert numbers(browser, "customer_market=us") == {ours.number}


def test_mine_is_what_i_have_and_what_nobody_has_of_my_partners(waiting, maya, dirk, browser_of, at):
    ours, theirs = waiting
    actions.assign_deal(by=SYSTEM, deal=theirs, to=dirk, at=at)

    assert numbers(browser_of(maya), "reviewer=mine") == {ours.number}
    assert numbers(browser_of(dirk), "reviewer=mine") == {theirs.number}
    assert numbers(browser_of(dirk), "reviewer=nobody") == {ours.number}


def test_the_queue_shows_who_has_it_and_what_is_escalated(waiting, dirk, browser_of, at):
    ours, theirs = waiting
    actions.assign_deal(by=SYSTEM, deal=theirs, to=dirk, at=at)
    actions.escalate_due(at=max(ours.due_at, theirs.due_at))

    page = browser_of(dirk).get("/manage/deals/review/").content.decode()

    assert ours.number in page and theirs.number in page
    assert "Dirk Boone" in page and "Escalated" in page and "Approve…" in page


def test_auditors_see_the_queue_without_its_moves(waiting, vera, browser_of):
    page = browser_of(vera).get("/manage/deals/review/").content.decode()

    assert waiting[0].number in page and "Approve…" not in page


def test_the_next_one_is_not_somebody_else_s(waiting, brannoc, maya, dirk, ada, browser_of, at):
    ours, theirs = waiting
    actions.link_customer(by=SYSTEM, deal=ours, organization=brannoc, at=at)
    actions.assign_deal(by=SYSTEM, deal=theirs, to=ada, at=at)

    answer = browser_of(dirk).post(ours.decide_url, {"move": "approve", "days": 90})

    assert (answer.status_code, answer.url) == (302, "/manage/deals/review/")


def test_directors_say_who_looks_after_which_markets(dirk, ada, vera, browser_of):
    markets = [str(pk) for pk in Market.objects.filter(code__in=("uk", "eu")).values_list("pk", flat=True)]

    answer = browser_of(ada).post(f"/manage/regions/{dirk.pk}/", {"markets": markets})

    assert answer.status_code == 302
    page = browser_of(vera).get("/manage/regions/").content.decode()
    assert "European Union, United Kingdom" in page or "United Kingdom, European Union" in page
    assert browser_of(vera).post(f"/manage/regions/{dirk.pk}/", {}).status_code == 403


def test_regions_are_assigned_over_the_api_too(dirk, ada, client, at):
    key = {"HTTP_AUTHORIZATION": f"Bearer {make_key(ada)}"}

    made = client.post(
        "/api/v1/regions/", {"user": str(dirk.pk), "markets": ["uk"]}, "application/json", **key
    )

    assert (made.status_code, made.json()["markets"]) == (201, ["uk"])


def test_a_partner_s_people_have_no_region(priya, at):
    with pytest.raises(ValidationError):
        assign_region(by=SYSTEM, user=priya, markets=[], at=at)


def test_assigning_over_the_api(northgate, dirk, ada, client, at):
    deal = make.submitted(northgate, at)
    key = {"HTTP_AUTHORIZATION": f"Bearer {make_key(ada)}"}

    answer = client.post(f"/api/v1/deals/{deal.pk}/assign/", {"to": str(dirk.pk)}, "application/json", **key)

    assert (answer.status_code, answer.json()["assigned_to"]) == (200, str(dirk.pk))


def test_a_foreign_partner_s_registration_is_not_there_to_be_assigned(program, tomas, maya, browser_of, at):
    deal = make.submitted(make_partner("Carrow Imaging", psm=maya), at)

    assert browser_of(tomas).get(f"{deal.get_absolute_url()}assign/").status_code == 404
    assert browser_of(maya).get(f"{deal.get_absolute_url()}assign/").status_code == 200
