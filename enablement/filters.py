"""Filters of tracks, certifications and learning plans, used by pages and API alike."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _

from catalog.querysets import setting
from core import clock
from core.states import look
from enablement import rules
from enablement.models import Certification, LearningPlan, Track

AUDIENCES = {"general": _("General"), "technical": _("Technical"), "sales": _("Sales")}
STATE_WORDS = [(state, look(state).word) for state in rules.STATES if state != rules.LEFT]
STATES = [*STATE_WORDS, (rules.LEFT, _("Person left"))]


LEVELS = [(level, _(level.capitalize())) for level in rules.LEVELS]


class TrackFilters(django_filters.FilterSet):
    level = django_filters.ChoiceFilter(label=_("Level"), choices=LEVELS)
    audience = django_filters.ChoiceFilter(label=_("Audience"), choices=list(AUDIENCES.items()))
    is_active = django_filters.BooleanFilter(label=_("In use"))

    class Meta:
        model = Track
        fields: list[str] = []


class CertificationFilters(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=STATES, method="in_state")
    track = django_filters.ModelChoiceFilter(
        label=_("Track"), queryset=Track.objects.all(), to_field_name="code"
    )
    audience = django_filters.ChoiceFilter(
        "track__audience", label=_("Audience"), choices=list(AUDIENCES.items())
    )
    level = django_filters.ChoiceFilter("track__level", label=_("Level"), choices=LEVELS)
    partner = django_filters.UUIDFilter("contact__partner_id", label=_("Partner"))
    contact = django_filters.UUIDFilter("contact_id", label=_("Person"))
    expires_before = django_filters.DateFilter("expires_on", lookup_expr="lt", label=_("Expires before"))

    class Meta:
        model = Certification
        fields: list[str] = []

    def in_state(self, queryset: Any, name: str, value: str) -> Any:
        return queryset.in_state(value, clock.today(), setting("certification.expiring_days"))


class LearningPlanFilters(django_filters.FilterSet):
    partner = django_filters.UUIDFilter("partner_id", label=_("Partner"))
    is_in_force = django_filters.BooleanFilter(label=_("In force"), method="only_in_force")

    class Meta:
        model = LearningPlan
        fields: list[str] = []

    def only_in_force(self, queryset: Any, name: str, value: bool) -> Any:
        in_force = LearningPlan.objects.in_force(clock.today()).values("pk")
        return queryset.filter(pk__in=in_force) if value else queryset.exclude(pk__in=in_force)
