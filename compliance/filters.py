"""Filters of gates and their records, used by pages and API alike."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from catalog.querysets import setting
from compliance import rules
from compliance.models import Gate, GateRecord
from compliance.querysets import counting
from core import clock
from core.states import look
from partners.models import Partner

STATES = [(state, look(state).word) for state in rules.STATES if state != rules.NONE]


class GateFilters(django_filters.FilterSet):
    is_active = django_filters.BooleanFilter(label=_("In use"))

    class Meta:
        model = Gate
        fields: list[str] = []


class GateRecordFilters(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=STATES, method="in_state")
    gate = django_filters.ModelChoiceFilter(
        label=_("Gate"), queryset=Gate.objects.all(), to_field_name="code"
    )
    partner = django_filters.UUIDFilter("partner_id", label=_("Partner"))
    valid_before = django_filters.DateFilter("valid_until", lookup_expr="lt", label=_("Valid until before"))

    class Meta:
        model = GateRecord
        fields: list[str] = []

    def in_state(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.in_state(value, clock.today(), setting("gate.expiring_days"))


CERTIFIED, IN_PROGRESS, NONE_YET, EXPIRING = "certified", "in_progress", "none", "expiring"
OUTCOMES = [
    (CERTIFIED, _("All gates passed")),
    (IN_PROGRESS, _("Some gates passed")),
    (NONE_YET, _("No gate passed")),
    (EXPIRING, _("A gate is expiring")),
]


class MatrixFilters(django_filters.FilterSet):
    """Filters of the matrix, whose rows are partners."""

    gates = django_filters.ChoiceFilter(label=_("Certification gates"), choices=OUTCOMES, method="with_gates")
    psm = django_filters.UUIDFilter("psm_id", label=_("Manager"))

    class Meta:
        model = Partner
        fields: list[str] = []

    def with_gates(self, queryset: Any, name: str, value: str) -> Any:
        today = clock.today()
        if value == EXPIRING:
            ending = GateRecord.objects.in_state(rules.EXPIRING, today, setting("gate.expiring_days"))
            return queryset.filter(pk__in=ending.values("partner"))
        records = GateRecord.objects.filter(counting(today), gate__is_active=True)
        passed = records.order_by().values("partner").annotate(n=Count("gate", distinct=True))
        all_passed = passed.filter(n__gte=Gate.objects.active().count()).values("partner")
        conditions = {
            CERTIFIED: Q(pk__in=all_passed),
            IN_PROGRESS: Q(pk__in=passed.values("partner")) & ~Q(pk__in=all_passed),
            NONE_YET: ~Q(pk__in=passed.values("partner")),
        }
        return queryset.filter(conditions[value])
