"""A seller who sees only its own finds no trace of its colleagues' deals behind any door of portal and API."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps

from accounts import actions as accounts
from core.actors import SYSTEM, Actor
from core.mail import render
from core.models import Mail
from core.scoping import NOTHING, ByPartner, restricted_models, taking_part, tenant_of
from deals.models import Deal
from partners.actions import limit_sellers
from tests.tenancy.actors import browser
from tests.tenancy.matrix import all_doors, same_cookies, taken_back
from tests.tenancy.oracles import content_of
from tests.tenancy.world import World, add_person, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]  # the doors of both engines are walked by the matrix

PARTNERS_PERSON = Actor(kind="user", label="someone", reach=frozenset({uuid4()}), user_id=uuid4())
DOORS = [door for door in all_doors() if door.side in ("portal", "api")]
# Every customer of the world's registrations is called so: Draftwell, Submitwell, Winwell …
CUSTOMER = re.compile(rb"\b(?:Draft|Submit|Ask|Reject|Twice|Approve|Win|Extend|File)well\b")


# What a company is offered and nobody has answered yet, every one of its sellers may answer.
OPEN_TO_ALL = {"leads.Lead": {"state": "offered"}, "leads.LeadOffer": {"answered_by": None}}


@dataclass(frozen=True)
class Sight:
    """A seller of B, the ids that belong to its colleagues' deals, and their numbers."""

    client: Any
    colleague: Any
    ids: frozenset[str]
    numbers: frozenset[str]

    def traces(self, content: bytes, asked: str = "") -> list[str]:
        text = content.decode("utf-8", "replace")
        found = [word for word in self.ids | self.numbers if word != asked and word in text]
        return sorted(found) + [match.decode() for match in CUSTOMER.findall(content)]


@pytest.fixture(scope="module")
def sight(world: World, people, django_db_blocker) -> Sight:
    """Nell, a new seller of B, whose sellers see only their own from now on."""
    with django_db_blocker.unblock(), taken_back():
        partner, at = world.partners["B"], world.at
        limit_sellers(by=SYSTEM, partner=partner, own_only=True, at=at)
        nell = add_person(world, "B_nell", "nell@albion.example", text_of("B", "Nell"), at)
        accounts.start_membership(by=SYSTEM, user=nell, partner=partner, role="partner_seller", at=at)
        yield Sight(browser(nell), browser(world.people["B_seller"]), *hidden_rows(partner))


def hidden_rows(partner: Any) -> tuple[frozenset[str], frozenset[str]]:
    ids = set()
    for model in apps.get_models():
        tenant = getattr(model, "tenant", None)
        if tenant and taking_part(model) and isinstance(tenant_of(model), ByPartner):
            rows = model._base_manager.filter(**{tenant_of(model).path: partner.pk})  # type: ignore[attr-defined]
            rows = rows.exclude(**OPEN_TO_ALL.get(model._meta.label, {"pk": None}))
            ids |= {str(pk) for pk in rows.values_list("pk", flat=True)}
    deals = Deal.objects.filter(partner=partner)
    return frozenset(ids), frozenset(deals.values_list("number", flat=True))


# What points at a restricted row and is seen all the same; each with its reason.
SEEN_ALL_THE_SAME: dict[str, str] = {}


def test_what_points_at_a_deal_is_restricted_with_it():
    """A new model that hangs on a deal beside its path says so by `hangs_on`, or stands here with a reason."""
    restricted, found = set(restricted_models()), set()
    for model in apps.get_models():
        if model in restricted or not hasattr(model, "tenant"):
            continue
        for relation in model._meta.get_fields():
            points_there = relation.is_relation and relation.concrete and relation.related_model in restricted
            if points_there and not is_of_vendor(model):
                found.add(f"{model._meta.label}.{relation.name}")

    assert len(restricted) > 10
    assert found == set(SEEN_ALL_THE_SAME)


def is_of_vendor(model: Any) -> bool:
    """Whether a partner's person sees none of it."""
    return tenant_of(model).q(PARTNERS_PERSON) == NOTHING


def call(client: Any, door: Any, target: str) -> Any:
    address = door.address(target)
    if door.method == "get":
        return client.get(address)
    if door.side == "portal":
        return client.post(address, door.row.body)
    return getattr(client, door.method)(address, door.row.body, content_type="application/json")


def targets_of(world: World, door: Any) -> list[str]:
    if "pk" not in door.route.arguments:
        return [""]
    return [str(pk) for pk in world.of(door.row.of or "application", "B")]


def walk(world: World, sight: Sight, client: Any) -> tuple[int, list[str]]:
    """(answers read, traces found) of every door with every row of B."""
    read, found = 0, []
    for door in DOORS:
        for target in targets_of(world, door):
            with taken_back(), same_cookies(client):
                response = call(client, door, target)
                content = content_of(response)
            read += 1
            if target in sight.ids and response.status_code != 404:
                found.append(f"{door.key} {target}: {response.status_code}")
            found += [f"{door.key}: shows {trace}" for trace in sight.traces(content, target)[:2]]
    return read, found


def test_no_door_shows_a_colleague_s_deal(world, sight):
    read, found = walk(world, sight, sight.client)

    assert read > 300
    assert found == []


def test_the_seller_who_registered_them_finds_them(world, sight):
    _read, found = walk(world, sight, sight.colleague)

    assert len({line.partition(" ")[0].rstrip(":") for line in found}) > 20


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_exports_hold_none(sight, kind):
    address = f"/portal/deals/?export={kind}"

    assert sight.traces(content_of(sight.client.get(address))) == []
    assert sight.traces(content_of(sight.colleague.get(address))) != []


def test_letters_to_the_colleague_speak_of_none(sight):
    to_nell = [mail for mail in Mail.objects.exclude(to_user=None) if mail.to_user.email.startswith("nell@")]

    assert [mail.letter for mail in to_nell if sight.traces("\n".join(render(mail) or ()).encode())] == []
    assert Mail.objects.filter(to_user__email="seller@albion.example").exists()
