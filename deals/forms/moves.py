"""Forms of a registration's later moves."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.fields import ReasonField
from core.forms import BaseForm, DateInput, RecordField
from deals import rules
from deals.forms.registrations import LongText
from deals.models import Stage


class ReasonForm(BaseForm):
    """A reason code and a sentence."""

    comment = forms.CharField(
        label=_("In your own words"), max_length=1000, required=False, widget=LongText()
    )
    field_order = ["reason", "comment"]


class WithdrawForm(ReasonForm):
    reason = ReasonField("deal_withdrawal")


class RevokeForm(ReasonForm):
    reason = ReasonField("deal_revocation")


class LossForm(ReasonForm):
    reason = ReasonField("deal_loss")


class ReopenForm(ReasonForm):
    """Why a win or a loss is taken back."""

    reason = ReasonField("deal_reopening")
    days = forms.IntegerField(
        label=_("Protection, days"), min_value=1, max_value=rules.LONGEST_PROTECTION, required=False,
        help_text=_("The program's length where nothing is said; a protection that still runs is kept."),
    )  # fmt: skip
    field_order = ["reason", "comment", "days"]


class StageForm(BaseForm):
    """How far the deal is."""

    stage = RecordField(
        label=_("Stage"), queryset=Stage.objects.active().exclude(code=rules.LOST_STAGE),
        widget=forms.RadioSelect, empty_label=None,
    )  # fmt: skip

    expected_close_on = forms.DateField(
        label=_("Expected close"), required=False, widget=DateInput(),
        help_text=_("When you expect the signature now."),
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["stage"]
        field.label_from_instance = lambda stage: f"{stage.name}: {stage.definition}"


class WinForm(BaseForm):
    """The day, and the evidence."""

    won_on = forms.DateField(label=_("Signed on"), widget=DateInput())
    reference = forms.CharField(
        label=_("Order or contract number"), max_length=200, required=False,
        help_text=_("This, or the document below, or both."),
    )  # fmt: skip
    evidence = forms.FileField(label=_("Order or contract"), required=False)
