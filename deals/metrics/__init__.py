"""The numbers that deals offer: booked revenue by role, go-lives, customers, and how registrations fare."""

from deals.metrics import (
    customers,
    implementations,
    registered,
    registrations,
    revenue,
)

__all__ = [
    "customers",
    "implementations",
    "registered",
    "registrations",
    "revenue",
]
