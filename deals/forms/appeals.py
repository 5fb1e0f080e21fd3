"""Forms that appeal and answer an appeal."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import BaseForm
from deals.forms.registrations import LongText


class AppealForm(BaseForm):
    """Why the decision should be another, and what shows it."""

    grounds = forms.CharField(
        label=_("Why should the decision be another?"), max_length=2000, widget=LongText(6),
        help_text=_("What happened, and when. No patient data, please."),
    )  # fmt: skip
    evidence = forms.FileField(
        label=_("Evidence"), required=False, help_text=_("A mail, an invitation, minutes: what shows it.")
    )


class AppealDecisionForm(BaseForm):
    """One of three answers to an appeal."""

    REVIEW, APPROVE, DISMISS = "uphold", "approve", "dismiss"
    MOVES = (
        (REVIEW, _("Uphold, review again")),
        (APPROVE, _("Uphold, approve at once")),
        (DISMISS, _("Dismiss")),
    )

    move = forms.ChoiceField(label=_("Decision"), choices=MOVES, widget=forms.RadioSelect, initial=REVIEW)
    days = forms.IntegerField(label=_("Protection, days"), min_value=1, max_value=730, required=False)
    answer = forms.CharField(
        label=_("Answer to the partner"), max_length=1000, required=False, widget=LongText(3),
        help_text=_("Never say who another partner is."),
    )  # fmt: skip
    note = forms.CharField(
        label=_("Note for colleagues"), max_length=1000, required=False, widget=LongText(2)
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("move") == self.DISMISS and not (cleaned.get("answer") or "").strip():
            self.add_error("answer", _("Tell the partner why."))
        return cleaned
