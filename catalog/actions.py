"""What can be done with reference data besides loading the program file."""

from datetime import date, datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Permission
from catalog.models import FxRate, Market, Region
from core.actors import Actor
from core.clock import day
from core.models import Vendor
from core.saving import save
from events.actions import record


@transaction.atomic
def assign_region(*, by: Actor, user: User, markets: list[Market], at: datetime) -> Region:
    """Say which markets a person of the vendor looks after; no market at all ends it. Raises ValidationError."""
    by.must(Permission.PARTNER_ASSIGN)
    if not User.objects.of_vendor().filter(pk=user.pk).exists():
        raise ValidationError({"user": _("Choose one of the vendor's people.")})
    region = Region.objects.filter(user=user).first() or Region(user=user, created_at=at)
    save(region)
    region.markets.set(markets)
    codes = sorted(market.code for market in markets)
    record("region.assigned", region, by=by, at=at, data={"user": str(user.pk), "markets": codes})
    return region


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
