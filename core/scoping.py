"""The one choke point of tenancy: which rows an actor sees, from what each model declares.

Each concrete model says `tenant = …`: the path to its partner ("partner_id", "deal__partner_id", "pk" for the
partner itself), or ForVendor("deal__partner_id") for what no partner reads, VENDOR, SHARED, own_user("user_id"), or a
Tenant of its own. A model without it fails the checks.

A model may also say who of a partner takes part in a row: `takes_part = ("submitted_by", "people")`. Of it, and of all
that hangs on it by its path, a person who sees only their own sees the rows in which they take part; and of what only
names its subject (`about = ("subject_model", "subject_id")`: files, events) the rows whose subject they see.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any, Self

from django.apps import apps
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


# People who see only their own ----------------------------------------------------------------------------------


def own_part(model: type[models.Model], actor: Actor) -> Q:
    """The rows of a model that are left to someone who sees only what they take part in."""
    if part := taking_part(model):
        prefix, names = part
        return _in_part(model, prefix, names, actor)
    about = getattr(model, "about", None)
    return _about_own(*about, actor=actor) if about else EVERYTHING


@cache
def taking_part(model: type[models.Model]) -> tuple[str, tuple[str, ...]] | None:
    """(path, fields): where, on the way from a model to its partner, it is said who takes part; None for nowhere."""
    path, step = "", model
    declared = getattr(model, "tenant", None)
    relation = ByPartner(declared).relation if isinstance(declared, str) else ""
    for name in ["", *(relation.split("__") if relation else [])]:
        if name:
            path, step = _join(path, name), step._meta.get_field(name).related_model  # type: ignore[assignment]
        if names := getattr(step, "takes_part", ()):
            return path, tuple(names)
    return None


def _in_part(model: Any, path: str, names: tuple[str, ...], actor: Actor) -> Q:
    """The rows in which a person takes part: one subquery per field, so that no row comes twice."""
    found = NOTHING
    for name in names if actor.user_id else ():
        rows = model._base_manager.filter(**{_join(path, name): actor.user_id})
        found |= Q(pk__in=rows.order_by().values("pk"))
    return found


def _about_own(kind: str, key: str, actor: Actor) -> Q:
    """Rows about nothing that is restricted, or about what the person sees of it."""
    names: list[str] = []
    seen = NOTHING
    for model in _models_with_parts():
        names += [str(model._meta.model_name), str(model._meta.label_lower)]
        rows = model._default_manager.visible_to(actor).order_by().values("pk")  # type: ignore[attr-defined]
        seen |= Q(**{f"{key}__in": rows})
    return ~Q(**{f"{kind}__in": names}) | seen


def out_of_sight(actor: Actor, keys: set[Any]) -> set[Any]:
    """Which of these keys name rows that the actor does not see because they take no part in them."""
    hidden: set[Any] = set()
    for model in _models_with_parts() if actor.own_only else ():
        held = set(model._base_manager.filter(pk__in=keys).values_list("pk", flat=True))
        manager: Any = model._default_manager
        hidden |= held - set(manager.visible_to(actor).filter(pk__in=held).values_list("pk", flat=True))
    return hidden


@cache
def _models_with_parts() -> tuple[type[models.Model], ...]:
    return tuple(model for model in apps.get_models() if taking_part(model))


class ScopedQuerySet(models.QuerySet):
    """The base of every queryset: `visible_to(actor)` is written once, here."""

    def visible_to(self, actor: Actor) -> Self:
        if not isinstance(actor, Actor):
            raise TypeError("visible_to needs an Actor; None is not one.")
        seen = self.filter(tenant_of(self.model).q(actor))
        return seen.filter(own_part(self.model, actor)) if actor.own_only else seen


def require_reach(actor: Actor, record: models.Model) -> None:
    """Raise NotVisible unless the stored row is visible to the actor."""
    if actor.reach is Reach.ALL and isinstance(tenant_of(type(record)), (ByPartner, Vendor, Shared)):
        return
    manager: Any = type(record)._default_manager
    if not manager.visible_to(actor).filter(pk=record.pk).exists():
        raise NotVisible(str(record.pk))
