"""From the bytes of a CSV file to its header and lines, whatever spreadsheet wrote it. Pure."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MEGABYTE = 2**20
MOST_BYTES = 2 * MEGABYTE
MOST_ROWS = 2_000
MOST_COLUMNS = 60
LONGEST_CELL = 4_000
DELIMITERS = (",", ";", "\t", "|")
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True)
class Line:
    """One line of the file with its number, as a spreadsheet counts it."""

    number: int
    cells: list[str]


@dataclass(frozen=True)
class Table:
    """A file that was read: how it was written, its header, its lines without empty ones."""

    encoding: str
    delimiter: str
    header: list[str]
    lines: list[Line]


def read(content: bytes) -> Table:
    """Read a file. Raises ValidationError in words: empty, too large, no text, no table."""
    if len(content) > MOST_BYTES:
        raise ValidationError(_("This file is larger than %(n)s MB.") % {"n": MOST_BYTES // MEGABYTE})
    text, encoding = decoded(content)
    delimiter = delimiter_of(text)
    try:
        rows = list(_rows(text, delimiter))
    except csv.Error as error:
        raise ValidationError(_("This is not a table of values: %(error)s.") % {"error": error}) from error
    if len(rows) < 2:
        raise ValidationError(_("This file has no lines below its header."))
    header, lines = rows[0].cells, rows[1:]
    if len(header) > MOST_COLUMNS:
        raise ValidationError(_("A file has at most %(n)s columns.") % {"n": MOST_COLUMNS})
    if len(lines) > MOST_ROWS:
        raise ValidationError(
            _("A file has at most %(n)s lines; send it in parts.") % {"n": f"{MOST_ROWS:,}"}
        )
    return Table(encoding, delimiter, [name.strip() for name in header], lines)


def decoded(content: bytes) -> tuple[str, str]:
    """The text and its encoding: by its mark, else UTF-8, else as Windows writes it in the west."""
    encoding = next((name for mark, name in MARKS if content.startswith(mark)), "utf-8")
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        encoding = "windows-1252"
        text = content.decode(encoding, "replace")
    if "\x00" in text or text.startswith(("PK\x03\x04", "%PDF")):
        raise ValidationError(_("This is not a text file. Save the sheet as CSV and send that."))
    if not text.strip():
        raise ValidationError(_("This file is empty."))
    return text, encoding


def delimiter_of(text: str) -> str:
    """The sign that parts the most cells of the first line; a comma where none does."""
    first = text.lstrip("\ufeff\r\n ").partition("\n")[0]
    bare = "".join(part for n, part in enumerate(first.split('"')) if n % 2 == 0)
    return max(DELIMITERS, key=lambda sign: (bare.count(sign), -DELIMITERS.index(sign)))


def _rows(text: str, delimiter: str) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    before = 0
    for cells in reader:
        number, before = before + 1, reader.line_num
        if any(cell.strip() for cell in cells):
            yield Line(number, [cell[:LONGEST_CELL].strip() for cell in cells])
