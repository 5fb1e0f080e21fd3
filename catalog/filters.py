"""Filters of reference data."""

import django_filters

from catalog.models import FxRate, ReasonCode


class ReasonFilters(django_filters.FilterSet):
    class Meta:
        model = ReasonCode
        fields = ["domain", "is_active"]


class RateFilters(django_filters.FilterSet):
    on_or_after = django_filters.DateFilter("on", lookup_expr="gte")
    on_or_before = django_filters.DateFilter("on", lookup_expr="lte")

    class Meta:
        model = FxRate
        fields = ["currency", "base"]
