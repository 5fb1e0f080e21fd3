"""Claims in the trees of customers: what a merge or a move would let overlap waits, and open ones are compared anew."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from core.errors import Conflict
from deals.actions.conflicts import recheck_touched
from deals.actions.protections import lapse
from deals.models import Deal, Protection
from partners.actions import MustWait
from partners.models import Organization
from partners.querysets import tree_of
from partners.rules import Scope


def require_apart(organization: Organization, at: datetime) -> None:
    """No two running protections reach the same node for one product, in the tree in which an organization stands.

    Called within a change of the tree, under the locks of its roots. Raises MustWait with the registrations of
    different partners that would overlap, Conflict where one partner would be protected twice.
    """
    running = _running_in_tree_of(organization, at)
    partners = {protection.deal_id: protection.deal.partner_id for protection in running}
    numbers = {protection.deal_id: protection.deal.number for protection in running}
    overlaps = tree_of(organization).overlaps(_scope_of(protection) for protection in running)
    pairs = sorted({_pair(one.owner, other.owner) for one, other in overlaps})
    for one, other in pairs:
        if partners[one] == partners[other]:
            words = _(
                "One partner would be protected twice, by %(one)s and %(other)s. End one of them first."
            )
            raise Conflict(words % {"one": numbers[one], "other": numbers[other]}, code="protected_twice")
    if pairs:
        raise MustWait(_("Two partners would be protected on one customer."), pairs)


def _pair(one: Any, other: Any) -> tuple[UUID, UUID]:
    return (one, other) if one < other else (other, one)


def _running_in_tree_of(organization: Organization, at: datetime) -> list[Protection]:
    """The protections in its tree, and those that a merge had to leave on what it left behind."""
    tree = Organization.objects.in_tree_of(organization).values("pk")
    here = Q(organization__in=tree) | Q(organization__merged_into__in=tree)
    for deal_id in set(Protection.objects.filter(here).lapsed(at).values_list("deal", flat=True)):
        lapse(Deal(pk=deal_id), at)
    return list(
        Protection.objects.filter(here).running().select_related("deal", "organization").order_by("pk")
    )


def _scope_of(protection: Protection) -> Scope:
    node = protection.organization.merged_into_id or protection.organization_id
    return Scope(node, protection.includes_below, protection.product_id, protection.deal_id)


def compare_anew(organization: Organization, at: datetime) -> None:
    """Look for conflicts again in the open registrations of its tree. Nothing is decided by it."""
    tree = Organization.objects.in_tree_of(organization).values("pk")
    recheck_touched(Deal.objects.open().filter(organization__in=tree).values_list("pk", flat=True), at)
