"""Makes a model's rows say what the file says, and tells each difference in a sentence."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from core import ranges
from core.errors import Conflict
from core.program_file.schema import Row
from core.program_file.text import ProgramFileError
from core.saving import save

NAMES = ("name", "label", "title", "key")
From = str | Callable[[Row], Any]


def sync(
    model: type[models.Model],
    rows: Mapping[str, Row] | Iterable[Row],
    *,
    name: str,
    fields: Iterable[str] = (),
    by: str = "code",
    within: Mapping[str, Any] | None = None,
    **given: From,
) -> Iterator[str]:
    """Create, change and retire the model's rows; yields "Market Japan, currency: USD becomes JPY" and the like.

    `fields` are called the same in the file and on the model; `given` are model fields with the name of the row's
    field or a function of the row (`low_minor=lambda row: row.margin.low_minor`). `within` are the field values
    that all these rows share (`within={"tier": gold}`) and that bound what is looked at. A row that has left the
    file becomes inactive where the model can say so; else it is deleted if nothing uses it, else Conflict.
    """
    listed = list(rows.values() if isinstance(rows, Mapping) else rows)
    sources: dict[str, From] = {by: by, **{field: field for field in fields}, **given}
    stored = {getattr(record, by): record for record in model._default_manager.filter(**(within or {}))}
    for row in listed:
        values = {field: _taken(row, source) for field, source in sources.items()}
        record = stored.pop(values[by], None)
        if record is None:
            yield from _add(model, {**(within or {}), **values}, name, row)
        else:
            yield from _change(record, values, name, row)
    for record in stored.values():
        yield from _retire(record, name)


def _taken(row: Row, source: From) -> Any:
    value = source(row) if callable(source) else getattr(row, source)
    return value.as_json() if isinstance(value, ranges.Range) else value


def _add(model: type[models.Model], values: dict[str, Any], name: str, row: Row) -> Iterator[str]:
    record = _saved(model(**values), row)
    yield f"{name} {_called(record)} is new"


def _change(record: Any, values: dict[str, Any], name: str, row: Row) -> Iterator[str]:
    called = _called(record)
    if getattr(record, "is_active", True) is False and "is_active" not in values:
        record.is_active = True
        _saved(record, row)
        yield f"{name} {called} is in use again"
    sentences = [
        f"{name} {called}, {verbose(record, field)}: {say(getattr(record, field))} becomes {say(value)}"
        for field, value in values.items()
        if getattr(record, field) != value
    ]
    if sentences:
        for field, value in values.items():
            setattr(record, field, value)
        _saved(record, row)
    yield from sentences


def _retire(record: Any, name: str) -> Iterator[str]:
    if hasattr(record, "is_active"):
        if record.is_active:
            record.is_active = False
            save(record)
            yield f"{name} {_called(record)} is no longer in use"
        return
    if _is_used(record):
        raise Conflict(f"{name} {_called(record)} is in use and cannot leave the program file")
    called = _called(record)
    record.delete()
    yield f"{name} {called} is removed"


def _is_used(record: models.Model) -> bool:
    relations = [
        field
        for field in record._meta.get_fields(include_hidden=True)
        if field.one_to_many or field.one_to_one
    ]
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: record}).exists()
        for relation in relations
        if relation.auto_created and not relation.concrete
    )


def _saved(record: Any, row: Row) -> Any:
    try:
        return save(record)
    except ValidationError as error:
        raise ProgramFileError(list(_problems(error, row))) from error


def _problems(error: ValidationError, row: Row) -> Iterator[Any]:
    for field, messages in getattr(error, "error_dict", {"": [error]}).items():
        for message in messages:
            yield row.problem(field if field in row.values else "", " ".join(message.messages))


def _called(record: Any) -> str:
    """What people know a row by."""
    return next((str(getattr(record, field)) for field in NAMES if getattr(record, field, "")), str(record))


def verbose(record: models.Model, field: str) -> str:
    """What people call a field."""
    return str(record._meta.get_field(field).verbose_name)


def say(value: Any) -> str:
    """A stored value in words: ranges as people read them, nothing as "nothing"."""
    if isinstance(value, dict) and "qualifier" in value:
        return str(ranges.from_json(value))
    if isinstance(value, dict) and "reason" in value:
        return f"“{value['reason']}”"
    if isinstance(value, dict) and "document" in value:
        return f"{value['document']}, {value['lines']}"
    if isinstance(value, list | tuple):
        return ", ".join(map(say, value)) or "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "nothing" if value is None or value == "" else str(value)
