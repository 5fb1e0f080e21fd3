"""When a certification counts and what its states are called.

Nothing here is stored: a state follows from dates. The day on which something expires is the first day on which it
no longer counts; the same holds for the day of a revocation and for the day on which a person leaves.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from core.clock import months_before

VALID, EXPIRING, EXPIRED, REVOKED, LEFT, FUTURE = "valid", "expiring", "expired", "revoked", "left", "future"
STATES = (VALID, EXPIRING, EXPIRED, REVOKED, LEFT)
AUDIENCES = ("general", "technical", "sales")
LEVELS = ("foundation", "associate", "professional", "expert")  # the lowest first
MANUAL, IMPORT = "manual", "import"
PLAN_MONTHS = 12


def months_after(on: date, months: int) -> date:
    """The same day that many months later; 29 February becomes 28 in other years."""
    return months_before(on, -months)


def expiry(passed_on: date, months: int, *, renews: date | None = None, window_days: int = 0) -> date:
    """The first day on which a certification no longer counts.

    `renews` is the day on which the one that the person holds ends. Whoever passes again within the window before that
    day loses nothing by being early: the new one goes on from that day. Earlier, or once it has ended, it counts from
    the day on which it was passed.
    """
    if renews and renews - timedelta(days=window_days) <= passed_on < renews:
        return months_after(renews, months)
    return months_after(passed_on, months)


@dataclass(frozen=True)
class Dates:
    """The days that decide about a certification at one partner. `passed_on` is the first day on which it counts there,
    `left_on` the first on which it does not because the person left, or named another partner as its primary one."""

    passed_on: date
    expires_on: date
    revoked_on: date | None = None
    left_on: date | None = None


def state(dates: Dates, on: date, expiring_days: int) -> str:
    """The state on a day: valid, expiring (valid, and it ends within so many days), expired, revoked, left, future."""
    if reason := why_out(dates, on):
        return reason
    return EXPIRING if dates.expires_on - on <= timedelta(days=expiring_days) else VALID


def why_out(dates: Dates, on: date) -> str:
    """Why a certification does not count on a day; "" where it counts."""
    if dates.passed_on > on:
        return FUTURE
    if dates.revoked_on and dates.revoked_on <= on:
        return REVOKED
    if dates.expires_on <= on:
        return EXPIRED
    if dates.left_on and dates.left_on <= on:
        return LEFT
    return ""
