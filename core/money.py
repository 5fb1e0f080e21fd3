"""Money as whole minor units with a currency; Decimal only where it is shown."""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

# ISO 4217 exponents that are not 2.
EXPONENTS = {"JPY": 0, "KRW": 0, "CLP": 0, "ISK": 0, "KWD": 3, "BHD": 3, "TND": 3, "CLF": 4}
CURRENCIES = (
    "USD", "EUR", "GBP", "JPY", "CAD", "AUD", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "NZD", "SGD", "KRW", "KWD",
)  # fmt: skip
LARGEST_MINOR = 10**15


def exponent(currency: str) -> int:
    """How many decimals a currency has (ISO 4217)."""
    return EXPONENTS.get(currency, 2)


@dataclass(frozen=True)
class Money:
    """An amount: `minor` whole minor units of `currency`."""

    minor: int
    currency: str

    @classmethod
    def parse(cls, amount: str | Decimal | int, currency: str) -> "Money":
        """From a decimal text. Raises ValidationError: unknown currency, too many decimals, absurd size."""
        if currency not in CURRENCIES:
            raise ValidationError(_("“%(currency)s” is not a currency we know.") % {"currency": currency})
        try:
            value = Decimal(str(amount).replace(",", "").strip())
        except InvalidOperation:
            raise ValidationError(_("Enter an amount such as 12000.50.")) from None
        if not value.is_finite() or abs(value) > LARGEST_MINOR:
            raise ValidationError(_("This amount is too large."))
        scaled = value.scaleb(exponent(currency))
        if scaled != scaled.to_integral_value():
            raise ValidationError(
                _("%(currency)s has %(n)s decimals.") % {"currency": currency, "n": exponent(currency)}
            )
        if abs(scaled) > LARGEST_MINOR:
            raise ValidationError(_("This amount is too large."))
        return cls(int(scaled), currency)

    @property
    def decimal(self) -> Decimal:
        return Decimal(self.minor).scaleb(-exponent(self.currency))

    def convert(self, rate: Decimal, currency: str) -> "Money":
        """In another currency at a rate (units of `currency` per unit of mine), rounded half-even."""
        value = (self.decimal * rate).scaleb(exponent(currency))
        return Money(int(value.quantize(Decimal(1), rounding=ROUND_HALF_EVEN)), currency)

    def rounded(self) -> "Money":
        """In whole units of the currency, half away from zero."""
        unit = 10 ** exponent(self.currency)
        sign = -1 if self.minor < 0 else 1
        return Money(sign * ((2 * abs(self.minor) + unit) // (2 * unit)) * unit, self.currency)

    def rounded_up(self) -> "Money":
        """In whole units of the currency, never less than it is."""
        unit = 10 ** exponent(self.currency)
        return Money(-(-self.minor // unit) * unit, self.currency)

    def __add__(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise TypeError(f"{self.currency} and {other.currency} are not added without a dated rate.")
        return Money(self.minor + other.minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __str__(self) -> str:
        return f"{self.currency} {self.decimal:,}"

    def as_json(self) -> dict[str, str]:
        return {"amount": str(self.decimal), "currency": self.currency}


class CurrencyField(models.CharField):
    """An ISO 4217 code."""

    def __init__(self, **options: object) -> None:
        options.setdefault("max_length", 3)
        options.setdefault("choices", [(code, code) for code in CURRENCIES])
        super().__init__(**options)  # type: ignore[arg-type]
