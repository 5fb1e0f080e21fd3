"""Partners, their people and organisations over the API."""

from typing import Any

from django.db.models import Prefetch

from accounts.roles import Permission as P
from core.api import BaseViewSet, changes, creates, verb
from partners import actions, filters, rules, serializers
from partners.models import CategoryAssignment, Contact, Organization, Partner, Restructuring

OPEN_CATEGORIES = Prefetch(
    "category_assignments", CategoryAssignment.objects.filter(valid_until=None).select_related("category")
)


class PartnerViewSet(BaseViewSet):
    """Organisations in the program. They come by the approval of an application."""

    queryset = Partner.objects.select_related("organization", "psm", "market", "channel").prefetch_related(
        OPEN_CATEGORIES
    )
    serializer_class = serializers.PartnerSerializer
    portal_serializer_class = serializers.PortalPartnerSerializer
    filterset_class = filters.PartnerFilters
    view_permission = P.PARTNER_VIEW
    orderings = {"name": "name", "joined_on": "joined_on", "created_at": "created_at", "tier": "tier_rank"}
    default_ordering = "name"

    @changes(serializers.ChangePartnerSerializer, permission=P.PARTNER_EDIT)
    def partial_update(self, partner: Partner, data: dict[str, Any]) -> Partner:
        """Change plain facts."""
        return actions.change_partner(by=self.actor, partner=partner, at=self.at, **data)

    @verb(serializers.LimitSellersSerializer, permission=P.TEAM_LIMIT)
    def limit_sellers(self, partner: Partner, data: dict[str, Any]) -> Partner:
        """Say whether sellers see only the deals that they registered or are named on."""
        return actions.limit_sellers(by=self.actor, partner=partner, at=self.at, **data)

    @verb(serializers.AssignManagerSerializer, permission=P.PARTNER_ASSIGN)
    def assign(self, partner: Partner, data: dict[str, Any]) -> Partner:
        """Give the partner its success manager."""
        return actions.assign_psm(by=self.actor, partner=partner, at=self.at, **data)

    @verb(permission=P.PARTNER_EDIT)
    def activate(self, partner: Partner, data: dict[str, Any]) -> Partner:
        """End onboarding early: the partner is active."""
        return actions.activate_partner(by=self.actor, partner=partner, because="manager", at=self.at)

    @verb(serializers.PartnerReasonSerializer, permission=P.PARTNER_SUSPEND)
    def suspend(self, partner: Partner, data: dict[str, Any]) -> Partner:
        """Make the portal read-only and refuse keys; protections keep running."""
        return actions.suspend_partner(
            by=self.actor, partner=partner, reason_code=data["reason"], comment=data["comment"], at=self.at
        )

    @verb(permission=P.PARTNER_SUSPEND)
    def resume(self, partner: Partner, data: dict[str, Any]) -> Partner:
        """End the suspension."""
        return actions.resume_partner(by=self.actor, partner=partner, at=self.at)

    @verb(serializers.PartnerReasonSerializer, permission=P.PARTNER_TERMINATE, match=True)
    def terminate(self, partner: Partner, data: dict[str, Any]) -> Partner:
        """End the partnership: log-ins close, protections are released, history stays."""
        return actions.terminate_partner(
            by=self.actor, partner=partner, reason_code=data["reason"], comment=data["comment"], at=self.at
        )


class ContactViewSet(BaseViewSet):
    """People at partners, with or without an account."""

    queryset = Contact.objects.all()
    serializer_class = serializers.ContactSerializer
    filterset_class = filters.ContactFilters
    view_permission = P.PARTNER_VIEW
    orderings = {"name": "name", "created_at": "created_at"}
    default_ordering = "name"

    @creates(serializers.AddContactSerializer, permission=P.PERSON_EDIT)
    def create(self, data: dict[str, Any]) -> Contact:
        """Record a person."""
        return actions.add_contact(by=self.actor, at=self.at, **data)

    @changes(serializers.ChangeContactSerializer, permission=P.PERSON_EDIT)
    def partial_update(self, contact: Contact, data: dict[str, Any]) -> Contact:
        """Change a person's facts."""
        return actions.change_contact(by=self.actor, contact=contact, at=self.at, **data)

    @verb(permission=P.PERSON_EDIT, path="note-departure")
    def note_departure(self, contact: Contact, data: dict[str, Any]) -> Contact:
        """The person left: its certifications stop counting."""
        return actions.note_departure(by=self.actor, contact=contact, at=self.at)


