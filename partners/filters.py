"""Filters of partners, people and organisations, used by pages and API alike."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django_filters.fields import ChoiceField

from accounts.models import User
from catalog.models import Market
from partners import rules
from partners.models import Category, Contact, Organization, Partner

NO_TIER = "none"
STATE_WORDS = {
    rules.ONBOARDING: _("Onboarding"),
    rules.ACTIVE: _("Active"),
    rules.SUSPENDED: _("Suspended"),
    rules.TERMINATED: _("Terminated"),
}


def tiers_in_use(request: Any = None) -> list[tuple[str, Any]]:
    """The tiers that partners have, highest first, and “not yet in a tier”."""
    found = (
        Partner.objects.exclude(tier_code="")
        .order_by("-tier_rank")
        .values_list("tier_code", "tier_name")
        .distinct()
    )
    return [*found, (NO_TIER, _("Not yet in a tier"))]


def managers(request: Any) -> QuerySet:
    """The vendor's people, as far as the reader may know them."""
    return (
        User.objects.of_vendor().visible_to(request.actor).order_by("name")
        if request
        else User.objects.none()
    )


class AnyCode(ChoiceField):
    """A choice among the codes in use; one that nobody has (any more) is allowed and finds nothing."""

    def valid_value(self, value: Any) -> bool:
        return True


class TierFilter(django_filters.ChoiceFilter):
    field_class = AnyCode


class PartnerFilters(django_filters.FilterSet):
    state = django_filters.MultipleChoiceFilter(label=_("State"), choices=list(STATE_WORDS.items()))
    tier = TierFilter(label=_("Tier"), choices=tiers_in_use, method="of_tier")
    market = django_filters.ModelChoiceFilter(
        label=_("Market"), queryset=Market.objects.active(), to_field_name="code"
    )
    category = django_filters.ModelChoiceFilter(
        label=_("Category"), queryset=Category.objects.active(), to_field_name="code", method="of_category"
    )
    psm = django_filters.ModelChoiceFilter(label=_("Manager"), queryset=managers)
    is_strategic = django_filters.BooleanFilter(label=_("Strategic"))

    class Meta:
        model = Partner
        fields: list[str] = []

    def of_tier(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return queryset.filter(tier_code="" if value == NO_TIER else value)

    def of_category(self, queryset: QuerySet, name: str, value: Category) -> QuerySet:
        return queryset.filter(category_assignments__category=value, category_assignments__valid_until=None)


class ContactFilters(django_filters.FilterSet):
    partner = django_filters.UUIDFilter("partner_id", label=_("Partner"))
    is_current = django_filters.BooleanFilter("left_on", lookup_expr="isnull", label=_("Still there"))

    class Meta:
        model = Contact
        fields: list[str] = []


class OrganizationFilters(django_filters.FilterSet):
    country = django_filters.CharFilter(label=_("Country"))
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Organization._meta.get_field("kind").choices)

    class Meta:
        model = Organization
        fields: list[str] = []
