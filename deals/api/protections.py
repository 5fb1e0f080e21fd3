"""Endpoints of protections and of requests for more time."""

from __future__ import annotations

from typing import Any

from accounts.roles import Permission as P
from core.api import BaseViewSet, verb
from deals import actions, filters, serializers
from deals.models import (
    Extension,
    Protection,
    ProtectionLength,
)


class ProtectionViewSet(BaseViewSet):
    """Protections, running and past. They come by approvals and go by date, by the deal's end or a revocation."""

    queryset = Protection.objects.select_related("deal", "organization", "product")
    serializer_class = serializers.ProtectionSerializer
    filterset_class = filters.ProtectionFilters
    view_permission = P.DEAL_VIEW
    orderings = {"until": "until", "created_at": "created_at"}


class ExtensionViewSet(BaseViewSet):
    """Requests for more time, and their answers. They are made at the deal: request-extension, request-renewal."""

    queryset = Extension.objects.select_related("deal")
    serializer_class = serializers.ExtensionSerializer
    portal_serializer_class = serializers.PortalExtensionSerializer
    filterset_class = filters.ExtensionFilters
    view_permission = P.DEAL_VIEW
    orderings = {"due": "due_at", "created_at": "created_at"}

    def locked(self, record: Extension) -> Extension:
        return actions.lock_extension(record)

    @verb(serializers.CommentSerializer, permission=P.DEAL_DECIDE, match=True)
    def grant(self, extension: Extension, data: dict[str, Any]) -> Extension:
        """Say yes: the protection runs longer, or begins again."""
        return actions.grant_extension(by=self.actor, extension=extension, at=self.at, **data)

    @verb(serializers.ReasonSerializer, permission=P.DEAL_DECIDE, match=True)
    def refuse(self, extension: Extension, data: dict[str, Any]) -> Extension:
        """Say no with a reason."""
        return actions.refuse_extension(by=self.actor, extension=extension, at=self.at, **data)


class ProtectionLengthViewSet(BaseViewSet):
    """How long the program protects which registrations; the first that fits applies, else the usual length."""

    queryset = ProtectionLength.objects.active()
    serializer_class = serializers.ProtectionLengthSerializer
    view_permission = P.DEAL_VIEW
    orderings = {"position": "position"}
    default_ordering = "position"
