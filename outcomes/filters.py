"""Filters of answers and contributions, used by pages and API alike."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from core.states import look
from outcomes import rules
from outcomes.models import SatisfactionAnswer, ValueContribution


class AnswerFilters(django_filters.FilterSet):
    question = django_filters.ChoiceFilter(label=_("Question"), choices=list(rules.QUESTIONS.items()))
    partner = django_filters.UUIDFilter("partner_id", label=_("Partner"))
    is_withdrawn = django_filters.BooleanFilter(
        "withdrawn_on", lookup_expr="isnull", exclude=True, label=_("Withdrawn")
    )
    since = django_filters.DateFilter("answered_on", lookup_expr="gte", label=_("Answered since"))

    class Meta:
        model = SatisfactionAnswer
        fields: list[str] = []


class ContributionFilters(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=[(state, look(state).word) for state in rules.STATES]
    )
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=list(rules.KINDS.items()))
    partner = django_filters.UUIDFilter("partner_id", label=_("Partner"))
    since = django_filters.DateFilter("occurred_on", lookup_expr="gte", label=_("Happened since"))

    class Meta:
        model = ValueContribution
        fields: list[str] = []
