"""Endpoints of the rules of engagement."""

from __future__ import annotations

from typing import Any

from accounts.roles import Permission as P
from core.api import BaseViewSet, changes, creates, verb
from deals import actions, filters, serializers
from deals.models import EngagementRules


class EngagementRulesViewSet(BaseViewSet):
    """Versions of the rules of engagement; partners see those that were announced."""

    queryset = EngagementRules.objects.all()
    serializer_class = serializers.RulesSerializer
    portal_serializer_class = serializers.PortalRulesSerializer
    filterset_class = filters.EngagementRulesFilters
    view_permission = P.DEAL_VIEW
    orderings = {"number": "number"}
    default_ordering = "-number"

    @creates(serializers.DraftRulesSerializer, permission=P.RULES_EDIT)
    def create(self, data: dict[str, Any]) -> EngagementRules:
        """Draft a new version."""
        return actions.draft_rules(by=self.actor, at=self.at, **data)

    @changes(serializers.DraftRulesSerializer, permission=P.RULES_EDIT)
    def partial_update(self, rules: EngagementRules, data: dict[str, Any]) -> EngagementRules:
        """Change a draft."""
        return actions.change_rules(by=self.actor, rules=rules, at=self.at, **data)

    @verb(serializers.AnnounceRulesSerializer, permission=P.RULES_EDIT, match=True)
    def announce(self, rules: EngagementRules, data: dict[str, Any]) -> EngagementRules:
        """Tell every partner; what may be worse for them needs the setting's notice."""
        return actions.announce_rules(by=self.actor, rules=rules, at=self.at, **data)

    @verb(permission=P.RULES_EDIT)
    def discard(self, rules: EngagementRules, data: dict[str, Any]) -> EngagementRules:
        """Throw a draft away, or take an announcement back."""
        return actions.discard_rules(by=self.actor, rules=rules, at=self.at)
