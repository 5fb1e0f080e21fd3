"""A list that somebody sends as CSV text: its lines by column, or why a line cannot be used."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.exports import neutral
from core.text import require_storable

MOST_ROWS = 2_000
MOST_CHARACTERS = 1_000_000
ADDED, KNOWN, REFUSED = "added", "known", "refused"


@dataclass(frozen=True)
class Shape:
    """What a list may hold: its columns, how long it and a cell may be, and which columns are phone numbers."""

    needed: Sequence[str]
    optional: Sequence[str] = ()
    most_characters: int = MOST_CHARACTERS
    most_in_a_cell: int = 300
    phones: Sequence[str] = ()  # a number may begin with +, as a formula does


@dataclass(frozen=True)
class Line:
    """One line: its number in the file (the header is 1), its cells by column, and why it is refused, if it is."""

    number: int
    cells: dict[str, str]
    refused: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of one line: added (in a dry run: would be), known already, or refused with the reason."""

    line: int
    name: str
    result: str
    reason: str = ""


@dataclass
class Report:
    """What became of a list, line by line: each outcome is a dataclass with at least `line`, `result` and `reason`.

    `saved` is False for a dry run, and where one bad line was to stop all.
    """

    saved: bool
    outcomes: list[Any] = field(default_factory=list)

    def count(self, result: str) -> int:
        return sum(outcome.result == result for outcome in self.outcomes)

    @property
    def added(self) -> int:
        return self.count(ADDED)

    @property
    def known(self) -> int:
        return self.count(KNOWN)

    @property
    def refused(self) -> int:
        return self.count(REFUSED)

    def as_json(self) -> dict[str, Any]:
        counts = {"saved": self.saved, "added": self.added, "known": self.known, "refused": self.refused}
        return {**counts, "rows": [outcome.__dict__ for outcome in self.outcomes]}


def read(text: str, shape: Shape) -> Iterator[Line]:
    """Each line by column, or with the reason why it is refused. Raises ValidationError for what is no such list."""
    if len(text) > shape.most_characters:
        raise ValidationError({"rows": _("This list is too long; send it in parts.")})
    reader = csv.reader(
        io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=_delimiter(text), strict=True
    )
    try:
        lines = [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        words = _("Line %(line)s is not readable: %(why)s.") % {"line": reader.line_num, "why": error}
        raise ValidationError({"rows": words}) from error
    if not lines:
        raise ValidationError({"rows": _("This list is empty.")})
    if len(lines) > MOST_ROWS + 1:
        raise ValidationError({"rows": _("At most %(n)s lines at once.") % {"n": f"{MOST_ROWS:,}"}})
    header = _header(lines[0][1], shape)
    for number, cells in lines[1:]:
        yield _line(number, header, [cell.strip() for cell in cells], shape)


def _delimiter(text: str) -> str:
    first = text.partition("\n")[0]
    return ";" if first.count(";") > first.count(",") else ","


def _header(cells: list[str], shape: Shape) -> list[str]:
    names = [cell.strip().casefold().replace(" ", "_") for cell in cells]
    if missing := [name for name in shape.needed if name not in names]:
        raise ValidationError({"rows": _("A column is missing: %(names)s.") % {"names": ", ".join(missing)}})
    if unknown := [name for name in names if name not in (*shape.needed, *shape.optional)]:
        words = _("A column is not known: %(names)s.") % {"names": plain_cell(", ".join(unknown))}
        raise ValidationError({"rows": words})
    if len(set(names)) < len(names):
        raise ValidationError({"rows": _("A column occurs twice.")})
    return names


def _line(number: int, header: list[str], cells: list[str], shape: Shape) -> Line:
    named = dict(zip(header, cells, strict=False))
    if len(cells) != len(header):
        words = _("It has %(n)s cells, the header %(m)s.") % {"n": len(cells), "m": len(header)}
        return Line(number, named, words)
    try:
        for name, cell in named.items():
            _require_plain(name, cell, shape)
    except ValidationError as error:
        return Line(number, named, " ".join(error.messages))
    return Line(number, named)


def _require_plain(name: str, cell: str, shape: Shape) -> None:
    """A cell that a spreadsheet would run is refused: what is kept here is exported again one day."""
    require_storable(cell)
    is_number = name in shape.phones and cell.startswith("+") and not any(c.isalpha() for c in cell)
    if neutral(cell) != cell and not is_number:
        words = _("A cell begins with %(sign)s, which a spreadsheet would run.")
        raise ValidationError(words % {"sign": cell[0]})
    if len(cell) > shape.most_in_a_cell:
        raise ValidationError(
            _("A cell is longer than %(n)s characters.") % {"n": f"{shape.most_in_a_cell:,}"}
        )


def plain_cell(text: str) -> str:
    """Text as it may stand in a report: short, storable, and nothing that a spreadsheet would run."""
    return str(neutral("".join(c for c in text if c.isprintable())[:120]))


def filled(name: str, text: str) -> str:
    """The cell. Raises ValueError where it is empty."""
    if not text:
        raise ValueError(_("“%(name)s” is empty.") % {"name": name})
    return text


def day(text: str) -> date:
    """The day of a cell. Raises ValueError for anything but YYYY-MM-DD."""
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise ValueError(_("“%(text)s” is not a day such as 2026-11-24.") % {"text": text[:40]})
