"""Forms of amendments: what is to change, and the answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.fields import ReasonField
from catalog.models import Product
from core.forms import BaseForm, DateInput, MoneyField, RecordsField
from core.models import as_choices
from deals import rules
from deals.amending import HELP_WORDS, PROCUREMENT_WORDS
from deals.forms.registrations import LongText


class AmendmentForm(BaseForm):
    """All that may change, filled with what was approved."""

    products = RecordsField(
        label=_("Products"), queryset=Product.objects.active(), widget=forms.CheckboxSelectMultiple
    )
    amount = MoneyField(label=_("Value, first year"))
    expected_close_on = forms.DateField(label=_("Expected close"), widget=DateInput())
    contact = forms.CharField(label=_("Contact at the customer"), max_length=200, required=False)
    competitor = forms.CharField(label=_("Competitor"), max_length=200, required=False)
    help_wanted = forms.ChoiceField(label=_("Help wanted"), choices=list(HELP_WORDS.items()), required=False)
    procurement_route = forms.ChoiceField(
        label=_("Procurement"), choices=list(PROCUREMENT_WORDS.items()), required=False
    )
    procurement_reference = forms.CharField(label=_("Tender reference"), max_length=100, required=False)
    tender_deadline_on = forms.DateField(label=_("Tender deadline"), widget=DateInput(), required=False)
    reason = forms.CharField(label=_("Why?"), max_length=1000, widget=LongText(2))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cleaned["help_wanted"] = cleaned.get("help_wanted") or as_choices(*rules.HELP)[0][0]
        if "products" in cleaned:
            cleaned["products"] = list(cleaned["products"])
        return cleaned


class AmendmentAnswerForm(BaseForm):
    """Yes, or no with a reason."""

    ACCEPT, REFUSE = "accept", "refuse"

    answer = forms.ChoiceField(
        label=_("Answer"), choices=[(ACCEPT, _("Accept")), (REFUSE, _("Refuse"))], widget=forms.RadioSelect,
        initial=ACCEPT,
    )  # fmt: skip
    reason = ReasonField("deal_amendment_refusal", required=False, help_text=_("Needed to refuse."))
    comment = forms.CharField(
        label=_("A sentence for the partner"), max_length=1000, required=False, widget=LongText(2)
    )
    conflicts_seen = forms.BooleanField(
        label=_("I know the hard conflicts of what is added"), required=False,
        help_text=_("Needed where a product that is added conflicts hard with another claim."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("answer") == self.REFUSE and not cleaned.get("reason"):
            self.add_error("reason", _("Choose a reason."))
        return cleaned
