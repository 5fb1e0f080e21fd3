"""Forms of transfers: asked for, proposed, answered."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import BaseForm, RecordField
from deals.forms.registrations import LongText
from deals.models import Deal
from partners.models import Partner


class RequestTransferForm(BaseForm):
    """To whom, in words, and why."""

    wish = forms.CharField(
        label=_("Who should take it over?"), max_length=200,
        help_text=_("The company as you know it. We find it, ask you again, and only then ask them."),
    )  # fmt: skip
    reason = forms.CharField(label=_("Why?"), max_length=1000, widget=LongText())


class ProposeTransferForm(BaseForm):
    """To whom, why, and a sentence for both."""

    receiver = RecordField(
        label=_("Who takes it over"), queryset=Partner.objects.all(), empty_label=_("Choose a partner")
    )
    reason = forms.CharField(
        label=_("Why?"), max_length=1000, required=False, widget=LongText(2),
        help_text=_("For the holder and colleagues; the receiver does not read it."),
    )  # fmt: skip
    comment = forms.CharField(
        label=_("A sentence for both partners"), max_length=1000, required=False, widget=LongText(2)
    )

    def __init__(self, *args: Any, deal: Deal, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["receiver"]
        field.queryset = field.queryset.filter(state="active").exclude(pk=deal.partner_id).order_by("name")


class ConsentForm(BaseForm):
    """Yes or no, and a sentence."""

    GIVE, DECLINE = "give", "decline"

    answer = forms.ChoiceField(
        label=_("Your answer"), choices=[(GIVE, _("We agree")), (DECLINE, _("We do not agree"))],
        widget=forms.RadioSelect,
    )  # fmt: skip
    comment = forms.CharField(
        label=_("A sentence for us"), max_length=1000, required=False, widget=LongText(2),
        help_text=_("The other partner does not read it."),
    )  # fmt: skip
