"""Lists of deals at depth: the last page against the first one, and what is counted on the way. `make bench` runs it.

As a script in an environment that names an empty database: it fills it, then prints P5, one line per list. A list fails
where its deep page takes more than MOST times its first, or where anything is counted without a bound.
"""

from __future__ import annotations

import json
import logging
import os
import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

MOST, DEEPEST, PAGE, ROUNDS = 3.0, 5_000, 50, 7
SIZES = {"small": 50_000, "full": 1_000_000}
DEALS = int(os.environ.get("DEALS", SIZES[os.environ.get("SIZE", "small")]))
PARTNERS, CUSTOMERS = 200, 2_000
NOW = datetime.now(UTC)  # noqa: TID251 (the product's own clock runs)
SHARES = {
    "won": 0.45,
    "lost": 0.2,
    "expired": 0.1,
    "rejected": 0.1,
    "approved": 0.1,
    "submitted": 0.04,
    "draft": 0.01,
}


@dataclass(frozen=True)
class List:
    """A list as somebody asks for it. `sort` is the field that its pages go by, `-` for descending."""

    who: str
    path: str
    query: dict[str, str]
    sort: str

    def __str__(self) -> str:
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path


def lists(partner: str) -> list[List]:
    """The lists that people and programs read to the end: without and with filters."""
    return [
        List("director", "/api/v1/deals/", {}, "-created_at"),
        List("director", "/api/v1/deals/", {"state": "won"}, "-created_at"),
        List("director", "/api/v1/deals/", {"partner": partner}, "-created_at"),
        List("director", "/api/v1/deals/", {"status": "open", "ordering": "due"}, "next_at"),
        List("director", "/api/v1/deals/", {"ordering": "-expected_close_on"}, "-expected_close_on"),
        List("director", "/manage/deals/", {}, "-created_at"),
        List("director", "/manage/deals/", {"state": "won"}, "-created_at"),
        List("director", "/manage/deals/", {"status": "open"}, "next_at"),
        List("seller", "/portal/deals/", {}, "-created_at"),
        List("seller", "/portal/deals/", {"state": "won"}, "-created_at"),
        List("seller", "/api/v1/deals/", {}, "-created_at"),
    ]


# The rows ----------------------------------------------------------------------------------------------------------


def fill() -> dict[str, Any]:
    """So many deals of a few years, written in bulk; returns the people who look at them."""
    from deals.models import Deal, DealType, Stage
    from partners.models import Organization, Partner
    from tests.deals.factories import make_types_and_stages
    from tests.factories import make_partner, make_partner_user, make_program, make_vendor_user

    make_program()
    make_types_and_stages()
    at = NOW - timedelta(days=1)
    one = make_partner("Northgate Clinical Systems")
    people = {
        "director": make_vendor_user("dana@vendor.example", "Dana", "director", at),
        "seller": make_partner_user("priya@northgate.example", "Priya", one, "partner_admin", at),
    }
    organizations = Organization.objects.bulk_create(
        Organization(name=f"Customer {n}", country="US", city="Boise") for n in range(CUSTOMERS + PARTNERS)
    )
    partners = Partner.objects.bulk_create(
        Partner(organization=organization, name=organization.name, country="US", state="active", market=one.market,
                joined_on=date(2025, 1, 1), activated_on=date(2025, 1, 1))
        for organization in organizations[CUSTOMERS:]
    )  # fmt: skip
    make = _maker(
        [one] * 20 + list(partners),
        organizations[:CUSTOMERS],
        DealType.objects.first(),
        Stage.objects.first(),
    )
    chance = random.Random(7)
    for start in range(0, DEALS, 2_000):
        Deal.objects.bulk_create(make(n, chance) for n in range(start, min(start + 2_000, DEALS)))
    return people


def _maker(partners: list[Any], customers: list[Any], kind: Any, stage: Any) -> Callable[..., Any]:
    from deals import rules
    from deals.models import Deal

    states, weights = list(SHARES), list(SHARES.values())

    def make(n: int, chance: random.Random) -> Any:
        made_at = NOW - timedelta(minutes=chance.randrange(3 * 365 * 24 * 60))
        state, customer = chance.choices(states, weights)[0], chance.choice(customers)
        until = date(2027, 1, 1) + timedelta(days=chance.randrange(400))
        due_at = NOW + timedelta(minutes=chance.randrange(60 * 24 * 30))
        deal = Deal(
            number=f"D-{n + 100_000}", partner=chance.choice(partners), created_at=made_at, state=state,
            submitted_at=made_at, due_at=due_at, customer_name=customer.name, customer_country="US",
            organization=customer, amount_minor=chance.randrange(10**6, 10**8), currency="USD", type=kind, stage=stage,
            expected_close_on=until, what_it_did="Two calls.", no_patient_data=True, time_zone="UTC",
            protected_from=made_at.date(), protected_until=until, won_on=made_at.date(), reason="price",
            search_text=f"d-{n} {customer.name}".lower(), closed_at=made_at,
        )  # fmt: skip
        deal.next_at = rules.next_at(state, due_at, deal.ends_at)
        return deal

    return make


