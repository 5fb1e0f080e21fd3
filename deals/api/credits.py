"""The endpoint of credit; it is set at the deal: set-credit."""

from __future__ import annotations

from accounts.roles import Permission as P
from core.api import BaseViewSet
from deals import filters, serializers
from deals.models import DealCredit


class DealCreditViewSet(BaseViewSet):
    """Shares in deals, those that hold and those that did. A partner reads its own alone."""

    queryset = DealCredit.objects.select_related("deal", "partner")
    serializer_class = serializers.DealCreditSerializer
    portal_serializer_class = serializers.PortalDealCreditSerializer
    filterset_class = filters.DealCreditFilters
    view_permission = P.DEAL_VIEW
    orderings = {"valid_from": "valid_from", "created_at": "created_at"}
