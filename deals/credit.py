"""The rules of credit: who has a part in a deal, in which role, and how one booking is never counted twice. Pure.

Four roles look at the same bookings: who sourced the deal, who influenced it, who implemented it, who fulfilled it.
Within one role the parts add up to 100 %; the roles are four views and are never added.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

SOURCED, INFLUENCED, IMPLEMENTED, FULFILLED = "sourced", "influenced", "implemented", "fulfilled"
FAMILIES = (SOURCED, INFLUENCED, IMPLEMENTED, FULFILLED)
NEEDED = (SOURCED, FULFILLED)
# The roles by which a partner's own revenue is counted, once, by the larger part of the two.
OWN_REVENUE = (SOURCED, FULFILLED)
FAMILY_WORDS = {
    SOURCED: _lazy("Sourced"),
    INFLUENCED: _lazy("Influenced"),
    IMPLEMENTED: _lazy("Implemented"),
    FULFILLED: _lazy("Fulfilled"),
}
DEFINITIONS = {
    SOURCED: _lazy("Found the customer and brought the deal in."),
    INFLUENCED: _lazy("Helped to win it without having brought it in."),
    IMPLEMENTED: _lazy("Puts the product to work at the customer."),
    FULFILLED: _lazy("Sells and delivers it on its own paper or through us."),
}
WHOLE = 100  # percent
MOST_SHARES = 24


@dataclass(frozen=True)
class Share:
    """A part in a deal: whose (None for the vendor's own team), in which role, whole percent, and what it rests on."""

    partner_id: UUID | None
    family: str
    weight: int
    basis: str = ""
    is_primary: bool = False

    @property
    def key(self) -> tuple[str, UUID | None]:
        return self.family, self.partner_id


def default_shares(partner_id: UUID) -> list[Share]:
    """Who registers a deal has sourced and fulfils it, unless the vendor says otherwise."""
    return [Share(partner_id, SOURCED, WHOLE, is_primary=True), Share(partner_id, FULFILLED, WHOLE)]


def checked(shares: Sequence[Share]) -> list[Share]:
    """The shares as they are kept, the primary source marked.

    Raises ValidationError, by role: unknown, not 100 %, somebody named twice or with both sourced and influenced, no
    primary source or several. Sourced and fulfilled are needed; influenced and implemented may be empty.
    """
    shares = _with_primary(shares)
    wrong: dict[str, str] = {}
    for family in (*FAMILIES, *sorted({s.family for s in shares} - set(FAMILIES))):
        if fault := _fault([share for share in shares if share.family == family], family):
            wrong[family] = fault
    sources = {share.partner_id for share in shares if share.family == SOURCED}
    if sources & {share.partner_id for share in shares if share.family == INFLUENCED}:
        wrong.setdefault(
            INFLUENCED, _("Whoever sourced a deal has not influenced it besides: that counts twice.")
        )
    if len(shares) > MOST_SHARES:
        wrong.setdefault(SOURCED, _("Name at most %(n)s shares.") % {"n": MOST_SHARES})
    if wrong:
        raise ValidationError(wrong)
    return shares


def _with_primary(shares: Sequence[Share]) -> list[Share]:
    """Where one alone has sourced it, nothing needs to be said."""
    sources = [share for share in shares if share.family == SOURCED]
    if len(sources) != 1:
        return list(shares)
    return [replace(share, is_primary=share.family == SOURCED) for share in shares]


def _fault(shares: list[Share], family: str) -> str:
    if family not in FAMILIES:
        return _("There is no such role.")
    if not shares:
        return _("Say who: the shares add up to 100%.") if family in NEEDED else ""
    if len({share.partner_id for share in shares}) < len(shares):
        return _("Name each one once.")
    if any(not 1 <= share.weight <= WHOLE for share in shares):
        return _("A share is between 1 and 100%.")
    total = sum(share.weight for share in shares)
    if total != WHOLE:
        return _("The shares add up to %(total)s%%, not to 100%%.") % {"total": total}
    primaries = sum(share.is_primary for share in shares)
    if family == SOURCED and primaries != 1:
        return _("Say which one is the primary source: exactly one is.")
    return _("Only a source is primary.") if family != SOURCED and primaries else ""


def counted_once(shares: Iterable[Share]) -> set[tuple[str, UUID | None]]:
    """Of each one's sourced and fulfilled shares the larger: by it its own revenue counts a booking once."""
    largest: dict[UUID | None, Share] = {}
    for share in sorted(shares, key=lambda s: OWN_REVENUE.index(s.family) if s.family in OWN_REVENUE else 9):
        held = largest.get(share.partner_id)
        if share.family in OWN_REVENUE and (held is None or share.weight > held.weight):
            largest[share.partner_id] = share
    return {share.key for share in largest.values()}


def part_of(weighted: int) -> int:
    """Minor units × percent, summed and divided once, downwards: the parts never exceed the whole."""
    return weighted // WHOLE


def parts_in_turn(weighted: Sequence[int]) -> list[int]:
    """The same for rows one by one, so rounded that the rows add up to what `part_of` says of their sum."""
    parts, total = [], 0
    for value in weighted:
        parts.append(part_of(total + value) - part_of(total))
        total += value
    return parts


def by_family(shares: Iterable[Share]) -> dict[str, list[Share]]:
    """The shares by role, the primary source and then the larger first."""
    found: dict[str, list[Share]] = defaultdict(list)
    for share in sorted(shares, key=lambda s: (FAMILIES.index(s.family), not s.is_primary, -s.weight)):
        found[share.family].append(share)
    return dict(found)
