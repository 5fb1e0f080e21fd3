"""Endpoints of go-lives, and of the customer's answer."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import Permission as P
from core import clock
from core.api import BaseViewSet, creates, verb
from core.public_api import PublicEndpoint
from deals import actions, filters, serializers
from deals.actions.implementations import CUSTOMER, asked_by
from deals.models import (
    Implementation,
)


class ImplementationViewSet(BaseViewSet):
    """Go-lives: reported, then accepted by the customer or by a signed document."""

    queryset = Implementation.objects.select_related("deal", "product")
    serializer_class = serializers.ImplementationSerializer
    filterset_class = filters.ImplementationFilters
    view_permission = P.DEAL_VIEW
    orderings = {"went_live_on": "went_live_on", "created_at": "created_at", "due": "due_at"}

    @creates(serializers.ReportImplementationSerializer, permission=P.IMPLEMENTATION_REPORT)
    def create(self, data: dict[str, Any]) -> Implementation:
        """Report a go-live; the customer's named person gets a link to confirm it."""
        return actions.report_implementation(by=self.actor, at=self.at, **data)

    @verb(serializers.AcceptSerializer, permission=P.IMPLEMENTATION_CONFIRM, takes_file=True)
    def accept(self, implementation: Implementation, data: dict[str, Any]) -> Implementation:
        """Accept with the customer's signed document."""
        return actions.accept_implementation(by=self.actor, implementation=implementation, at=self.at, **data)

    @verb(permission=P.IMPLEMENTATION_REPORT)
    def ask_again(self, implementation: Implementation, data: dict[str, Any]) -> Implementation:
        """Send the customer's person a new link."""
        return actions.ask_customer_again(by=self.actor, implementation=implementation, at=self.at)

    @verb(permission=P.IMPLEMENTATION_REPORT)
    def withdraw(self, implementation: Implementation, data: dict[str, Any]) -> Implementation:
        """Take a reported go-live back."""
        return actions.withdraw_implementation(by=self.actor, implementation=implementation, at=self.at)


class PublicAnswers(PublicEndpoint):
    """Where the customer's named person answers."""

    @extend_schema(
        operation_id="public_implementations_answer",
        request=serializers.CustomerAnswerSerializer,
        responses={200: serializers.ThanksSerializer},
    )
    def post(self, request: Request) -> Response:
        """Say whether a product is in use, with the token of the mail's link; it works once."""
        data = self.clean(serializers.CustomerAnswerSerializer)
        return self.write(lambda: self.answered(**data))

    def answered(self, token: str, answer: str, note: str) -> Response:
        at = clock.now()
        link, implementation = asked_by(token, at)
        facts: dict[str, Any] = {"by": CUSTOMER, "link": link, "implementation": implementation, "at": at}
        if answer == "decline":
            actions.decline_by_customer(**facts, note=note)
        else:
            actions.confirm_by_customer(**facts)
        return Response({"detail": _("Thank you.")})
