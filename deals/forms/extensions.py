"""Forms that ask for more time and answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.fields import ReasonField
from core.forms import BaseForm, DateInput
from deals.forms.registrations import LongText


class MoreTimeForm(BaseForm):
    """What happened lately, and when: it shows that the deal is alive."""

    evidence = forms.CharField(
        label=_("What happened lately"), max_length=1000, widget=LongText(),
        help_text=_("One sentence is enough: a call, a demonstration, an offer. No patient data, please."),
    )  # fmt: skip
    activity_on = forms.DateField(label=_("On which day"), widget=DateInput())


class MoreTimeAnswerForm(BaseForm):
    """Yes, or no with a reason."""

    GRANT, REFUSE = "grant", "refuse"

    answer = forms.ChoiceField(
        label=_("Answer"), choices=[(GRANT, _("Grant")), (REFUSE, _("Refuse"))], widget=forms.RadioSelect, initial=GRANT
    )  # fmt: skip
    reason = ReasonField("deal_extension_refusal", required=False, help_text=_("Needed to refuse."))
    comment = forms.CharField(
        label=_("A sentence for the partner"), max_length=1000, required=False, widget=LongText(2)
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("answer") == self.REFUSE and not cleaned.get("reason"):
            self.add_error("reason", _("Choose a reason."))
        return cleaned


class RenewForm(BaseForm):
    """A sentence with the renewal."""

    comment = forms.CharField(
        label=_("A sentence for the partner"), max_length=1000, required=False, widget=LongText(2)
    )
