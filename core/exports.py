"""Lists as CSV and XLSX: exactly what is filtered; no cell of a user's text can act as a formula."""

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from core.tables import Column

RISKY = ("=", "+", "-", "@", "\t", "\r", "\x00", "＝", "＋", "－", "＠")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 50_000


def neutral(value: Any) -> Any:
    """Text that a spreadsheet would run gets an apostrophe; numbers and days stay what they are."""
    if not isinstance(value, str):
        return value
    start = value.lstrip(" \"'")
    return f"'{value}" if value.startswith(RISKY) or start.startswith(RISKY) else value


class _Echo:
    def write(self, value: str) -> str:
        return value


def as_csv(name: str, columns: list[Column], rows: Iterable[Any]) -> StreamingHttpResponse:
    """A streamed CSV file, UTF-8 with a mark that spreadsheets understand."""
    writer = csv.writer(_Echo())

    def lines() -> Iterable[str]:
        yield "\ufeff" + writer.writerow([str(c.label) for c in columns])
        for row in rows:
            yield writer.writerow([neutral(_flat(c.plain(row))) for c in columns])

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def as_xlsx(name: str, columns: list[Column], rows: Iterable[Any]) -> HttpResponse:
    """An XLSX file; text is written as text, never as a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(name[:31])
    sheet.append([_cell(sheet, str(c.label)) for c in columns])
    for row in rows:
        sheet.append([_cell(sheet, _flat(c.plain(row))) for c in columns])
    buffer = io.BytesIO()
    book.save(buffer)
    response = HttpResponse(buffer.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
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
