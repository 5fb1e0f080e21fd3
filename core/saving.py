"""How a row is locked, checked and written; a broken constraint becomes its own sentence on both engines."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, OperationalError, models, transaction
from django.utils.translation import gettext_lazy as _

from core import overlaps
from core.errors import Conflict, Stale

R = TypeVar("R", bound=models.Model)


def lock(record: R) -> R:
    """The stored row, fresh, locked until the transaction ends (SQLite: the transaction is the lock).

    Others may still write rows that refer to it: an event about a partner waits for nobody who changes the partner.
    """
    manager = type(record)._default_manager
    queryset = manager.select_for_update(of=("self",), no_key=True) if _locks_rows() else manager
    return queryset.get(pk=record.pk)


@contextmanager
def one_transaction() -> Iterator[None]:
    """All or nothing. Raises Conflict where two waited for each other (PostgreSQL sends one away), and where others
    wrote for longer than one waits (SQLite has one writer at a time). Nothing was changed then; one may ask again.

    Around a door's whole work: what was locked is free then, so nothing inside may go on.
    """
    try:
        with transaction.atomic():
            yield
    except OperationalError as error:
        if getattr(error.__cause__, "pgcode", "") == "40P01":
            words = _("Someone else changed this at the same moment. Please look again.")
            raise Conflict(words, code="lost_race") from error
        if "database is locked" in str(error):
            raise Conflict(_("Many are writing at this moment. Please try again."), code="busy") from error
        raise


def _locks_rows() -> bool:
    return transaction.get_connection().vendor == "postgresql"


def save(record: R) -> R:
    """Validate and write. Raises ValidationError (the input) or Conflict (a lost race)."""
    if not record._state.adding and hasattr(record, "version"):
        record.version += 1
    validate(record)
    try:
        with transaction.atomic():
            record.save()
    except IntegrityError as error:
        raise _refusal(error, record) from error
    return record


def validate(record: models.Model) -> None:
    """As `full_clean`, without the queries that the database answers anyway: whether a related row exists, what a check
    constraint says, and for a change of a row whether another has the same key. Raises ValidationError."""
    relations = [field for field in record._meta.concrete_fields if field.is_relation]
    missing = [f.name for f in relations if not f.null and getattr(record, f.attname) is None]
    if missing:
        raise ValidationError({name: _("This is needed.") for name in missing})
    errors: dict[str, list[ValidationError]] = {}
    checks = [lambda: record.clean_fields(exclude={field.name for field in relations}), record.clean]
    if record._state.adding:
        # What nobody types, such as a number given out, is made so that it is unique: the database watches that alone.
        made = {field.name for field in record._meta.concrete_fields if not field.editable}
        checks += [
            lambda: record.validate_unique(exclude=made),
            lambda: _validate_unique_constraints(record),
        ]
    for check in checks:
        try:
            check()
        except ValidationError as error:
            error.update_error_dict(errors)
    if errors:
        raise ValidationError(errors)


def _validate_unique_constraints(record: models.Model) -> None:
    for constraint in record._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and _may_be_taken(constraint, record):
            constraint.validate(type(record), record)


def _may_be_taken(constraint: models.UniqueConstraint, record: models.Model) -> bool:
    """Whether another row has the same and meets the condition: one plain question before Django's three."""
    if constraint.condition is None or constraint.expressions or constraint.nulls_distinct is False:
        return True
    fields = [record._meta.get_field(name) for name in constraint.fields]
    same = {field.attname: getattr(record, field.attname) for field in fields}
    if None in same.values():
        return False
    return type(record)._default_manager.filter(constraint.condition, **same).exists()


def require_version(record: models.Model, version: str | int | None) -> None:
    """Raise Stale unless the record still has the version the editor saw (None: not asked)."""
    if version is not None and str(version) != str(getattr(record, "version", "")):
        raise Stale(_("Someone else changed this since you opened it. Nothing of yours is lost."))


def _refusal(error: IntegrityError, record: models.Model) -> Exception:
    """The broken constraint's own sentence: by name on PostgreSQL, by columns on SQLite. A check is about the input."""
    text = str(error)
    if overlaps.SUFFIX in text:
        return Conflict(_("Another one holds on these days already."), code="lost_race")
    columns = set(re.findall(r"\w+\.(\w+)", text.partition("UNIQUE constraint failed:")[2]))
    for constraint in record._meta.constraints:
        fields = {record._meta.get_field(name).column for name in getattr(constraint, "fields", ())}
        if constraint.name in text or (columns and columns == fields):
            words = str(constraint.get_violation_error_message())
            is_check = isinstance(constraint, models.CheckConstraint)
            return (
                ValidationError({NON_FIELD_ERRORS: words}) if is_check else Conflict(words, code="lost_race")
            )
    return Conflict(_("Someone else changed this at the same moment. Please look again."), code="lost_race")
