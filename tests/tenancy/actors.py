"""Those who knock at every door, and what each holds and sees, by the tables alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.test import Client

from accounts.actions import view_portal_as
from accounts.actors import vendor_actor
from accounts.middleware import VIEW_IN_SESSION
from accounts.roles import REACH, ROLES, VIEWING, Permission
from core.actors import Reach
from core.clock import now
from tests.tenancy.world import VENDOR_PEOPLE, World

READS = (".view", ".read")
PSM_OF = {"maya": {"A", "C", "D", "U"}, "tomas": {"B", "U"}, "otto": {"U"}}


@dataclass(frozen=True)
class Knocker:
    """One who calls: its credential and side, what it holds, and whose rows it sees.

    `side` is where it is at home ("portal", "workspace", "" for nobody); `sees` the owners it may see.
    """

    name: str
    client: Any
    side: str
    holds: frozenset[str]
    sees: frozenset[str]
    by_key: bool = False
    is_out: bool = False  # signed in, but nobody any more

    @property
    def is_anonymous(self) -> bool:
        return not self.side and not self.is_out

    def may(self, permission: Permission | None) -> bool:
        return permission is None or permission in self.holds


def browser(user: Any) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user, backend="accounts.backends.ActiveUserBackend")
    return client


def keyed(text: str) -> Client:
    return Client(raise_request_exception=False, headers={"authorization": f"Bearer {text}"})


def in_portal(world: World, name: str, letter: str, role: str, **more: Any) -> Knocker:
    holds = ROLES[f"partner_{role}"]
    if letter == "C":
        holds = holds & VIEWING
    sees = frozenset({letter, "shared", f"user:{name}"})
    return Knocker(name, browser(world.people[name]), "portal", holds, sees, **more)


def of_vendor(world: World, name: str) -> Knocker:
    role = VENDOR_PEOPLE[name]
    return Knocker(name, browser(world.people[name]), "workspace", ROLES[role], vendor_sight(name))


def vendor_sight(name: str) -> frozenset[str]:
    everyone = REACH[VENDOR_PEOPLE[name]] is Reach.ALL
    letters = set("ABCDU") if everyone else PSM_OF[name]
    own_files = {f"vendor:{letter}" for letter in letters}
    return frozenset({*letters, *own_files, "vendor", "shared", "hidden", f"user:{name}"})


def keys(world: World) -> list[Knocker]:
    def partner_key(name: str, who: str, role: str, letter: str, write: bool = True) -> Knocker:
        holds = ROLES[f"partner_{role}"]
        if not write:
            holds = frozenset(p for p in holds if p.endswith(READS) or p == Permission.EXPORT)
        sees = frozenset({letter, "shared", f"user:{who}"})
        return Knocker(f"key {name}", keyed(world.keys[name]), "portal", holds, sees, by_key=True)

    def vendor_key(name: str, who: str) -> Knocker:
        holds = ROLES[VENDOR_PEOPLE[who]]
        return Knocker(
            f"key {name}", keyed(world.keys[name]), "workspace", holds, vendor_sight(who), by_key=True
        )

    dead = [
        Knocker(f"key {name}", keyed(world.keys[name]), "", frozenset(), frozenset(), by_key=True)
        for name in ("expired", "revoked", "unknown", "C_write", "D_write")
    ]
    return [
        partner_key("A_write", "A_admin", "admin", "A"),
        partner_key("A_read", "A_admin", "admin", "A", write=False),
        partner_key("A_viewer", "A_viewer", "viewer", "A"),
        partner_key("B_write", "B_admin", "admin", "B"),
        vendor_key("vendor", "ada"),
        vendor_key("psm", "maya"),
        *dead,
    ]


def out(world: World, name: str) -> Knocker:
    return Knocker(name, browser(world.people[name]), "", frozenset(), frozenset(), is_out=True)


def viewing(world: World) -> Knocker:
    """Maya, looking at the portal of A."""
    maya = world.people["maya"]
    view = view_portal_as(by=vendor_actor(maya), partner=world.partners["A"], reason="a look", at=now())
    client = browser(maya)
    session = client.session
    session[VIEW_IN_SESSION] = str(view.pk)
    session.save()
    return Knocker("viewing A", client, "portal", VIEWING, frozenset({"A", "shared"}))


def everyone(world: World) -> dict[str, Knocker]:
    found = [
        Knocker("anonymous", Client(raise_request_exception=False), "", frozenset(), frozenset()),
        *(in_portal(world, f"A_{role}", "A", role) for role in
          ("admin", "seller", "technical", "marketing", "finance", "viewer")),
        in_portal(world, "B_admin", "B", "admin"),
        in_portal(world, "C_admin", "C", "admin"),
        out(world, "D_admin"),
        out(world, "A_removed"),
        viewing(world),
        *(of_vendor(world, name) for name in VENDOR_PEOPLE),
        *keys(world),
    ]  # fmt: skip
    return {knocker.name: knocker for knocker in found}
