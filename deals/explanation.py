"""Why: a stored check as candidates side by side, and the part of it that a partner may read."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _lazy

from catalog.models import ReasonCode
from deals import conflict, rules
from deals.models import ConflictCandidate, ConflictCheck, ConflictRules, Deal
from deals.models.conflicts import OTHERS

DOMAIN_OF_STATE = {
    rules.REJECTED: "deal_rejection",
    rules.WITHDRAWN: "deal_withdrawal",
    rules.REVOKED: "deal_revocation",
    rules.LOST: "deal_loss",
    rules.EXPIRED: "deal_condition_miss",
}
WITH_CANDIDATES = Prefetch(
    "candidates", ConflictCandidate.objects.select_related(*OTHERS).prefetch_related("factors")
)
# The partner's own words for what stood on the other side; nothing tells who it is.
KIND_TOLD = {
    **conflict.KIND_WORDS,
    conflict.OWN: _lazy("Your own registration"),
    conflict.DIRECT_OPPORTUNITY: _lazy("The vendor's own business"),
    conflict.DIRECT_ACCOUNT: _lazy("The vendor's own customer"),
    conflict.BLOCKED: _lazy("Not open to registrations"),
}
DIRECT_TOLD = KIND_TOLD[conflict.DIRECT_ACCOUNT]
# From which likeness on a partner reads which word.
SAME, CLOSE, PARTLY, NONE = "same", "close", "partly", "none"
ALIKE_FROM = {SAME: Decimal("0.9"), CLOSE: Decimal("0.6"), PARTLY: Decimal("0.2"), NONE: Decimal(0)}
ALIKE_WORDS = {
    SAME: _lazy("The same"),
    CLOSE: _lazy("Close"),
    PARTLY: _lazy("In part the same"),
    NONE: _lazy("Another, or far apart"),
}
# A line that is alike tells what the other side wrote: whom it talks to is not for its rival.
NOT_TOLD = ("base", "contact")


def for_partner(check: ConflictCheck) -> Iterator[dict[str, Any]]:
    """The factors by name, how alike in bands, and the dates: nothing that tells who the other is or what it claims.

    A number would: from the likeness in time and one's own day follows the other's to within two days.
    """
    for candidate in check.candidates.all():
        yield {
            "kind": candidate.kind,
            "kind_words": _told(candidate),
            "complete_since": candidate.since,
            "protected_until": candidate.until,
            "factors": [
                {"name": str(conflict.FACTOR_WORDS[f.code]), "yours": f.mine,
                 "theirs": str(ALIKE_WORDS[band(f.alike)]), "alike": band(f.alike)}
                for f in candidate.factors.all() if f.code not in NOT_TOLD and (f.mine or f.alike)
            ],
        }  # fmt: skip


def _told(candidate: ConflictCandidate) -> str:
    """What it is, in the partner's words; a win of the vendor's own sales is no other partner's."""
    is_ours = candidate.deal_id is None and candidate.kind == conflict.WON_CUSTOMER
    return str(DIRECT_TOLD if is_ours else KIND_TOLD[candidate.kind])


def rule_of(check: ConflictCheck) -> str:
    """The order of precedence under which the check was made, in plain words."""
    return ConflictRules.objects.terms(check.rule_version).precedence_words()


def band(alike: Decimal) -> str:
    """How alike, as coarse as a partner may know it: a key of ALIKE_WORDS."""
    return next(name for name, least in ALIKE_FROM.items() if alike >= least)


def latest_check(deal: Deal, checks: QuerySet) -> ConflictCheck | None:
    """The newest check of a registration among those that the reader sees."""
    found: ConflictCheck | None = (
        checks.filter(deal=deal).prefetch_related(WITH_CANDIDATES).order_by("-created_at", "-id").first()
    )
    return found


def hidden_reasons() -> set[tuple[str, str]]:
    """The reasons (domain, code) that are for the vendor alone."""
    return set(ReasonCode.objects.filter(partner_visible=False).values_list("domain", "code"))


def reason_for_partner(deal: Deal, hidden: set[tuple[str, str]]) -> str:
    """The code of a reason that the partner may read, "" for one that is for the vendor alone."""
    domain = DOMAIN_OF_STATE.get(deal.state, "")
    return "" if (domain, deal.reason) in hidden or not domain else deal.reason
