"""What the public page and the public endpoint share: limits before the action, one answer after it."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from core.actors import ANONYMOUS
from core.limits import TooMany, allowed
from onboarding.actions import submit_application
from partners.models import Category
from partners.rules import domain_of

HOUR = 3600
MOST_FROM_ONE_PLACE = 20
MOST_FOR_ONE_ADDRESS = 4
MOST_FOR_ONE_COMPANY = 20


def offered_categories() -> Any:
    """The categories a company may apply for: those of the program that no other stands above."""
    return Category.objects.active().filter(parent=None).order_by("taxonomy__position", "position")


def receive(*, place: str, categories: list[str], trap: str, origin: str, at: datetime, **facts: Any) -> None:
    """Take a public application. Nothing is returned: the answer is the same whatever we know of the company.

    One address gets only so many letters an hour, then none, silently. Raises TooMany for one place that sends
    many, ValidationError for what is wrong in itself.
    """
    if not allowed("apply.place", place, most=MOST_FROM_ONE_PLACE, seconds=HOUR, at=at):
        raise TooMany(_("Too many applications came from here. Please try again in an hour."))
    if trap or not _may_write_to(facts["contact_email"], at):
        return
    chosen = {c.code: c for c in offered_categories().filter(code__in=categories)}
    submit_application(
        by=ANONYMOUS,
        categories=[chosen[code] for code in categories if code in chosen],
        origin=origin,
        at=at,
        **facts,
    )


def _may_write_to(email: str, at: datetime) -> bool:
    address = email.strip().casefold()
    company = domain_of(address) or address
    return allowed("apply.address", address, most=MOST_FOR_ONE_ADDRESS, seconds=HOUR, at=at) and allowed(
        "apply.company", company, most=MOST_FOR_ONE_COMPANY, seconds=HOUR, at=at
    )
