"""Ranges and values of tiers in words, for templates: `{% load tier_words %}`."""

from typing import Any

from django import template

from tiers import wording

register = template.Library()


@register.filter
def stated_range(band: Any) -> str:
    """A stored range as people read it: “25 to 30%”, “$500,000 to $1,000,000”, “none”."""
    return wording.stated(band)


@register.filter
def metric_name(key: str) -> str:
    return wording.name_of(key)


@register.filter
def metric_value(amount: int | None, key: str) -> str:
    """`{{ fact.value|metric_value:fact.metric }}`."""
    return wording.value(key, amount, short=True)
