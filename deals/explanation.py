"""Why: a stored check as candidates side by side, and the part of it that a partner may read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from catalog.models import ReasonCode
from deals import rules
from deals.models import ConflictCheck, ConflictFactor, Deal

DOMAIN_OF_STATE = {
    rules.REJECTED: "deal_rejection",
    rules.WITHDRAWN: "deal_withdrawal",
    rules.REVOKED: "deal_revocation",
    rules.LOST: "deal_loss",
    rules.EXPIRED: "deal_condition_miss",
}
WITH_FACTORS = Prefetch("factors", ConflictFactor.objects.select_related("other__partner"))


@dataclass(frozen=True)
class Candidate:
    """Another registration with the arithmetic about it."""

    other: Deal
    kind: str
    complete_since: date
    protected_until: date | None
    factors: list[ConflictFactor] = field(default_factory=list)

    @property
    def number(self) -> str:
        return self.other.number

    @property
    def partner(self) -> str:
        return self.other.partner.name

    @property
    def score(self) -> Decimal:
        return sum((factor.points for factor in self.factors), Decimal(0))


def candidates(check: ConflictCheck) -> list[Candidate]:
    """What the check compared, the nearest first. Read the check with `WITH_FACTORS`."""
    found = []
    for _other_id, group in groupby(check.factors.all(), key=lambda factor: factor.other_id):
        factors = list(group)
        first = factors[0]
        found.append(Candidate(first.other, first.kind, first.complete_since, first.protected_until, factors))
    return found


def for_partner(check: ConflictCheck) -> Iterator[dict[str, Any]]:
    """The factors by name, how alike, and the dates: nothing that tells who the other is or what it claims."""
    for candidate in candidates(check):
        yield {
            "kind": candidate.kind,
            "complete_since": candidate.complete_since,
            "protected_until": candidate.protected_until,
            "factors": [
                {"name": str(rules.FACTOR_WORDS[f.code]), "yours": f.mine, "theirs": _alike_words(f.alike),
                 "alike": str(f.alike)}
                for f in candidate.factors if f.code != "base"
            ],
        }  # fmt: skip


def _alike_words(alike: Decimal) -> str:
    if alike >= Decimal("0.9"):
        return _("The same")
    return _("In part the same") if alike else _("Another")


def latest_check(deal: Deal, checks: QuerySet) -> ConflictCheck | None:
    """The newest check of a registration among those that the reader sees."""
    found: ConflictCheck | None = (
        checks.filter(deal=deal).prefetch_related(WITH_FACTORS).order_by("-created_at", "-id").first()
    )
    return found


def hidden_reasons() -> set[tuple[str, str]]:
    """The reasons (domain, code) that are for the vendor alone."""
    return set(ReasonCode.objects.filter(partner_visible=False).values_list("domain", "code"))


def reason_for_partner(deal: Deal, hidden: set[tuple[str, str]]) -> str:
    """The code of a reason that the partner may read, "" for one that is for the vendor alone."""
    domain = DOMAIN_OF_STATE.get(deal.state, "")
    return "" if (domain, deal.reason) in hidden or not domain else deal.reason
