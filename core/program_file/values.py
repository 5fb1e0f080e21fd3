"""Types of one value: each reads a text, or says in a sentence what it is not."""

import datetime
import decimal
import re
import zoneinfo
from typing import Any

from django_countries import countries

from core import ranges
from core.money import CURRENCIES
from core.program_file.schema import Spot, Type
from core.program_file.text import Node, Scalar


class OneValue(Type):
    """A single text; `parse` gives its value or raises ValueError with a sentence."""

    def read(self, node: Node, spot: Spot) -> Any:
        if not isinstance(node, Scalar):
            return spot.wrong(node.line, "one value belongs here")
        if node.text is None:
            return spot.wrong(node.line, "a value is missing")
        try:
            return self.parse(node.text)
        except ValueError as error:
            return spot.wrong(node.line, str(error))

    def parse(self, text: str) -> Any:
        raise NotImplementedError


class Text(OneValue):
    def __init__(self, longest: int = 2000) -> None:
        self.longest = longest

    def parse(self, text: str) -> str:
        words = " ".join(text.split())
        if not words:
            raise ValueError("a text is missing")
        if len(words) > self.longest:
            raise ValueError(f"this is longer than {self.longest} characters")
        return words


class Code(OneValue):
    """A short name that the program refers to: small letters, digits and underscores."""

    def parse(self, text: str) -> str:
        if not re.fullmatch(r"[a-z][a-z0-9_]{0,48}", text, re.ASCII):
            raise ValueError(f"“{text}” is not a code: small letters, digits and underscores")
        return text


class Integer(OneValue):
    def __init__(self, lowest: int = 0, highest: int = 10**9) -> None:
        self.lowest, self.highest = lowest, highest

    def parse(self, text: str) -> int:
        if not re.fullmatch(r"-?(0|[1-9]\d{0,11})", text, re.ASCII):
            raise ValueError(f"“{text}” is not a whole number")
        if not self.lowest <= int(text) <= self.highest:
            raise ValueError(f"{text} is not between {self.lowest} and {self.highest}")
        return int(text)


class Number(OneValue):
    """A decimal number, exactly as written."""

    def parse(self, text: str) -> decimal.Decimal:
        if not re.fullmatch(r"-?\d{1,15}(\.\d{1,10})?", text, re.ASCII):
            raise ValueError(f"“{text}” is not a number")
        return decimal.Decimal(text)


class Date(OneValue):
    def parse(self, text: str) -> datetime.date:
        try:
            return datetime.datetime.strptime(text, "%Y-%m-%d").date()
        except ValueError:
            raise ValueError(f"“{text}” is not a day such as 2025-01-31") from None


class Bool(OneValue):
    def parse(self, text: str) -> bool:
        if text not in ("true", "false"):
            raise ValueError(f"“{text}” is neither true nor false")
        return text == "true"


class OneOf(OneValue):
    def __init__(self, *words: str) -> None:
        self.words = words

    def parse(self, text: str) -> str:
        if text not in self.words:
            raise ValueError(f"“{text}” is not one of {', '.join(self.words)}")
        return text


class Country(OneValue):
    """An ISO 3166 code of two letters; `NO` is Norway."""

    def parse(self, text: str) -> str:
        if text not in countries:
            raise ValueError(f"“{text}” is not a country code such as US or NO")
        return text


class Currency(OneValue):
    def parse(self, text: str) -> str:
        if text not in CURRENCIES:
            raise ValueError(f"“{text}” is not a currency we know")
        return text


class TimeZone(OneValue):
    def parse(self, text: str) -> str:
        if text not in zoneinfo.available_timezones():
            raise ValueError(f"“{text}” is not a time zone such as Europe/Berlin")
        return text


class Language(OneValue):
    def parse(self, text: str) -> str:
        if not re.fullmatch(r"[a-z]{2}(-[A-Z]{2})?", text, re.ASCII):
            raise ValueError(f"“{text}” is not a language code such as fr or fr-CA")
        return text


class MoneyRange(OneValue):
    def parse(self, text: str) -> ranges.MoneyRange:
        return ranges.MoneyRange.parse(text)


class PercentRange(OneValue):
    def parse(self, text: str) -> ranges.PercentRange:
        percent = ranges.PercentRange.parse(text)
        if max(end for end in (percent.low, percent.high) if end is not None) > 100:
            raise ValueError(f"“{text}” is more than 100%")
        return percent


class CountRange(OneValue):
    def parse(self, text: str) -> ranges.CountRange:
        return ranges.CountRange.parse(text)


class Ref(OneValue):
    """The code of an entry elsewhere in the file: `Ref("markets")`, `Ref("tier_programs.tiers")`; any of several."""

    def __init__(self, *targets: str) -> None:
        self.targets = targets

    def read(self, node: Node, spot: Spot) -> Any:
        code = super().read(node, spot)
        if code is not None:
            spot.refers(node.line, code, *self.targets)
        return code

    def parse(self, text: str) -> str:
        return text
