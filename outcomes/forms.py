"""Forms of answers and contributions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from catalog.fields import CommentField, ReasonField
from core.csv_lists import MOST_CHARACTERS
from core.forms import BaseForm, DateInput, RecordField
from outcomes import rules
from partners.models import Organization, Partner

PARTNERS = Partner.objects.exclude(state="terminated").order_by("name")
CUSTOMERS = Organization.objects.standing().filter(is_healthcare_provider=True).order_by("name")


def number(label: Any, **options: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        max_digits=7,
        decimal_places=2,
        min_value=rules.SMALLEST,
        max_value=rules.LARGEST,
        **options,
    )


class RecordAnswerForm(BaseForm):
    partner = RecordField(PARTNERS, label=_("Partner"))
    customer = RecordField(CUSTOMERS, label=_("Customer"))
    question = forms.ChoiceField(label=_("Question"), choices=list(rules.QUESTIONS.items()))
    answered_on = forms.DateField(label=_("Answered on"), widget=DateInput)
    score = number(_("Score"))
    scale_low = number(_("Lowest score"), initial=1)
    scale_high = number(_("Highest score"), initial=5)
    respondent_role = forms.CharField(
        label=_("Role of who answered"),
        required=False,
        max_length=80,
        help_text=_("Such as “Head of radiology”; no name, please."),
    )


class WithdrawAnswerForm(BaseForm):
    reason = ReasonField("answer_withdrawal")
    comment = CommentField()


class OwnContributionForm(BaseForm):
    """What a partner says of itself."""

    kind = forms.ChoiceField(label=_("Kind"), choices=list(rules.KINDS.items()))
    title = forms.CharField(label=_("Title"), max_length=200)
    customer = RecordField(
        Organization.objects.standing().filter(is_healthcare_provider=True).order_by("name"),
        label=_("Customer"),
        required=False,
    )
    occurred_on = forms.DateField(label=_("Happened on"), widget=DateInput)
    quantity = forms.IntegerField(label=_("How many"), min_value=1, max_value=rules.MOST_AT_ONCE, initial=1)
    evidence = forms.CharField(
        label=_("Evidence"),
        required=False,
        max_length=400,
        help_text=_("Where it can be seen, in words. No patient data, please."),
    )
    evidence_url = forms.URLField(label=_("Link"), required=False, max_length=400, assume_scheme="https")


class RecordContributionForm(OwnContributionForm):
    partner = RecordField(PARTNERS, label=_("Partner"))

    field_order = ("partner",)


class DeclineContributionForm(BaseForm):
    why = forms.CharField(
        label=_("Why not"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The partner reads this."),
    )


class ImportForm(BaseForm):
    """A list as a file, or pasted."""

    upload = forms.FileField(label=_("CSV file"), required=False)
    rows = forms.CharField(
        label=_("or paste the lines"),
        required=False,
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
    )

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
    except UnicodeDecodeError:
        raise ValidationError({"upload": _("This is not a text file in UTF-8.")}) from None


class ImportAnswersForm(ImportForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["rows"].help_text = _(
            "First line: partner, customer, answered_on, score, scale_low, scale_high; also question, role, reference."
        )


class ImportContributionsForm(ImportForm):
    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["rows"].help_text = _(
            "First line: partner, kind, title, occurred_on, evidence; also customer, quantity, link, reference."
        )
