"""Endpoints of what direct sales hold."""

from __future__ import annotations

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import Permission as P
from core.api import BaseViewSet, StrictSerializer, changes, creates, require_known, verb
from deals import actions, filters, serializers
from deals.actions.direct import ACCOUNTS, BLOCKS, OPPORTUNITIES
from deals.models import BlockedAccount, DirectAccount, DirectOpportunity, SegmentPolicy


class ReadingIn(BaseViewSet):
    """A list that can be sent as CSV."""

    view_permission = P.DIRECT_VIEW
    kind: ClassVar[str] = ""

    @extend_schema(request=serializers.DirectListSerializer, responses=serializers.ListReportSerializer)
    @action(detail=False, methods=["post"], url_path="import")
    def read_in(self, request: Request) -> Response:
        """Record a CSV list. Sent twice, it changes nothing; each line's result and reason come back."""
        require_known(request.query_params, {"format"})
        self.permit(P.DIRECT_EDIT)
        data = self.clean(serializers.DirectListSerializer)
        return self.write(lambda: Response(self._import(**data)))

    def _import(self, rows: str, dry_run: bool) -> dict[str, Any]:
        report = actions.import_direct_list(
            by=self.actor, kind=self.kind, text=rows, at=self.at, dry_run=dry_run
        )
        return report.as_json()


class DirectOpportunityViewSet(ReadingIn):
    """Business that direct sales follow up themselves; registrations are compared with it."""

    kind = OPPORTUNITIES
    queryset = DirectOpportunity.objects.select_related("organization").prefetch_related("products")
    serializer_class = serializers.DirectOpportunitySerializer
    filterset_class = filters.DirectOpportunityFilters
    orderings = {"first_activity_on": "first_activity_on", "created_at": "created_at", "number": "number"}

    @creates(serializers.RecordOpportunitySerializer, permission=P.DIRECT_EDIT)
    def create(self, data: dict[str, Any]) -> DirectOpportunity:
        """Record an opportunity; open registrations on its customer are compared anew."""
        return actions.record_opportunity(by=self.actor, at=self.at, **data)

    @changes(serializers.OpportunityFactsSerializer, permission=P.DIRECT_EDIT)
    def partial_update(self, opportunity: DirectOpportunity, data: dict[str, Any]) -> DirectOpportunity:
        """Change what is known of it, its state among it."""
        return actions.change_opportunity(by=self.actor, opportunity=opportunity, at=self.at, **data)


class DirectAccountViewSet(ReadingIn):
    """The approved list: direct sales serve these accounts."""

    kind = ACCOUNTS
    queryset = DirectAccount.objects.select_related("organization")
    serializer_class = serializers.DirectAccountSerializer
    filterset_class = filters.DirectAccountFilters
    orderings = {"since": "since", "refreshed_on": "refreshed_on", "created_at": "created_at"}

    @creates(serializers.AccountSerializer, permission=P.DIRECT_EDIT)
    def create(self, data: dict[str, Any]) -> DirectAccount:
        """Put an account on the list."""
        return actions.approve_direct_account(by=self.actor, at=self.at, **data)

    @extend_schema(request=None, responses=serializers.ListConfirmedSerializer)
    @action(detail=False, methods=["post"])
    def refresh(self, request: Request) -> Response:
        """Confirm the whole list as of today."""
        require_known(request.query_params, {"format"})
        self.permit(P.DIRECT_EDIT)
        self.clean(StrictSerializer)
        return self.write(
            lambda: Response({"confirmed": actions.refresh_direct_accounts(by=self.actor, at=self.at)})
        )

    @verb(permission=P.DIRECT_EDIT)
    def end(self, account: DirectAccount, data: dict[str, Any]) -> DirectAccount:
        """Take it off the list."""
        return actions.end_direct_account(by=self.actor, account=account, at=self.at)


class BlockedAccountViewSet(ReadingIn):
    """Accounts that nobody may register."""

    kind = BLOCKS
    queryset = BlockedAccount.objects.select_related("organization")
    serializer_class = serializers.BlockedAccountSerializer
    filterset_class = filters.BlockedAccountFilters
    orderings = {"since": "since", "created_at": "created_at"}

    @creates(serializers.AccountSerializer, permission=P.DIRECT_EDIT)
    def create(self, data: dict[str, Any]) -> BlockedAccount:
        """Block an account."""
        return actions.block_account(by=self.actor, at=self.at, **data)

    @verb(permission=P.DIRECT_EDIT)
    def end(self, account: BlockedAccount, data: dict[str, Any]) -> BlockedAccount:
        """Open it again."""
        return actions.unblock_account(by=self.actor, account=account, at=self.at)


class SegmentPolicyViewSet(BaseViewSet):
    """Who serves which customers where: direct sales alone, partners first, or both. The first that fits decides."""

    queryset = SegmentPolicy.objects.active()
    serializer_class = serializers.SegmentPolicySerializer
    view_permission = P.DEAL_VIEW
    orderings = {"position": "position"}
    default_ordering = "position"
