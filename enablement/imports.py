"""Reading a list of certifications from CSV text: which rows can be used, and why the others cannot."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.exports import neutral
from core.text import require_storable

NEEDED = ("email", "track", "passed_on")
OPTIONAL = ("partner", "expires_on", "score", "evidence")
MOST_ROWS = 2_000
MOST_CHARACTERS = 1_000_000
ADDED, KNOWN, REFUSED = "added", "known", "refused"


@dataclass(frozen=True)
class Given:
    """One line of the list, typed. `line` is the line of the file, the header being 1."""

    line: int
    email: str
    track: str
    passed_on: date
    partner: str = ""
    expires_on: date | None = None
    score: int | None = None
    evidence: str = ""


@dataclass(frozen=True)
class Outcome:
    """What became of one line: added (in a dry run: would be), known already, or refused with the reason."""

    line: int
    email: str
    track: str
    result: str
    reason: str = ""


@dataclass
class Report:
    """What became of a list. `saved` is False for a dry run, and where one bad line was to stop all."""

    saved: bool
    outcomes: list[Outcome] = field(default_factory=list)

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


def read_rows(text: str) -> Iterator[Given | Outcome]:
    """Each line typed, or the reason why it is refused. Raises ValidationError for a list that is no list at all."""
    if len(text) > MOST_CHARACTERS:
        raise ValidationError({"rows": _("This list is too long; send it in parts.")})
    reader = csv.reader(
        io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=_delimiter(text), strict=True
    )
    try:
        lines = [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise ValidationError(
            {"rows": _("Line %(line)s is not readable: %(why)s.") % {"line": reader.line_num, "why": error}}
        ) from error
    if not lines:
        raise ValidationError({"rows": _("This list is empty.")})
    if len(lines) > MOST_ROWS + 1:
        raise ValidationError({"rows": _("At most %(n)s lines at once.") % {"n": f"{MOST_ROWS:,}"}})
    header = _header(lines[0][1])
    for line, cells in lines[1:]:
        yield _typed(line, header, [cell.strip() for cell in cells])


def _delimiter(text: str) -> str:
    first = text.partition("\n")[0]
    return ";" if first.count(";") > first.count(",") else ","


def _header(cells: list[str]) -> list[str]:
    names = [cell.strip().casefold().replace(" ", "_") for cell in cells]
    if missing := [name for name in NEEDED if name not in names]:
        raise ValidationError({"rows": _("A column is missing: %(names)s.") % {"names": ", ".join(missing)}})
    if unknown := [name for name in names if name not in NEEDED + OPTIONAL]:
        raise ValidationError(
            {"rows": _("A column is not known: %(names)s.") % {"names": ", ".join(unknown)}}
        )
    if len(set(names)) < len(names):
        raise ValidationError({"rows": _("A column occurs twice.")})
    return names


def _typed(line: int, header: list[str], cells: list[str]) -> Given | Outcome:
    named = dict(zip(header, cells, strict=False))
    email, track = named.get("email", "").casefold(), named.get("track", "")
    try:
        if len(cells) != len(header):
            raise ValueError(_("It has %(n)s cells, the header %(m)s.") % {"n": len(cells), "m": len(header)})
        for cell in cells:
            _require_plain(cell)
        return Given(
            line=line,
            email=_filled("email", email),
            track=_filled("track", track),
            passed_on=_day(_filled("passed_on", named["passed_on"])),
            partner=named.get("partner", ""),
            expires_on=_day(named["expires_on"]) if named.get("expires_on") else None,
            score=_score(named["score"]) if named.get("score") else None,
            evidence=named.get("evidence", ""),
        )
    except ValueError as error:
        return Outcome(line, plain_cell(email), plain_cell(track), REFUSED, str(error))
    except ValidationError as error:
        return Outcome(line, plain_cell(email), plain_cell(track), REFUSED, " ".join(error.messages))


def _require_plain(cell: str) -> None:
    """A cell that a spreadsheet would run is refused: what is kept here is exported again one day."""
    require_storable(cell)
    if neutral(cell) != cell:
        raise ValueError(_("A cell begins with %(sign)s, which a spreadsheet would run.") % {"sign": cell[0]})
    if len(cell) > 300:
        raise ValueError(_("A cell is longer than 300 characters."))


def plain_cell(text: str) -> str:
    """Text as it may stand in a report: short, storable, and nothing that a spreadsheet would run."""
    return str(neutral("".join(c for c in text if c.isprintable())[:120]))


def _filled(name: str, text: str) -> str:
    if not text:
        raise ValueError(_("“%(name)s” is empty.") % {"name": name})
    return text


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text) if len(text) == 10 else _no_day(text)
    except ValueError:
        return _no_day(text)


def _no_day(text: str) -> date:
    raise ValueError(_("“%(text)s” is not a day such as 2026-11-24.") % {"text": text})


def _score(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:6]) <= 100):
        raise ValueError(_("“%(text)s” is not a score from 0 to 100.") % {"text": text})
    return int(text)
