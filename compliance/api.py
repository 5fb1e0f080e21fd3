"""Gates and their records over the API."""

from __future__ import annotations

from typing import Any

from accounts.roles import Permission as P
from compliance import actions, filters, serializers
from compliance.models import Gate, GateRecord
from core.api import BaseViewSet, creates, verb


class GateViewSet(BaseViewSet):
    """What a certified partner has passed. Gates come from the program file."""

    queryset = Gate.objects.all()
    serializer_class = serializers.GateSerializer
    filterset_class = filters.GateFilters
    view_permission = P.GATE_VIEW
    orderings = {"position": "position", "code": "code", "name": "name"}
    default_ordering = "position"


class GateRecordViewSet(BaseViewSet):
    """Which partner passed which gate, and until when."""

    queryset = GateRecord.objects.select_related("gate")
    serializer_class = serializers.GateRecordSerializer
    portal_serializer_class = serializers.PortalGateRecordSerializer
    filterset_class = filters.GateRecordFilters
    view_permission = P.GATE_VIEW
    orderings = {"passed_on": "passed_on", "valid_until": "valid_until", "created_at": "created_at"}
    default_ordering = "-passed_on"

    @creates(serializers.RecordGateSerializer, permission=P.GATE_RECORD)
    def create(self, data: dict[str, Any]) -> GateRecord:
        """Record that a partner passed a gate."""
        return actions.record_gate(by=self.actor, at=self.at, **data)

    @verb(serializers.RevokeGateSerializer, permission=P.GATE_RECORD)
    def revoke(self, gate_record: GateRecord, data: dict[str, Any]) -> GateRecord:
        """From today it no longer counts."""
        return actions.revoke_gate(
            by=self.actor,
            gate_record=gate_record,
            reason_code=data["reason"],
            comment=data.get("comment", ""),
            at=self.at,
        )
