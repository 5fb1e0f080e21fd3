"""Forms of certifications and learning plans."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from catalog.fields import CommentField, ReasonField
from core.csv_lists import MOST_CHARACTERS
from core.forms import BaseForm, DateInput, RecordField
from enablement.models import Track
from partners.models import Contact


class PersonField(RecordField):
    """A person, named with its partner where several partners are offered."""

    def label_from_instance(self, contact: Any) -> str:
        return f"{contact.name}, {contact.partner.name}"


class RecordCertificationForm(BaseForm):
    contact = PersonField(
        Contact.objects.current().select_related("partner").order_by("partner__name", "name"),
        label=_("Person"),
    )
    track = RecordField(Track.objects.active(), label=_("Track"), to_field_name="code")
    passed_on = forms.DateField(label=_("Passed on"), widget=DateInput)
    expires_on = forms.DateField(
        label=_("Expires on"),
        widget=DateInput,
        required=False,
        help_text=_(
            "The first day on which it no longer counts. Left empty: by the rule of the track, as said beside."
        ),
    )
    score = forms.IntegerField(label=_("Score"), required=False, min_value=0, max_value=100)
    evidence = forms.CharField(
        label=_("Evidence"),
        required=False,
        max_length=300,
        help_text=_("Where it can be checked, such as a certificate's number."),
    )
    upload = forms.FileField(
        label=_("Document"), required=False, help_text=_("A scan or a confirmation. No patient data, please.")
    )


class ExpiryForm(BaseForm):
    """What decides when a certification ends, as it is typed."""

    contact = RecordField(Contact.objects.current())
    track = RecordField(Track.objects.active(), to_field_name="code")
    passed_on = forms.DateField()

    def clean_passed_on(self) -> Any:
        passed_on = self.cleaned_data["passed_on"]
        if not 2000 <= passed_on.year <= 2100:
            raise ValidationError(_("Enter the day on which it was passed."))
        return passed_on


class RevokeCertificationForm(BaseForm):
    reason = ReasonField("certification_revocation")
    comment = CommentField()


class ImportCertificationsForm(BaseForm):
    upload = forms.FileField(label=_("CSV file"), required=False)
    rows = forms.CharField(
        label=_("or paste the lines"),
        required=False,
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=_("First line: email, track, passed_on; also partner, expires_on, score, evidence."),
    )
    all_or_nothing = forms.BooleanField(label=_("Record nothing if a line is refused"), required=False)

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


class SignLearningPlanForm(BaseForm):
    signed_by = RecordField(Contact.objects.current(), label=_("Signed by"))
    signed_on = forms.DateField(label=_("Signed on"), widget=DateInput)
    evidence = forms.CharField(label=_("Evidence"), required=False, max_length=300)

    def __init__(self, *args: Any, partner: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["signed_by"]
        field.queryset = field.queryset.filter(partner=partner)


class CommitForm(BaseForm):
    """The portal's form: the person who is signed in commits its company."""

    agreed = forms.BooleanField(label=_("Our company commits itself to this learning plan for a year."))
