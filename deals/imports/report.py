"""What became of each line of a file, as a table for a spreadsheet; and the empty file to begin with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from core.exports import csv_lines
from core.tables import Column
from deals import rules
from deals.imports.columns import BY_KEY, COLUMNS
from deals.models import DealImport, DealImportRow


def column_name(key: str) -> str:
    """What a column is called in words, "" where a reason is about the whole line."""
    return str(BY_KEY[key].label) if key in BY_KEY else key.replace("_", " ").capitalize()


def reasons(row: DealImportRow) -> list[str]:
    """Why a line is what it is, column by column."""
    return [
        f"{column_name(found['column'])}: {found['reason']}" if found["column"] else found["reason"]
        for found in row.problems
    ]


def report_columns(found: DealImport) -> list[Column]:
    """Line, outcome, registration, what its answer told, reason, then the cells: nothing of them acts as a formula."""
    used = {key for values in found.rows.values_list("values", flat=True) for key in values}
    return [
        Column("line", "Line"),
        Column("outcome", "Outcome", lambda row: str(rules.ROW_WORDS[row.outcome])),
        Column("number", "Registration", lambda row: row.deal.number if row.deal else ""),
        Column("occupied_until", "Occupied until", lambda row: row.deal.occupied_until if row.deal else None),
        Column("reason", "Reason", lambda row: "; ".join(reasons(row))),
        *(Column(c.key, c.label, _cell(c.key)) for c in COLUMNS if c.key in used),
    ]


def _cell(key: str) -> Any:
    return lambda row: row.values.get(key, "")


def report_lines(found: DealImport) -> Iterator[str]:
    """The report as CSV."""
    return csv_lines(report_columns(found), found.rows.select_related("deal"))


def template_lines() -> Iterator[str]:
    """A file with the names of all columns and one line that shows how they are filled in."""
    example = {column.key: column.example for column in COLUMNS}
    return csv_lines([Column(c.key, c.label, lambda row, key=c.key: row[key]) for c in COLUMNS], [example])  # type: ignore[misc]
