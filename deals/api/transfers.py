"""Endpoints of transfers and of the partners' consents."""

from __future__ import annotations

from typing import Any

from accounts.roles import Permission as P
from core.api import BaseViewSet, verb
from deals import actions, filters, serializers
from deals.models import Consent, Transfer


class TransferViewSet(BaseViewSet):
    """Transfers, as the vendor and the holder see them. They begin at the deal: request-transfer, propose-transfer."""

    queryset = Transfer.objects.select_related("deal__partner", "receiver", "taken_over_by")
    serializer_class = serializers.TransferSerializer
    portal_serializer_class = serializers.PortalTransferSerializer
    filterset_class = filters.TransferFilters
    view_permission = P.DEAL_VIEW
    orderings = {"created_at": "created_at", "due": "due_at"}

    def locked(self, record: Transfer) -> Transfer:
        return actions.lock_transfer(record)

    @verb(permission=P.DEAL_DECIDE, match=True)
    def carry_out(self, transfer: Transfer, data: dict[str, Any]) -> Transfer:
        """Both have agreed: the registration and its protection pass over."""
        return actions.carry_out_transfer(by=self.actor, transfer=transfer, at=self.at)

    @verb(permission=P.DEAL_EDIT)
    def cancel(self, transfer: Transfer, data: dict[str, Any]) -> Transfer:
        """Give it up; the holder takes back what it asked for."""
        return actions.cancel_transfer(by=self.actor, transfer=transfer, at=self.at)


class ConsentViewSet(BaseViewSet):
    """What each partner says to a transfer; either sees its own alone."""

    queryset = Consent.objects.select_related(
        "transfer__deal__partner", "transfer__receiver", "partner"
    ).prefetch_related("transfer__deal__products")
    serializer_class = serializers.ConsentSerializer
    portal_serializer_class = serializers.PortalConsentSerializer
    filterset_class = filters.ConsentFilters
    view_permission = P.DEAL_VIEW
    orderings = {"created_at": "created_at"}

    def locked(self, record: Consent) -> Consent:
        return actions.lock_consent(record)

    @verb(serializers.CommentSerializer, permission=P.TRANSFER_ANSWER)
    def give(self, consent: Consent, data: dict[str, Any]) -> Consent:
        """Agree."""
        return actions.give_consent(by=self.actor, consent=consent, at=self.at, **data)

    @verb(serializers.CommentSerializer, permission=P.TRANSFER_ANSWER)
    def decline(self, consent: Consent, data: dict[str, Any]) -> Consent:
        """Do not agree, or take a consent back before the transfer is carried out."""
        return actions.decline_consent(by=self.actor, consent=consent, at=self.at, **data)
