"""Leads, offers, routings, profiles and referrals over the API: the same actions as the pages."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import Permission as P
from core.api import BaseViewSet, changes, creates, require_known, verb
from leads import actions, filters, serializers
from leads.models import Candidate, Lead, LeadOffer, LeadProfile, Referral, Routing, RoutingRule, Specialty
from partners.models import Partner


class LeadViewSet(BaseViewSet):
    """Leads. A partner reads those that it is offered, may take or has; whom they are about once it has accepted."""

    queryset = Lead.objects.for_list().select_related("organization", "deal")
    serializer_class = serializers.LeadSerializer
    portal_serializer_class = serializers.PortalLeadSerializer
    view_permission = P.LEAD_VIEW
    orderings = {"created_at": "created_at", "due": "due_at", "number": "number"}

    @property
    def filterset_class(self) -> Any:
        for_vendor = getattr(self, "swagger_fake_view", False) or self.actor.is_vendor
        return filters.LeadFilters if for_vendor else filters.PortalLeadFilters

    def get_queryset(self) -> Any:
        if self.action == "accept" and not getattr(self, "swagger_fake_view", False):
            return self.queryset.all().takeable_by(self.actor)
        return super().get_queryset()

    @creates(serializers.EnterLeadSerializer, permission=P.LEAD_EDIT)
    def create(self, data: dict[str, Any]) -> Lead:
        """Enter a lead. With an external_ref a repeat gets the first one."""
        return actions.enter_lead(by=self.actor, at=self.at, **data)

    @changes(serializers.LeadFactsSerializer, permission=P.LEAD_EDIT)
    def partial_update(self, lead: Lead, data: dict[str, Any]) -> Lead:
        """Change what is known of a lead that is not over."""
        return actions.change_lead(by=self.actor, lead=lead, at=self.at, **data)

    @extend_schema(request=serializers.ImportSerializer, responses=serializers.LeadReportSerializer)
    @action(detail=False, methods=["post"], url_path="import")
    def read_in(self, request: Request) -> Response:
        """Enter a list of leads. Sent twice, it changes nothing; each line's result and reason come back."""
        require_known(request.query_params, {"format"})
        self.permit(P.LEAD_EDIT)
        data = self.clean(serializers.ImportSerializer)
        return self.write(lambda: Response(self._import(**data)))

    def _import(self, rows: str, **options: bool) -> dict[str, Any]:
        return actions.import_leads(by=self.actor, text=rows, at=self.at, **options).as_json()

    @verb(permission=P.LEAD_ROUTE)
    def route(self, lead: Lead, data: dict[str, Any]) -> Lead:
        """Let the program's rules find a partner; why stands in the lead's routing."""
        return actions.route_lead(by=self.actor, lead=lead, at=self.at)

    @verb(serializers.OfferSerializer, permission=P.LEAD_ROUTE)
    def offer(self, lead: Lead, data: dict[str, Any]) -> Lead:
        """Offer it to a chosen partner, with a reason of lead_choice."""
        return actions.offer_lead(by=self.actor, lead=lead, at=self.at, **data)

    @verb(permission=P.LEAD_ROUTE)
    def pool(self, lead: Lead, data: dict[str, Any]) -> Lead:
        """Put it into the pool of all partners that fit: the first to accept has it."""
        return actions.pool_lead(by=self.actor, lead=lead, at=self.at)

    @verb(serializers.ReasonSerializer, permission=P.LEAD_ROUTE)
    def withdraw_offer(self, lead: Lead, data: dict[str, Any]) -> Lead:
        """Take an open offer back, or the lead out of the pool, with a reason of lead_withdrawal."""
        return actions.withdraw_offer(by=self.actor, lead=lead, at=self.at, **data)

    @verb(serializers.ReasonSerializer, permission=P.LEAD_ROUTE)
    def close(self, lead: Lead, data: dict[str, Any]) -> Lead:
        """Nobody follows it up; a reason of lead_closing."""
        return actions.close_lead(by=self.actor, lead=lead, at=self.at, **data)

    @verb(permission=P.LEAD_ROUTE)
    def reopen(self, lead: Lead, data: dict[str, Any]) -> Lead:
        """Look for a partner again."""
        return actions.reopen_lead(by=self.actor, lead=lead, at=self.at)

    @verb(permission=P.LEAD_WORK)
    def accept(self, lead: Lead, data: dict[str, Any]) -> Lead:
        """Take it. Of several that reach into the pool one has it; the others get 409."""
        return actions.accept_lead(by=self.actor, lead=lead, at=self.at)

    @verb(serializers.ReasonSerializer, permission=P.LEAD_WORK)
    def decline(self, lead: Lead, data: dict[str, Any]) -> Lead:
        """Say no to an offer, with a reason of lead_decline; it goes to the next partner."""
        return actions.decline_lead(by=self.actor, lead=lead, at=self.at, **data)

    @verb(serializers.ContactSerializer, permission=P.LEAD_WORK)
    def note_contact(self, lead: Lead, data: dict[str, Any]) -> Lead:
        """Note the first contact."""
        return actions.note_contact(by=self.actor, lead=lead, at=self.at, **data)

    @verb(serializers.ReasonSerializer, permission=P.LEAD_WORK, path="return")
    def hand_back(self, lead: Lead, data: dict[str, Any]) -> Lead:
        """Give an accepted lead back, with a reason of lead_return; it goes to the next partner."""
        return actions.return_lead(by=self.actor, lead=lead, at=self.at, **data)

    @verb(serializers.ConvertSerializer, permission=P.LEAD_WORK)
    def convert(self, lead: Lead, data: dict[str, Any]) -> Lead:
        """Register its deal: what the lead knows is taken over, the body says the rest."""
        return actions.convert_lead(by=self.actor, lead=lead, at=self.at, **data)

    @verb(serializers.ReasonSerializer, permission=P.LEAD_WORK)
    def lose(self, lead: Lead, data: dict[str, Any]) -> Lead:
        """It comes to nothing; a reason of lead_loss."""
        return actions.lose_lead(by=self.actor, lead=lead, at=self.at, **data)


