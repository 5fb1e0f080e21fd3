"""The numbers that deals offer: booked revenue by role, go-lives, and how registrations fare."""

from deals.metrics import implementations, revenue

__all__ = ["implementations", "revenue"]
