"""The review's lifecycle, its quarter, the day that is proposed for it, and who may complete a commitment."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from core.lifecycle import Lifecycle
from core.workdays import is_workday

SCHEDULED, HELD, SIGNED_OFF, CANCELLED, MISSED = "scheduled", "held", "signed_off", "cancelled", "missed"
STATES = (SCHEDULED, HELD, SIGNED_OFF, CANCELLED, MISSED)
VENDOR, PARTNER = "vendor", "partner"
SIDES = (VENDOR, PARTNER)

# Held: minutes exist and both sides are asked to sign them off. Missed: the quarter passed without a review.
LIFECYCLE = Lifecycle(
    {
        "move": ("scheduled", SCHEDULED),
        "hold": ("scheduled", HELD),
        "sign_off": ("held", SIGNED_OFF),
        "cancel": ("scheduled", CANCELLED),
        "miss": ("scheduled", MISSED),
        "reopen": ("cancelled missed", SCHEDULED),
    },
    by_itself=["miss"],
)
# Minutes and commitments can still change: it is planned, or held and not signed off.
OPEN = (SCHEDULED, HELD)

TO_DO, DONE, DROPPED = "open", "done", "dropped"
COMMITMENT_STATES = (TO_DO, DONE, DROPPED)
COMMITMENT_LIFECYCLE = Lifecycle(
    {
        "complete": ("open", DONE),
        "drop": ("open", DROPPED),
        "reopen": ("done dropped", TO_DO),
    }
)


@dataclass(frozen=True, order=True)
class Quarter:
    """A quarter of a calendar year, written 2026Q4."""

    year: int
    number: int

    @classmethod
    def of(cls, on: date) -> "Quarter":
        return cls(on.year, (on.month + 2) // 3)

    @classmethod
    def parse(cls, code: str) -> "Quarter":
        """Raises ValueError for anything but a year from 2000 to 2099 and a quarter."""
        found = re.fullmatch(r"(20\d\d)Q([1-4])", code, re.ASCII)
        if found is None:
            raise ValueError(code)
        return cls(int(found[1]), int(found[2]))

    @property
    def starts_on(self) -> date:
        return date(self.year, self.number * 3 - 2, 1)

    @property
    def ends_on(self) -> date:
        """The last day, included."""
        return self.next.starts_on - timedelta(days=1)

    @property
    def next(self) -> "Quarter":
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def name(self) -> str:
        return f"Q{self.number} {self.year}"

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"


def quarters_to_plan(today: date, days_ahead: int) -> list[Quarter]:
    """The current quarter, and the next once its start is so many days away."""
    current = Quarter.of(today)
    is_near = current.next.starts_on - timedelta(days=days_ahead) <= today
    return [current, current.next] if is_near else [current]


def propose(
    quarter: Quarter,
    *,
    today: date,
    notice_days: int,
    from_day: int,
    country: str,
    busy: Collection[date] = (),
) -> date | None:
    """The day to propose: a working day of the partner's country, from the quarter's `from_day`-th day on, with notice,
    the first that is not `busy`; None where too little of the quarter is left.
    """
    first = max(quarter.starts_on + timedelta(days=from_day - 1), today + timedelta(days=notice_days))
    left = [first + timedelta(days=n) for n in range((quarter.ends_on - first).days + 1)]
    workdays = [on for on in left if is_workday(on, country)]
    return next((on for on in workdays if on not in busy), workdays[0] if workdays else None)


def is_overdue(quarter: Quarter, today: date, after_days: int) -> bool:
    """Whether a review that was not held counts as missed: so many days after its quarter's end."""
    return today > quarter.ends_on + timedelta(days=after_days)


def may_complete(side: str, by_vendor: bool) -> bool:
    """The vendor notes what either side did; a partner only what it promised itself."""
    return by_vendor or side == PARTNER


def signature_field(by_vendor: bool) -> str:
    return "signed_by_vendor" if by_vendor else "signed_by_partner"


def minutes_left(count: int, length: int) -> int:
    """An even share of the meeting for each point of the agenda, in minutes."""
    return length // count if count else length
