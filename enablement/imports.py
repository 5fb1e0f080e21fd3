"""Reading a list of certifications from CSV text: which rows can be used, and why the others cannot."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from core import csv_lists
from core.csv_lists import REFUSED, Line, Shape, plain_cell

SHAPE = Shape(("email", "track", "passed_on"), ("partner", "expires_on", "score", "evidence"))


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

    @property
    def name(self) -> str:
        """What its line is called by on the page."""
        return self.email


def read_rows(text: str) -> Iterator[Given | Outcome]:
    """Each line typed, or the reason why it is refused. Raises ValidationError for a list that is no list at all."""
    for line in csv_lists.read(text, SHAPE):
        yield _typed(line)


def _typed(line: Line) -> Given | Outcome:
    named = line.cells
    email, track = named.get("email", "").casefold(), named.get("track", "")
    try:
        if line.refused:
            raise ValueError(line.refused)
        return Given(
            line=line.number,
            email=csv_lists.filled("email", email),
            track=csv_lists.filled("track", track),
            passed_on=csv_lists.day(csv_lists.filled("passed_on", named["passed_on"])),
            partner=named.get("partner", ""),
            expires_on=csv_lists.day(named["expires_on"]) if named.get("expires_on") else None,
            score=_score(named["score"]) if named.get("score") else None,
            evidence=named.get("evidence", ""),
        )
    except ValueError as error:
        return Outcome(line.number, plain_cell(email), plain_cell(track), REFUSED, str(error))


def _score(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text[:6]) <= 100):
        raise ValueError(_("“%(text)s” is not a score from 0 to 100.") % {"text": text})
    return int(text)
