"""Columns of list pages: the same declaration draws the table and writes the export."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from core.money import Money


@dataclass(frozen=True)
class Column:
    """One column. `value` is an attribute path or a function of the row; `cell` names templates/components/cells/.

    `sort` is the field that sorts it ("" where it does not); `optional` columns are off until chosen.
    """

    key: str
    label: Any
    value: str | Callable[[Any], Any] = ""
    cell: str = "text"
    align: str = "left"
    sort: str = ""
    optional: bool = False
    export: Callable[[Any], Any] | None = None

    def of(self, row: Any) -> Any:
        """The value shown for a row."""
        if callable(self.value):
            return self.value(row)
        found = row
        for part in (self.value or self.key).split("."):
            found = getattr(found, part, None)
            if found is None:
                return None
        return found() if callable(found) else found

    def plain(self, row: Any) -> Any:
        """The value written to a file."""
        value = self.export(row) if self.export else self.of(row)
        if isinstance(value, Money):
            return value.decimal
        if isinstance(value, dict):
            return value.get("name") or value.get("word") or ""
        return value
