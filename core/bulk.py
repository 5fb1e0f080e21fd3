"""Rows by the thousand, for hot paths: what `bulk_create` and `__in` with a list do, at a fraction of their price.

Django makes an expression and a placeholder of every value. Here many rows go to PostgreSQL as one JSON text, which it
reads as rows of the table, and to SQLite by its driver's own call for many rows; many ids are one parameter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from json import JSONEncoder
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.db.models.expressions import RawSQL

_NEVER = object()
_as_text = JSONEncoder(separators=(",", ":"), default=str).encode


def write(rows: Sequence[models.Model], *, unique: Sequence[str] = (), update: Sequence[str] = ()) -> None:
    """Insert the rows, all of one model. There are no signals, and no checks but the database's own.

    Where a row with the same `unique` fields is there, its `update` fields are set instead and its version goes up.
    Raises IntegrityError as `save` does.
    """
    if not rows:
        return
    table = rows[0]._meta
    name = connection.ops.quote_name
    fields = table.concrete_fields
    to, columns = name(table.db_table), [name(field.column) for field in fields]
    into = f"INSERT INTO {to} ({', '.join(columns)})"
    then = _replacing(table, unique, update) if unique else ""
    is_postgresql = connection.vendor == "postgresql"
    values = zip(*(_column(field, rows, is_postgresql) for field in fields), strict=True)
    with connection.cursor() as cursor:
        if is_postgresql:
            keys = [field.column for field in fields]
            text = _as_text([dict(zip(keys, row, strict=True)) for row in values])
            rows_of = f"SELECT {', '.join(columns)} FROM json_populate_recordset(NULL::{to}, %s)"
            cursor.execute(f"{into} {rows_of}{then}", [text])
        else:
            cursor.executemany(f"{into} VALUES ({', '.join(['%s'] * len(fields))}){then}", list(values))


def among(ids: Iterable[UUID]) -> RawSQL:
    """For `__in`: ids, however many, as one parameter."""
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::uuid[])", [[str(one) for one in ids]])
    return RawSQL("SELECT value FROM json_each(%s)", [_as_text([one.hex for one in ids])])


def _replacing(table: Any, unique: Sequence[str], update: Sequence[str]) -> str:
    name = connection.ops.quote_name
    found = ", ".join(name(table.get_field(field).column) for field in unique)
    told = [name(table.get_field(field).column) for field in update]
    sets = ", ".join(f"{column} = excluded.{column}" for column in told)
    return f" ON CONFLICT ({found}) DO UPDATE SET {sets}, version = {name(table.db_table)}.version + 1"


def _column(field: Any, rows: Sequence[models.Model], is_plain: bool) -> Iterator[Any]:
    """A field's values, as plain values or as the driver takes them; one that repeats is made ready once."""
    last, ready = _NEVER, None
    for row in rows:
        value = field.pre_save(row, add=True)
        if value is not last:
            last = value
            ready = (
                _plain(field.get_prep_value(value)) if is_plain else field.get_db_prep_save(value, connection)
            )
        yield ready


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, UUID) else value
