"""Forms of go-lives."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.models import Product
from core.forms import BaseForm, DateInput, RecordField
from deals import rules
from deals.forms.registrations import LongText
from deals.models import Deal, Implementation


class GoLiveForm(BaseForm):
    """What is in use since when, and who at the customer can say so."""

    product = RecordField(label=_("Product"), queryset=Product.objects.all())
    went_live_on = forms.DateField(label=_("In use since"), widget=DateInput())
    contact_name = forms.CharField(label=_("Who at the customer can confirm it"), max_length=120)
    contact_email = forms.EmailField(
        label=_("Mail address"), max_length=254,
        help_text=_("This person gets a link that works once; no account is needed."),
    )  # fmt: skip

    def __init__(self, *args: Any, deal: Deal, **options: Any) -> None:
        super().__init__(*args, **options)
        done = Implementation.objects.filter(deal=deal, state__in=[rules.REPORTED, rules.ACCEPTED])
        left = deal.products.exclude(pk__in=done.values("product"))
        self.fields["product"].queryset = left  # type: ignore[attr-defined]


class AcceptGoLiveForm(BaseForm):
    """The customer's signed acceptance."""

    document = forms.FileField(label=_("Signed acceptance"))
    note = forms.CharField(label=_("Note"), max_length=400, required=False)


class AnswerOfCustomerForm(BaseForm):
    """What the customer's person says."""

    answer = forms.ChoiceField(choices=[("confirm", _("Confirm")), ("decline", _("This is not right"))])
    note = forms.CharField(label=_("What is not right?"), max_length=400, required=False, widget=LongText())
