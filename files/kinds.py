"""What a file can be attached to on its own: each higher app declares its records and who may add files to them.

An action of a higher app that takes a file with the rest of its input needs no declaration: it has asked already.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils.translation import gettext as _

from core.actors import Actor


@dataclass(frozen=True)
class Owner:
    """A kind of record that files are attached to, and the permission that adding one needs."""

    kind: str
    model: type[Model]
    permission: str
    partner_of: Callable[[Any], Any]


_owners: dict[str, Owner] = {}


def own_partner(record: Any) -> Any:
    return record.partner


def declare(kind: str, model: str, permission: str, partner_of: Callable[[Any], Any] = own_partner) -> None:
    """In `AppConfig.ready`: `declare("deal", "deals.Deal", Permission.DEAL_EDIT)`. Raises ValueError for a second."""
    if kind in _owners:
        raise ValueError(f"Files of {kind} are declared twice.")
    _owners[kind] = Owner(kind, apps.get_model(model), permission, partner_of)


def owner(kind: str) -> Owner | None:
    return _owners.get(kind)


def known() -> list[str]:
    return sorted(_owners)


def subject(actor: Actor, kind: str, key: UUID) -> Any:
    """The record of a declared kind, among those that the actor sees. Raises ValidationError naming what is wrong."""
    found = _owners.get(kind)
    if found is None:
        raise ValidationError({"kind": _("Files cannot be added to this.")})
    manager: Any = found.model._default_manager
    record = manager.visible_to(actor).filter(pk=key).first()
    if record is None:
        raise ValidationError({"subject": _("There is no such record.")})
    return record
