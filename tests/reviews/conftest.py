"""Reviews that tests speak of."""

from datetime import UTC, datetime

import pytest

from reviews.actions import add_commitment, hold_review, schedule_review

STARTS = datetime(2026, 12, 15, 15, tzinfo=UTC)


@pytest.fixture
def review(northgate, maya, priya, acting, at):
    """Northgate's review of the fourth quarter, planned by Maya for 15 December, 10:00 in New York."""
    return schedule_review(by=acting(maya), partner=northgate, quarter="2026Q4", starts_at=STARTS, at=at)


@pytest.fixture
def held(review, maya, acting, at):
    """The same review, held."""
    return hold_review(by=acting(maya), review=review, minutes="Pipeline grows.", at=at)


@pytest.fixture
def promised(review, maya, acting, at):
    """Adds a commitment."""

    def add(text="German sales deck", side="vendor", by=maya, **facts):
        facts = {"due_on": datetime(2026, 12, 31).date(), "at": at, "review": review, **facts}  # noqa: DTZ001
        return add_commitment(by=acting(by), side=side, text=text, **facts)

    return add
