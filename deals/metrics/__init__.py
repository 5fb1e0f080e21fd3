"""The numbers that deals offer: booked revenue by role, go-lives, and how registrations fare."""

from deals.metrics import (
    implementations,
    registrations,
    revenue,
)

__all__ = [
    "implementations",
    "registrations",
    "revenue",
]
