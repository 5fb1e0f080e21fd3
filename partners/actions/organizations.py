"""Organisations: recorded, changed, with other names, web domains and identifiers; and who may know of them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.roles import Permission
from core.actors import Actor
from core.errors import Conflict
from core.saving import lock, save
from core.text import normal
from events.actions import record
from partners import rules
from partners.actions.changes import with_facts
from partners.actions.trees import lock_trees, root_above
from partners.lookup import note_organizations
from partners.models import (
    Organization,
    OrganizationDomain,
    OrganizationIdentifier,
    OrganizationKnowledge,
    OrganizationName,
    Partner,
)


@transaction.atomic
def add_organization(
    *,
    by: Actor,
    at: datetime,
    origin: str,
    domains: tuple[str, ...] = (),
    identifiers: tuple[tuple[str, str], ...] = (),
    **facts: Any,
) -> Organization:
    """Record an organisation (company or customer) with its web domains and its identifiers (scheme, value).

    Raises ValidationError.
    """
    organization = Organization(created_at=at, **facts)
    if organization.parent:
        (parent,) = lock_trees(organization.parent)
        require_standing(parent)
        organization.parent = parent
    organization.root = root_above(organization)
    save(organization)
    for domain in filter(None, {rules.domain_of(d) for d in (*domains, organization.website)}):
        save(OrganizationDomain(organization=organization, domain=domain, created_at=at))
    for scheme, value in identifiers:
        save(OrganizationIdentifier(organization=organization, scheme=scheme, value=value, created_at=at))
    note_organizations([organization.pk])
    record("organization.added", organization, by=by, at=at, data={"origin": origin})
    return organization


@transaction.atomic
def change_organization(*, by: Actor, organization: Organization, at: datetime, **facts: Any) -> Organization:
    """Change facts of an organisation (not its place in the tree); a name it gave up is kept as a former one.

    Raises ValidationError, Conflict (it was merged).
    """
    by.must(Permission.ORGANIZATION_EDIT, on=organization)
    organization = lock(organization)
    require_standing(organization)
    before = organization.name
    organization, changed = with_facts(organization, facts)
    save(organization)
    if "name" in changed:
        keep_name(organization, before, "former", at)
        note_names(organization)
    return _told(by, organization, changed, at)


@transaction.atomic
def add_name(
    *, by: Actor, organization: Organization, name: str, at: datetime, kind: str = "alias"
) -> Organization:
    """Another name: an alias, a former one, one as a document states it. Raises ValidationError (it is known)."""
    organization = _open(by, organization)
    save(OrganizationName(organization=organization, name=name.strip(), kind=kind, created_at=at))
    note_names(organization)
    return _told(by, organization, ["other_names"], at)


@transaction.atomic
def remove_name(*, by: Actor, organization: Organization, name: str, at: datetime) -> Organization:
    """The name was wrong. Raises ValidationError (it has no such name)."""
    organization = _open(by, organization)
    _take(organization.other_names.filter(name=name), "name")
    note_names(organization)
    return _told(by, organization, ["other_names"], at)


@transaction.atomic
def add_domain(*, by: Actor, organization: Organization, domain: str, at: datetime) -> Organization:
    """A web or mail domain that is its own. Raises ValidationError (no domain, one that many share, known)."""
    organization = _open(by, organization)
    found = rules.domain_of(domain)
    if not found:
        raise ValidationError({"domain": _("Enter a domain of its own, such as harborvalley.example.")})
    save(OrganizationDomain(organization=organization, domain=found, created_at=at))
    save(organization)  # what hangs on it is part of its version
    return _told(by, organization, ["domains"], at)


@transaction.atomic
def remove_domain(*, by: Actor, organization: Organization, domain: str, at: datetime) -> Organization:
    """The domain is not its own (any more). Raises ValidationError (it has no such domain)."""
    organization = _open(by, organization)
    _take(organization.domains.filter(domain=domain), "domain")
    save(organization)
    return _told(by, organization, ["domains"], at)


@transaction.atomic
def add_identifier(
    *, by: Actor, organization: Organization, scheme: str, value: str, at: datetime
) -> Organization:
    """A number in a public register. Raises ValidationError (its shape, its check digits, another has it)."""
    organization = _open(by, organization)
    stored = rules.identifier_value(value)
    if not rules.is_identifier(scheme, stored):
        raise ValidationError({"value": rules.SHAPES[scheme][1]})
    save(OrganizationIdentifier(organization=organization, scheme=scheme, value=stored, created_at=at))
    save(organization)
    return _told(by, organization, ["identifiers"], at)


@transaction.atomic
def remove_identifier(
    *, by: Actor, organization: Organization, scheme: str, value: str, at: datetime
) -> Organization:
    """The number is another's. Raises ValidationError (it has no such number)."""
    organization = _open(by, organization)
    _take(organization.identifiers.filter(scheme=scheme, value=rules.identifier_value(value)), "value")
    save(organization)
    return _told(by, organization, ["identifiers"], at)


@transaction.atomic
def note_knowledge(*, organization: Organization, partner: Partner, because: str, at: datetime) -> None:
    """Note that a partner has a reason to know of an organisation ("own", "registered", "lead")."""
    OrganizationKnowledge.objects.get_or_create(
        organization=organization, partner=partner, defaults={"because": because, "created_at": at}
    )


def keep_name(organization: Organization, name: str, kind: str, at: datetime) -> OrganizationName | None:
    """Keep a name beside its own; None where it has it already."""
    known = {organization.name, *organization.other_names.values_list("name", flat=True)}
    if not name or name in known:
        return None
    return save(OrganizationName(organization=organization, name=name, kind=kind, created_at=at))


def note_names(organization: Organization) -> None:
    """The other names, as the vendor's search reads them."""
    names = organization.other_names.order_by("name").values_list("name", flat=True)
    organization.names_text = normal(" ".join(names))
    save(organization)


def require_standing(organization: Organization) -> None:
    """Raise Conflict where a merge has left it behind."""
    if organization.merged_into:
        words = _("“%(name)s” was merged into “%(into)s”. Take that one.")
        shown = {"name": organization.name, "into": organization.merged_into.name}
        raise Conflict(words % shown, code="merged")


def _open(by: Actor, organization: Organization) -> Organization:
    by.must(Permission.ORGANIZATION_EDIT, on=organization)
    organization = lock(organization)
    require_standing(organization)
    return organization


def _take(rows: QuerySet, field: str) -> None:
    if not rows.delete()[0]:
        raise ValidationError({field: _("This organization has no such thing.")})


def _told(by: Actor, organization: Organization, changed: list[str], at: datetime) -> Organization:
    note_organizations([organization.pk])
    record("organization.changed", organization, by=by, at=at, data={"changed": changed})
    return organization
