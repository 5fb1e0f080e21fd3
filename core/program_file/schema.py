"""What every type of the schema is made of: the spot it reads, the row it makes, and the rules it asks."""

import copy
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Self

from core.program_file.provenance import Document, Provenance
from core.program_file.text import Node, Problem

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


def made(given: AnyType) -> Type:
    return given() if isinstance(given, type) else given
