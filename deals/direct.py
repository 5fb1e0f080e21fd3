"""The vocabulary of direct sales, and who serves whom. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

OPEN, WON, LOST = "open", "won", "lost"
STATES = (OPEN, WON, LOST)
DIRECT_ONLY, PARTNER_LED, SHARED = "direct_only", "partner_led", "shared"
MODES = (DIRECT_ONLY, PARTNER_LED, SHARED)


def is_old(confirmed_on: date, on: date, days: int) -> bool:
    """Whether a line of the approved list was last confirmed longer ago than the program allows."""
    return (on - confirmed_on).days > days


def quarter_start(on: date) -> date:
    """The first day of the calendar's quarter."""
    return date(on.year, 3 * ((on.month - 1) // 3) + 1, 1)


@dataclass(frozen=True)
class Policy:
    """One line of the matrix: kinds of customers and markets (none: all), and who serves them."""

    code: str
    kinds: frozenset[str]
    markets: frozenset[str]
    mode: str

    def fits(self, kind: str, market: str) -> bool:
        return (not self.kinds or kind in self.kinds) and (not self.markets or market in self.markets)


def policy_for(policies: Iterable[Policy], kind: str, market: str) -> Policy | None:
    """The first policy that fits a customer's kind and market; None where the program says nothing of it."""
    return next((policy for policy in policies if policy.fits(kind, market)), None)
