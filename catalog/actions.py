"""What can be done with reference data besides loading the program file."""

from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.roles import Permission
from catalog.models import FxRate
from core.actors import Actor
from core.clock import day
from core.models import Vendor
from core.saving import save
from events.actions import record


@transaction.atomic
def add_rate(*, by: Actor, currency: str, on: date, rate: Decimal, origin: str, at: datetime) -> FxRate:
    """Add the published rate of a day: program currency per unit of `currency`. Raises ValidationError."""
    by.must(Permission.RATE_LOAD)
    base = Vendor.current().currency
    if currency == base:
        raise ValidationError({"currency": _("The program's own currency has no rate.")})
    if on > day(at):
        raise ValidationError({"on": _("A rate is published on its day, not before.")})
    found = save(FxRate(currency=currency, base=base, on=on, rate=rate, origin=origin, created_at=at))
    record("rates.loaded", found, by=by, at=at, data={"count": 1, "first": str(on), "last": str(on)})
    return found
