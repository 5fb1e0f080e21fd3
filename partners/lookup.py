"""Finding customers: the keys that are kept of each, the nearest by them, and how alike those are. The only way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import QuerySet

from partners.matching import POSSIBLE, Likeness, Profile, likeness
from partners.matching.keys import domain_key
from partners.models import CustomerKey, Organization, OrganizationKey
from partners.rules import domain_of

CHUNK = 1_000
ROW_BUDGET = 1_500  # keys are read, the rarest first, until they have led to so many rows
MOST_OWNERS = 500  # a key that more share tells nothing and is not read
MANY = 1_000_000.0  # a key of one owner weighs as the logarithm of this, and of two by ln 2 less
MOST_WEIGHED = 20
MOST_SHARING = 10  # a domain that more have is a network's or a provider's, and proves nothing

# The same on both engines. Keys are counted no further than needed; their weights are summed by owner.
NEAREST = """
WITH asked(key) AS (VALUES {keys}),
counted AS (
    SELECT key,
        (SELECT COUNT(*) FROM (SELECT 1 FROM {table} k WHERE k.key = asked.key LIMIT {stop}) AS shared) AS owners
    FROM asked
),
chosen AS (
    SELECT key, LN({many} / owners) AS weight, SUM(owners) OVER (ORDER BY owners, key) AS read_so_far
    FROM counted WHERE owners BETWEEN 1 AND {most}
)
SELECT k.owner_id FROM chosen JOIN {table} k ON k.key = chosen.key
WHERE chosen.read_so_far <= {budget} {among}
GROUP BY k.owner_id ORDER BY SUM(chosen.weight) DESC, k.owner_id LIMIT {limit}
"""


@dataclass(frozen=True)
class Found:
    """A customer that may be the one asked for."""

    id: UUID
    likeness: Likeness


def find_organizations(
    profile: Profile, *, without: Iterable[UUID] = (), most: int = MOST_WEIGHED
) -> list[Found]:
    """The organisations that a customer may be, the likeliest first: nothing below a possible match."""
    near = [owner for owner in nearest(OrganizationKey, profile.keys) if owner not in set(without)]
    return alike(profile, profiles_of(near))[:most]


def find_doubles(organization: Organization, most: int = 8) -> list[Found]:
    """Other organisations that may be the same as one."""
    profile = profiles_of([organization.pk]).get(organization.pk)
    return find_organizations(profile, without=[organization.pk], most=most) if profile else []


def alike(profile: Profile, candidates: Mapping[UUID, Profile]) -> list[Found]:
    """Those of the candidates that may be the same customer, the likeliest first."""
    nothing = proving_nothing(profile.domains)
    found = [Found(owner, likeness(profile, other, nothing)) for owner, other in candidates.items()]
    possible = [one for one in found if one.likeness.score >= POSSIBLE or one.likeness.domain]
    return sorted(possible, key=lambda one: (-one.likeness.score, one.id))


def nearest(kept: type[CustomerKey], keys: Iterable[int], among: QuerySet[Any] | None = None) -> list[UUID]:
    """The owners of the keys that are shared, at most so many as are weighed: the rarest and most keys first.

    `among` leaves only those of its rows.
    """
    asked = sorted(set(keys))
    if not asked:
        return []
    only, values = _only(among)
    statement = NEAREST.format(
        keys=", ".join(f"({key:d})" for key in asked),
        table=connection.ops.quote_name(kept._meta.db_table),
        stop=MOST_OWNERS + 1, most=MOST_OWNERS, many=f"CAST({MANY} AS DOUBLE PRECISION)",
        budget=ROW_BUDGET, among=only, limit=MOST_WEIGHED,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [UUID(str(owner)) for (owner,) in cursor.fetchall()]


def _only(among: QuerySet[Any] | None) -> tuple[str, tuple[Any, ...]]:
    if among is None:
        return "", ()
    statement, values = among.order_by().values("pk").query.get_compiler(connection=connection).as_sql()
    return f"AND k.owner_id IN ({statement})", values


def proving_nothing(domains: Iterable[str]) -> frozenset[str]:
    """Those of the domains that so many organisations have that they prove nothing."""
    return frozenset(domain for domain in domains if _is_shared(domain))


def _is_shared(domain: str) -> bool:
    owners = OrganizationKey.objects.filter(key=domain_key(domain)).values_list("owner_id")
    return len(owners[: MOST_SHARING + 1]) > MOST_SHARING


def profiles_of(organizations: Iterable[UUID]) -> dict[UUID, Profile]:
    """All that is known of these organisations, in the order given; those that a merge has left behind are nobody."""
    ids = list(organizations)
    rows = Organization.objects.filter(pk__in=ids, merged_into=None).order_by().values_list(
        "pk", "name", "legal_name", "city", "country", "other_names__name", "domains__domain",
        "identifiers__scheme", "identifiers__value",
    )  # fmt: skip
    by_id = defaultdict(list)
    for pk, *facts in rows:
        by_id[pk].append(facts)
    return {pk: _profile(by_id[pk]) for pk in ids if pk in by_id}


def _profile(rows: list[list[str | None]]) -> Profile:
    """One organisation's, from its row repeated with each other name, domain and identifier."""
    name, legal_name, city, country = rows[0][:4]
    others, domains = {row[4] for row in rows}, {row[5] for row in rows}
    return Profile(
        names=tuple(dict.fromkeys(filter(None, (name, legal_name, *sorted(filter(None, others)))))),
        city=city or "",
        country=str(country or ""),
        domains=frozenset(filter(None, (domain_of(domain) for domain in domains if domain))),
        identifiers=frozenset((scheme, value) for *_others, scheme, value in rows if scheme and value),
    )


def typed(
    name: str,
    *,
    city: str = "",
    country: str = "",
    websites: Iterable[str] = (),
    identifiers: Iterable[tuple[str, str]] = (),
) -> Profile:
    """The profile of a customer as somebody typed it; websites may be mail addresses."""
    domains = frozenset(filter(None, map(domain_of, websites)))
    return Profile((name,), city, str(country), domains, frozenset(identifiers))


@transaction.atomic
def note_organizations(organizations: Iterable[UUID]) -> None:
    """Keep the keys of organisations. Called in the transaction that changed their names, domains or identifiers."""
    ids = list(organizations)
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        profiles = profiles_of(chunk)
        note(OrganizationKey, {pk: profiles[pk].keys if pk in profiles else frozenset() for pk in chunk})


def note(kept: type[CustomerKey], keys: Mapping[UUID, frozenset[int]]) -> None:
    """Make the kept keys of each owner those given; writes only what differs."""
    before = set(kept.objects.filter(owner__in=keys).values_list("owner_id", "key"))
    after = {(owner, key) for owner, mine in keys.items() for key in mine}
    for owner in {owner for owner, _key in before - after}:
        gone = [key for mine, key in before - after if mine == owner]
        kept.objects.filter(owner=owner, key__in=gone).delete()
    new = [kept(owner_id=owner, key=key) for owner, key in sorted(after - before)]
    kept.objects.bulk_create(new, batch_size=5_000, ignore_conflicts=True)
