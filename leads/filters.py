"""Filters of leads, offers and referrals, used by pages and API alike."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from catalog.models import Market, Product
from core.clock import now
from core.states import look
from leads import rules
from leads.models import Lead, LeadOffer, LeadProfile, Referral, Routing, Specialty

STATES = [(state, look(state).word) for state in rules.STATES]
STATUSES = [
    ("open", _("is open")),
    ("routing", _("needs routing")),
    ("waiting", _("waits for acceptance")),
    ("pool", _("is in the pool")),
    ("held", _("is with a partner")),
    ("late_contact", _("first contact is late")),
]
PORTAL_STATUSES = [
    ("answer", _("waits for your answer")),
    ("pool", _("is in the pool")),
    ("call", _("waits for your call")),
    ("held", _("is yours")),
]


def _coded(label: Any, queryset: QuerySet, path: str) -> django_filters.ModelChoiceFilter:
    return django_filters.ModelChoiceFilter(path, label=label, queryset=queryset, to_field_name="code")


class PortalLeadFilters(django_filters.FilterSet):
    """What a partner may ask: nothing by which it could find out whom a lead is about."""

    status = django_filters.ChoiceFilter(label=_("Status"), choices=PORTAL_STATUSES, method="of_status")
    state = django_filters.MultipleChoiceFilter(label=_("State"), choices=STATES)
    product = _coded(_("Product"), Product.objects.active(), "products")
    specialty = _coded(_("Specialty"), Specialty.objects.active(), "specialty")
    country = django_filters.CharFilter(label=_("Country"), max_length=2)
    language = django_filters.CharFilter(label=_("Language"), max_length=10)

    class Meta:
        model = Lead
        fields: list[str] = []

    def of_status(self, queryset: Any, name: str, value: str) -> QuerySet:
        chosen: QuerySet = {
            "open": queryset.open,
            "routing": queryset.needing_routing,
            "waiting": queryset.awaiting_acceptance,
            "answer": queryset.awaiting_acceptance,
            "pool": queryset.pooled,
            "held": queryset.held,
            "call": queryset.awaiting_contact,
            "late_contact": lambda: queryset.without_contact(now()),
        }[value]()
        return chosen


class LeadFilters(PortalLeadFilters):
    """What the vendor may ask."""

    status = django_filters.ChoiceFilter(label=_("Status"), choices=STATUSES, method="of_status")
    market = _coded(_("Market"), Market.objects.active(), "market")
    partner = django_filters.UUIDFilter("partner_id", label=_("Partner"))
    source = django_filters.ChoiceFilter(label=_("Source"), choices=list(rules.SOURCE_WORDS.items()))
    is_referred = django_filters.BooleanFilter("referrer", "isnull", exclude=True, label=_("Referred"))
    score_from = django_filters.NumberFilter(
        "score", "gte", label=_("Score from"), min_value=0, max_value=100
    )
    external_ref = django_filters.CharFilter(label=_("Reference"), max_length=100)


class LeadOfferFilters(django_filters.FilterSet):
    lead = django_filters.UUIDFilter("lead_id", label=_("Lead"))
    partner = django_filters.UUIDFilter("partner_id", label=_("Partner"))
    state = django_filters.MultipleChoiceFilter(
        label=_("State"), choices=[(state, look(state).word) for state in rules.OFFER_STATES]
    )

    class Meta:
        model = LeadOffer
        fields: list[str] = []


class RoutingFilters(django_filters.FilterSet):
    lead = django_filters.UUIDFilter("lead_id", label=_("Lead"))

    class Meta:
        model = Routing
        fields: list[str] = []


class LeadProfileFilters(django_filters.FilterSet):
    partner = django_filters.UUIDFilter("partner_id", label=_("Partner"))
    takes_leads = django_filters.BooleanFilter(label=_("Takes leads"))

    class Meta:
        model = LeadProfile
        fields: list[str] = []


class ReferralFilters(django_filters.FilterSet):
    progress = django_filters.ChoiceFilter(
        label=_("How far"), choices=list(rules.PROGRESS_WORDS.items()), method="of_progress"
    )
    partner = django_filters.UUIDFilter("partner_id", label=_("Partner"))

    class Meta:
        model = Referral
        fields: list[str] = []

    def of_progress(self, queryset: Any, name: str, value: str) -> QuerySet:
        found: QuerySet = queryset.in_progress(value)
        return found
