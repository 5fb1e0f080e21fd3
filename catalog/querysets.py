"""Reads of reference data that have a name."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from catalog.models import FxRate, Market, ReasonCode, Setting
from catalog.rules import DEFAULTS
from core.models import Vendor
from core.money import Money
from core.remembering import once_a_page


def setting(key: str) -> Any:
    """A rule value: the program's where it has one, else the default. Raises KeyError for an unknown key."""
    stored = once_a_page((Setting, key), lambda: _stored(key))
    return DEFAULTS[key][0] if stored is None else stored


def _stored(key: str) -> Any:
    return Setting.objects.filter(key=key).values_list("value", flat=True).first()


def rate_on(currency: str, on: date) -> Decimal:
    """The last rate published on or before the day and not too old. Raises ValidationError where there is none."""
    base = Vendor.current().currency
    if currency == base:
        return Decimal(1)
    oldest = on - timedelta(days=setting("deal.fx_most_days_old"))
    rates = FxRate.objects.filter(currency=currency, base=base, on__lte=on, on__gte=oldest)
    rate = rates.order_by("-on").values_list("rate", flat=True).first()
    if rate is None:
        text = _("There is no %(currency)s rate for %(day)s. Load exchange rates, then book again.")
        raise ValidationError(text % {"currency": currency, "day": on.isoformat()}, code="no_rate")
    return rate


@dataclass(frozen=True)
class Rates:
    """The rates of one day into the program's currency, read at once for many amounts."""

    base: str
    on: date
    known: dict[str, tuple[Decimal, date]]

    def convert(self, money: Money) -> Money | None:
        """In the program's currency; None where there is no rate."""
        if money.currency == self.base:
            return money
        found = self.known.get(money.currency)
        return money.convert(found[0], self.base) if found else None


def rates_of(on: date) -> Rates:
    """The last rate of each currency published on or before a day and not too old, in one query."""
    base = Vendor.current().currency
    oldest = on - timedelta(days=setting("deal.fx_most_days_old"))
    rows = FxRate.objects.filter(base=base, on__lte=on, on__gte=oldest).order_by("on")
    known = {currency: (rate, day) for currency, rate, day in rows.values_list("currency", "rate", "on")}
    return Rates(base, on, known)


def convert(money: Money, *, on: date) -> tuple[Money, Decimal]:
    """In the program's currency at the rate of a day, and that rate."""
    rate = rate_on(money.currency, on)
    return money.convert(rate, Vendor.current().currency), rate


def market_of(country: str) -> Market | None:
    """The market that a country belongs to."""
    return next((m for m in Market.objects.active() if country in m.countries), None)


def region_of(user_id: Any) -> list[Market]:
    """The markets that a person looks after; none where nobody said so."""
    return list(Market.objects.active().filter(regions__user=user_id)) if user_id else []


def reason(domain: str, code: str) -> ReasonCode:
    """An active reason code. Raises ValidationError for an unknown one."""
    found = ReasonCode.objects.active().filter(domain=domain, code=code).first()
    if found is None:
        raise ValidationError({"reason": _("Choose one of the reasons.")})
    return found


def reason_label(domain: str, code: str) -> str:
    """A reason as the vendor's people read it, also one no longer in use; "" for an unknown code."""
    found = ReasonCode.objects.filter(domain=domain, code=code).first()
    return found.label if found else ""


def reason_told(domain: str, code: str) -> str:
    """A reason as a partner may read it; "" where it is for the vendor alone. `code` may be any text that was sent."""
    told = {r.code: r for r in ReasonCode.objects.filter(domain=domain, partner_visible=True)}
    return (told[code].letter_text or told[code].label) if code in told else ""
