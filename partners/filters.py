"""Filters of partners, people and organisations, used by pages and API alike."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django_countries import countries
from django_filters.fields import ChoiceField

from accounts.models import User
from catalog.models import Market
from partners import rules
from partners.models import Category, Contact, Organization, Partner, Restructuring

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
    state = django_filters.MultipleChoiceFilter(
        distinct=False, label=_("State"), choices=list(STATE_WORDS.items())
    )
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


class PortalOrganizationFilters(django_filters.FilterSet):
    """What a partner may ask by: nothing that tells what an organization is to the vendor."""

    country = django_filters.ChoiceFilter(label=_("Country"), choices=list(countries))

    class Meta:
        model = Organization
        fields: list[str] = []


class OrganizationFilters(PortalOrganizationFilters):
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Organization._meta.get_field("kind").choices)
    is_public_body = django_filters.BooleanFilter(label=_("Public body"))
    is_healthcare_provider = django_filters.BooleanFilter(label=_("Cares for patients"))
    is_prospect = django_filters.BooleanFilter(label=_("Prospect"))
    is_partner = django_filters.BooleanFilter(
        "partner", lookup_expr="isnull", exclude=True, label=_("Partner")
    )
    is_top = django_filters.BooleanFilter(label=_("Top of a tree"), method="of_top")
    is_merged = django_filters.BooleanFilter(label=_("Merged away"), method="of_merged")
    root = django_filters.UUIDFilter(label=_("Tree of"), method="of_tree")

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        """What a merge left behind is shown only to whoever asks for it."""
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("is_merged") else found.filter(merged_into=None)

    def of_top(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        tops = Organization.objects.filter(parent__isnull=False).values("parent")
        return (
            queryset.filter(parent=None, pk__in=tops) if value else queryset.exclude(parent=None, pk__in=tops)
        )

    def of_merged(self, queryset: QuerySet, name: str, value: bool) -> QuerySet:
        return queryset.filter(merged_into__isnull=not value)

    def of_tree(self, queryset: QuerySet, name: str, value: Any) -> QuerySet:
        return queryset.filter(Q(root=value) | Q(pk=value))


class RestructuringFilters(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=Restructuring._meta.get_field("kind").choices)
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=Restructuring._meta.get_field("state").choices
    )
    organization = django_filters.UUIDFilter("organization_id", label=_("Organization"))

    class Meta:
        model = Restructuring
        fields: list[str] = []
