"""Forms of direct sales."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from catalog.models import Product
from core.csv_lists import MOST_CHARACTERS
from core.forms import BaseForm, DateInput, MoneyField, RecordsField
from core.states import look
from deals import direct
from deals.actions.direct import CUSTOMER
from deals.forms.decisions import described
from partners.lookup import find_organizations, typed
from partners.models import Organization

MOST_KNOWN = 5


class CustomerForm(BaseForm):
    """A customer as somebody names it. Where we know some like it, one is chosen, or it is said to be a new one."""

    NEW = "new"

    customer = forms.CharField(label=_("Customer"), max_length=200)
    country = forms.ChoiceField(label=_("Country"), choices=[("", "")] + list(countries))
    city = forms.CharField(label=_("City"), max_length=120, required=False)
    website = forms.CharField(label=_("Website"), max_length=200, required=False)
    which = forms.ChoiceField(label=_("Which organization is it?"), required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.known = {str(one.pk): one for one in self._known()}
        choices = [(key, described(one)) for key, one in self.known.items()]
        self.fields["which"].choices = [*choices, (self.NEW, _("A new one"))]  # type: ignore[attr-defined]
        if not self.known:
            del self.fields["which"]

    def _known(self) -> list[Organization]:
        """Organizations like the one that is typed, the likeliest first."""
        said = {name: self.data.get(name, "").replace("\x00", "")[:200] for name in CUSTOMER}
        if not said["customer"].strip():
            return []
        profile = typed(
            said["customer"], city=said["city"], country=said["country"], websites=[said["website"]]
        )
        found = [one.id for one in find_organizations(profile, most=MOST_KNOWN)]
        seen = Organization.objects.visible_to(self.actor).standing().in_bulk(found)
        return [seen[key] for key in found if key in seen]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        which = cleaned.pop("which", "")
        if self.known and not which and not self.errors:
            self.add_error("which", _("We know some like it. Choose one, or say that it is a new one."))
        named = {name: cleaned.pop(name, "") for name in CUSTOMER}
        return {
            **cleaned, "customer": named, "organization": self.known.get(which), "is_new": which == self.NEW,
        }  # fmt: skip


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
    amount = MoneyField(label=_("Value"), required=False)


class RecordOpportunityForm(CustomerForm, OpportunityFactsForm):
    """A new one: also whose it is, and under which reference it comes."""

    external_ref = forms.CharField(label=_("Reference"), max_length=100, required=False)
    field_order = ("customer", "country", "city", "website", "which", "title")


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
