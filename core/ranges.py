"""Amounts that the field states as ranges and open ends ("$10M+", "<$100K", "25-30%"), kept as they were said."""

import re
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar, Self

from core.money import CURRENCIES, exponent


class Qualifier(StrEnum):
    EXACT = "exact"
    RANGE = "range"
    AT_LEAST = "at_least"
    MORE_THAN = "more_than"
    LESS_THAN = "less_than"
    UP_TO = "up_to"
    APPROX = "approx"


Q = Qualifier
HAS_LOW = {Q.EXACT, Q.RANGE, Q.APPROX, Q.AT_LEAST, Q.MORE_THAN}
HAS_HIGH = {Q.EXACT, Q.RANGE, Q.APPROX, Q.LESS_THAN, Q.UP_TO}
OPENERS = {
    Q.AT_LEAST: ("at least", ">=", "≥"),
    Q.MORE_THAN: ("more than", "over", ">"),
    Q.UP_TO: ("up to", "<=", "≤"),
    Q.LESS_THAN: ("less than", "under", "<"),
    Q.APPROX: ("about", "approx.", "approx", "~"),
}
BASES = {
    "per_partner_per_year": ("per partner a year", "annually per partner"),
    "per_partner": ("per partner",),
    "per_year": ("a year", "annually", "per year"),
    "per_month": ("a month", "per month"),
}
SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY"}
SIGN_OF = {currency: sign for sign, currency in SIGNS.items()}
TIMES = {None: Decimal(1), "K": Decimal(10**3), "M": Decimal(10**6), "B": Decimal(10**9)}

_OPENER_OF = {word: qualifier for qualifier, words in OPENERS.items() for word in words}
_BASIS_OF = {word: basis for basis, words in BASES.items() for word in words}


