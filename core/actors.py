"""Who is acting: a frozen value that every action is given. None is never an actor."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _


class Reach(Enum):
    """Which partners a vendor's person acts on."""

    ALL = "all"
    ASSIGNED = "assigned"  # those whose PSM they are, and those without one


@dataclass(frozen=True)
class Actor:
    """One who acts: a person, an API key, a single-use link or the system.

    `reach` is ALL or ASSIGNED for the vendor's side, else the frozenset of partner ids acted for. `own_only` is a
    partner's person who sees only what it takes part in, where a model says who takes part.
    """

    kind: str
    label: str
    permissions: frozenset[str] = field(default_factory=frozenset, repr=False)
    reach: Reach | frozenset[UUID] = frozenset()
    user_id: UUID | None = None
    key_id: UUID | None = None
    viewing_as: UUID | None = None
    roles: tuple[str, ...] = ()
    own_only: bool = False

    @property
    def is_vendor(self) -> bool:
        return isinstance(self.reach, Reach)

    @property
    def is_system(self) -> bool:
        return self.kind == "system"

    @property
    def partner_ids(self) -> frozenset[UUID] | None:
        """The partners acted for, or None where the actor is of the vendor."""
        return None if isinstance(self.reach, Reach) else self.reach

    @property
    def partner_id(self) -> UUID | None:
        """The one partner a portal actor acts for."""
        ids = self.partner_ids
        return next(iter(ids)) if ids and len(ids) == 1 else None

    def may(self, permission: str) -> bool:
        return self.is_system or permission in self.permissions

    def must(self, permission: str, on: Any = None) -> None:
        """Raise PermissionDenied unless the permission is held; NotVisible where `on` is out of reach."""
        if on is not None and not self.is_system:
            from core.scoping import require_reach

            require_reach(self, on)
        if not self.may(permission):
            raise PermissionDenied(_("Your role does not allow this."))

    def read_only(self, keep: Iterable[str]) -> "Actor":
        """The same actor with nothing but the given (viewing) permissions."""
        return replace(self, permissions=self.permissions & frozenset(keep))


SYSTEM = Actor(kind="system", label="system", reach=Reach.ALL)
ANONYMOUS = Actor(kind="anonymous", label="anonymous")
