"""The one choke point of tenancy: which rows an actor sees, from what each model declares.

Each concrete model says `tenant = …`: the path to its partner ("partner_id", "deal__partner_id", "pk" for the
partner itself), or ForVendor("deal__partner_id") for what no partner reads, VENDOR, SHARED, own_user("user_id"), or a
Tenant of its own. A model without it fails the checks.
"""

from dataclasses import dataclass
from typing import Any, Self

from django.db import models
from django.db.models import Q

from core.actors import Actor, Reach
from core.errors import NotVisible

NOTHING = Q(pk__in=())
EVERYTHING = Q()


class Tenant:
    """How a model's rows belong to someone. Subclasses answer with one Q."""

    def q(self, actor: Actor) -> Q:
        raise TypeError(f"{type(self).__name__} answers no actor.")


@dataclass(frozen=True)
class ByPartner(Tenant):
    """Rows that belong to the partner at the end of a path."""

    path: str

    def q(self, actor: Actor) -> Q:
        if actor.reach is Reach.ALL:
            return EVERYTHING
        if actor.reach is Reach.ASSIGNED:
            psm = _join(self.relation, "psm_id")
            return Q(**{psm: actor.user_id}) | Q(**{f"{psm}__isnull": True})
        assert actor.partner_ids is not None
        return Q(**{f"{_join(self.relation, 'pk')}__in": actor.partner_ids}) if actor.partner_ids else NOTHING

    @property
    def relation(self) -> str:
        return "" if self.path == "pk" else self.path.removesuffix("_id")


class ForVendor(ByPartner):
    """Rows about a partner that the vendor's people alone read: those who see the partner."""

    def q(self, actor: Actor) -> Q:
        return super().q(actor) if actor.is_vendor else NOTHING


def _join(relation: str, name: str) -> str:
    return f"{relation}__{name}" if relation else name


class Vendor(Tenant):
    """Rows of the vendor alone."""

    def q(self, actor: Actor) -> Q:
        return EVERYTHING if actor.is_vendor else NOTHING


class Shared(Tenant):
    """Reference data that everyone who is signed in may read."""

    def q(self, actor: Actor) -> Q:
        return EVERYTHING if actor.is_vendor or actor.partner_ids else NOTHING


class Internal(Tenant):
    """Machinery (locks, keys, runs): no door shows its rows."""

    def q(self, actor: Actor) -> Q:
        return EVERYTHING if actor.is_system else NOTHING


@dataclass(frozen=True)
class own_user(Tenant):  # noqa: N801 (reads as a declaration)
    """Rows of one person, seen by nobody else."""

    path: str = "user_id"

    def q(self, actor: Actor) -> Q:
        if actor.is_system:
            return EVERYTHING
        # Whoever looks at a portal as a partner sees nothing of its own there.
        return Q(**{self.path: actor.user_id}) if actor.user_id and not actor.viewing_as else NOTHING


VENDOR = Vendor()
SHARED = Shared()
INTERNAL = Internal()


def tenant_of(model: type[models.Model]) -> Tenant:
    """What a model declares; TypeError where it declares nothing."""
    declared = getattr(model, "tenant", None)
    if isinstance(declared, str):
        return ByPartner(declared)
    if isinstance(declared, Tenant):
        return declared
    raise TypeError(f"{model._meta.label} does not declare its tenant.")


class ScopedQuerySet(models.QuerySet):
    """The base of every queryset: `visible_to(actor)` is written once, here."""

    def visible_to(self, actor: Actor) -> Self:
        if not isinstance(actor, Actor):
            raise TypeError("visible_to needs an Actor; None is not one.")
        return self.filter(tenant_of(self.model).q(actor))


def require_reach(actor: Actor, record: models.Model) -> None:
    """Raise NotVisible unless the stored row is visible to the actor."""
    if actor.reach is Reach.ALL and isinstance(tenant_of(type(record)), (ByPartner, Vendor, Shared)):
        return
    manager: Any = type(record)._default_manager
    if not manager.visible_to(actor).filter(pk=record.pk).exists():
        raise NotVisible(str(record.pk))
