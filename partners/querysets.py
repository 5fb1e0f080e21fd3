"""Reads of organisations and partners."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from core.scoping import ScopedQuerySet
from core.text import normal
from partners import knowledge, rules
from partners.rules import Tree

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from core.actors import Actor


class SearchableQuerySet(ScopedQuerySet):
    """Rows with a stored, normalised `search_text`."""

    def matching(self, text: str) -> SearchableQuerySet:
        """Rows that contain every word of the text (at most ten words count)."""
        found = self
        for word in normal(text).split()[:10]:
            found = found.filter(search_text__contains=word)
        return found


class OrganizationQuerySet(SearchableQuerySet):
    def standing(self) -> OrganizationQuerySet:
        """Those that no merge has left behind."""
        return self.filter(merged_into=None)

    def tops(self) -> OrganizationQuerySet:
        """Those under which others stand, and that stand under none."""
        return self.standing().filter(parent=None, children__isnull=False).distinct()

    def in_tree_of(self, *organizations: Any) -> OrganizationQuerySet:
        """All of the trees in which these stand."""
        roots = [organization.root_id_or_self for organization in organizations]
        return self.filter(Q(root__in=roots) | Q(pk__in=roots))

    def scope_of(self, organization: Any, *, below: bool) -> set[UUID]:
        """The ids of an organization and, if asked, of all that lies below it."""
        if not below:
            return {organization.pk}
        return {organization.pk, *tree_of(organization).below(organization.pk)}


class EveryNameQuerySet(OrganizationQuerySet):
    """For the vendor's own pages: aliases and former names are found too."""

    def matching(self, text: str) -> EveryNameQuerySet:
        found = self
        for word in normal(text).split()[:10]:
            found = found.filter(Q(search_text__contains=word) | Q(names_text__contains=word))
        return found


def tree_of(*organizations: Any) -> Tree:
    """The trees in which these organizations stand, as they are stored now."""
    from partners.models import Organization

    rows = Organization.objects.in_tree_of(*organizations).values_list("pk", "parent")
    return Tree(dict(rows))


class RestructuringQuerySet(ScopedQuerySet):
    def waiting(self) -> RestructuringQuerySet:
        return self.filter(state=rules.WAITING)

    def about(self, organization: Any) -> RestructuringQuerySet:
        """Those in which it was moved, merged, or received another."""
        return self.filter(Q(organization=organization) | Q(target=organization))

    def undoable(self) -> RestructuringQuerySet:
        return self.filter(state=rules.DONE).exclude(kind=rules.UNDO)


class PartnerQuerySet(SearchableQuerySet):
    def active(self) -> PartnerQuerySet:
        return self.filter(state="active")

    def in_program(self) -> PartnerQuerySet:
        """Those whose tier is evaluated."""
        return self.filter(participates_in_tiers=True).exclude(state="terminated")

    def of(self, psm_id: UUID) -> PartnerQuerySet:
        return self.filter(psm_id=psm_id)

    def with_category(self) -> PartnerQuerySet:
        """Annotates category_name, the primary category's."""
        from partners.models import CategoryAssignment

        primary = CategoryAssignment.objects.filter(partner=OuterRef("pk"), is_primary=True, valid_until=None)
        return self.annotate(category_name=Subquery(primary.values("category__name")[:1]))

    def with_activity(self) -> PartnerQuerySet:
        """Annotates acted_at: when one of the partner's own people last did something here."""
        from events.models import Event

        own = Event.objects.filter(partner=OuterRef("pk"), actor_user__memberships__partner=OuterRef("pk"))
        return self.annotate(acted_at=Subquery(own.order_by("-at").values("at")[:1]))

    def dormant(self, before: datetime) -> PartnerQuerySet:
        """Active partners none of whose people did anything since. Dormant is a figure, not a state."""
        quiet = Q(acted_at__lt=before) | Q(acted_at=None, activated_on__lt=before)
        return self.active().with_activity().filter(quiet)

    def latest_first(self) -> PartnerQuerySet:
        """Those to which something happened most recently first."""
        from events.models import Event

        latest = Event.objects.filter(partner=OuterRef("pk")).order_by("-at").values("at")[:1]
        return self.annotate(happened_at=Coalesce(Subquery(latest), "created_at")).order_by(
            "-happened_at", "name"
        )


def known_organizations(actor: Actor) -> Q:
    """What a partner may know of organisations: its own, those it registered or was handed, and the public directory.

    No list, count, timing, error or id tells it that another organisation is known here. A person who sees only
    their own knows of the company's customers those of the rows in which they take part.
    """
    if actor.is_vendor:
        return Q()
    from partners.models import OrganizationKnowledge

    known = OrganizationKnowledge.objects.filter(partner__in=actor.partner_ids or ())
    known = known.filter(because="own") if actor.own_only else known
    told = Q(pk__in=known.values("organization")) | Q(public_directory=True)
    for way in knowledge.ways() if actor.own_only else ():
        told |= Q(pk__in=way(actor))
    return Q(merged_into=None) & told if actor.partner_ids else Q(pk__in=())
