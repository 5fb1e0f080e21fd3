"""Endpoints of appeals."""

from __future__ import annotations

from typing import Any

from accounts.roles import Permission as P
from core.api import BaseViewSet, creates, verb
from deals import actions, filters, serializers
from deals.models import (
    Appeal,
)


class AppealViewSet(BaseViewSet):
    """Appeals against refusals. Whoever decided the registration does not decide its appeal."""

    queryset = Appeal.objects.select_related("deal__partner")
    serializer_class = serializers.AppealSerializer
    portal_serializer_class = serializers.PortalAppealSerializer
    filterset_class = filters.AppealFilters
    view_permission = P.DEAL_VIEW
    orderings = {"created_at": "created_at", "due": "due_at"}

    def locked(self, record: Appeal) -> Appeal:
        return actions.lock_appeal(record)

    @creates(serializers.FileAppealSerializer, permission=P.APPEAL_FILE)
    def create(self, data: dict[str, Any]) -> Appeal:
        """Appeal a refusal, once per decision and in time."""
        return actions.file_appeal(by=self.actor, at=self.at, **data)

    @verb(serializers.UpholdAppealSerializer, permission=P.DEAL_DECIDE, match=True)
    def uphold(self, appeal: Appeal, data: dict[str, Any]) -> Appeal:
        """The partner is right: the registration is in review again, or approved at once."""
        return actions.uphold_appeal(by=self.actor, appeal=appeal, at=self.at, **data)

    @verb(serializers.DismissAppealSerializer, permission=P.DEAL_DECIDE, match=True)
    def dismiss(self, appeal: Appeal, data: dict[str, Any]) -> Appeal:
        """The decision stands; the partner is told why."""
        return actions.dismiss_appeal(by=self.actor, appeal=appeal, at=self.at, **data)

    @verb(permission=P.APPEAL_FILE)
    def withdraw(self, appeal: Appeal, data: dict[str, Any]) -> Appeal:
        """The partner takes its appeal back."""
        return actions.withdraw_appeal(by=self.actor, appeal=appeal, at=self.at)
