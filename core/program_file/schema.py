"""The types an app's section is written in; reading gives typed values or problems, each with its line and path."""

import copy
import datetime
import decimal
import re
import zoneinfo
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Self

from django_countries import countries

from core import ranges
from core.money import CURRENCIES
from core.program_file.provenance import LINES, Document, Provenance, Source
from core.program_file.text import Entries, Items, Node, Problem, Scalar

PROVENANCE_KEYS = ("source", "default", "reason")
Rule = Callable[[Any], Iterable["Problem | str"]]


@dataclass
class Reading:
    """What is collected while one file is read."""

    file: str
    problems: list[Problem]
    documents: dict[str, Document] = field(default_factory=dict)
    codes: dict[str, set[str]] = field(default_factory=dict)
    refs: list[tuple["Spot", int, str, tuple[str, ...]]] = field(default_factory=list)


@dataclass(frozen=True)
class Spot:
    """A place in the file: its path ("tiers.gold.margin"), the path of its type ("tiers.margin"), what covers it."""

    reading: Reading
    path: str = ""
    kind: str = ""
    provenance: Provenance | None = None

    def field(self, name: str) -> "Spot":
        return replace(self, path=_join(self.path, name), kind=_join(self.kind, name))

    def item(self, key: str) -> "Spot":
        return replace(self, path=_join(self.path, key))

    def problem(self, line: int, message: str) -> Problem:
        return Problem(self.reading.file, line, self.path, message)

    def refers(self, line: int, code: str, *targets: str) -> None:
        """Once everything is read, the code must be an entry of one of the targets."""
        self.reading.refs.append((self, line, code, targets))

    def wrong(self, line: int, message: str) -> None:
        self.reading.problems.append(self.problem(line, message))


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


