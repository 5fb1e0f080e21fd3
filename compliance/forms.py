"""Forms of gates."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.fields import CommentField, ReasonField
from compliance.models import Gate
from core.forms import BaseForm, DateInput, RecordField
from partners.models import Partner


class RecordGateForm(BaseForm):
    partner = RecordField(Partner.objects.exclude(state="terminated").order_by("name"), label=_("Partner"))
    gate = RecordField(Gate.objects.active(), label=_("Gate"), to_field_name="code")
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
    reason = ReasonField("gate_revocation")
    comment = CommentField()