class OrganizationViewSet(BaseViewSet):
    """Companies and customers. A partner finds its own, those it registered or was handed, and the public directory."""

    queryset = Organization.objects.prefetch_related("domains", "other_names", "identifiers")
    serializer_class = serializers.OrganizationSerializer
    portal_serializer_class = serializers.PortalOrganizationSerializer
    view_permission = P.PARTNER_VIEW
    orderings = {"name": "name", "created_at": "created_at"}
    default_ordering = "name"

    @property
    def filterset_class(self) -> Any:
        is_described = getattr(self, "swagger_fake_view", False)
        is_full = is_described or self.actor.is_vendor
        return filters.OrganizationFilters if is_full else filters.PortalOrganizationFilters

    @creates(serializers.AddOrganizationSerializer, permission=P.ORGANIZATION_EDIT)
    def create(self, data: dict[str, Any]) -> Organization:
        """Record an organisation."""
        return actions.add_organization(by=self.actor, at=self.at, origin="api", **data)

    @changes(serializers.ChangeOrganizationSerializer, permission=P.ORGANIZATION_EDIT)
    def partial_update(self, organization: Organization, data: dict[str, Any]) -> Organization:
        """Change facts of an organisation."""
        return actions.change_organization(by=self.actor, organization=organization, at=self.at, **data)

    @verb(serializers.AddNameSerializer, permission=P.ORGANIZATION_EDIT)
    def add_name(self, organization: Organization, data: dict[str, Any]) -> Organization:
        """Another name: an alias, a former one, one as a document states it."""
        return actions.add_name(by=self.actor, organization=organization, at=self.at, **data)

    @verb(serializers.RemoveNameSerializer, permission=P.ORGANIZATION_EDIT)
    def remove_name(self, organization: Organization, data: dict[str, Any]) -> Organization:
        """The name was wrong."""
        return actions.remove_name(by=self.actor, organization=organization, at=self.at, **data)

    @verb(serializers.DomainSerializer, permission=P.ORGANIZATION_EDIT)
    def add_domain(self, organization: Organization, data: dict[str, Any]) -> Organization:
        """A web or mail domain of its own."""
        return actions.add_domain(by=self.actor, organization=organization, at=self.at, **data)

    @verb(serializers.DomainSerializer, permission=P.ORGANIZATION_EDIT)
    def remove_domain(self, organization: Organization, data: dict[str, Any]) -> Organization:
        """The domain is not its own."""
        return actions.remove_domain(by=self.actor, organization=organization, at=self.at, **data)

    @verb(serializers.IdentifierSerializer, permission=P.ORGANIZATION_EDIT)
    def add_identifier(self, organization: Organization, data: dict[str, Any]) -> Organization:
        """A number in a public register; its check digits are checked."""
        return actions.add_identifier(by=self.actor, organization=organization, at=self.at, **data)

    @verb(serializers.IdentifierSerializer, permission=P.ORGANIZATION_EDIT)
    def remove_identifier(self, organization: Organization, data: dict[str, Any]) -> Organization:
        """The number is another's."""
        return actions.remove_identifier(by=self.actor, organization=organization, at=self.at, **data)


class RestructuringViewSet(BaseViewSet):
    """Merges and moves of organizations. One that waits is carried out with the decision of its conflict case."""

    queryset = Restructuring.objects.prefetch_related("rows")
    serializer_class = serializers.RestructuringSerializer
    filterset_class = filters.RestructuringFilters
    view_permission = P.ORGANIZATION_ARRANGE

    @creates(serializers.AskRestructuringSerializer, permission=P.ORGANIZATION_ARRANGE)
    def create(self, data: dict[str, Any]) -> Restructuring:
        """Merge an organization into another one, or stand it under another one."""
        common = {
            "by": self.actor,
            "at": self.at,
            "organization": data["organization"],
            "reason": data["reason"],
        }
        if data["kind"] == rules.MERGE:
            return actions.merge_organizations(**common, into=data["target"])
        return actions.move_organization(**common, parent=data.get("target"))

    @verb(serializers.ReasonedSerializer, permission=P.ORGANIZATION_ARRANGE)
    def undo(self, restructuring: Restructuring, data: dict[str, Any]) -> Restructuring:
        """Take a merge or a move back; the answer is the undoing, done or waiting."""
        return actions.undo_restructuring(by=self.actor, restructuring=restructuring, at=self.at, **data)

    @verb(permission=P.ORGANIZATION_ARRANGE)
    def abandon(self, restructuring: Restructuring, data: dict[str, Any]) -> Restructuring:
        """Give up what waits."""
        return actions.abandon_restructuring(by=self.actor, restructuring=restructuring, at=self.at)
