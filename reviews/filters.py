"""Filters of reviews and commitments, used by pages and API alike."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.states import look
from partners.models import Partner
from reviews import rules
from reviews.models import Commitment, Review

SIDE_WORDS = [(rules.VENDOR, _("Vendor")), (rules.PARTNER, _("Partner"))]


def words(states: tuple[str, ...]) -> list[tuple[str, Any]]:
    return [(state, look(state).word) for state in states]


def partners(request: Any) -> QuerySet:
    """Those that the reader may see."""
    return Partner.objects.visible_to(request.actor) if request else Partner.objects.none()


def quarters() -> list[tuple[str, str]]:
    """The quarters that have reviews, the latest first."""
    codes = Review.objects.order_by("-quarter").values_list("quarter", flat=True).distinct()
    return [(code, rules.Quarter.parse(code).name) for code in codes]


class ReviewFilters(django_filters.FilterSet):
    state = django_filters.MultipleChoiceFilter(distinct=False, label=_("State"), choices=words(rules.STATES))
    quarter = django_filters.ChoiceFilter(label=_("Quarter"), choices=quarters)
    partner = django_filters.ModelChoiceFilter(label=_("Partner"), queryset=partners)
    is_mine = django_filters.BooleanFilter(label=_("Of my partners"), method="only_mine")
    on_from = django_filters.DateFilter("on", "gte", label=_("From"))
    on_until = django_filters.DateFilter("on", "lte", label=_("Until"))

    class Meta:
        model = Review
        fields: list[str] = []

    def only_mine(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        mine = {"partner__psm": self.request.actor.user_id}
        return queryset.filter(**mine) if value else queryset.exclude(**mine)


class CommitmentFilters(django_filters.FilterSet):
    state = django_filters.MultipleChoiceFilter(
        distinct=False, label=_("State"), choices=words(rules.COMMITMENT_STATES)
    )
    side = django_filters.ChoiceFilter(label=_("Side"), choices=SIDE_WORDS)
    review = django_filters.UUIDFilter("review_id", label=_("Review"))
    partner = django_filters.ModelChoiceFilter("review__partner", label=_("Partner"), queryset=partners)
    due_until = django_filters.DateFilter("due_on", "lte", label=_("Due until"))

    class Meta:
        model = Commitment
        fields: list[str] = []
