"""A sender's own reference makes a fact happen once: the same again gets the first one, another is refused."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext as _

from core.errors import Conflict
from partners.models import Partner

R = TypeVar("R", bound=models.Model)


def with_reference(model: type[R], partner: Partner, reference: str, facts: dict[str, Any]) -> R | None:
    """The partner's row that carries the reference, marked as a repeat; None where there is none.

    Raises Conflict, naming the fields, where it states other facts.
    """
    rows: Any = model._default_manager
    found = (
        rows.filter(partner=partner, external_ref=reference.strip()).first() if reference.strip() else None
    )
    if found is None:
        return None
    if others := [name for name, value in facts.items() if getattr(found, name) != value]:
        words = _("The reference %(reference)s belongs to something that differs in: %(fields)s.")
        named = ", ".join(name.replace("_", " ") for name in others)
        raise Conflict(words % {"reference": reference.strip(), "fields": named}, code="reference_reused")
    found.is_repeat = True
    return found  # type: ignore[no-any-return]
