"""Forms that draft and announce the rules of engagement."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import BaseForm, DateInput
from deals import engagement
from deals.forms.registrations import LongText


class RulesForm(BaseForm):
    """A version as plain text."""

    name = forms.CharField(label=_("Name"), max_length=120)
    sections = forms.CharField(
        label=_("The rules"), max_length=80_000, widget=LongText(24),
        help_text=_(
            "Each rule begins with its code and title: [first_complete] The first complete registration wins. Its text "
            "follows. Where decisions rest on it, its last line names them: Decides: approve, already_protected."
        ),
    )  # fmt: skip
    changes = forms.CharField(
        label=_("What changes, in a few words"), max_length=1000, required=False, widget=LongText(3),
        help_text=_("Every partner gets this sentence by mail."),
    )  # fmt: skip
    is_adverse = forms.BooleanField(
        label=_("It may be worse for partners, so it needs notice"), required=False, initial=True
    )
    because = forms.CharField(label=_("If not: why it is not worse for them"), max_length=300, required=False)

    def clean_sections(self) -> list[engagement.Section]:
        try:
            return engagement.parse(self.cleaned_data["sections"])
        except forms.ValidationError as error:
            raise forms.ValidationError(error.messages) from error


class AnnounceForm(BaseForm):
    """The day from which it holds."""

    effective_on = forms.DateField(label=_("In force from"), widget=DateInput())
