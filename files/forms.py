"""Forms of exports."""

from django import forms

from core.forms import BaseForm
from files import rules


class StartExportForm(BaseForm):
    """Which list, with which filters, as what; the list's page fills it in."""

    address = forms.CharField(max_length=200, widget=forms.HiddenInput)
    query = forms.CharField(max_length=4000, required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(choices=[*rules.EXPORT_KINDS.items()], widget=forms.HiddenInput)
