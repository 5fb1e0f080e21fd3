"""Filters of conflict cases, used by the pages and the API alike."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from deals import case_rules as rules
from deals import engagement
from deals.models import CaseParty, ConflictCase, EngagementRules

STATUSES = [("running", _("Running")), ("mine", _("Mine to decide")), ("precedents", _("Precedents"))]


def rule_choices() -> list[tuple[str, str]]:
    """The rules by which cases are, or were, decided; each by its latest title."""
    told = EngagementRules.objects.filter(state__in=engagement.TOLD).order_by("number")
    found = {rule.code: rule.title for version in told for rule in engagement.rules_of_cases(version.rules)}
    return list(found.items())


class ConflictCaseFilters(django_filters.FilterSet):
    status = django_filters.ChoiceFilter(label=_("Status"), choices=STATUSES, method="of_status")
    state = django_filters.ChoiceFilter(label=_("State"), choices=list(rules.STATE_WORDS.items()))
    kind = django_filters.ChoiceFilter(label=_("Between"), choices=list(rules.KIND_WORDS.items()))
    outcome = django_filters.ChoiceFilter(label=_("Outcome"), choices=list(rules.OUTCOME_WORDS.items()))
    rule = django_filters.ChoiceFilter(label=_("Rule"), choices=rule_choices)
    precedent = django_filters.CharFilter(label=_("Precedent"))
    deal = django_filters.UUIDFilter("parties__deal", label=_("Registration"))

    class Meta:
        model = ConflictCase
        fields: list[str] = []

    def of_status(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        cases: Any = queryset
        if value == "mine":
            actor = getattr(self.request, "auth", None) or self.request.actor  # type: ignore[union-attr]
            return cases.filter(pk__in=ConflictCase.objects.awaiting(actor).values("pk"))
        return cases.running() if value == "running" else cases.precedents()


class CasePartyFilters(django_filters.FilterSet):
    deal = django_filters.UUIDFilter("deal_id", label=_("Registration"))

    class Meta:
        model = CaseParty
        fields: list[str] = []
