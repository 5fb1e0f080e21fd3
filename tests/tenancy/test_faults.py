"""The matrix can fail: each planted fault, a guard taken away in one place, is caught by the part that looks there."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import sha256
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db.models import Q

from accounts.roles import Permission
from core.actors import Actor, Reach
from core.forms import BaseForm
from core.scoping import SHARED, ScopedQuerySet
from metrics import registry
from tests.tenancy import foreign as probing
from tests.tenancy import oracles
from tests.tenancy.foreign import Foreign
from tests.tenancy.matrix import Matrix, all_doors, same_cookies, taken_back, targets

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.sqlite,  # the oracles read answers: one engine is enough
    pytest.mark.usefixtures("without_counts_in_the_navigation"),
]

DOORS = {(door.key, door.method): door for door in all_doors()}
QUERYSET = "core.scoping.ScopedQuerySet.visible_to"


def caught(matrix: Matrix, *cells: tuple[str, str, str]) -> list[str]:
    """The faults that these doors (key, method, who) show, tried with all their ids."""
    for key, method, who in cells:
        door = DOORS[(key, method)]
        for target in targets(matrix.world, door, most=3):
            matrix.try_cell(door, matrix.people[who], target)
    return matrix.result.faults


def unscoped(self, actor):
    return self.all()


def everything(self, actor):
    return Q()


# Each: what is taken away, and the doors that must notice. (attribute, replacement)
PLANTED: dict[str, tuple[list[tuple[str, Any]], list[tuple[str, str, str]]]] = {
    "lists of pages are not scoped": (
        [("core.list_page.ListPage.get_queryset", lambda self: self.queryset.all())],
        [("portal:deals", "get", "A_viewer"), ("portal:reviews", "get", "A_viewer")],
    ),
    "records of pages are not scoped": (
        [("core.pages.Fetching.get_queryset", lambda self: self.queryset.all())],
        [("portal:deal", "get", "A_viewer"), ("portal:review", "get", "A_viewer")],
    ),
    "moves on pages are not scoped": (
        [("core.pages.Fetching.get_queryset", lambda self: self.queryset.all())],
        [("portal:withdraw-deal", "post", "A_admin")],
    ),
    "lists of the API are not scoped": (
        [("core.api.BaseViewSet.get_queryset", lambda self: self.queryset.all())],
        [("api:deals-list.list", "get", "key A_viewer")],
    ),
    "details of the API are not scoped": (
        [("core.api.BaseViewSet.get_queryset", lambda self: self.queryset.all())],
        [("api:bookings-detail.retrieve", "get", "key A_viewer")],
    ),
    "one model is declared as everybody's": (
        [("deals.models.Protection.tenant", SHARED)],
        [("api:protections-list.list", "get", "key A_viewer"),
         ("api:protections-detail.retrieve", "get", "key A_viewer")],
    ),
    "a PSM sees everybody's partners": (
        [("core.scoping.ByPartner.q", everything)],
        [("workspace:partner", "get", "maya"), ("workspace:partners", "get", "maya")],
    ),
    "events are not scoped": (
        [("events.models.EventQuerySet.visible_to", unscoped)],
        [("api:events-list.list", "get", "key A_viewer"), ("api:events-detail.retrieve", "get", "key A_viewer")],
    ),
    "files of the vendor are shown to the partner": (
        [("files.models.AttachmentQuerySet.visible_to", QUERYSET)],
        [("api:attachments-detail.retrieve", "get", "key A_viewer")],
    ),
    "conflict checks are shown before they are a reason": (
        [("deals.querysets.ConflictCheckQuerySet.visible_to", QUERYSET)],
        [("api:conflict-checks-detail.retrieve", "get", "key A_viewer")],
    ),
    "the partner reads a conflict check as the vendor does": (
        [("deals.api.ConflictCheckViewSet.portal_serializer_class", None)],
        [("api:conflict-checks-detail.retrieve", "get", "key A_viewer")],
    ),
    "the partner reads its deals as the vendor does": (
        [("deals.api.DealViewSet.portal_serializer_class", None)],
        [("api:deals-list.list", "get", "key A_viewer")],
    ),
    "known organizations are all organizations": (
        [("partners.models.Known.q", everything)],
        [("api:organizations-list.list", "get", "key A_viewer"),
         ("api:organizations-detail.retrieve", "get", "key A_viewer")],
    ),
    "colleagues are all people": (
        [("accounts.models.OfColleagues.q", everything), (QUERYSET, unscoped)],
        [("portal:team", "get", "A_viewer")],
    ),
    "notifications are everybody's": (
        [("inbox.querysets.NotificationQuerySet.visible_to", unscoped)],
        [("portal:notifications", "get", "A_viewer"), ("api:notifications-list.list", "get", "key A_viewer")],
    ),
    "the partner's home is of all partners": (
        [(QUERYSET, unscoped)],
        [("portal:onboarding", "get", "A_viewer"), ("portal:gates", "get", "A_viewer"),
         ("api:work-queue.list", "get", "key A_viewer")],
    ),
    "the work queue of a PSM is everybody's": (
        [("core.scoping.ByPartner.q", everything)],
        [("api:work-queue.list", "get", "key psm")],
    ),
    "permissions are not asked": (
        [("core.actors.Actor.must", lambda self, permission, on=None: None)],
        [("portal:invite-person", "get", "A_viewer"), ("api:deals-list.create", "post", "key A_viewer")],
    ),
    "what is foreign is forbidden instead of missing": (
        [("core.pages.Fetching.get_queryset", "refusing"), ("core.api.BaseViewSet.get_queryset", "refusing")],
        [("portal:deal", "get", "A_viewer"), ("api:deals-detail.retrieve", "get", "key A_viewer")],
    ),
    "permissions are asked before the object is looked for": (
        [("core.api.BaseViewSet.get_object", "permission first")],
        [("api:api-keys-detail.retrieve", "get", "key A_viewer")],
    ),
    "the workspace lets partners in": (
        [("core.pages.Page.refusal", lambda self: None)],
        [("workspace:deals", "get", "A_admin"), ("workspace:partners", "get", "anonymous")],
    ),
    "a suspended partner goes on working": (
        [("core.actors.Actor.read_only", lambda self, keep: self)],
        [("portal:register-deal", "get", "C_admin")],
    ),
    "a revoked key opens": (
        [("accounts.authentication.key_actor", "any key")],
        [("api:deals-list.list", "get", "key revoked"), ("api:deals-list.list", "get", "key C_write")],
    ),
    "a key reads what its person could anywhere": (
        [("accounts.authentication.key_actor", "wide key")],
        [("api:deals-list.list", "get", "key A_viewer")],
    ),
    "a reading key writes": (
        [("accounts.actors.READING", frozenset(Permission))],
        [("api:deals-list.create", "post", "key A_read")],
    ),
    "an action works on another's row": (
        [("core.pages.lock", "a row of B"), ("core.scoping.require_reach", lambda actor, record: None)],
        [("portal:withdraw-go-live", "post", "A_admin")],
    ),
}  # fmt: skip


@pytest.fixture
def plant(monkeypatch, world):
    """Takes a guard away."""

    def planted(where: str, what: Any) -> None:
        monkeypatch.setattr(where, SPECIAL[what](world) if isinstance(what, str) else what)

    return planted


def refusing(world):
    """Rows that exist but are not seen answer 403: an oracle of what exists."""

    def get_queryset(self):
        key = self.kwargs.get("pk")
        seen = self.queryset.all().visible_to(self.actor)
        if key and self.queryset.filter(pk=key).exists() and not seen.filter(pk=key).exists():
            raise PermissionDenied
        return seen

    return get_queryset


def permission_first(world):
    from core.api import BaseViewSet

    original = BaseViewSet.get_object

    def get_object(self):
        self.permit(self.view_permission)
        return original(self)

    return get_object


def any_key(world):
    from accounts.actors import vendor_actor

    return lambda key, at: vendor_actor(world.people["ada"])


def wide_key(world):
    from accounts.actors import key_actor

    return lambda key, at: replace(
        key_actor(key, at), reach=frozenset({p.pk for p in world.partners.values()})
    )


def row_of_b(world):
    return lambda record: type(record).objects.get(pk=world.rows["implementation_B"].pk)


SPECIAL = {
    "refusing": refusing,
    "permission first": permission_first,
    "any key": any_key,
    "wide key": wide_key,
    "a row of B": row_of_b,
    QUERYSET: lambda world: ScopedQuerySet.visible_to,
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_fault_is_caught(matrix, plant, name):
    guards, cells = PLANTED[name]
    for where, what in guards:
        plant(where, what)

    assert caught(matrix, *cells) != []


def test_none_of_these_doors_has_a_fault_by_itself(matrix):
    """Without a fault the same cells are clean."""
    cells = sorted({cell for _guards, cells in PLANTED.values() for cell in cells})

    assert caught(matrix, *cells) == []
    assert matrix.result.cells > 100


def test_drill_downs_that_show_everybodys_rows_are_caught(matrix, world, monkeypatch):
    known = registry.get("certified_people")
    of_b = replace(known, rows=lambda partner_id, as_of: known.rows(world.partners["B"].pk, as_of))
    cells = [("portal:why-metric", "get", "A_viewer"), ("portal:tier-rows", "get", "A_viewer")]
    assert caught(matrix, *cells) == []

    monkeypatch.setitem(registry._metrics, "certified_people", of_b)

    assert len(caught(matrix, *cells)) == 2


# Faults that other parts look for --------------------------------------------------------------------------------


def test_choices_of_forms_that_are_not_scoped_are_caught(world, people, monkeypatch):
    original = BaseForm.__init__

    def open_to_all(self, *args, actor, **options):
        original(self, *args, actor=replace(actor, reach=Reach.ALL), **options)
        self.actor = actor

    monkeypatch.setattr(BaseForm, "__init__", open_to_all)
    foreign = Foreign(world)
    probing.try_forms(foreign, people["A_admin"])

    assert foreign.faults != []


def test_related_rows_of_the_api_that_are_not_scoped_are_caught(world, people, monkeypatch):
    monkeypatch.setattr("core.api.VisibleRelated.get_queryset", lambda self: self.queryset.all())
    foreign = Foreign(world)
    probing.try_api_bodies(foreign, people["key A_write"])

    assert any("review" in fault for fault in foreign.faults)
    assert len(foreign.faults) > 3


def test_filters_that_are_not_scoped_are_caught(world, people, monkeypatch):
    monkeypatch.setattr("core.api.BaseViewSet.get_queryset", lambda self: self.queryset.all())
    foreign = Foreign(world)
    probing.try_filters(foreign, people["key A_write"])

    assert foreign.faults != []


def test_an_export_that_is_not_scoped_is_caught(world, people, monkeypatch):
    from core.list_page import ListPage

    original = ListPage.export
    monkeypatch.setattr(
        ListPage, "export", lambda self, kind, queryset: original(self, kind, self.queryset.all())
    )

    for kind in ("csv", "xlsx"):
        response = people["A_admin"].client.get(f"/portal/deals/?export={kind}")
        assert response.status_code == 200
        assert oracles.leaks(world, oracles.content_of(response))


def test_a_search_that_is_not_scoped_is_caught(world, people, monkeypatch):
    monkeypatch.setattr(QUERYSET, unscoped)

    for address, name in (
        ("/portal/search/?q=zyxquill", "A_admin"),
        ("/api/v1/search/?q=zyxquill", "key A_write"),
    ):
        response = people[name].client.get(address)
        assert oracles.leaks(world, oracles.content_of(response))


def test_a_file_that_is_not_scoped_is_caught(world, people, monkeypatch):
    address = f"/files/{world.of('attachment', 'B')[0]}/"
    assert people["A_admin"].client.get(address).status_code == 404

    monkeypatch.setattr("files.models.AttachmentQuerySet.visible_to", unscoped)
    monkeypatch.setattr("files.models.Attachment.subject_is_visible_to", lambda self, actor: True)

    response = people["A_admin"].client.get(address)
    assert response.status_code == 200
    assert oracles.leaks(world, oracles.content_of(response))


def replayed(people, key="one-key"):
    """B writes under a key, then A sends the same under the same key."""
    body = json.dumps({"name": "Nia New", "email": "nia@elsewhere.example", "role": "partner_viewer"})
    answers = []
    for name in ("key B_write", "key A_write"):
        client = people[name].client
        with same_cookies(client):
            answers.append(
                client.post(
                    "/api/v1/invitations/",
                    body,
                    content_type="application/json",
                    headers={"idempotency-key": key},
                )
            )
    return answers


def test_an_answer_is_never_replayed_to_another_partner(world, people):
    with taken_back():
        theirs, ours = replayed(people)

    assert (theirs.status_code, ours.status_code) == (201, 201)
    assert oracles.leaks(world, ours.content) == [] and theirs.json()["id"] != ours.json()["id"]
    assert "Idempotent-Replayed" not in ours


def by_the_key_alone(value):
    """A scope that forgets whose key it is."""
    last = value[-1] if isinstance(value, list) else value
    return sha256(repr(last).encode()).hexdigest()


def test_an_answer_that_is_replayed_to_another_partner_is_caught(world, people, monkeypatch):
    monkeypatch.setattr(Actor, "partner_id", None)
    monkeypatch.setattr("core.idempotency._hash", by_the_key_alone)
    with taken_back():
        theirs, ours = replayed(people, "two")

    assert "Idempotent-Replayed" in ours
    assert str(world.partners["B"].pk) in oracles.leaks(world, ours.content)
