"""The matrix: every door × everyone who may knock × own, foreign, missing and malformed ids, with what must come.

Expected answers follow from the policy's row and the world alone:
anonymous → 302 to log-in (page), 401 (API), the same for what exists and what does not; the other side's pages → 404;
an object out of sight, missing or malformed → 404; in sight, but not for this role → 403; else it works.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from core.models import Mail
from tests.tenancy import oracles, policy
from tests.tenancy.actors import Knocker
from tests.tenancy.policy import Row
from tests.tenancy.routes import Route, all_routes
from tests.tenancy.world import World

MISSING = "01900000-0000-7000-8000-000000000000"
MALFORMED = "not-an-id"
LOG_IN = "/accounts/login/"
WORKED = {
    "get": {200, 302},
    "post": {200, 201, 202, 204, 302, 400, 409, 412, 428},
    "patch": {200, 400, 409, 412, 428},
    "put": {200, 400, 409, 412, 428},
}


@dataclass(frozen=True)
class Door:
    """One method at one route, with its row."""

    key: str
    route: Route
    method: str
    row: Row

    @property
    def side(self) -> str:
        return self.route.side

    @property
    def app(self) -> str:
        return str(self.route.view.__module__.partition(".")[0])

    @property
    def is_unsafe(self) -> bool:
        return self.method != "get"

    def address(self, target: str) -> str:
        params = {k: v for k, v in self.row.params.items() if not k.startswith("?")}
        query = "&".join(f"{k[1:]}={v}" for k, v in self.row.params.items() if k.startswith("?"))
        return self.route.address(pk=target, **params) + (f"?{query}" if query else "")


def all_doors() -> list[Door]:
    return list(_doors())


def _doors() -> Iterator[Door]:
    for route in all_routes():
        if route.actions:
            for method, action in route.actions:
                if row := policy.POLICY.get(f"{route.name}.{action}"):
                    yield Door(f"{route.name}.{action}", route, method, row)
        elif row := policy.POLICY.get(route.name):
            if row.reads:
                yield Door(route.name, route, "get", row)
            if row.writes:
                yield Door(route.name, route, "post", row)


@dataclass(frozen=True)
class Target:
    """What the address names: an id and whose it is ("missing" and "malformed" are nobody's)."""

    id: str
    owner: str


FEW = frozenset(
    {"A", "B", "vendor", "shared", "hidden", "vendor:A", "vendor:B"}
    | {f"user:{name}" for name in ("A_admin", "B_admin", "maya", "tomas")}
)


def targets(world: World, door: Door, most: int = 1, owners: frozenset[str] | None = FEW) -> list[Target]:
    """The ids that a door is tried with: some of each owner, one that does not exist, one that is none."""
    if "pk" not in door.route.arguments:
        return [Target("", "")]
    kind = door.row.of or "application"  # a thing of the queue: whatever waits
    found = [
        Target(str(pk), owner)
        for owner, ids in sorted(world.objects[kind].items())
        for pk in ids[:most]
        if owners is None or owner in owners
    ]
    return [*found, Target(MISSING, "missing"), Target(MALFORMED, "malformed")]


def expected(door: Door, who: Knocker, target: Target) -> set[int]:
    """The statuses that this call may get."""
    if door.side == "api":
        if not who.side:
            return {401}
    elif who.by_key or who.is_anonymous:
        # A key opens no page. An address that is none is no page either.
        return {404} if target.owner == "malformed" else {302}
    elif who.side != door.side:
        return {404}
    if door.row.is_key and not who.may(door.row.permission("")):
        return {403} if target.owner != "malformed" else {404}
    if door.row.is_key and target.owner == "missing":
        return WORKED[door.method]
    if not in_sight(door, who, target):
        return {404}
    owner = target.owner or ("vendor" if who.side == "workspace" else "")
    if not who.may(door.row.permission(owner)):
        return {403}
    return WORKED[door.method]


# What all of the vendor's people see, whosever it is: customers are linked to, people are looked up.
VENDOR_WIDE = {"organization", "user"}


def in_sight(door: Door, who: Knocker, target: Target) -> bool:
    if not door.row.of:
        return target.owner != "malformed"
    if door.row.of in VENDOR_WIDE and who.side == "workspace":
        return target.owner not in ("missing", "malformed")
    return target.owner in who.sees


def call(door: Door, who: Knocker, target: Target, body: dict[str, Any] | None = None) -> Any:
    address, client = door.address(target.id), who.client
    if door.method == "get":
        return client.get(address)
    sent = door.row.body if body is None else body
    if door.side == "api":
        return getattr(client, door.method)(address, json.dumps(sent), content_type="application/json")
    return client.post(address, sent)


@dataclass
class Result:
    """What came of a run: how many cells, and what was wrong."""

    cells: int = 0
    allowed: int = 0
    faults: list[str] = None  # type: ignore[assignment]

    def __post_init__(self) -> None:
        self.faults = []


class Matrix:
    """Runs cells, each in a savepoint that is taken back."""

    def __init__(self, world: World, people: dict[str, Knocker]) -> None:
        self.world, self.people = world, people
        self.before = oracles.fingerprint(world)
        self.crossings = oracles.crossings()
        self.known_mail = set(Mail.objects.values_list("pk", flat=True))
        self.result = Result()
        self.not_there: dict[tuple[str, str, str], tuple[bytes, tuple[str, ...]]] = {}

    def try_cell(self, door: Door, who: Knocker, target: Target) -> int:
        with taken_back(), same_cookies(who.client):
            writes = oracles.Writes()
            with connection.execute_wrapper(writes):
                response = call(door, who, target)
                content = oracles.content_of(response)
            self.result.cells += 1
            self.judge(door, who, target, response.status_code, content)
            if is_blind_to_b(who, door):
                self.look(door, who, target, content, writes)
            if not who.side:
                self.same_for_all(door, who, target, response)
            if response.status_code == 404 and target.owner:
                self.same_answer(door, who, target, response)
        return int(response.status_code)

    def judge(self, door: Door, who: Knocker, target: Target, status: int, content: bytes) -> None:
        may_be = expected(door, who, target)
        if status not in may_be:
            self.fault(door, who, target, f"{status}, not {sorted(may_be)}")
        elif may_be in WORKED.values():
            self.result.allowed += 1

    def look(self, door: Door, who: Knocker, target: Target, content: bytes, writes: oracles.Writes) -> None:
        """The oracles of whoever must not see B: nothing of it shown, changed, pointed at or told."""
        if found := oracles.leaks(self.world, content, target.id, of_vendor=not is_of_a(who)):
            self.fault(door, who, target, f"shows {found[:3]}")
        if door.is_unsafe and writes.counted:
            if tables := oracles.changed(self.world, self.before, writes.counted):
                self.fault(door, who, target, f"changed rows of B in {tables}")
            if more := sorted(set(oracles.crossings()) - set(self.crossings)):
                self.fault(door, who, target, f"links {more}")
            for address, text in (
                oracles.letters_since(self.known_mail) if "core_mail" in writes.tables else ()
            ):
                if not address.endswith(("@vendor.example", "albion.example")) and "CANARY-B" in text:
                    self.fault(door, who, target, f"a letter to {address} speaks of B")

    def same_for_all(self, door: Door, who: Knocker, target: Target, response: Any) -> None:
        """Whoever is not signed in is sent to log in, to come back to what it asked for."""
        if door.side != "api" and response.status_code == 302 and not response["Location"].startswith(LOG_IN):
            self.fault(door, who, target, f"sent to {response['Location']}")
        is_problem = response["Content-Type"] == "application/problem+json"
        if response.status_code == 401 and not (is_problem and "WWW-Authenticate" in response):
            self.fault(door, who, target, "a 401 that is no problem document with WWW-Authenticate")

    def same_answer(self, door: Door, who: Knocker, target: Target, response: Any) -> None:
        """What is another's, what is missing and what is no id: byte for byte one answer, with the same headers."""
        answer = masked(response.content, target.id), tuple(sorted(response.headers))
        first = self.not_there.setdefault((door.key, door.method, who.name), answer)
        if answer != first:
            self.fault(door, who, target, f"another 404 than before: {difference(first, answer)}")

    def fault(self, door: Door, who: Knocker, target: Target, words: str) -> None:
        self.result.faults.append(
            f"{door.method.upper()} {door.key} by {who.name} on {target.owner or 'list'}: {words}"
        )


class taken_back:  # noqa: N801 (reads as a statement)
    """A savepoint that is always rolled back."""

    def __enter__(self) -> None:
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def __exit__(self, *error: Any) -> None:
        if not connection.needs_rollback:
            transaction.set_rollback(True)
        self.atomic.__exit__(*error)


@contextmanager
def same_cookies(client: Any) -> Iterator[None]:
    """What a call leaves in the browser (a message that waits to be shown) is gone before the next."""
    before = copy.deepcopy(client.cookies)
    yield
    client.cookies = before


def difference(one: Any, two: Any) -> str:
    if one[1] != two[1]:
        return f"headers {set(one[1]) ^ set(two[1])}"
    at = next((n for n, (a, b) in enumerate(zip(one[0], two[0], strict=False)) if a != b), len(one[0]))
    return f"{one[0][max(0, at - 40) : at + 40]!r} and {two[0][max(0, at - 40) : at + 40]!r}"


# Where a PSM may read of another's partner: customers, people's accounts and rival claims are the whole vendor's.
OF_THE_WHOLE_VENDOR = (
    "organization",
    "restructuring",
    "conflict-case",
    "open-case",
    "conflict-checks",
    "link-customer",
    "decide-deal",
    "deals-mark-duplicate",
)


def is_blind_to_b(who: Knocker, door: Door) -> bool:
    """Whether this one must find no trace of B behind this door: A's people, and the PSM whose partner B is not."""
    if is_of_a(who):
        return True
    is_other_psm = who.name in ("maya", "otto", "key psm")
    return is_other_psm and not any(name in door.key for name in OF_THE_WHOLE_VENDOR)


def is_of_a(who: Knocker) -> bool:
    """Whether somebody sees through A's eyes alone."""
    return who.side == "portal" and "A" in who.sees


OWN_TO_A_REQUEST = re.compile(
    rb'"request_id": ?"[^"]*"|class="prm-clock">[^<]*<'
    rb"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{32}|[0-9A-Za-z]{64}"
)


def masked(content: bytes, target: str) -> bytes:
    """An answer without the id that was asked for, its own request's id, its form's secret and the time of day."""
    return OWN_TO_A_REQUEST.sub(b"", content.replace(target.encode(), b""))