def _any_of(words: dict[str, Any]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _amount(end: str) -> str:
    return (
        rf"(?:(?P<{end}_sign>[$€£¥])|(?P<{end}_code>[A-Z]{{3}}) )?"
        rf"(?P<{end}>\d{{1,3}}(?:,\d{{3}}){{1,4}}(?:\.\d{{1,4}})?|\d{{1,15}}(?:\.\d{{1,4}})?)"
        rf"(?P<{end}_times>[KMB])?(?P<{end}_percent>%)?"
    )


_STATED = re.compile(
    rf"(?:(?P<opener>{_any_of(_OPENER_OF)}) ?)?{_amount('low')}(?:(?:-|–| to ){_amount('high')})?"
    rf"(?P<plus>\+| or more)?(?: (?P<basis>{_any_of(_BASIS_OF)}))?",
    re.ASCII,
)


@dataclass(frozen=True)
class Range:
    """From `low` to `high` (an open end is None), with the words that stated it in `raw`.

    Two ranges are equal when they mean the same, whatever the words ("$2M+" and "$2,000,000 or more"). Raises
    ValueError with a sentence for people when the ends do not fit the qualifier.
    """

    low: Decimal | None
    high: Decimal | None
    qualifier: Qualifier
    basis: str = ""
    raw: str = field(default="", compare=False)

    kind: ClassVar[str] = ""
    example: ClassVar[str] = ""

    def __post_init__(self) -> None:
        ends = (self.low is not None, self.high is not None)
        if ends != (self.qualifier in HAS_LOW, self.qualifier in HAS_HIGH):
            raise ValueError(f"the ends do not fit “{self.qualifier}”")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"the range runs backwards: {self.low:,f} is more than {self.high:,f}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read what a person wrote. Raises ValueError."""
        stated = _STATED.fullmatch(text.strip())
        if stated is None:
            raise ValueError(f"“{text}” is not {cls.example}")
        qualifier = _qualifier(stated, text)
        low, high = _ends(stated, qualifier)
        basis = _BASIS_OF.get(stated["basis"], "")
        return cls(low=low, high=high, qualifier=qualifier, basis=basis, raw=text, **cls._unit(stated, text))

    @classmethod
    def _unit(cls, stated: re.Match[str], text: str) -> dict[str, str]:
        raise NotImplementedError

    def as_json(self) -> dict[str, Any]:
        """Plain data; `from_json` reads it back."""
        low, high = (None if end is None else f"{end:f}" for end in (self.low, self.high))
        stated = {"qualifier": str(self.qualifier), "basis": self.basis, "raw": self.raw}
        return {"kind": self.kind, "low": low, "high": high, **stated}

    def overlaps(self, other: "Range") -> bool:
        """Whether some amount belongs to both bands; a band's high belongs to the next one."""
        return _below(self.low, other.high) and _below(other.low, self.high)

    def __str__(self) -> str:
        low, high = self._said()
        words = _WORDS[self.qualifier].format(low=low, high=high)
        return f"{words} {BASES[self.basis][0]}" if self.basis else words

    def _said(self) -> tuple[str, str]:
        return self._say(self.low), self._say(self.high)

    def _say(self, amount: Decimal | None) -> str:
        return "" if amount is None else f"{plain(amount):,f}"


_WORDS = {
    Q.EXACT: "{low}",
    Q.RANGE: "{low} to {high}",
    Q.AT_LEAST: "{low} or more",
    Q.MORE_THAN: "more than {low}",
    Q.LESS_THAN: "less than {high}",
    Q.UP_TO: "up to {high}",
    Q.APPROX: "about {low}",
}


@dataclass(frozen=True)
class MoneyRange(Range):
    """An amount of money; `low` and `high` are decimals of `currency`."""

    currency: str = field(kw_only=True)
    kind: ClassVar[str] = "money"
    example: ClassVar[str] = "an amount of money such as $2M+, $100K-$500K, <$100K or EUR 250,000"

    @classmethod
    def _unit(cls, stated: re.Match[str], text: str) -> dict[str, str]:
        named = {code for code in (_currency(stated, "low"), _currency(stated, "high")) if code}
        if len(named) != 1 or stated["low_percent"] or stated["high_percent"]:
            raise ValueError(f"“{text}” is not {cls.example}")
        return {"currency": named.pop()}

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.currency not in CURRENCIES:
            raise ValueError(f"“{self.currency}” is not a currency we know")

    def as_json(self) -> dict[str, Any]:
        return {**super().as_json(), "currency": self.currency}

    @property
    def low_minor(self) -> int | None:
        return self._minor(self.low)

    @property
    def high_minor(self) -> int | None:
        return self._minor(self.high)

    def _minor(self, amount: Decimal | None) -> int | None:
        return None if amount is None else int(amount.scaleb(exponent(self.currency)))

    def _say(self, amount: Decimal | None) -> str:
        return SIGN_OF.get(self.currency, f"{self.currency} ") + super()._say(amount)


@dataclass(frozen=True)
class PercentRange(Range):
    """A share in percent: 25 means 25%."""

    kind: ClassVar[str] = "percent"
    example: ClassVar[str] = "a percentage such as 25-30%, 40% or >90%"

    @classmethod
    def _unit(cls, stated: re.Match[str], text: str) -> dict[str, str]:
        if _is_money(stated) or not (stated["high_percent"] or stated["low_percent"]):
            raise ValueError(f"“{text}” is not {cls.example}")
        return {}

    def _said(self) -> tuple[str, str]:
        low, high = super()._said()
        return (low if self.qualifier is Q.RANGE else f"{low}%"), f"{high}%"


@dataclass(frozen=True)
class CountRange(Range):
    """A number of things."""

    kind: ClassVar[str] = "count"
    example: ClassVar[str] = "a number such as 50+, 15-20 or <6"

    @classmethod
    def _unit(cls, stated: re.Match[str], text: str) -> dict[str, str]:
        if _is_money(stated) or stated["low_percent"] or stated["high_percent"]:
            raise ValueError(f"“{text}” is not {cls.example}")
        return {}


KINDS: dict[str, type[Range]] = {kind.kind: kind for kind in (MoneyRange, PercentRange, CountRange)}


def from_json(data: dict[str, Any]) -> Any:
    """The range that `as_json` wrote: a MoneyRange, PercentRange or CountRange."""
    stated = {key: value for key, value in data.items() if key != "kind"}
    low, high = (None if data[end] is None else Decimal(data[end]) for end in ("low", "high"))
    return KINDS[data["kind"]](
        **{**stated, "low": low, "high": high, "qualifier": Qualifier(data["qualifier"])}
    )


def plain(number: Decimal) -> Decimal:
    """The same number without trailing zeros or an exponent."""
    return number.quantize(Decimal(1)) if number == number.to_integral_value() else number.normalize()


def _qualifier(stated: re.Match[str], text: str) -> Qualifier:
    signs = [stated["high"] and Q.RANGE, stated["plus"] and Q.AT_LEAST, _OPENER_OF.get(stated["opener"])]
    said = [qualifier for qualifier in signs if qualifier]
    if len(said) > 1:
        raise ValueError(f"“{text}” says two things at once")
    return said[0] if said else Q.EXACT


def _ends(stated: re.Match[str], qualifier: Qualifier) -> tuple[Decimal | None, Decimal | None]:
    """The two ends; in "$5-10M" the K, M or B of the high end also counts for the low one."""
    low = _number(stated["low"], stated["low_times"] or stated["high_times"])
    high = _number(stated["high"], stated["high_times"]) if stated["high"] else low
    return (low if qualifier in HAS_LOW else None), (high if qualifier in HAS_HIGH else None)


def _number(digits: str, times: str | None) -> Decimal:
    return plain(Decimal(digits.replace(",", "")) * TIMES[times])


def _currency(stated: re.Match[str], end: str) -> str | None:
    return SIGNS.get(stated[f"{end}_sign"]) or stated[f"{end}_code"]


def _is_money(stated: re.Match[str]) -> bool:
    return any(_currency(stated, end) for end in ("low", "high"))


def _below(low: Decimal | None, high: Decimal | None) -> bool:
    return low is None or high is None or low < high
