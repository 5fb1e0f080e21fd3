"""Many approved at once: told first what will happen, each for itself, and never what somebody changed since."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from core.actors import SYSTEM
from deals import actions
from deals.models import Deal, Protection
from events.models import Event
from tests.deals import factories as make
from tests.factories import make_key, make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def plain(northgate, at) -> Deal:
    """Nothing stands against it."""
    return make.submitted(northgate, at, make_organization("Plain General"), customer_name="Plain General")


@pytest.fixture
def rivals(northgate, albion, brannoc, at) -> list[Deal]:
    """Two on one customer, Northgate's the earlier."""
    return [make.submitted(northgate, at - timedelta(hours=1), brannoc), make.submitted(albion, at, brannoc)]


@pytest.fixture
def unlinked(northgate, at) -> Deal:
    """Nobody said which organization the customer is."""
    return make.submitted(northgate, at, customer_name="Nowhere Clinic")


def choose(*deals: Deal) -> list[tuple[Deal, int]]:
    fresh = Deal.objects.in_bulk([deal.pk for deal in deals])
    return [(fresh[deal.pk], fresh[deal.pk].version) for deal in deals]


def test_each_is_approved_for_itself_and_says_what_became_of_it(plain, unlinked, dirk, acting, at):
    found = actions.approve_deals(by=acting(dirk), choices=choose(unlinked, plain), at=at)

    assert [one.is_approved for one in found] == [False, True]
    assert (found[0].code, found[1].until.isoformat()) == ("customer_not_linked", "2027-02-22")
    assert Event.objects.filter(type="deal.approved").count() == 1
    assert Deal.objects.get(pk=unlinked.pk).state == "submitted"


def test_the_preview_says_the_same_and_does_nothing(plain, rivals, unlinked, at):
    choices = choose(*rivals, unlinked, plain)

    preview = actions.preview_approvals(by=SYSTEM, choices=choices, at=at)

    assert not Protection.objects.exists() and not Event.objects.filter(type="deal.approved").exists()
    done = actions.approve_deals(by=SYSTEM, choices=choices, at=at)
    assert [(one.is_approved, one.refused, one.until) for one in preview] == [
        (one.is_approved, one.refused, one.until) for one in done
    ]


def test_of_two_rivals_the_first_is_approved_and_the_second_told_why(rivals, at):
    first, second = actions.approve_deals(by=SYSTEM, choices=choose(*rivals), at=at)

    assert first.is_approved and not second.is_approved
    assert "Another partner is protected" in second.refused


def test_what_somebody_changed_since_is_left_as_it_is(plain, maya, at):
    choices = choose(plain)
    actions.assign_deal(by=SYSTEM, deal=plain, to=maya, at=at)

    [outcome] = actions.approve_deals(by=SYSTEM, choices=choices, at=at)

    assert (outcome.is_approved, outcome.code) == (False, "stale")
    assert Deal.objects.get(pk=plain.pk).state == "submitted"


def test_sent_again_nothing_happens_twice(plain, at):
    choices = choose(plain)
    actions.approve_deals(by=SYSTEM, choices=choices, at=at)

    [outcome] = actions.approve_deals(by=SYSTEM, choices=choices, at=at)

    assert not outcome.is_approved
    assert Protection.objects.count() == 1


def test_conflicts_and_colleagues_are_warned_of(rivals, maya, dirk, acting, at):
    actions.assign_deal(by=SYSTEM, deal=rivals[0], to=maya, at=at)

    [outcome] = actions.preview_approvals(by=acting(dirk), choices=choose(rivals[0]), at=at)

    assert (
        any("Conflict score" in warning for warning in outcome.warnings)
        or rivals[0].conflict_verdict == "clear"
    )
    assert "Maya Lindqvist has it" in outcome.warnings


def test_it_takes_the_right_to_decide(plain, vera, acting, at):
    with pytest.raises(PermissionDenied):
        actions.approve_deals(by=acting(vera), choices=choose(plain), at=at)


def test_the_page_previews_then_approves_what_it_showed(plain, unlinked, dirk, browser_of):
    browser = browser_of(dirk)
    address = "/manage/deals/review/approve/"

    preview = browser.post(address, {"chosen": [str(plain.pk), str(unlinked.pk)]}).content.decode()

    seen = f"{plain.pk}:{Deal.objects.get(pk=plain.pk).version}"
    assert f'value="{seen}"' in preview and f"{unlinked.pk}:" not in preview
    assert "Say first which organization the customer is." in preview
    assert Deal.objects.get(pk=plain.pk).state == "submitted"

    done = browser.post(address, {"seen": [seen]}).content.decode()

    assert "Each partner has its letter." in done
    assert Deal.objects.get(pk=plain.pk).state == "approved"


def test_foreign_rows_and_nonsense_are_not_there(plain, tomas, browser_of):
    page = browser_of(tomas).post("/manage/deals/review/approve/", {"chosen": [str(plain.pk), "x"]})

    assert "Nothing is chosen." in page.content.decode()


def post(client, user, body, **headers):
    key = {"HTTP_AUTHORIZATION": f"Bearer {make_key(user)}", **headers}
    return client.post("/api/v1/deals/bulk-approve/", json.dumps(body), "application/json", **key)


def test_the_api_is_a_dry_run_unless_told(plain, dirk, client):
    row = {"id": str(plain.pk), "version": Deal.objects.get(pk=plain.pk).version}

    said = post(client, dirk, {"deals": [row]})

    assert said.json()["dry_run"] is True and said.json()["results"][0]["is_approved"] is True
    assert Deal.objects.get(pk=plain.pk).state == "submitted"


def test_the_api_approves_and_answers_the_same_again(plain, unlinked, dirk, client):
    rows = [{"id": str(d.pk), "version": Deal.objects.get(pk=d.pk).version} for d in (plain, unlinked)]
    body, key = {"dry_run": False, "deals": rows}, f"Bearer {make_key(dirk)}"
    once_more = {"HTTP_AUTHORIZATION": key, "HTTP_IDEMPOTENCY_KEY": "b-1"}

    first, again = (
        client.post("/api/v1/deals/bulk-approve/", json.dumps(body), "application/json", **once_more)
        for _turn in range(2)
    )

    assert [one["is_approved"] for one in first.json()["results"]] == [True, False]
    assert first.json()["results"][1]["code"] == "customer_not_linked"
    assert again.json() == first.json() and again["Idempotent-Replayed"] == "true"
    assert Protection.objects.count() == 1


def test_the_api_knows_no_foreign_rows(plain, tomas, client):
    answer = post(client, tomas, {"deals": [{"id": str(plain.pk), "version": 1}]})

    assert answer.status_code == 400
