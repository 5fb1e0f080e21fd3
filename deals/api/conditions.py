"""Endpoints of the conditions of approvals."""

from __future__ import annotations

from typing import Any

from accounts.roles import Permission as P
from core.api import BaseViewSet, verb
from deals import actions, filters, serializers
from deals.models import Condition


class ConditionViewSet(BaseViewSet):
    """Conditions of approvals. They are made by approving with conditions and ticked off at the deal."""

    queryset = Condition.objects.select_related("deal")
    serializer_class = serializers.ConditionSerializer
    portal_serializer_class = serializers.PortalConditionSerializer
    filterset_class = filters.ConditionFilters
    view_permission = P.DEAL_VIEW
    orderings = {"created_at": "created_at"}

    def locked(self, record: Condition) -> Condition:
        return actions.lock_condition(record)

    @verb(serializers.AnswerConditionSerializer, permission=P.DEAL_EDIT, takes_file=True)
    def answer(self, condition: Condition, data: dict[str, Any]) -> Condition:
        """Say how a condition is met; it may be said anew until it is ticked off."""
        return actions.answer_condition(by=self.actor, condition=condition, at=self.at, **data)
