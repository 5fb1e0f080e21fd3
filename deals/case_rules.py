"""Conflict cases: states, outcomes, the split of credit, and what becomes of each party. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils.translation import gettext_lazy as _

from core.lifecycle import Lifecycle
from core.text import normal

OPEN, GATHERING, PROPOSED, DECIDED, CLOSED = "open", "gathering", "proposed", "decided", "closed"
CASE_STATES = (OPEN, GATHERING, PROPOSED, DECIDED, CLOSED)
RUNNING = (OPEN, GATHERING, PROPOSED)
CASE = Lifecycle(
    {
        "gather": ("open", GATHERING),
        "propose": ("open gathering proposed", PROPOSED),
        "decide": ("proposed", DECIDED),
        "close": ("open gathering proposed", CLOSED),
    }
)
EVENT_OF_CASE = {
    "gather": "case.gathering",
    "propose": "case.proposed",
    "decide": "case.decided",
    "close": "case.closed",
}
STATE_WORDS = {
    OPEN: _("Open"),
    GATHERING: _("Gathering evidence"),
    PROPOSED: _("Proposed"),
    DECIDED: _("Decided"),
    CLOSED: _("Closed without a decision"),
}

BETWEEN_PARTNERS, WITH_DIRECT = "partner_partner", "partner_direct"
CASE_KINDS = (BETWEEN_PARTNERS, WITH_DIRECT)
KIND_WORDS = {BETWEEN_PARTNERS: _("Two partners"), WITH_DIRECT: _("A partner and our own sales")}
BY_HAND, BY_CHECK, BY_TREE = "hand", "check", "tree"
BECAUSE = (BY_HAND, BY_CHECK, BY_TREE)
BECAUSE_WORDS = {
    BY_HAND: _("opened by hand"),
    BY_CHECK: _("found by a comparison"),
    BY_TREE: _("a merge or a move waits for it"),
}

FIRST, SECOND, SPLIT, NEITHER = "first", "second", "split", "neither"
OUTCOMES = (FIRST, SECOND, SPLIT, NEITHER)
OUTCOME_WORDS = {
    FIRST: _("The first keeps the customer"),
    SECOND: _("The second keeps the customer"),
    SPLIT: _("One protection, the credit is split"),
    NEITHER: _("Neither keeps the customer"),
}

KEEPS, LOSES, SHARES = "keeps", "loses", "shares"
# The reason on a registration that a case has ended; of deal_rejection and deal_revocation alike.
REASON = "conflict_decided"
WHOLE = 100


def key_of_words(direct: str) -> UUID:
    """Stands for business of our own sales that is not recorded: the same words are the same business."""
    return uuid5(NAMESPACE_URL, f"direct:{normal(direct)}")


def is_split(shares: Sequence[int | None]) -> bool:
    """Whether two shares are a split of credit: whole percents above nothing that add up to a hundred."""
    return all(share and share > 0 for share in shares) and sum(share or 0 for share in shares) == WHOLE


def keeper(outcome: str, shares: Sequence[int | None]) -> int | None:
    """Who keeps the protection (1 or 2), None for nobody. In a split: the larger share, of two halves the first."""
    if outcome in (FIRST, SECOND):
        return 1 if outcome == FIRST else 2
    if outcome == NEITHER:
        return None
    return 1 if (shares[0] or 0) >= (shares[1] or 0) else 2


def fate(position: int, outcome: str, shares: Sequence[int | None]) -> str:
    """What a party is told: it keeps the customer, shares the credit, or loses it."""
    if outcome == SPLIT:
        return SHARES
    return KEEPS if keeper(outcome, shares) == position else LOSES