# The measure -------------------------------------------------------------------------------------------------------


def client_of(user: Any) -> Any:
    from django.test import Client

    client = Client(headers={"host": "localhost"})
    client.force_login(user, backend="accounts.backends.ActiveUserBackend")
    return client


def cursor_to(client: Any, wanted: List, user: Any) -> tuple[str, int]:
    """The cursor of the deepest page within reach, and its number; taken from the row that stands before it."""
    from core import keyset
    from deals.models import Deal

    rows = Deal.objects.all()
    if wanted.who == "seller":
        rows = rows.filter(partner__name="Northgate Clinical Systems")
    if "state" in wanted.query:
        rows = rows.filter(state=wanted.query["state"])
    if "partner" in wanted.query:
        rows = rows.filter(partner=wanted.query["partner"])
    if wanted.query.get("status") == "open":
        rows = rows.open()
    field = wanted.sort.lstrip("-")
    rows = rows.annotate(_key=keyset._sortable(rows, field))
    sign = "-" if wanted.sort.startswith("-") else ""
    ordered = rows.order_by(f"{sign}_key", f"{sign}pk")
    count = rows.count()
    page = min(DEEPEST, count // PAGE)
    before = ordered[(page - 1) * PAGE - 1]
    return keyset._write(before, False, f"{bound_to(wanted, user)}|{wanted.sort}"), page


def bound_to(wanted: List, user: Any) -> str:
    """What ties a cursor to its list, as pages and API say it."""
    from accounts.actors import partner_actor, vendor_actor

    actor = vendor_actor(user) or partner_actor(user)
    if wanted.path.startswith("/api/"):
        return f"{actor.user_id}|{actor.partner_id}|{wanted.path}|{sorted(wanted.query.items())}"
    return f"{actor.user_id}|{actor.partner_id}|{wanted.path}|{urlencode(wanted.query)}"


def timed(client: Any, path: str, *queries: dict[str, str]) -> tuple[list[float], list[str]]:
    """The best answer of each query in milliseconds, asked in turns so that a busy moment strikes all alike; and the
    statements of one answer of each."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    times: list[list[float]] = [[] for _query in queries]
    for _round in range(ROUNDS):
        for place, query in enumerate(queries):
            started = time.perf_counter()
            answer = client.get(path, query)
            times[place].append((time.perf_counter() - started) * 1000)
            if answer.status_code != 200:
                raise SystemExit(f"{path} {query} answered {answer.status_code}: {answer.content[:300]!r}")
    with CaptureQueriesContext(connection) as asked:
        for query in queries:
            client.get(path, query)
    return [min(found) for found in times], [query["sql"] for query in asked.captured_queries]


def unbounded_counts(statements: list[str]) -> list[str]:
    """Those that count rows of deals without a LIMIT."""
    return [sql for sql in statements if "COUNT(*)" in sql and "deals_deal" in sql and "LIMIT" not in sql]


def judge(client: Any, wanted: List, user: Any) -> bool:
    cursor, page = cursor_to(client, wanted, user)
    (first, deep), statements = timed(client, wanted.path, wanted.query, {**wanted.query, "cursor": cursor})
    counts = unbounded_counts(statements)
    good = deep <= MOST * first and not counts
    say(f"P5 {wanted.who} {wanted}", good, first=round(first, 1), ours=round(deep, 1), unit="ms", page=page,
        ratio=round(deep / first, 2), bar=MOST, n=DEALS, unbounded_counts=counts[:1])  # fmt: skip
    return good


def say(name: str, is_good: bool, **facts: Any) -> None:
    sys.stdout.write(json.dumps({"name": name, **facts, "ok": is_good}, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def main() -> int:
    import django

    django.setup()
    logging.disable(logging.CRITICAL)
    from django.core.management import call_command
    from django.db import connection

    from partners.models import Partner

    call_command("migrate", verbosity=0)
    started = time.monotonic()
    people = fill()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    sys.stdout.write(f"{connection.vendor}: {DEALS:,} deals in {time.monotonic() - started:.0f} s\n")
    partner = str(Partner.objects.get(name="Northgate Clinical Systems").pk)
    good = [judge(client_of(people[one.who]), one, people[one.who]) for one in lists(partner)]
    say("P5 lists as fast at depth", all(good), ours=sum(good), bar=len(good), engine=connection.vendor)
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
