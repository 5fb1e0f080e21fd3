"""Filters of notifications and reminders, used by pages and API alike."""

import django_filters
from django.utils.translation import gettext_lazy as _

from core.states import look
from inbox import rules
from inbox.models import Notification, Reminder


class NotificationFilters(django_filters.FilterSet):
    is_unread = django_filters.BooleanFilter("read_at", lookup_expr="isnull", label=_("Unread"))

    class Meta:
        model = Notification
        fields: list[str] = []


class ReminderFilters(django_filters.FilterSet):
    state = django_filters.MultipleChoiceFilter(
        distinct=False, label=_("State"), choices=[(state, look(state).word) for state in rules.STATES]
    )
    kind = django_filters.CharFilter(label=_("Kind"), max_length=40)
    subject = django_filters.UUIDFilter("subject_id", label=_("Subject"))
    partner = django_filters.UUIDFilter("partner_id", label=_("Partner"))
    due_from = django_filters.DateFilter("due_on", "gte", label=_("Due from"))
    due_until = django_filters.DateFilter("due_on", "lte", label=_("Due until"))

    class Meta:
        model = Reminder
        fields: list[str] = []
