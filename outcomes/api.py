"""Answers and contributions over the API."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import Permission as P
from core.api import BaseViewSet, creates, require_known, verb
from outcomes import actions, filters, rules, serializers
from outcomes.models import SatisfactionAnswer, ValueContribution


class OfCustomersViewSet(BaseViewSet):
    """Rows of which the reader may know the customer or not."""

    view_permission = P.OUTCOME_VIEW

    def get_queryset(self) -> Any:
        return super().get_queryset().with_known_customer(self.actor)


class SatisfactionAnswerViewSet(OfCustomersViewSet):
    """What customers say of partners' work, on the scale on which they were asked."""

    queryset = SatisfactionAnswer.objects.all()
    serializer_class = serializers.AnswerSerializer
    portal_serializer_class = serializers.PortalAnswerSerializer
    filterset_class = filters.AnswerFilters
    orderings = {"answered_on": "answered_on", "created_at": "created_at"}
    default_ordering = "-answered_on"

    @creates(serializers.RecordAnswerSerializer, permission=P.ANSWER_RECORD)
    def create(self, data: dict[str, Any]) -> SatisfactionAnswer:
        """Record a customer's answer. The same reference with the same facts answers with the first one."""
        return actions.record_answer(by=self.actor, at=self.at, source=rules.API, **data)

    @verb(serializers.WithdrawSerializer, permission=P.ANSWER_RECORD)
    def withdraw(self, answer: SatisfactionAnswer, data: dict[str, Any]) -> SatisfactionAnswer:
        """From today it no longer counts."""
        return actions.withdraw_answer(
            by=self.actor,
            answer=answer,
            reason_code=data["reason"],
            comment=data.get("comment", ""),
            at=self.at,
        )

    @extend_schema(request=serializers.ImportSerializer, responses=serializers.ReadInSerializer)
    @action(detail=False, methods=["post"], url_path="import")
    def read_in(self, request: Request) -> Response:
        """Record a list: partner, customer, answered_on, score, scale_low, scale_high, question, role, reference."""
        require_known(request.query_params, {"format"})
        self.permit(P.ANSWER_RECORD)
        data = self.clean(serializers.ImportSerializer)
        return self.write(lambda: Response(self._import(**data)))

    def _import(self, rows: str, dry_run: bool) -> dict[str, Any]:
        return actions.import_answers(by=self.actor, text=rows, at=self.at, dry_run=dry_run).as_json()


class ContributionViewSet(OfCustomersViewSet):
    """What partners contribute besides revenue. It counts once another person has verified it."""

    queryset = ValueContribution.objects.all()
    serializer_class = serializers.ContributionSerializer
    filterset_class = filters.ContributionFilters
    orderings = {"occurred_on": "occurred_on", "created_at": "created_at"}
    default_ordering = "-occurred_on"

    @creates(serializers.RecordContributionSerializer, permission=P.CONTRIBUTION_RECORD)
    def create(self, data: dict[str, Any]) -> ValueContribution:
        """Record a contribution. The same reference with the same facts answers with the first one."""
        return actions.record_contribution(by=self.actor, at=self.at, source=rules.API, **data)

    @verb(permission=P.CONTRIBUTION_VERIFY)
    def verify(self, contribution: ValueContribution, data: dict[str, Any]) -> ValueContribution:
        """Say that it is so; never what you recorded yourself."""
        return actions.verify_contribution(by=self.actor, contribution=contribution, at=self.at)

    @verb(serializers.DeclineSerializer, permission=P.CONTRIBUTION_VERIFY)
    def decline(self, contribution: ValueContribution, data: dict[str, Any]) -> ValueContribution:
        """Say why it does not count."""
        return actions.decline_contribution(
            by=self.actor, contribution=contribution, why=data["why"], at=self.at
        )

    @extend_schema(request=serializers.ImportSerializer, responses=serializers.ReadInSerializer)
    @action(detail=False, methods=["post"], url_path="import")
    def read_in(self, request: Request) -> Response:
        """Record a list: partner, kind, title, occurred_on, evidence, customer, quantity, link, reference."""
        require_known(request.query_params, {"format"})
        self.permit(P.CONTRIBUTION_VERIFY)
        data = self.clean(serializers.ImportSerializer)
        return self.write(lambda: Response(self._import(**data)))

    def _import(self, rows: str, dry_run: bool) -> dict[str, Any]:
        return actions.import_contributions(by=self.actor, text=rows, at=self.at, dry_run=dry_run).as_json()
