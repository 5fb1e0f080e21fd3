"""What a partner's gate is called on a day. Nothing here is stored: a state follows from dates.

`valid_until` is the last day that counts; the day of a revocation no longer counts.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from core.clock import months_before

NONE, VALID, EXPIRING, EXPIRED, REVOKED = "none", "valid", "expiring", "expired", "revoked"
STATES = (NONE, VALID, EXPIRING, EXPIRED, REVOKED)


@dataclass(frozen=True)
class Dates:
    """The days that decide about one record of a gate."""

    passed_on: date
    valid_until: date
    revoked_on: date | None = None


def last_valid_day(passed_on: date, months: int) -> date:
    """The last day that so many months of validity cover."""
    return months_before(passed_on, -months) - timedelta(days=1)


def state(dates: Dates, on: date, expiring_days: int) -> str:
    """The state of one record on a day; a record of a later day is none yet."""
    if dates.passed_on > on:
        return NONE
    if dates.revoked_on and dates.revoked_on <= on:
        return REVOKED
    if dates.valid_until < on:
        return EXPIRED
    return EXPIRING if dates.valid_until - on < timedelta(days=expiring_days) else VALID


def gate_state(records: Iterable[Dates], on: date, expiring_days: int) -> str:
    """The state of a gate from all of its records: the best that one of them gives."""
    order = (VALID, EXPIRING, EXPIRED, REVOKED, NONE)
    return min((state(record, on, expiring_days) for record in records), key=order.index, default=NONE)
