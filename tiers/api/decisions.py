"""What people decide about tiers, over the API: proposals, overrides, waivers, appeals."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404

from accounts.roles import Permission as P
from core.api import BaseViewSet, creates, verb
from partners.models import Partner
from tiers import actions, decision_filters
from tiers.models import Override, Proposal, TierAppeal, Waiver
from tiers.serializers import decisions as serializers


class ProposalViewSet(BaseViewSet):
    """Changes of a tier that wait for a person: a rise by decision, or the fall after a grace period."""

    queryset = Proposal.objects.select_related("program", "from_tier", "to_tier")
    serializer_class = serializers.ProposalSerializer
    portal_serializer_class = serializers.PortalProposalSerializer
    filterset_class = decision_filters.ProposalFilters
    view_permission = P.TIER_VIEW
    orderings = {"proposed_on": "proposed_on", "created_at": "created_at"}

    @verb(serializers.GrantSerializer, permission=P.TIER_DECIDE, match=True)
    def grant(self, proposal: Proposal, data: dict[str, Any]) -> Proposal:
        """The tier rises, or falls, today."""
        return actions.grant_proposal(by=self.actor, proposal=proposal, at=self.at, **data)

    @verb(serializers.DeclineSerializer, permission=P.TIER_DECIDE, match=True)
    def decline(self, proposal: Proposal, data: dict[str, Any]) -> Proposal:
        """The tier stays as it is; the partner is told why."""
        return actions.decline_proposal(by=self.actor, proposal=proposal, at=self.at, **data)


class OverrideViewSet(BaseViewSet):
    """Tiers that partners hold until a day by decision, whatever the requirements say."""

    queryset = Override.objects.select_related("program", "tier")
    serializer_class = serializers.OverrideSerializer
    portal_serializer_class = serializers.PortalOverrideSerializer
    filterset_class = decision_filters.OverrideFilters
    view_permission = P.TIER_VIEW
    orderings = {"starts_on": "starts_on", "expires_on": "expires_on", "created_at": "created_at"}

    @creates(serializers.OverrideTierSerializer, permission=P.TIER_DECIDE)
    def create(self, data: dict[str, Any]) -> Override:
        """Give a tier until a day; it never takes one away."""
        return actions.override_tier(by=self.actor, at=self.at, **data)

    @verb(permission=P.TIER_DECIDE, match=True)
    def end(self, override: Override, data: dict[str, Any]) -> Override:
        """The decision no longer holds; if the tier is not earned, its grace period starts."""
        return actions.end_override(by=self.actor, override=override, at=self.at)


class WaiverViewSet(BaseViewSet):
    """Requirements that are not asked of a partner until a day."""

    queryset = Waiver.objects.select_related("program")
    serializer_class = serializers.WaiverSerializer
    portal_serializer_class = serializers.PortalWaiverSerializer
    filterset_class = decision_filters.WaiverFilters
    view_permission = P.TIER_VIEW
    orderings = {"starts_on": "starts_on", "expires_on": "expires_on", "created_at": "created_at"}

    @creates(serializers.WaiveSerializer, permission=P.TIER_DECIDE)
    def create(self, data: dict[str, Any]) -> Waiver:
        """Waive one requirement of a tier until a day."""
        return actions.waive_requirement(by=self.actor, at=self.at, **data)

    @verb(permission=P.TIER_DECIDE, match=True)
    def end(self, waiver: Waiver, data: dict[str, Any]) -> Waiver:
        """The requirement is asked for again from today."""
        return actions.end_waiver(by=self.actor, waiver=waiver, at=self.at)


class TierAppealViewSet(BaseViewSet):
    """Appeals against decisions about a tier. Whoever made the decision does not decide its appeal."""

    queryset = TierAppeal.objects.select_related("program", "tier")
    serializer_class = serializers.TierAppealSerializer
    portal_serializer_class = serializers.PortalTierAppealSerializer
    filterset_class = decision_filters.TierAppealFilters
    view_permission = P.TIER_VIEW
    orderings = {"created_at": "created_at", "due": "due_at"}

    @creates(serializers.FileTierAppealSerializer, permission=P.TIER_APPEAL)
    def create(self, data: dict[str, Any]) -> TierAppeal:
        """Appeal a grace period, a fall or a declined rise, once and in time."""
        partner = get_object_or_404(Partner.objects.visible_to(self.actor), pk=self.actor.partner_id)
        return actions.file_tier_appeal(
            by=self.actor,
            partner=partner,
            subject_id=data["decision"],
            grounds=data["grounds"],
            at=self.at,
        )

    @verb(serializers.UpholdTierAppealSerializer, permission=P.TIER_DECIDE, match=True)
    def uphold(self, appeal: TierAppeal, data: dict[str, Any]) -> TierAppeal:
        """The partner is right: it holds the tier until a day."""
        return actions.uphold_tier_appeal(by=self.actor, appeal=appeal, at=self.at, **data)

    @verb(serializers.DismissTierAppealSerializer, permission=P.TIER_DECIDE, match=True)
    def dismiss(self, appeal: TierAppeal, data: dict[str, Any]) -> TierAppeal:
        """The decision stands; the partner is told why."""
        return actions.dismiss_tier_appeal(by=self.actor, appeal=appeal, at=self.at, **data)

    @verb(permission=P.TIER_APPEAL)
    def withdraw(self, appeal: TierAppeal, data: dict[str, Any]) -> TierAppeal:
        """The partner takes its appeal back."""
        return actions.withdraw_tier_appeal(by=self.actor, appeal=appeal, at=self.at)
