"""Rows by the thousand, for hot paths: what `bulk_create` and `__in` with a list do, at a fraction of their price.

Django makes an expression and a placeholder of every value. Here rows go to PostgreSQL by COPY and to SQLite by its
driver's call for many rows, and ids, however many, are one parameter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from io import StringIO
from json import dumps
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.db.models.expressions import RawSQL

_NEVER = object()


def write(rows: Sequence[models.Model]) -> None:
    """Insert the rows, all of one model without binary fields.

    There are no signals, and no checks but the database's own: raises IntegrityError as `save` does.
    """
    if not rows:
        return
    fields = rows[0]._meta.concrete_fields
    name = connection.ops.quote_name
    columns = ", ".join(name(field.column) for field in fields)
    to = f"{name(rows[0]._meta.db_table)} ({columns})"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            lines = zip(*(_column(field, rows, _text_of(field)) for field in fields), strict=True)
            text = "".join(["\t".join(line) + "\n" for line in lines])
            with connection.wrap_database_errors:
                cursor.cursor.copy_expert(f"COPY {to} FROM STDIN", StringIO(text))
        else:
            values = zip(*(_column(field, rows, _value_of(field)) for field in fields), strict=True)
            cursor.executemany(f"INSERT INTO {to} VALUES ({', '.join(['%s'] * len(fields))})", list(values))


def among(ids: Iterable[UUID]) -> RawSQL:
    """For `__in`: ids, however many, as one parameter."""
    if connection.vendor == "postgresql":
        return RawSQL("SELECT unnest(%s::uuid[])", [[str(one) for one in ids]])
    return RawSQL("SELECT value FROM json_each(%s)", [dumps([one.hex for one in ids])])


def _column(field: Any, rows: Sequence[models.Model], ready_of: Callable[[Any], Any]) -> Iterator[Any]:
    """A field's values, made ready for the database; one that repeats is made ready once."""
    last, ready = _NEVER, None
    for row in rows:
        value = field.pre_save(row, add=True)
        if value is not last:
            last, ready = value, ready_of(value)
        yield ready


def _value_of(field: Any) -> Callable[[Any], Any]:
    return lambda value: field.get_db_prep_save(value, connection)


def _text_of(field: Any) -> Callable[[Any], str]:
    """How a field's values are written in the text that COPY reads."""
    as_text = (lambda value: dumps(value, cls=field.encoder)) if isinstance(field, models.JSONField) else str

    def text_of(value: Any) -> str:
        plain = field.get_prep_value(value)
        return r"\N" if plain is None else _escaped(as_text(plain))

    return text_of


def _escaped(text: str) -> str:
    escaped = text.replace("\\", r"\\")
    return escaped.replace("\t", r"\t").replace("\n", r"\n").replace("\r", r"\r")