class LeadOfferViewSet(BaseViewSet):
    """Offers of leads, answered and open. They come by routing and are answered on the lead."""

    queryset = LeadOffer.objects.select_related("lead", "partner")
    serializer_class = serializers.LeadOfferSerializer
    portal_serializer_class = serializers.PortalLeadOfferSerializer
    filterset_class = filters.LeadOfferFilters
    view_permission = P.LEAD_VIEW
    orderings = {"created_at": "created_at", "due": "due_at"}


class RoutingViewSet(BaseViewSet):
    """Why a lead went where it went: each look for a partner, as it was stored. For the vendor alone."""

    queryset = Routing.objects.select_related("lead")
    serializer_class = serializers.RoutingSerializer
    filterset_class = filters.RoutingFilters
    view_permission = P.LEAD_VIEW

    def get_queryset(self) -> Any:
        found = super().get_queryset()
        leads = Lead.objects.visible_to(self.actor).values("pk")
        mine = Candidate.objects.visible_to(self.actor).select_related("partner")
        return found.filter(lead__in=leads).prefetch_related(Prefetch("candidates", mine, to_attr="seen"))


class SpecialtyViewSet(BaseViewSet):
    """Clinical specialties."""

    queryset = Specialty.objects.active()
    serializer_class = serializers.SpecialtySerializer
    view_permission = P.LEAD_VIEW
    orderings = {"position": "position"}
    default_ordering = "position"


class RoutingRuleViewSet(BaseViewSet):
    """The program's rules of who gets which lead, in their order."""

    queryset = RoutingRule.objects.active()
    serializer_class = serializers.RoutingRuleSerializer
    view_permission = P.LEAD_VIEW
    orderings = {"position": "position"}
    default_ordering = "position"


class LeadProfileViewSet(BaseViewSet):
    """Which leads a partner takes, and how many at once; a partner without one takes leads by the program's values."""

    queryset = LeadProfile.objects.select_related("partner").prefetch_related("specialties", "products")
    serializer_class = serializers.LeadProfileSerializer
    filterset_class = filters.LeadProfileFilters
    view_permission = P.LEAD_VIEW

    @creates(serializers.NewProfileSerializer, permission=P.LEAD_ROUTE)
    def create(self, data: dict[str, Any]) -> LeadProfile:
        """Say which leads a partner takes; one that is there is changed."""
        return actions.change_profile(by=self.actor, at=self.at, **data)

    @changes(serializers.ProfileFactsSerializer, permission=P.LEAD_ROUTE)
    def partial_update(self, profile: LeadProfile, data: dict[str, Any]) -> LeadProfile:
        """Change which leads a partner takes."""
        return actions.change_profile(by=self.actor, partner=profile.partner, at=self.at, **data)


class ReferralViewSet(BaseViewSet):
    """Contacts that partners refer. Each is a lead of the vendor; its referrer is told how far it is."""

    queryset = Referral.objects.select_related("lead", "partner")
    serializer_class = serializers.ReferralSerializer
    portal_serializer_class = serializers.PortalReferralSerializer
    filterset_class = filters.ReferralFilters
    view_permission = P.LEAD_VIEW

    @creates(serializers.ReferSerializer, permission=P.LEAD_REFER)
    def create(self, data: dict[str, Any]) -> Referral:
        """Refer a contact who agreed to it. With an external_ref a repeat gets the first one."""
        partner = data.pop("partner", None)
        partner = partner or Partner.objects.visible_to(self.actor).filter(pk=self.actor.partner_id).first()
        if partner is None:
            raise ValidationError({"partner": _("Name the partner.")})
        return actions.refer_lead(by=self.actor, partner=partner, at=self.at, **data)
