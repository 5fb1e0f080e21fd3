"""Recalculating tiers (P1, P2) as multiples of the one raw query that computes the facts. `make bench` runs it.

As a script in an environment that names an empty database: it fills it (PARTNERS partners with 20 won deals each), then
prints one line per measure. Limit and ours are timed in turns, medians of several rounds, so that a busy moment strikes
both. SIZE=full: 100,000 partners.
"""

from __future__ import annotations

import json
import logging
import os
import random
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import Any

SIZES = {"small": 3_000, "full": 100_000}
PARTNERS = int(os.environ.get("PARTNERS", SIZES[os.environ.get("SIZE", "small")]))
DEALS, ACCEPTED, PEOPLE, ROUNDS = 20, 5, 3, 5
AWARDED = 100
CHANGED = 100  # one in so many partners has other facts
PROGRAM = "partner_levels"
NOW = datetime.now(UTC)  # noqa: TID251 (the product's own clock runs)
TODAY = NOW.date()
BARS = {"quiet night": 3.0, "first evaluation": 12.0, "touched": 0.10, "untouched": 0.10, "flat": 2.0}

# The facts that the shipped program asks for, as one query that somebody would write by hand.
LIMIT = """
WITH revenue AS (
  SELECT c.partner_id, SUM(CASE WHEN b.booked_on > %(start)s THEN b.program_minor * c.weight ELSE 0 END) / 100 AS value,
         COUNT(CASE WHEN b.booked_on > %(start)s THEN 1 END) AS n
  FROM deals_dealcredit c JOIN deals_booking b ON b.deal_id = c.deal_id
  WHERE c.counts_once AND c.valid_from <= %(today)s AND (c.superseded_on IS NULL OR c.superseded_on > %(today)s)
    AND b.booked_on <= %(today)s
  GROUP BY c.partner_id
), live AS (
  SELECT d.partner_id, COUNT(CASE WHEN i.state = 'accepted' AND i.accepted_on <= %(today)s THEN 1 END) AS value
  FROM deals_implementation i JOIN deals_deal d ON d.id = i.deal_id
  WHERE i.went_live_on <= %(today)s GROUP BY d.partner_id
), people AS (
  SELECT p.partner_id, COUNT(DISTINCT p.id) AS value,
         COUNT(DISTINCT CASE WHEN t.audience = 'technical' THEN p.id END) AS technical,
         COUNT(DISTINCT CASE WHEN t.audience = 'sales' THEN p.id END) AS sales,
         COUNT(DISTINCT CASE WHEN t.is_basic THEN p.id END) AS basic
  FROM enablement_certification c JOIN partners_contact p ON p.id = c.contact_id
  JOIN enablement_track t ON t.id = c.track_id
  WHERE c.passed_on <= %(today)s AND c.expires_on > %(today)s AND c.revoked_on IS NULL AND p.left_on IS NULL
  GROUP BY p.partner_id
), plan AS (
  SELECT l.partner_id, COUNT(CASE WHEN l.expires_on > %(today)s THEN 1 END) AS value
  FROM enablement_learningplan l WHERE l.signed_on <= %(today)s GROUP BY l.partner_id
)
SELECT q.id, revenue.value, revenue.n, live.value, people.value, people.technical, people.sales, people.basic, plan.value
FROM partners_partner q LEFT JOIN revenue ON revenue.partner_id = q.id LEFT JOIN live ON live.partner_id = q.id
LEFT JOIN people ON people.partner_id = q.id LEFT JOIN plan ON plan.partner_id = q.id
"""


# The rows ----------------------------------------------------------------------------------------------------------


def prepare() -> None:
    """The shipped program, in force, and one deal of each kind to copy."""
    from django.conf import settings

    from core.actors import SYSTEM
    from prm.program import load_program

    path = settings.BASE_DIR / "programs/healthcare-ai.yaml"
    load_program(by=SYSTEM, path=path, at=NOW - timedelta(days=900), activate=True)


