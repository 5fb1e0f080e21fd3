"""Endpoints of checks for conflicts."""

from __future__ import annotations

from accounts.roles import Permission as P
from core.api import BaseViewSet
from deals import filters, serializers
from deals.explanation import WITH_CANDIDATES
from deals.models import (
    ConflictCheck,
    ConflictRules,
)


class ConflictCheckViewSet(BaseViewSet):
    """What was compared, and how the score came about. A partner reads it once its registration is decided."""

    queryset = ConflictCheck.objects.select_related("deal").prefetch_related(WITH_CANDIDATES)
    serializer_class = serializers.ConflictCheckSerializer
    portal_serializer_class = serializers.PortalConflictCheckSerializer
    filterset_class = filters.ConflictCheckFilters
    view_permission = P.DEAL_VIEW
    orderings = {"created_at": "created_at"}


class ConflictRulesViewSet(BaseViewSet):
    """How conflicts are weighed, number by number: weights, matches, bands, precedence and look-back. Published."""

    queryset = ConflictRules.objects.all()
    serializer_class = serializers.ConflictRulesSerializer
    portal_serializer_class = serializers.PortalConflictRulesSerializer
    view_permission = P.DEAL_VIEW
    orderings = {"number": "number"}
    default_ordering = "-number"
