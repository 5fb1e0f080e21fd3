"""Filters of people."""

import django_filters

from accounts.models import User


class UserFilters(django_filters.FilterSet):
    class Meta:
        model = User
        fields = ["is_active"]
