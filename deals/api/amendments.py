"""Endpoints of amendments."""

from __future__ import annotations

from typing import Any

from accounts.roles import Permission as P
from core.api import BaseViewSet, verb
from deals import actions, filters, serializers
from deals.models import Amendment


class AmendmentViewSet(BaseViewSet):
    """Requests to change what was approved, and their answers. They are made at the deal: request-amendment."""

    queryset = Amendment.objects.select_related("deal")
    serializer_class = serializers.AmendmentSerializer
    portal_serializer_class = serializers.PortalAmendmentSerializer
    filterset_class = filters.AmendmentFilters
    view_permission = P.DEAL_VIEW
    orderings = {"created_at": "created_at", "due": "due_at"}

    def locked(self, record: Amendment) -> Amendment:
        return actions.lock_amendment(record)

    @verb(serializers.AcceptAmendmentSerializer, permission=P.DEAL_DECIDE, match=True)
    def accept(self, amendment: Amendment, data: dict[str, Any]) -> Amendment:
        """Carry the change out; added products must be free and keep to what approvals keep to."""
        return actions.accept_amendment(by=self.actor, amendment=amendment, at=self.at, **data)

    @verb(serializers.ReasonSerializer, permission=P.DEAL_DECIDE, match=True)
    def refuse(self, amendment: Amendment, data: dict[str, Any]) -> Amendment:
        """It stays as it was approved, with a reason."""
        return actions.refuse_amendment(by=self.actor, amendment=amendment, at=self.at, **data)

    @verb(permission=P.DEAL_EDIT)
    def withdraw(self, amendment: Amendment, data: dict[str, Any]) -> Amendment:
        """The partner takes its request back."""
        return actions.withdraw_amendment(by=self.actor, amendment=amendment, at=self.at)
