"""Lists as CSV and XLSX: exactly what is filtered; no cell of a user's text can act as a formula."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import IO, Any

from django.http import HttpResponse, StreamingHttpResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from core.tables import Column

RISKY = ("=", "+", "-", "@", "\t", "\r", "\x00", "＝", "＋", "－", "＠")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What is longer is written by a worker; see files/exports.py.
MOST_AT_ONCE = 5_000
BATCH = 500


def neutral(value: Any) -> Any:
    """Text that a spreadsheet would run gets an apostrophe; numbers and days stay what they are."""
    if not isinstance(value, str):
        return value
    start = value.lstrip(" \"'")
    return f"'{value}" if value.startswith(RISKY) or start.startswith(RISKY) else value


class _Echo:
    def write(self, value: str) -> str:
        return value


def csv_lines(columns: list[Column], rows: Iterable[Any]) -> Iterator[str]:
    """The lines of a CSV file, UTF-8 with a mark that spreadsheets understand."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow([str(c.label) for c in columns])
    for row in rows:
        yield writer.writerow([neutral(_flat(c.plain(row))) for c in columns])


def write_csv(file: IO[bytes], name: str, columns: list[Column], rows: Iterable[Any]) -> None:
    for line in csv_lines(columns, rows):
        file.write(line.encode())


def write_xlsx(file: IO[bytes], name: str, columns: list[Column], rows: Iterable[Any]) -> None:
    """An XLSX file; text is written as text, never as a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(name[:31])
    sheet.append([_cell(sheet, str(c.label)) for c in columns])
    for row in rows:
        sheet.append([_cell(sheet, _flat(c.plain(row))) for c in columns])
    book.save(file)


WRITERS = {"csv": write_csv, "xlsx": write_xlsx}
CONTENT_TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": XLSX}


def answer(
    kind: str, name: str, columns: list[Column], rows: Iterable[Any]
) -> HttpResponse | StreamingHttpResponse:
    """The file as the answer to a request: CSV is streamed. `kind` is csv or xlsx."""
    response: HttpResponse | StreamingHttpResponse
    if kind == "csv":
        response = StreamingHttpResponse(csv_lines(columns, rows), content_type=CONTENT_TYPES[kind])
    else:
        buffer = io.BytesIO()
        write_xlsx(buffer, name, columns, rows)
        response = HttpResponse(buffer.getvalue(), content_type=CONTENT_TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


def _cell(sheet: Any, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", value))
    cell.data_type = "s"
    return cell


def _flat(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.replace(tzinfo=None)
    if isinstance(value, (int, float, Decimal)) or hasattr(value, "isoformat"):
        return value
    return str(value)