def fill(n: int, first: int) -> None:
    """So many more partners with their people, deals, credits, bookings and go-lives, written in bulk."""
    from catalog.models import Market
    from enablement.models import LearningPlan, Track
    from partners.models import CategoryAssignment, Contact, Organization, Partner
    from tiers.models import Program

    market = Market.objects.first()
    category = Program.objects.get(code=PROGRAM).categories.first()
    organizations = Organization.objects.bulk_create(
        [Organization(name=f"Partner {first + i}", country="US", city="Boise") for i in range(n)],
        batch_size=2_000,
    )
    partners = Partner.objects.bulk_create(
        [Partner(organization=o, name=o.name, country="US", state="active", market=market,
                 joined_on=date(2024, 1, 1), activated_on=date(2024, 1, 1)) for o in organizations],
        batch_size=2_000,
    )  # fmt: skip
    CategoryAssignment.objects.bulk_create(
        [
            CategoryAssignment(partner=p, category=category, is_primary=True, valid_from=p.joined_on)
            for p in partners
        ],
        batch_size=2_000,
    )
    # Nobody reaches a tier: what is measured are facts and verdicts. A tier that is awarded is an event, letters and
    # bells for each of its people; `awards` measures that by itself.
    tracks = list(Track.objects.filter(audience="technical", is_basic=False))
    people = Contact.objects.bulk_create(
        [
            Contact(partner=p, name=f"Person {i}", email=f"p{i}@{p.id}.example")
            for p in partners
            for i in range(PEOPLE)
        ],
        batch_size=2_000,
    )
    chance = random.Random(first)
    certify(
        people, [(chance.choice(tracks), chance.randrange(600), chance.randrange(2, 600)) for _ in people]
    )
    LearningPlan.objects.bulk_create(
        [LearningPlan(partner=c.partner, signed_by=c, signed_on=TODAY - timedelta(days=30),
                      expires_on=TODAY + timedelta(days=335)) for c in people[::PEOPLE]],
        batch_size=2_000,
    )  # fmt: skip
    deals_of(partners, organizations, chance)


def certify(people: list[Any], passes: list[tuple[Any, int, int]]) -> None:
    """One pass for each person: the track, how many days ago, and for how many days from today."""
    from enablement.models import Certificate, Certification

    rows = [
        Certification(certificate=Certificate(), contact=contact, track=track, passed_on=TODAY - timedelta(days=ago),
                      counts_from=TODAY - timedelta(days=ago), expires_on=TODAY + timedelta(days=left))
        for contact, (track, ago, left) in zip(people, passes, strict=True)
    ]  # fmt: skip
    Certificate.objects.bulk_create([row.certificate for row in rows], batch_size=2_000)
    Certification.objects.bulk_create(rows, batch_size=2_000)


def deals_of(partners: list[Any], organizations: list[Any], chance: random.Random) -> None:
    from catalog.models import Product
    from deals.models import Booking, Deal, DealCredit, DealType, Implementation, Stage

    kind, stage, product = DealType.objects.first(), Stage.objects.first(), Product.objects.first()
    for start in range(0, len(partners), 100):
        chunk = list(zip(partners[start : start + 100], organizations[start : start + 100], strict=True))
        deals = [
            _deal(partner, customer, i, kind, stage, chance)
            for partner, customer in chunk
            for i in range(DEALS)
        ]
        Deal.objects.bulk_create(deals, batch_size=1_000)
        DealCredit.objects.bulk_create(
            [DealCredit(deal=d, partner=d.partner, family="sourced", weight=100, is_primary=True, counts_once=True,
                        valid_from=d.won_on) for d in deals],
            batch_size=2_000,
        )  # fmt: skip
        Booking.objects.bulk_create(
            [Booking(deal=d, amount_minor=d.amount_minor, currency="USD", booked_on=d.won_on, rate=1,
                     program_minor=d.amount_minor, program_currency="USD") for d in deals],
            batch_size=2_000,
        )  # fmt: skip
        Implementation.objects.bulk_create(
            [Implementation(deal=d, product=product, went_live_on=d.won_on, contact_name="A. Nurse", state="accepted",
                            contact_email="a@b.example", due_at=NOW, accepted_on=d.won_on, accepted_by="customer")
             for i, d in enumerate(deals) if i % DEALS < ACCEPTED],
            batch_size=2_000,
        )  # fmt: skip


def _deal(partner: Any, customer: Any, n: int, kind: Any, stage: Any, chance: random.Random) -> Any:
    from deals.models import Deal

    won = TODAY - timedelta(days=chance.randrange(1, 700))
    return Deal(
        number=f"B-{partner.pk.hex[-12:]}-{n}", partner=partner, state="won", customer_name=customer.name,
        customer_country="US", organization=customer, amount_minor=chance.randrange(10**6, 10**8), currency="USD",
        type=kind, stage=stage, expected_close_on=won, what_it_did="Two calls.", no_patient_data=True, time_zone="UTC",
        won_on=won, submitted_at=NOW - timedelta(days=750), due_at=NOW, closed_at=NOW, search_text="b",
        protected_from=won, protected_until=won,
    )  # fmt: skip


# The measure -------------------------------------------------------------------------------------------------------


