"""Filters of tiers, versions, standings and evaluations, used by pages and API alike."""

from __future__ import annotations

import django_filters
from django.utils.translation import gettext_lazy as _

from catalog.models import Market
from core.models import as_choices
from core.states import look
from partners.filters import managers
from partners.models import Partner
from tiers import rules
from tiers.codes import choices
from tiers.models import (
    Announcement,
    BenefitUse,
    Evaluation,
    Grace,
    MarginDecision,
    ProgramVersion,
    Standing,
    Tier,
    TierInvestment,
    TierRun,
)

VERSION_STATES = [(state, look(state).word) for state in rules.STATES]


class VersionFilters(django_filters.FilterSet):
    program = django_filters.CharFilter("program__code", label=_("Program"))
    state = django_filters.ChoiceFilter(label=_("State"), choices=VERSION_STATES)

    class Meta:
        model = ProgramVersion
        fields: list[str] = []


class TierFilters(django_filters.FilterSet):
    program_version = django_filters.UUIDFilter("program_version_id", label=_("Version"))
    state = django_filters.ChoiceFilter("program_version__state", label=_("State"), choices=VERSION_STATES)

    class Meta:
        model = Tier
        fields: list[str] = []


class StandingFilters(django_filters.FilterSet):
    partner = django_filters.UUIDFilter("partner_id", label=_("Partner"))
    tier = django_filters.CharFilter("tier__code", label=_("Tier"))
    is_open = django_filters.BooleanFilter("ends_on", lookup_expr="isnull", label=_("Still holds"))

    class Meta:
        model = Standing
        fields: list[str] = []


class GraceFilters(django_filters.FilterSet):
    partner = django_filters.UUIDFilter("partner_id", label=_("Partner"))
    is_open = django_filters.BooleanFilter("closed_on", lookup_expr="isnull", label=_("Still runs"))

    class Meta:
        model = Grace
        fields: list[str] = []


class EvaluationFilters(django_filters.FilterSet):
    partner = django_filters.UUIDFilter("partner_id", label=_("Partner"))
    action = django_filters.ChoiceFilter(label=_("What followed"), choices=lambda: choices(*rules.ACTIONS))
    as_of_until = django_filters.DateFilter("as_of", lookup_expr="lte", label=_("As of, until"))

    class Meta:
        model = Evaluation
        fields: list[str] = []


class BoardFilters(django_filters.FilterSet):
    """Filters of the board, whose cards are partners."""

    market = django_filters.ModelChoiceFilter(
        label=_("Market"),
        queryset=Market.objects.active(),
        to_field_name="code",
        empty_label=_("All markets"),
    )
    psm = django_filters.ModelChoiceFilter(label=_("Manager"), queryset=managers, empty_label=_("Everyone"))

    class Meta:
        model = Partner
        fields: list[str] = []


class AnnouncementFilters(django_filters.FilterSet):
    partner = django_filters.UUIDFilter("partner_id", label=_("Partner"))
    program_version = django_filters.UUIDFilter("program_version_id", label=_("Version"))
    is_open = django_filters.BooleanFilter("acknowledged_at", lookup_expr="isnull", label=_("Not read yet"))

    class Meta:
        model = Announcement
        fields: list[str] = []


class RunFilters(django_filters.FilterSet):
    program = django_filters.CharFilter("program__code", label=_("Program"))
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=as_choices(*rules.RUNS))

    class Meta:
        model = TierRun
        fields: list[str] = []


class BenefitUseFilters(django_filters.FilterSet):
    partner = django_filters.UUIDFilter("partner_id", label=_("Partner"))
    benefit = django_filters.CharFilter("code", label=_("Benefit"))
    is_taken_back = django_filters.BooleanFilter(
        "taken_back_at", lookup_expr="isnull", exclude=True, label=_("Taken back")
    )

    class Meta:
        model = BenefitUse
        fields: list[str] = []


class InvestmentFilters(django_filters.FilterSet):
    partner = django_filters.UUIDFilter("partner_id", label=_("Partner"))
    is_taken_back = django_filters.BooleanFilter(
        "taken_back_at", lookup_expr="isnull", exclude=True, label=_("Taken back")
    )

    class Meta:
        model = TierInvestment
        fields: list[str] = []


class MarginDecisionFilters(django_filters.FilterSet):
    partner = django_filters.UUIDFilter("partner_id", label=_("Partner"))
    deal = django_filters.UUIDFilter("deal_id", label=_("Deal"))

    class Meta:
        model = MarginDecision
        fields: list[str] = []
