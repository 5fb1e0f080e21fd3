"""Filters of applications, plans and tasks, used by pages and API alike."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from accounts.models import User
from catalog.querysets import setting
from core import clock
from core.states import look
from onboarding import rules
from onboarding.models import SIDE_CHOICES, STAGE_LABELS, Application, OnboardingPlan, OnboardingTask
from partners.models import Category


def words(states: tuple[str, ...]) -> list[tuple[str, Any]]:
    return [(state, look(state).word) for state in states]


def reviewers(request: Any) -> QuerySet:
    return (
        User.objects.of_vendor().visible_to(request.actor).order_by("name")
        if request
        else User.objects.none()
    )


class ApplicationFilters(django_filters.FilterSet):
    state = django_filters.MultipleChoiceFilter(
        distinct=False, label=_("State"), choices=words(rules.APPLICATION_STATES)
    )
    country = django_filters.ChoiceFilter(label=_("Country"), choices=list(countries))
    category = django_filters.ModelChoiceFilter(
        "categories", label=_("Category"), queryset=Category.objects.active(), to_field_name="code"
    )
    reviewer = django_filters.ModelChoiceFilter(label=_("Reviewer"), queryset=reviewers)
    is_waiting = django_filters.BooleanFilter(label=_("Waiting for a decision"), method="only_waiting")
    is_mine = django_filters.BooleanFilter(label=_("Reviewed by me"), method="only_mine")
    is_overdue = django_filters.BooleanFilter(label=_("Overdue"), method="only_overdue")

    class Meta:
        model = Application
        fields: list[str] = []

    def only_waiting(self, queryset: Any, name: str, value: bool) -> Any:
        waiting = queryset.awaiting_decision()
        return waiting if value else queryset.exclude(pk__in=waiting.values("pk"))

    def only_mine(self, queryset: Any, name: str, value: bool) -> Any:
        mine = queryset.reviewed_by(self.request.actor.user_id)
        return mine if value else queryset.exclude(pk__in=mine.values("pk"))

    def only_overdue(self, queryset: Any, name: str, value: bool) -> Any:
        late = queryset.overdue(clock.now())
        return late if value else queryset.exclude(pk__in=late.values("pk"))


class PlanFilters(django_filters.FilterSet):
    state = django_filters.MultipleChoiceFilter(
        distinct=False, label=_("State"), choices=words(rules.PLAN_STATES)
    )
    partner = django_filters.UUIDFilter("partner_id", label=_("Partner"))
    psm = django_filters.ModelChoiceFilter("partner__psm", label=_("Manager"), queryset=reviewers)
    template = django_filters.CharFilter("template_code", label=_("Template"))
    is_stalled = django_filters.BooleanFilter(label=_("Stalled"), method="only_stalled")
    is_mine = django_filters.BooleanFilter(label=_("My partners"), method="only_mine")

    class Meta:
        model = OnboardingPlan
        fields: list[str] = []

    def only_stalled(self, queryset: Any, name: str, value: bool) -> Any:
        stalled = OnboardingPlan.objects.stalled(clock.now(), setting("onboarding.stall_days")).values("pk")
        return queryset.filter(pk__in=stalled) if value else queryset.exclude(pk__in=stalled)

    def only_mine(self, queryset: Any, name: str, value: bool) -> Any:
        mine = {"partner__psm": self.request.actor.user_id}
        return queryset.filter(**mine) if value else queryset.exclude(**mine)


class TaskFilters(django_filters.FilterSet):
    plan = django_filters.UUIDFilter("plan_id", label=_("Plan"))
    partner = django_filters.UUIDFilter("plan__partner_id", label=_("Partner"))
    state = django_filters.MultipleChoiceFilter(
        distinct=False, label=_("State"), choices=words(rules.TASK_STATES)
    )
    side = django_filters.ChoiceFilter(label=_("Who does it"), choices=SIDE_CHOICES)
    stage = django_filters.ChoiceFilter(label=_("Stage"), choices=list(STAGE_LABELS.items()))
    is_overdue = django_filters.BooleanFilter(label=_("Overdue"), method="only_overdue")
    is_waiting = django_filters.BooleanFilter(label=_("Waits for an earlier task"), method="only_waiting")

    class Meta:
        model = OnboardingTask
        fields: list[str] = []

    def only_overdue(self, queryset: Any, name: str, value: bool) -> Any:
        late = queryset.overdue(clock.today())
        return late if value else queryset.exclude(pk__in=late.values("pk"))

    def only_waiting(self, queryset: Any, name: str, value: bool) -> Any:
        return queryset.waiting(value)
