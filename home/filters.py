"""Filters of what happened."""

import django_filters
from django.utils.translation import gettext_lazy as _

from events.models import Event


class EventFilters(django_filters.FilterSet):
    subject_id = django_filters.UUIDFilter(label=_("Id of the record that it happened to."))
    type = django_filters.CharFilter(label=_("Event type, such as deal.approved."))
    partner = django_filters.UUIDFilter("partner_id", label=_("Id of the partner."))
    since = django_filters.IsoDateTimeFilter("at", lookup_expr="gte", label=_("At or after this instant."))

    class Meta:
        model = Event
        fields: list[str] = []