def timed(work: Callable[[], Any]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def limit() -> None:
    from django.db import connection

    from core.clock import months_before

    asked = {"start": months_before(TODAY, 12), "today": TODAY}
    if connection.vendor != "postgresql":
        asked = {key: value.isoformat() for key, value in asked.items()}
    with connection.cursor() as cursor:
        cursor.execute(LIMIT, asked)
        cursor.fetchall()


def change_some() -> list[Any]:
    """Other facts for one partner in a hundred: a little more was booked. Returns their ids."""
    from django.db.models import F

    from deals.models import Booking
    from partners.models import Partner

    ids = list(Partner.objects.order_by("pk").values_list("pk", flat=True)[::CHANGED])
    first = Booking.objects.filter(deal__partner__in=ids, booked_on__gt=TODAY - timedelta(days=300))
    with _changeable():
        Booking.objects.filter(pk__in=first.values("pk")).update(program_minor=F("program_minor") + 1)
    return ids


def _changeable() -> Any:
    """Bookings are never changed: only a benchmark lifts that, for a moment."""
    from core import appendonly

    return appendonly.lifted()


def run(ids: list[Any] | None = None) -> Any:
    from core.actors import SYSTEM
    from tiers.actions import recalculate

    return recalculate(by=SYSTEM, as_of=TODAY, at=NOW, partner_ids=ids)


def untouched() -> None:
    from tiers.tasks import catch_up

    catch_up(TODAY, NOW)


def awards() -> float:
    """Seconds for each tier that is awarded, with its event and letters: some partners pass the basic certification."""
    from enablement.models import Track
    from partners.models import Contact

    basic = Track.objects.filter(is_basic=True).first()
    people = list(Contact.objects.filter(name="Person 0").order_by("pk")[:AWARDED])
    certify(people, [(basic, 0, 600)] * len(people))
    took = timed(lambda: run([c.partner_id for c in people]))
    return took / len(people)


def is_the_rule() -> bool:
    """What the run stored is what the rule says, partner by partner (of some)."""
    from tiers import rules
    from tiers.facts import asks_of, facts_of, rungs_of
    from tiers.models import Position

    some = list(Position.objects.select_related("evaluation__program_version").order_by("pk")[::97])
    if not some:
        return False
    version = some[0].evaluation.program_version
    rungs, asks = rungs_of(version), asks_of(version)
    for position in some:
        alone = facts_of(asks, TODAY, [position.partner_id])[position.partner_id]
        if rules.evaluate(rungs, alone).as_json() != position.evaluation.verdict:
            return False
    return True


def say(name: str, ratio: float, **facts: Any) -> bool:
    from django.db import connection

    bar = BARS[name.partition(": ")[2]]
    good = ratio <= bar
    line = {
        "name": name,
        **facts,
        "ratio": round(ratio, 3),
        "bar": bar,
        "n": PARTNERS,
        "engine": connection.vendor,
    }
    sys.stdout.write(json.dumps({**line, "ok": good}) + "\n")
    sys.stdout.flush()
    return good


def analyze() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def first_evaluation() -> tuple[float, float]:
    """The limit's and our time for partners who were never evaluated."""
    analyze()
    base = median(timed(limit) for _ in range(ROUNDS))
    return base, timed(run)


def main() -> int:
    import django

    django.setup()
    logging.disable(logging.CRITICAL)
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    prepare()
    few = PARTNERS // 10
    fill(few, 0)
    small_limit, small = first_evaluation()
    fill(PARTNERS - few, few)
    large_limit, large = first_evaluation()
    good = [
        say("P1: first evaluation", large / large_limit, ours=round(large, 3), limit=round(large_limit, 3), unit="s"),
        say("P1: flat", (large / (PARTNERS - few)) / (small / few), ours=round(large / (PARTNERS - few) * 1e6),
            limit=round(small / few * 1e6), unit="µs a partner"),
    ]  # fmt: skip
    night, touched, quiet, limits = [], [], [], []
    for _round in range(ROUNDS):
        limits.append(timed(limit))
        change_some()
        night.append(timed(run))
        ids = change_some()
        touched.append(timed(lambda ids=ids: run(ids)))
        quiet.append(timed(untouched))
    base = median(limits)
    per_partner = median(touched) / max(len(ids), 1) * 1e6
    good += [
        say("P1: quiet night", median(night) / base, ours=round(median(night), 3), limit=round(base, 3), unit="s"),
        say("P2: touched", median(touched) / base, ours=round(median(touched), 3), limit=round(base, 3), unit="s",
            microseconds_a_partner=round(per_partner)),
        say("P2: untouched", median(quiet) / base, ours=round(median(quiet), 3), limit=round(base, 3), unit="s"),
    ]  # fmt: skip
    award = awards()
    sys.stdout.write(
        json.dumps({"name": "a tier awarded, with event and letters", "ms": round(award * 1000, 1)}) + "\n"
    )
    same = is_the_rule()
    sys.stdout.write(json.dumps({"name": "P1: identical to the rule partner by partner", "ok": same}) + "\n")
    return 0 if all([*good, same]) else 1


if __name__ == "__main__":
    sys.exit(main())
