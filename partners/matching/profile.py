"""All that is known of one customer, and how alike two such are: the best of their names, domains and identifiers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from partners.matching.evidence import Evidence, differ, weigh
from partners.matching.keys import keys_of
from partners.matching.names import Customer, city_of

Identifier = tuple[str, str]  # scheme and value; the scheme may be "", not told


@dataclass(frozen=True)
class Profile:
    """A customer with every name that it has or had, its web domains and its identifiers."""

    names: tuple[str, ...]
    city: str = ""
    country: str = ""
    domains: frozenset[str] = frozenset()
    identifiers: frozenset[Identifier] = frozenset()

    @property
    def keys(self) -> frozenset[int]:
        """What it is found by."""
        records = (Customer(name, self.city, self.country) for name in self.names)
        return keys_of(records, self.domains, (value for _scheme, value in self.identifiers))


@dataclass(frozen=True)
class Likeness:
    """What two profiles have in common: an identifier, a web domain that few share, and the evidence of their names."""

    evidence: Evidence
    names: tuple[str, str]
    identifier: str = ""
    domain: str = ""
    is_elsewhere: bool = False

    @property
    def score(self) -> Decimal:
        """From 0 to 1, to rank by."""
        return Decimal(1) if self.identifier else self.evidence.score


def likeness(one: Profile, other: Profile, proves_nothing: frozenset[str] = frozenset()) -> Likeness:
    """How alike two customers are. `proves_nothing`: domains that too many share. Symmetric but for `names`."""
    common = (one.domains & other.domains) - proves_nothing
    mine, theirs = (
        _domain(one.domains, common, proves_nothing),
        _domain(other.domains, common, proves_nothing),
    )
    evidence, mine_said, theirs_said = max(
        (
            (
                weigh(
                    Customer(a, one.city, one.country, mine), Customer(b, other.city, other.country, theirs)
                ),
                a,
                b,
            )
            for a in one.names
            for b in other.names
        ),
        key=lambda found: found[0].score,
    )
    return Likeness(
        evidence,
        (mine_said, theirs_said),
        identifier=_common_identifier(one.identifiers, other.identifiers),
        domain=min(common, default=""),
        is_elsewhere=differ(city_of(one.city), city_of(other.city)),
    )


def _domain(domains: frozenset[str], common: Iterable[str], proves_nothing: frozenset[str]) -> str:
    """The domain to weigh: one that both have, else any that is somebody's own."""
    return min(common, default="") or min(domains - proves_nothing, default="")


def _common_identifier(one: frozenset[Identifier], other: frozenset[Identifier]) -> str:
    """A value that both have, of one scheme or where one side does not tell the scheme."""
    found = [
        value for scheme, value in one for s, v in other if v == value and (s == scheme or "" in (s, scheme))
    ]
    return min(found, default="")
