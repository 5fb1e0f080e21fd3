"""Forms of what tiers give and cost: uses of benefits, investments, decisions about margins."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import BaseForm, DateInput, MoneyField


class BenefitUseForm(BaseForm):
    benefit = forms.ChoiceField(label=_("Benefit"))
    used_on = forms.DateField(label=_("Used on"), widget=DateInput)
    quantity = forms.IntegerField(
        label=_("How often"),
        required=False,
        min_value=1,
        max_value=1000,
        help_text=_("Once, if you leave it empty."),
    )
    amount = MoneyField(label=_("Amount"), required=False, help_text=_("For benefits that are money."))
    note = forms.CharField(label=_("Note"), required=False, max_length=300)

    def __init__(self, *args: Any, benefits: list[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["benefit"].choices = benefits  # type: ignore[attr-defined]


class InvestmentForm(BaseForm):
    spent_on = forms.DateField(label=_("Spent on"), widget=DateInput)
    amount = MoneyField(label=_("Amount"))
    purpose = forms.CharField(
        label=_("Purpose"), max_length=200, help_text=_("Such as “Integration engineer, second quarter”.")
    )


class MarginForm(BaseForm):
    percent = forms.DecimalField(
        label=_("Margin in percent"), min_value=0, max_value=100, max_digits=5, decimal_places=2
    )
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    ends_on = forms.DateField(
        label=_("Holds until"),
        required=False,
        widget=DateInput,
        help_text=_("Empty: until another is decided."),
    )
