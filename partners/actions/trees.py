"""The trees of organisations: locked in one fixed order, and each node's root kept right."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from core.errors import Conflict
from core.saving import lock
from partners.models import Organization


def lock_trees(*organizations: Organization) -> list[Organization]:
    """Lock the roots of their trees, always in the order of their ids, and give the organisations as they are now.

    Whoever creates or moves a protection, a node or a whole tree comes through here, one after the other.
    Raises Conflict where a tree changed while it was waited for.
    """
    ids = [organization.pk for organization in organizations]
    roots = _roots(ids)
    for pk in sorted(roots):
        lock(Organization(pk=pk))
    if not _roots(ids) <= roots:
        raise Conflict(
            _("The organization was moved at the same moment. Please look again."), code="lost_race"
        )
    found = Organization.objects.select_related("merged_into").in_bulk(ids)
    return [found[pk] for pk in ids]


def _roots(ids: list[UUID]) -> set[UUID]:
    """The roots of some organisations as they are stored at this moment."""
    rows = Organization.objects.filter(pk__in=ids).values_list("pk", "root")
    return {root or pk for pk, root in rows}


def root_above(organization: Organization) -> Organization | None:
    """The top of the tree above it; None where it is the top itself."""
    parent = organization.parent
    return (parent.root or parent) if parent else None


def note_roots(organization: Organization, at: Any) -> None:
    """Write the root of an organisation and of all that lies below it, level by level. The tree has no cycle."""
    root = root_above(organization)
    facts = {"version": F("version") + 1, "changed_at": at}
    Organization.objects.filter(pk=organization.pk).update(root=root, **facts)
    top, level = root or organization, [organization.pk]
    while level:
        level = list(Organization.objects.filter(parent__in=level).values_list("pk", flat=True))
        Organization.objects.filter(pk__in=level).update(root=top, **facts)
    organization.refresh_from_db(fields=["root", "version", "changed_at"])


def standing_of(organization: Organization | None) -> Organization | None:
    """What an organisation is now: itself, or the one that it was merged into, however often."""
    while organization and organization.merged_into:
        organization = organization.merged_into
    return organization
