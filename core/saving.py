"""How a row is locked, checked and written; a broken constraint becomes its own sentence on both engines."""

import re
from typing import TypeVar

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext_lazy as _

from core.errors import Conflict, Stale

R = TypeVar("R", bound=models.Model)


def lock(record: R) -> R:
    """The stored row, fresh, locked until the transaction ends (SQLite: the transaction is the lock)."""
    manager = type(record)._default_manager
    queryset = manager.select_for_update(of=("self",)) if _locks_rows() else manager
    return queryset.get(pk=record.pk)


def _locks_rows() -> bool:
    return transaction.get_connection().vendor == "postgresql"


def save(record: R) -> R:
    """Validate and write. Raises ValidationError (the input) or Conflict (a lost race)."""
    if not record._state.adding and hasattr(record, "version"):
        record.version += 1
    record.full_clean()
    try:
        with transaction.atomic():
            record.save()
    except IntegrityError as error:
        raise Conflict(_sentence(error, record), code="lost_race") from error
    return record


def require_version(record: models.Model, version: str | int | None) -> None:
    """Raise Stale unless the record still has the version the editor saw (None: not asked)."""
    if version is not None and str(version) != str(getattr(record, "version", "")):
        raise Stale(_("Someone else changed this since you opened it. Nothing of yours is lost."))


def _sentence(error: IntegrityError, record: models.Model) -> str:
    """The message of the constraint that was broken: by name on PostgreSQL, by columns on SQLite."""
    text = str(error)
    columns = set(re.findall(r"\w+\.(\w+)", text.partition("UNIQUE constraint failed:")[2]))
    for constraint in record._meta.constraints:
        fields = {record._meta.get_field(name).column for name in getattr(constraint, "fields", ())}
        if constraint.name in text or (columns and columns == fields):
            return str(constraint.get_violation_error_message())
    return str(_("Someone else changed this at the same moment. Please look again."))
