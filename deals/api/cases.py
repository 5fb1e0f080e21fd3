"""Endpoints of conflict cases."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch

from accounts.roles import Permission as P
from core.api import BaseViewSet, creates, verb
from deals import actions, serializers
from deals.case_filters import CasePartyFilters, ConflictCaseFilters
from deals.models import CaseParty, ConflictCase

PARTIES = Prefetch(
    "parties",
    CaseParty.objects.select_related("case__engagement_rules", "deal", "partner").prefetch_related(
        "evidence"
    ),
)


class ConflictCaseViewSet(BaseViewSet):
    """Conflict cases: the vendor's alone, for they name both sides. Decided ones with a name are precedents."""

    queryset = ConflictCase.objects.select_related("engagement_rules").prefetch_related(PARTIES)
    serializer_class = serializers.ConflictCaseSerializer
    filterset_class = ConflictCaseFilters
    view_permission = P.DEAL_VIEW
    orderings = {"created_at": "created_at", "due": "due_at", "decided_at": "decided_at"}

    def locked(self, record: ConflictCase) -> ConflictCase:
        return actions.lock_case(record)

    @creates(serializers.OpenCaseSerializer, permission=P.DEAL_DECIDE)
    def create(self, data: dict[str, Any]) -> ConflictCase:
        """Open a case about two claims; while one about the two runs, that one is given back."""
        return actions.open_case(by=self.actor, at=self.at, **data)

    @verb(serializers.AssignMediatorSerializer, permission=P.CASE_DECIDE)
    def assign(self, case: ConflictCase, data: dict[str, Any]) -> ConflictCase:
        """Give the case its mediator."""
        return actions.assign_mediator(by=self.actor, case=case, at=self.at, **data)

    @verb(permission=P.CASE_DECIDE)
    def gather(self, case: ConflictCase, data: dict[str, Any]) -> ConflictCase:
        """Ask both sides for evidence; neither learns who the other is."""
        return actions.gather_evidence(by=self.actor, case=case, at=self.at)

    @verb(serializers.ProposeOutcomeSerializer, permission=P.CASE_DECIDE, match=True)
    def propose(self, case: ConflictCase, data: dict[str, Any]) -> ConflictCase:
        """Propose an outcome, a split with the share of each side in percent."""
        return actions.propose_outcome(by=self.actor, case=case, at=self.at, **data)

    @verb(serializers.DecideCaseSerializer, permission=P.CASE_DECIDE, match=True)
    def decide(self, case: ConflictCase, data: dict[str, Any]) -> ConflictCase:
        """Decide; registrations, protections and a merge that waited follow in the same moment."""
        return actions.decide_case(by=self.actor, case=case, at=self.at, **data)

    @verb(serializers.CloseCaseSerializer, permission=P.CASE_DECIDE)
    def close(self, case: ConflictCase, data: dict[str, Any]) -> ConflictCase:
        """End the case without a decision."""
        return actions.close_case(by=self.actor, case=case, at=self.at, **data)


class CasePartyViewSet(BaseViewSet):
    """One side of a conflict. A partner reads its own once it was asked."""

    queryset = CaseParty.objects.select_related("case__engagement_rules", "deal", "partner").prefetch_related(
        "evidence"
    )
    serializer_class = serializers.CasePartySerializer
    portal_serializer_class = serializers.PortalCasePartySerializer
    filterset_class = CasePartyFilters
    view_permission = P.DEAL_VIEW

    def locked(self, record: CaseParty) -> CaseParty:
        return actions.lock_party(record)

    @verb(serializers.GiveEvidenceSerializer, permission=P.CASE_ANSWER, path="give-evidence")
    def give_evidence(self, party: CaseParty, data: dict[str, Any]) -> CaseParty:
        """Say what speaks for this side."""
        return actions.give_evidence(by=self.actor, party=party, at=self.at, **data).party
