"""Forms about leads, offers, profiles and referrals."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from catalog.fields import ReasonField
from catalog.models import Product
from core.forms import BaseForm, DateInput, MoneyField, RecordField, RecordsField
from leads import rules
from leads.imports import SHAPE
from leads.models import Specialty
from partners.models import Organization, Partner

COUNTRY_CHOICES = [("", _("Choose a country")), *countries]
LANGUAGES = [("", _("Not known yet")), *rules.LANGUAGES.items()]


class LongText(forms.Textarea):
    """A few lines."""

    def __init__(self, rows: int = 3) -> None:
        super().__init__(attrs={"rows": rows})


class LeadForm(BaseForm):
    """A lead: who, what for, under which consent."""

    customer_name = forms.CharField(label=_("Customer"), max_length=200)
    organization = RecordField(
        label=_("It is"), queryset=Organization.objects.all(), required=False, widget=forms.HiddenInput
    )
    country = forms.ChoiceField(label=_("Country"), choices=COUNTRY_CHOICES)
    city = forms.CharField(label=_("City"), max_length=120, required=False)
    street = forms.CharField(label=_("Street"), max_length=200, required=False)
    postcode = forms.CharField(label=_("Postcode"), max_length=20, required=False)
    website = forms.CharField(label=_("Website"), max_length=200, required=False)
    contact_name = forms.CharField(label=_("Contact person"), max_length=120, required=False)
    contact_role = forms.CharField(label=_("Role"), max_length=120, required=False)
    contact_email = forms.EmailField(label=_("Mail address"), max_length=254, required=False)
    contact_phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=LANGUAGES, required=False)
    specialty = RecordField(
        label=_("Specialty"),
        queryset=Specialty.objects.active(),
        required=False,
        empty_label=_("Not known yet"),
    )
    products = RecordsField(
        label=_("Products of interest"), queryset=Product.objects.active(), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    need = forms.CharField(
        label=_("Need"), max_length=1000, required=False, widget=LongText(),
        help_text=_("Partners read this before they accept: no names, no addresses, no numbers to call."),
    )  # fmt: skip
    details = forms.CharField(
        label=_("Details"), max_length=2000, required=False, widget=LongText(),
        help_text=_("For the partner that accepts."),
    )  # fmt: skip
    amount = MoneyField(label=_("Estimated value"), required=False)
    source = forms.ChoiceField(label=_("Source"), choices=list(rules.SOURCE_WORDS.items()), initial="web")
    source_detail = forms.CharField(label=_("Which one"), max_length=120, required=False)
    consent_basis = forms.ChoiceField(
        label=_("Why we may pass it on"),
        choices=[("", _("Choose")), *rules.CONSENT_WORDS.items()],
        required=False,
    )
    consent_on = forms.DateField(label=_("Given on"), widget=DateInput(), required=False)
    consent_text = forms.CharField(label=_("Words of the consent"), max_length=500, required=False)
    external_ref = forms.CharField(label=_("Reference"), max_length=100, required=False)

    LATER = ("street", "postcode", "website", "source_detail", "external_ref", "details")

    @property
    def later_is_open(self) -> bool:
        """Whether something of what is folded away is wrong."""
        return any(self[name].errors for name in self.LATER if name in self.fields)


class EnterLeadForm(LeadForm):
    """A new lead, looked for a partner at once unless it is kept back."""

    route_now = forms.BooleanField(label=_("Find a partner at once"), required=False, initial=True)


class ImportLeadsForm(BaseForm):
    upload = forms.FileField(label=_("CSV file"), required=False)
    rows = forms.CharField(
        label=_("or paste the lines"),
        required=False,
        max_length=SHAPE.most_characters,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=_(
            "First line: customer_name, country; also city, street, postcode, website, contact_name, contact_role, "
            "contact_email, contact_phone, language, specialty, products, need, details, amount, currency, source, "
            "source_detail, consent_basis, consent_on, consent_text, external_ref."
        ),
    )
    all_or_nothing = forms.BooleanField(label=_("Enter nothing if a line is refused"), required=False)
    route_now = forms.BooleanField(label=_("Find a partner for each at once"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        upload = cleaned.pop("upload", None)
        if upload:
            cleaned["rows"] = _text_of(upload)
        if not cleaned.get("rows", "").strip() and not self.errors:
            raise ValidationError({"rows": _("Choose a file, or paste the lines.")})
        return cleaned


def _text_of(upload: Any) -> str:
    if upload.size > SHAPE.most_characters:
        raise ValidationError({"upload": _("This file is too large; send it in parts.")})
    try:
        return str(upload.read().decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ValidationError({"upload": _("This is not a text file in UTF-8.")}) from None


class ReasonForm(BaseForm):
    """A reason code and a sentence."""

    comment = forms.CharField(
        label=_("In your own words"), max_length=500, required=False, widget=LongText(2)
    )
    field_order = ["partner", "reason", "comment"]


class OfferForm(ReasonForm):
    partner = RecordField(label=_("Partner"), queryset=Partner.objects.active())
    reason = ReasonField("lead_choice")


class WithdrawForm(ReasonForm):
    reason = ReasonField("lead_withdrawal")


class CloseForm(ReasonForm):
    reason = ReasonField("lead_closing")


class DeclineForm(ReasonForm):
    reason = ReasonField("lead_decline", widget=forms.RadioSelect, empty_label=None)


class ReturnForm(ReasonForm):
    reason = ReasonField("lead_return", widget=forms.RadioSelect, empty_label=None)


class LoseForm(ReasonForm):
    reason = ReasonField("lead_loss", widget=forms.RadioSelect, empty_label=None)


class ContactForm(BaseForm):
    """How they were reached."""

    way = forms.ChoiceField(
        label=_("How"), choices=list(rules.WAY_WORDS.items()), widget=forms.RadioSelect, initial="phone"
    )
    note = forms.CharField(
        label=_("What was said"), max_length=400, required=False, widget=LongText(),
        help_text=_("It is taken over into the registration. No patient data, please."),
    )  # fmt: skip


class ConvertForm(BaseForm):
    """A registration, filled in with what the lead knows."""

    customer_name = forms.CharField(label=_("Customer"), max_length=200)
    customer_country = forms.ChoiceField(label=_("Country"), choices=COUNTRY_CHOICES)
    customer_city = forms.CharField(label=_("City"), max_length=120, required=False)
    products = RecordsField(
        label=_("Products"), queryset=Product.objects.active(), widget=forms.CheckboxSelectMultiple
    )
    amount = MoneyField(label=_("Value, first year"))
    expected_close_on = forms.DateField(label=_("Expected close"), widget=DateInput())
    what_it_did = forms.CharField(
        label=_("What you have done so far"), max_length=2000, widget=LongText(4),
        help_text=_("Two sentences are enough. No patient data, please."),
    )  # fmt: skip
    no_patient_data = forms.BooleanField(
        label=_("I confirm that this registration contains no patient data.")
    )


class ProfileForm(BaseForm):
    """Which leads a partner takes."""

    takes_leads = forms.BooleanField(label=_("Takes leads"), required=False)
    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=[c for c in LANGUAGES if c[0]], required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("None chosen: the languages of its market."),
    )  # fmt: skip
    specialties = RecordsField(
        label=_("Specialties"), queryset=Specialty.objects.active(), required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("None chosen: all."),
    )  # fmt: skip
    products = RecordsField(
        label=_("Products"), queryset=Product.objects.active(), required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("None chosen: all."),
    )  # fmt: skip
    capacity = forms.IntegerField(
        label=_("Open leads at most"), min_value=0, max_value=1000, required=False,
        help_text=_("Empty: the program's value."),
    )  # fmt: skip
    weight = forms.IntegerField(
        label=_("Weight"), min_value=1, max_value=100, required=False, help_text=_("Empty: the rank of its tier."),
    )  # fmt: skip


class ReferForm(BaseForm):
    """A contact who agreed to be contacted."""

    customer_name = forms.CharField(label=_("Where they work"), max_length=200)
    country = forms.ChoiceField(label=_("Country"), choices=COUNTRY_CHOICES)
    city = forms.CharField(label=_("City"), max_length=120, required=False)
    contact_name = forms.CharField(label=_("Who it is"), max_length=120)
    contact_role = forms.CharField(label=_("Role"), max_length=120, required=False)
    contact_email = forms.EmailField(label=_("Mail address"), max_length=254, required=False)
    contact_phone = forms.CharField(
        label=_("Phone"), max_length=40, required=False, help_text=_("One of the two is enough.")
    )
    message = forms.CharField(
        label=_("What they need"), max_length=1000, required=False, widget=LongText(),
        help_text=_("No patient data, please."),
    )  # fmt: skip
    consented_on = forms.DateField(label=_("They agreed on"), widget=DateInput())
    has_consent = forms.BooleanField(
        label=_("This person agreed that I pass on their name and how to reach them.")
    )
    external_ref = forms.CharField(label=_("Your reference"), max_length=100, required=False)
