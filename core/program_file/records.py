"""Types of several values: lists, entries by code, and records with the origin of their figures."""

from dataclasses import replace
from typing import Any

from core.program_file.provenance import LINES, Provenance, Source
from core.program_file.schema import AnyType, Row, Spot, Type, made
from core.program_file.text import Entries, Items, Node, Scalar
from core.program_file.values import Bool, Code, OneOf, Text

PROVENANCE_KEYS = ("source", "default", "reason")


class Nullable(Type):
    """The value, or None where the document states none (`null`, or left out)."""

    def __init__(self, item: AnyType) -> None:
        self.item = made(item)
        self.takes_entries = self.item.takes_entries

    def read(self, node: Node, spot: Spot) -> Any:
        return None if isinstance(node, Scalar) and node.text is None else self.item.value(node, spot)


class AnyOf(Type):
    """The first of several types that can read the node."""

    def __init__(self, *items: AnyType) -> None:
        self.items = [made(item) for item in items]
        self.takes_entries = any(item.takes_entries for item in self.items)

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
        self.item, self.fewest = made(item), fewest

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
        self.item = made(item)

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
        self.fields = {name: made(given) for name, given in fields.items()}

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