class Row:
    """A record of the file: its fields as attributes, its `provenance`, and `problem(field, sentence)`."""

    def __init__(self, values: dict[str, Any], lines: dict[str, int], spot: Spot, line: int) -> None:
        self.values, self.lines, self.spot, self.line = values, lines, spot, line
        self.origins: dict[str, Provenance] = {}

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["values"][name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def provenance(self) -> Provenance:
        return self.spot.provenance or Provenance()

    def provenance_of(self, name: str) -> Provenance:
        """Where one field comes from: its own word, else the record's."""
        return self.origins.get(name, self.provenance)

    def problem(self, name: str, message: str) -> Problem:
        return self.spot.field(name).problem(self.lines.get(name, self.line), message)


class Type:
    """Reads one node. A subclass gives `read`; `where` adds rules that look at the finished value."""

    takes_entries = False
    rules: tuple[Rule, ...] = ()

    def read(self, node: Node, spot: Spot) -> Any:
        raise NotImplementedError

    def where(self, *rules: Rule) -> Self:
        ruled = copy.copy(self)
        ruled.rules = (*self.rules, *rules)
        return ruled

    def value(self, node: Node, spot: Spot) -> Any:
        """Read, then ask the rules that can be asked."""
        before = len(spot.reading.problems)
        value = self.read(node, spot)
        is_sound = len(spot.reading.problems) == before
        for rule in self.rules:
            if is_sound or _has_what_it_needs(rule, value):
                spot.reading.problems.extend(_broken(rule, value, node, spot))
        return value


def _has_what_it_needs(rule: Rule, rows: Any) -> bool:
    """A rule about one field can be asked where all rows have it, whatever else is wrong with them."""
    name = getattr(rule, "about", None)
    return name is not None and all(
        isinstance(row, Row) and row.values[name] is not None for row in rows.values()
    )


def _broken(rule: Rule, value: Any, node: Node, spot: Spot) -> Iterator[Problem]:
    for found in rule(value):
        yield found if isinstance(found, Problem) else spot.problem(node.line, found)


AnyType = Type | type[Type]


def _made(given: AnyType) -> Type:
    return given() if isinstance(given, type) else given


# One value ------------------------------------------------------------------------------------------------------


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
    """The code of an entry elsewhere in the file: `Ref("markets")`, `Ref("tier_program.tiers")`; any of several."""

    def __init__(self, *targets: str) -> None:
        self.targets = targets

    def read(self, node: Node, spot: Spot) -> Any:
        code = super().read(node, spot)
        if code is not None:
            spot.refers(node.line, code, *self.targets)
        return code

    def parse(self, text: str) -> str:
        return text


# Several values -------------------------------------------------------------------------------------------------


class Nullable(Type):
    """The value, or None where the document states none (`null`, or left out)."""

    def __init__(self, item: AnyType) -> None:
        self.item = _made(item)
        self.takes_entries = self.item.takes_entries

    def read(self, node: Node, spot: Spot) -> Any:
        return None if isinstance(node, Scalar) and node.text is None else self.item.value(node, spot)


class AnyOf(Type):
    """The first of several types that can read the node."""

    def __init__(self, *items: AnyType) -> None:
        self.items = [_made(item) for item in items]

    def read(self, node: Node, spot: Spot) -> Any:
        objections: list[str] = []
        for item in self.items:
            trial = replace(spot, reading=replace(spot.reading, problems=[]))
            value = item.value(node, trial)
            if not trial.reading.problems:
                return value
            objections += [problem.message for problem in trial.reading.problems]
        return spot.wrong(node.line, "; ".join(objections))


class ListOf(Type):
    def __init__(self, item: AnyType, fewest: int = 0) -> None:
        self.item, self.fewest = _made(item), fewest

    def read(self, node: Node, spot: Spot) -> list[Any]:
        if not isinstance(node, Items):
            spot.wrong(node.line, "a list belongs here")
            return []
        if len(node.items) < self.fewest:
            spot.wrong(node.line, f"at least {self.fewest} belong here")
        return [self.item.value(item, spot.item(str(n))) for n, item in enumerate(node.items, start=1)]


class MapOf(Type):
    """Entries by their code, in the order of the file; a record's code and place are its `code` and
    `position`.

    A map may say its provenance as a record does; it covers all entries.
    """

    takes_entries = True

    def __init__(self, item: AnyType) -> None:
        self.item = _made(item)

    def read(self, node: Node, spot: Spot) -> dict[str, Any]:
        if not isinstance(node, Entries):
            spot.wrong(node.line, "entries by their code belong here")
            return {}
        found = {}
        spot = replace(spot, provenance=_provenance(node, spot) or spot.provenance)
        for code, entry in _without_provenance(node):
            Code().value(Scalar(node.key_lines[code], code), spot.item(code))
            found[code] = self.item.value(entry, spot.item(code))
            if isinstance(found[code], Row):
                found[code].values.update(code=code, position=len(found))
        spot.reading.codes.setdefault(spot.kind, set()).update(found)
        return found


class Record(Type):
    """Named fields. Any record may say `source: {doc: …, lines: …}`, or `default: true` (or the list of the fields
    that are ours) with a `reason`; what it says covers all that it contains. A single field may say so for itself:
    `{value: 90, default: true, reason: …}`.
    """

    takes_entries = True

    def __init__(self, **fields: AnyType) -> None:
        self.fields = {name: _made(given) for name, given in fields.items()}

    def read(self, node: Node, spot: Spot) -> Row | None:
        if not isinstance(node, Entries):
            return spot.wrong(node.line, "a record of named fields belongs here")
        spot, origins = self._covered(node, spot)
        row = Row({}, node.key_lines, spot, node.line)
        row.origins.update(origins)
        self._refuse_unknown(node, spot)
        for name, kind in self.fields.items():
            row.values[name] = self._field(name, kind, node, spot, row)
        return row

    def _field(self, name: str, kind: Type, node: Entries, spot: Spot, row: Row) -> Any:
        here = spot.field(name)
        found = node.entries.get(name)
        if found is None:
            if not isinstance(kind, Nullable):
                here.wrong(node.line, "this is missing")
            return None
        if name in row.origins:
            here = replace(here, provenance=row.origins[name])
        if isinstance(found, Entries) and not kind.takes_entries:
            return _figure(name, kind, found, here, row)
        if here.provenance is None and not kind.takes_entries:
            here.wrong(found.line, "say where this comes from: a source, or default: true with a reason")
        return kind.value(found, here)

    def _refuse_unknown(self, node: Entries, spot: Spot) -> None:
        for key in node.entries:
            if key not in self.fields and key not in PROVENANCE_KEYS:
                spot.item(key).wrong(node.key_lines[key], f"“{key}” is not known here")

    def _covered(self, node: Entries, spot: Spot) -> tuple[Spot, dict[str, Provenance]]:
        """What the record says about its origin: for itself, and for single fields."""
        listed = node.entries.get("default")
        if not isinstance(listed, Items):
            return replace(spot, provenance=_provenance(node, spot) or spot.provenance), {}
        ours = Provenance(reason=_reason(node, spot))
        names = ListOf(OneOf(*self.fields)).value(listed, spot.field("default"))
        stated = _source(node, spot)
        covered = replace(spot, provenance=Provenance(source=stated) if stated else spot.provenance)
        return covered, dict.fromkeys(names, ours)


def _figure(name: str, kind: Type, node: Entries, spot: Spot, row: Row) -> Any:
    """One field written as `{value: …, source: …}` or `{value: …, default: true, reason: …}`."""
    for key in node.entries:
        if key not in ("value", *PROVENANCE_KEYS):
            spot.wrong(node.key_lines[key], f"“{key}” is not known here")
    origin = _provenance(node, spot)
    if origin is None:
        spot.wrong(node.line, "say where this comes from: a source, or default: true with a reason")
    else:
        row.origins[name] = origin
    found = node.entries.get("value", Scalar(node.line, None))
    return kind.value(found, replace(spot, provenance=origin))


def _without_provenance(node: Entries) -> list[tuple[str, Node]]:
    return [(key, entry) for key, entry in node.entries.items() if key not in PROVENANCE_KEYS]


def _provenance(node: Entries, spot: Spot) -> Provenance | None:
    is_default = "default" in node.entries and Bool().value(node.entries["default"], spot.field("default"))
    if is_default and "source" in node.entries:
        spot.wrong(node.key_lines["default"], "this is either from a source or a default, not both")
    if is_default:
        return Provenance(reason=_reason(node, spot))
    source = _source(node, spot)
    return Provenance(source=source) if source else None


def _reason(node: Entries, spot: Spot) -> str:
    if "reason" not in node.entries:
        spot.wrong(node.key_lines["default"], "a default needs its reason")
        return ""
    return Text().value(node.entries["reason"], spot.field("reason")) or ""


def _source(node: Entries, spot: Spot) -> Source | None:
    given, here = node.entries.get("source"), spot.field("source")
    if given is None:
        return None
    if not isinstance(given, Entries) or set(given.entries) != {"doc", "lines"}:
        return here.wrong(given.line, "write a source as {doc: …, lines: …}")
    code = Text().value(given.entries["doc"], here)
    lines = Text().value(given.entries["lines"], here)
    match = LINES.fullmatch(lines or "")
    if match is None or int(match["last"] or match["first"]) < int(match["first"]):
        return here.wrong(given.line, f"“{lines}” is not a line or a range of lines such as 251-263")
    if code not in here.reading.documents:
        return here.wrong(given.line, f"“{code}” is not one of the documents")
    return Source(here.reading.documents[code], int(match["first"]), int(match["last"] or match["first"]))


# Rules for `where` ----------------------------------------------------------------------------------------------


def _about(name: str, rule: Rule) -> Rule:
    rule.about = name  # type: ignore[attr-defined]
    return rule


def apart(name: str) -> Rule:
    """No two rows' ranges in this field share an amount; a band's upper end belongs to the next band."""

    def rule(rows: dict[str, Row]) -> Iterator[Problem]:
        banded = [row for row in rows.values() if row.values[name] is not None]
        for n, row in enumerate(banded):
            for earlier in banded[:n]:
                mine, theirs = row.values[name], earlier.values[name]
                if mine.overlaps(theirs):
                    yield row.problem(name, f"{mine} overlaps {theirs} of {earlier.code}")

    return _about(name, rule)


def unlike(name: str) -> Rule:
    """No two rows say the same in this field."""

    def rule(rows: dict[str, Row]) -> Iterator[Problem]:
        seen: dict[Any, Row] = {}
        for row in rows.values():
            value = row.values[name]
            if value is not None and value in seen:
                yield row.problem(name, f"{value} is already taken by {seen[value].code}")
            seen.setdefault(value, row)

    return _about(name, rule)


def in_order(name: str) -> Rule:
    """The codes a row lists in this field are other rows of the map, and nobody waits for itself."""

    def rule(rows: dict[str, Row]) -> Iterator[Problem]:
        done: set[str] = set()
        for row in rows.values():
            for code in row.values[name]:
                if code not in rows:
                    yield row.problem(name, f"there is no “{code}” here")
        while ready := {c for c, row in rows.items() if c not in done and done.issuperset(row.values[name])}:
            done |= ready
        for row in rows.values():
            if row.code not in done and set(row.values[name]) <= set(rows):
                yield row.problem(name, f"{row.code} waits for itself, or for something that never comes")

    return _about(name, rule)


def adds_up_to(total: int, name: str) -> Rule:
    """The rows' numbers in this field add up."""

    def rule(rows: dict[str, Row]) -> Iterator[str]:
        found = sum(row.values[name] for row in rows.values())
        if found != total:
            yield f"{name} adds up to {found}, not to {total}"

    return _about(name, rule)
