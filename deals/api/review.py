"""Endpoints of the review: notes for colleagues. Assigning and approving many at once lie with the registrations."""

from __future__ import annotations

from typing import Any

from accounts.roles import Permission as P
from core.api import BaseViewSet, creates
from deals import actions, filters, serializers
from deals.models import DealNote


class DealNoteViewSet(BaseViewSet):
    """Notes for colleagues on registrations. No partner reads them; they are never changed."""

    queryset = DealNote.objects.select_related("deal")
    serializer_class = serializers.DealNoteSerializer
    filterset_class = filters.DealNoteFilters
    view_permission = P.WORKSPACE_VIEW

    @creates(serializers.AddNoteSerializer, permission=P.DEAL_DECIDE)
    def create(self, data: dict[str, Any]) -> DealNote:
        """Write a note on a registration."""
        return actions.note_deal(by=self.actor, at=self.at, **data)
