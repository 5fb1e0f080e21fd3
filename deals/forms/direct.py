"""Forms of direct sales."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from catalog.models import Product
from core.csv_lists import MOST_CHARACTERS
from core.forms import BaseForm, DateInput, RecordsField
from core.states import look
from deals import direct


class CustomerForm(BaseForm):
    """A customer as somebody names it: the organization that it surely is, else a new one."""

    customer = forms.CharField(label=_("Customer"), max_length=200)
    country = forms.ChoiceField(label=_("Country"), choices=[("", "")] + list(countries))
    city = forms.CharField(label=_("City"), max_length=120, required=False)
    website = forms.CharField(label=_("Website"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cleaned["customer"] = {
            name: cleaned.pop(name, "") for name in ("customer", "country", "city", "website")
        }
        return cleaned


class AccountForm(CustomerForm):
    """An account and why."""

    reason = forms.CharField(label=_("Why"), max_length=300)


class OpportunityFactsForm(BaseForm):
    """What is known of an opportunity."""

    title = forms.CharField(label=_("What it is about"), max_length=200)
    products = RecordsField(
        label=_("Products"), queryset=Product.objects.active(), required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("None chosen: all of them."),
    )  # fmt: skip
    owner = forms.CharField(label=_("Owner"), max_length=120, required=False)
    stage = forms.CharField(label=_("Stage"), max_length=60, required=False)
    first_activity_on = forms.DateField(label=_("First activity"), widget=DateInput)
    last_activity_on = forms.DateField(label=_("Last activity"), widget=DateInput, required=False)
    expected_close_on = forms.DateField(label=_("Expected close"), widget=DateInput, required=False)


class RecordOpportunityForm(CustomerForm, OpportunityFactsForm):
    """A new one: also whose it is, and under which reference it comes."""

    external_ref = forms.CharField(label=_("Reference"), max_length=100, required=False)
    field_order = ("customer", "country", "city", "website", "title")


class ChangeOpportunityForm(OpportunityFactsForm):
    """What became of it, too."""

    state = forms.ChoiceField(
        label=_("State"), choices=[(state, look(state).word) for state in direct.STATES]
    )


class DirectListForm(BaseForm):
    """A CSV file, or its lines."""

    upload = forms.FileField(label=_("CSV file"), required=False)
    rows = forms.CharField(
        label=_("or paste the lines"), required=False, max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        upload = cleaned.pop("upload", None)
        if upload:
            cleaned["rows"] = _text_of(upload)
        if not cleaned.get("rows", "").strip() and not self.errors:
            raise ValidationError({"rows": _("Choose a file, or paste the lines.")})
        return cleaned


def _text_of(upload: Any) -> str:
    if upload.size > MOST_CHARACTERS:
        raise ValidationError({"upload": _("This file is too large; send it in parts.")})
    try:
        return str(upload.read().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ValidationError({"upload": _("Save the file as UTF-8.")}) from error
