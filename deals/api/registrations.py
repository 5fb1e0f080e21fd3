"""Endpoints of registrations, their types and stages."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.roles import Permission as P
from core.api import BaseViewSet, changes, creates, verb
from deals import actions, filters, serializers
from deals.models import (
    Deal,
    DealType,
    Stage,
)
from partners.models import Partner


class DealViewSet(BaseViewSet):
    """Deal registrations."""

    queryset = Deal.objects.select_related(
        "partner", "stage", "type", "channel", "organization", "duplicate_of"
    ).prefetch_related("products")
    serializer_class = serializers.DealSerializer
    portal_serializer_class = serializers.PortalDealSerializer
    view_permission = P.DEAL_VIEW
    orderings = {
        "created_at": "created_at", "number": "number", "due": "next_at", "expected_close_on": "expected_close_on",
        "protected_until": "protected_until", "submitted_at": "submitted_at",
    }  # fmt: skip

    @property
    def filterset_class(self) -> Any:
        """A partner cannot ask for conflicts: a filter would tell what the answer hides."""
        for_vendor = getattr(self, "swagger_fake_view", False) or self.actor.is_vendor
        return filters.DealFilters if for_vendor else filters.PortalDealFilters

    @creates(serializers.RegisterDealSerializer, permission=P.DEAL_REGISTER)
    def create(self, data: dict[str, Any]) -> Deal:
        """Register a deal, or keep a draft of one. With an external_ref a repeat gets the first registration."""
        partner = self.partner_of(data.pop("partner", None))
        work = actions.start_draft if data.pop("is_draft") else actions.register_deal
        source = "manager" if self.actor.is_vendor and not self.actor.key_id else "api"
        return work(by=self.actor, partner=partner, source=source, at=self.at, **_named(data))

    def partner_of(self, given: Partner | None) -> Partner:
        """Whose registration it is: one's own, or the one that the vendor's side names."""
        if given:
            return given
        own = Partner.objects.visible_to(self.actor).filter(pk=self.actor.partner_id).first()
        if own is None:
            raise ValidationError({"partner": _("Name the partner.")})
        return own

    @changes(serializers.DealFactsSerializer, permission=P.DEAL_EDIT)
    def partial_update(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """Change a draft, or the fields that a question has opened."""
        return actions.change_deal(by=self.actor, deal=deal, at=self.at, **data)

    @verb(permission=P.DEAL_REGISTER)
    def submit(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """Send a draft, or the answer to a question."""
        return actions.submit_deal(by=self.actor, deal=deal, at=self.at)

    @verb(permission=P.DEAL_EDIT)
    def discard(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """Throw a draft away."""
        return actions.discard_draft(by=self.actor, deal=deal, at=self.at)

    @verb(serializers.ReasonSerializer, permission=P.DEAL_EDIT)
    def withdraw(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """Take a registration back; a protection ends."""
        return actions.withdraw_deal(by=self.actor, deal=deal, at=self.at, **data)

    @verb(permission=P.DEAL_DECIDE)
    def start_review(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """Take a submitted registration up."""
        return actions.start_review(by=self.actor, deal=deal, at=self.at)

    @verb(permission=P.DEAL_DECIDE, path="check-again")
    def check_again(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """Look for conflicts again; the newest check holds what was found."""
        return actions.recheck_conflicts(by=self.actor, deal=deal, at=self.at)

    @verb(serializers.AskSerializer, permission=P.DEAL_DECIDE)
    def ask_for_more(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """Ask the partner; the named fields open and the clock stands still."""
        return actions.ask_for_more(by=self.actor, deal=deal, at=self.at, **data)

    @verb(serializers.ApproveSerializer, permission=P.DEAL_DECIDE, match=True)
    def approve(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """Approve and protect the customer."""
        return actions.approve_deal(by=self.actor, deal=deal, at=self.at, **data)

    @verb(serializers.ApproveWithConditionsSerializer, permission=P.DEAL_DECIDE, match=True)
    def approve_with_conditions(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """Approve and protect until the day of the conditions; once they are met, for the protection's own days."""
        return actions.approve_deal(by=self.actor, deal=deal, at=self.at, **data)

    @verb(serializers.MeetConditionsSerializer, permission=P.DEAL_DECIDE, match=True)
    def meet_conditions(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """Tick conditions off; with the last one the approval has none any more."""
        met, comment = data.get("conditions"), data["comment"]
        return actions.meet_conditions(by=self.actor, deal=deal, met=met, comment=comment, at=self.at)

    @verb(serializers.ReasonSerializer, permission=P.DEAL_DECIDE, match=True)
    def miss_conditions(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """The conditions will not be met: the protection ends today."""
        return actions.miss_conditions(by=self.actor, deal=deal, at=self.at, **data)

    @verb(serializers.ReasonSerializer, permission=P.DEAL_DECIDE, match=True)
    def reject(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """Refuse with a reason."""
        return actions.reject_deal(by=self.actor, deal=deal, at=self.at, **data)

    @verb(serializers.DuplicateSerializer, permission=P.DEAL_DECIDE, match=True)
    def mark_duplicate(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """Close it as a repeat of an earlier registration of the same partner."""
        return actions.mark_duplicate(by=self.actor, deal=deal, at=self.at, **data)

    @verb(serializers.ReasonSerializer, permission=P.DEAL_DECIDE, match=True)
    def revoke(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """End a protection early."""
        return actions.revoke_deal(by=self.actor, deal=deal, at=self.at, **data)

    @verb(serializers.MoreTimeSerializer, permission=P.DEAL_EDIT)
    def request_extension(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """Ask for a longer protection; say what happened within the last 30 days."""
        return actions.request_extension(by=self.actor, deal=deal, at=self.at, **data).deal

    @verb(serializers.MoreTimeSerializer, permission=P.DEAL_EDIT)
    def request_renewal(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """Ask for a protection that ended by its date to begin again, within the grace."""
        return actions.request_renewal(by=self.actor, deal=deal, at=self.at, **data).deal

    @verb(serializers.CommentSerializer, permission=P.DEAL_DECIDE, match=True)
    def renew(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """Grant the renewal that the partner has asked for."""
        return actions.renew_deal(by=self.actor, deal=deal, at=self.at, **data)

    @verb(serializers.LinkCustomerSerializer, permission=P.DEAL_DECIDE)
    def link_customer(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """Say which organization the customer is; the partner is not told."""
        return actions.link_customer(by=self.actor, deal=deal, at=self.at, **data)

    @verb(serializers.AddCustomerSerializer, permission=P.ORGANIZATION_EDIT)
    def add_customer(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """Record the customer as a new organization and link it; what was typed is the default."""
        return actions.add_customer(by=self.actor, deal=deal, at=self.at, **data)

    @verb(serializers.StageSerializer, permission=P.DEAL_EDIT)
    def update_stage(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """Say how far the deal is."""
        return actions.update_stage(by=self.actor, deal=deal, at=self.at, **data)

    @verb(serializers.WinSerializer, permission=P.DEAL_EDIT, takes_file=True)
    def report_win(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """Report the win with the order, or its reference; it counts once it is booked."""
        return actions.report_win(by=self.actor, deal=deal, at=self.at, **data)

    @verb(serializers.ReasonSerializer, permission=P.DEAL_EDIT)
    def report_loss(self, deal: Deal, data: dict[str, Any]) -> Deal:
        """Report the loss with its reason; the protection ends."""
        return actions.report_loss(by=self.actor, deal=deal, at=self.at, **data)


def _named(data: dict[str, Any]) -> dict[str, Any]:
    """A registration has a customer: named, or chosen."""
    if not data.get("customer_name") and not data.get("organization"):
        raise ValidationError({"customer_name": _("Name the customer.")})
    return data


class DealTypeViewSet(BaseViewSet):
    """The ways to sell together."""

    queryset = DealType.objects.active()
    serializer_class = serializers.DealTypeSerializer
    view_permission = P.DEAL_VIEW
    orderings = {"position": "position"}
    default_ordering = "position"


class StageViewSet(BaseViewSet):
    """The stages that partners own, each with what must be true to reach it."""

    queryset = Stage.objects.active()
    serializer_class = serializers.StageRowSerializer
    view_permission = P.DEAL_VIEW
    orderings = {"position": "position"}
    default_ordering = "position"
