"""Forms of conditions: answered by the partner, ticked off or given up by the vendor."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.fields import ReasonField
from core.forms import BaseForm, RecordsField
from deals.forms.moves import ReasonForm
from deals.forms.registrations import LongText
from deals.models import Condition, Deal


class AnswerConditionForm(BaseForm):
    """How a condition is met, and what shows it."""

    answer = forms.CharField(
        label=_("How is it met?"), max_length=1000, widget=LongText(4),
        help_text=_("What was done, and when. No patient data, please."),
    )  # fmt: skip
    evidence = forms.FileField(
        label=_("Evidence"), required=False, help_text=_("A contract, a certificate, minutes: what shows it.")
    )


class MeetConditionsForm(BaseForm):
    """Which conditions are met by now."""

    conditions = RecordsField(
        label=_("These are met"), queryset=Condition.objects.all(), widget=forms.CheckboxSelectMultiple
    )
    comment = forms.CharField(
        label=_("A sentence for the partner"), max_length=1000, required=False, widget=LongText(2),
        help_text=_("It goes into the letter once all are met."),
    )  # fmt: skip

    def __init__(self, *args: Any, deal: Deal, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["conditions"].queryset = deal.conditions.standing().unmet()  # type: ignore[attr-defined]


class MissConditionsForm(ReasonForm):
    reason = ReasonField("deal_condition_miss")
