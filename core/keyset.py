"""Keyset paging for pages and API: no OFFSET, no COUNT; cursors are signed and bound to the list they belong to."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core import signing
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import DateField, DateTimeField, F, Func, QuerySet, Value
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan, TupleLessThan
from django.db.models.functions import Coalesce
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _

DEFAULT_SIZE, LARGEST_SIZE = 50, 200


@dataclass(frozen=True)
class Page:
    """Rows of one page, and the cursors of its neighbours ("" where there is none)."""

    rows: list[Any]
    older: str
    newer: str


def page(
    queryset: QuerySet, ordering: str, *, size: int = DEFAULT_SIZE, cursor: str = "", bound_to: str = ""
) -> Page:
    """One page of a queryset ordered by one field ("-due_at") and the id.

    `bound_to` names the actor, list and filters: a cursor of another list is refused with a ValidationError.
    """
    field, descending = ordering.lstrip("-"), ordering.startswith("-")
    size = min(size, LARGEST_SIZE)
    backwards, key = _read(cursor, f"{bound_to}|{ordering}")
    queryset = queryset.annotate(_key=_sortable(queryset, field))
    down = descending != backwards
    if key is not None:
        beyond = TupleLessThan if down else TupleGreaterThan
        queryset = queryset.filter(
            beyond(Tuple(F("_key"), F("pk")), (_typed(queryset, field, key[0]), UUID(key[1])))
        )
    signs = "-" if down else ""
    rows = list(queryset.order_by(f"{signs}_key", f"{signs}pk")[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    has_older, has_newer = (bool(cursor), more) if backwards else (more, bool(cursor))
    salt = f"{bound_to}|{ordering}"
    return Page(
        rows,
        older=_write(rows[-1], False, salt) if rows and has_older else "",
        newer=_write(rows[0], True, salt) if rows and has_newer else "",
    )


def _sortable(queryset: QuerySet, field: str) -> Any:
    """The field; where it may be empty, the empty ones come last when ascending."""
    column = _column(queryset, field)
    if column is None or not column.null:
        return F(field)
    if isinstance(column, DateTimeField):
        return LastInstant(F(field))
    if isinstance(column, DateField):
        return LastDay(F(field))
    last = "" if column.get_internal_type() in ("CharField", "TextField") else 2**31 - 1
    return Coalesce(F(field), Value(last, output_field=column.clone() if not column.is_relation else None))


class LastInstant(Func):
    """An instant, or one after all others where it is empty. The literal is part of the text, so that an index on the
    same expression serves the list: a parameter would match none."""

    output_field = DateTimeField()
    template = "COALESCE(%(expressions)s, '9999-01-01 00:00:00+00')"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """As SQLite keeps instants: as text, without a zone."""
        return self.as_sql(
            compiler, connection, template="COALESCE(%(expressions)s, '9999-01-01 00:00:00')", **context
        )


class LastDay(Func):
    """A day, or one after all others where it is empty; as `LastInstant`."""

    output_field = DateField()
    template = "COALESCE(%(expressions)s, '9999-01-01')"


def _column(queryset: QuerySet, path: str) -> Any:
    model: Any = queryset.model
    column = None
    for part in path.split("__"):
        try:
            column = model._meta.get_field(part)
        except FieldDoesNotExist:
            return None
        model = column.related_model or model
    return column


def _write(row: Any, backwards: bool, salt: str) -> str:
    key = row._key
    text = (
        key.isoformat()
        if isinstance(key, (date, datetime))
        else str(key)
        if isinstance(key, Decimal)
        else key
    )
    return signing.dumps(
        [backwards, text if not isinstance(text, UUID) else str(text), str(row.pk)], salt=salt, compress=True
    )


def _read(cursor: str, salt: str) -> tuple[bool, list[Any] | None]:
    if not cursor:
        return False, None
    try:
        backwards, key, pk = signing.loads(cursor, salt=salt)
    except (signing.BadSignature, ValueError):
        raise ValidationError({"cursor": _("This cursor does not belong to this list.")}) from None
    return backwards, [key, pk]


def _typed(queryset: QuerySet, field: str, key: Any) -> Any:
    column = _column(queryset, field)
    if isinstance(column, DateTimeField) and isinstance(key, str):
        return parse_datetime(key)
    if isinstance(column, DateField) and isinstance(key, str):
        return parse_date(key)
    return key
