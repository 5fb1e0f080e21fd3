"""Reading a list of leads from CSV text: which rows can be used, and why the others cannot."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from core.exports import neutral
from core.money import Money
from core.text import require_storable
from leads import rules

NEEDED = ("customer_name", "country")
TEXTS = (
    "street", "postcode", "city", "website", "contact_name", "contact_role", "contact_email", "contact_phone",
    "language", "need", "details", "source_detail", "consent_text", "external_ref",
)  # fmt: skip
OTHERS = ("specialty", "products", "amount", "currency", "source", "consent_basis", "consent_on")
COLUMNS = (*NEEDED, *TEXTS, *OTHERS)
MOST_ROWS = 2_000
MOST_CHARACTERS = 2_000_000
LONGEST_CELL = 2_000
ADDED, KNOWN, REFUSED = "added", "known", "refused"
DIALLED = "+"  # a phone number may begin like a formula


@dataclass(frozen=True)
class Given:
    """One line of the list, typed; codes of specialties and products are still text. The header is line 1."""

    line: int
    facts: dict[str, Any]


@dataclass(frozen=True)
class Outcome:
    """What became of one line: added (in a dry run: would be), known already, or refused with the reason."""

    line: int
    customer: str
    result: str
    reason: str = ""
    number: str = ""


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
    stream = io.StringIO(text.removeprefix("\ufeff"), newline="")
    reader = csv.reader(stream, delimiter=_delimiter(text), strict=True)
    try:
        lines = [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        words = _("Line %(line)s is not readable: %(why)s.") % {"line": reader.line_num, "why": error}
        raise ValidationError({"rows": words}) from error
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
    if unknown := [name[:40] for name in names if name not in COLUMNS]:
        words = _("A column is not known: %(names)s.") % {"names": ", ".join(unknown)}
        raise ValidationError({"rows": words})
    if len(set(names)) < len(names):
        raise ValidationError({"rows": _("A column occurs twice.")})
    return names


def _typed(line: int, header: list[str], cells: list[str]) -> Given | Outcome:
    named = dict(zip(header, cells, strict=False))
    customer = plain_cell(named.get("customer_name", ""))
    try:
        if len(cells) != len(header):
            raise ValueError(_("It has %(n)s cells, the header %(m)s.") % {"n": len(cells), "m": len(header)})
        for name, cell in named.items():
            _require_plain(name, cell)
        return Given(line, _facts(named))
    except ValueError as error:
        return Outcome(line, customer, REFUSED, str(error))
    except ValidationError as error:
        return Outcome(line, customer, REFUSED, " ".join(error.messages))


def _facts(named: dict[str, str]) -> dict[str, Any]:
    facts: dict[str, Any] = {name: named[name] for name in TEXTS if named.get(name)}
    facts["customer_name"] = _filled("customer_name", named["customer_name"])
    facts["country"] = _filled("country", named["country"]).upper()
    for name, allowed in (("source", rules.SOURCES), ("consent_basis", rules.CONSENTS)):
        if named.get(name):
            facts[name] = _one_of(name, named[name].casefold().replace(" ", "_"), allowed)
    if named.get("consent_on"):
        facts["consent_on"] = _day(named["consent_on"])
    if named.get("amount"):
        facts["amount"] = Money.parse(named["amount"], named.get("currency", "") or "USD")
    for name in ("specialty", "products"):
        if named.get(name):
            facts[name] = named[name]
    return {"source": "import", **facts}


def _require_plain(name: str, cell: str) -> None:
    """A cell that a spreadsheet would run is refused: what is kept here is exported again one day."""
    require_storable(cell)
    is_number = name == "contact_phone" and cell.startswith(DIALLED) and not any(c.isalpha() for c in cell)
    if neutral(cell) != cell and not is_number:
        raise ValueError(_("A cell begins with %(sign)s, which a spreadsheet would run.") % {"sign": cell[0]})
    if len(cell) > LONGEST_CELL:
        raise ValueError(_("A cell is longer than 2,000 characters."))


def plain_cell(text: str) -> str:
    """Text as it may stand in a report: short, storable, and nothing that a spreadsheet would run."""
    return str(neutral("".join(c for c in text if c.isprintable())[:120]))


def _filled(name: str, text: str) -> str:
    if not text:
        raise ValueError(_("“%(name)s” is empty.") % {"name": name})
    return text


def _one_of(name: str, text: str, allowed: tuple[str, ...]) -> str:
    if text not in allowed:
        words = _("“%(text)s” is no %(name)s; choose one of %(allowed)s.")
        raise ValueError(words % {"text": text[:40], "name": name, "allowed": ", ".join(allowed)})
    return text


def _day(text: str) -> date:
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise ValueError(_("“%(text)s” is not a day such as 2026-11-24.") % {"text": text[:40]})
