"""Forms of gates."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.models import ReasonCode
from compliance.models import Gate
from core.forms import BaseForm, DateInput
from partners.models import Partner


class RecordGateForm(BaseForm):
    partner = forms.ModelChoiceField(
        Partner.objects.exclude(state="terminated").order_by("name"), label=_("Partner")
    )
    gate = forms.ModelChoiceField(Gate.objects.active(), label=_("Gate"), to_field_name="code")
    passed_on = forms.DateField(label=_("Passed on"), widget=DateInput)
    valid_until = forms.DateField(
        label=_("Valid until"),
        widget=DateInput,
        required=False,
        help_text=_("The last day that counts. Left empty: the gate's months of validity."),
    )
    evidence = forms.CharField(
        label=_("Evidence"),
        required=False,
        max_length=300,
        help_text=_("What proves it, in words, or attach the document."),
    )
    upload = forms.FileField(label=_("Document"), required=False, help_text=_("No patient data, please."))


class RevokeGateForm(BaseForm):
    reason = forms.ModelChoiceField(
        ReasonCode.objects.active().filter(domain="gate_revocation"), label=_("Reason"), to_field_name="code"
    )
    comment = forms.CharField(
        label=_("Comment"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For your colleagues; the partner reads the reason alone."),
    )  # fmt: skip

    def clean_reason(self) -> Any:
        return self.cleaned_data["reason"].code
