"""Forms that register a deal and answer questions about it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from catalog.models import Channel, Product
from core.forms import BaseForm, DateInput, MoneyField, RecordField, RecordsField
from deals import rules
from deals.amending import HELP_WORDS, PROCUREMENT_WORDS
from deals.forms.attachments import FilesField, files_help
from deals.models import Deal, DealType
from partners.models import Organization, Partner

COUNTRY_CHOICES = [("", _("Choose a country")), *countries]


class LongText(forms.Textarea):
    """A few lines."""

    def __init__(self, rows: int = 3) -> None:
        super().__init__(attrs={"rows": rows})


class DealForm(BaseForm):
    """A registration: six fields, a declaration, and what may come later. Nothing is required while it is a draft."""

    organization = RecordField(queryset=Organization.objects.all(), required=False, widget=forms.HiddenInput)
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
    contact = forms.CharField(
        label=_("Contact at the customer"), max_length=200, required=False, help_text=_("Name, role, e-mail.")
    )
    contact_agreed = forms.BooleanField(label=_("The contact agreed to hear from us"), required=False)
    champion = forms.CharField(label=_("Who wants it there"), max_length=200, required=False)
    need = forms.CharField(label=_("What they need"), max_length=1000, widget=LongText(2), required=False)
    use_case = forms.CharField(label=_("Use case"), max_length=1000, widget=LongText(2), required=False)
    clinical_specialty = forms.CharField(label=_("Clinical specialty"), max_length=120, required=False)
    facilities = forms.CharField(
        label=_("Facilities"), max_length=400, required=False, help_text=_("Sites or clinics that it is for.")
    )
    service_lines = forms.CharField(label=_("Service lines"), max_length=400, required=False)
    incumbent = forms.CharField(label=_("What they use today"), max_length=200, required=False)
    includes_below = forms.BooleanField(
        label=_("Everything that belongs to the customer"), required=False,
        help_text=_("All hospitals and departments of a network, not the customer alone. The deal desk decides it."),
    )  # fmt: skip
    scope_reason = forms.CharField(
        label=_("Why all of it"), max_length=500, required=False, widget=LongText(2),
        help_text=_("Such as one budget or one tender for all of them."),
    )  # fmt: skip
    type = RecordField(label=_("Type"), queryset=DealType.objects.active(), required=False, empty_label=None)
    channel = RecordField(
        label=_("Sales channel"), queryset=Channel.objects.active(), required=False, empty_label=_("Not known yet")
    )  # fmt: skip
    renews = RecordField(
        label=_("Earlier registration"), queryset=Deal.objects.filter(state__in=rules.RENEWABLE), required=False,
        help_text=_("A renewal names the registration that it continues."),
    )  # fmt: skip
    customer_website = forms.CharField(label=_("Customer's website"), max_length=200, required=False)
    competitor = forms.CharField(label=_("Competitor"), max_length=200, required=False)
    help_wanted = forms.ChoiceField(label=_("Help wanted"), choices=list(HELP_WORDS.items()), required=False)
    procurement_route = forms.ChoiceField(
        label=_("How the customer buys"), choices=list(PROCUREMENT_WORDS.items()), required=False
    )
    procurement_reference = forms.CharField(label=_("Tender reference"), max_length=100, required=False)
    tender_deadline_on = forms.DateField(label=_("Tender deadline"), widget=DateInput(), required=False)
    external_ref = forms.CharField(label=_("Your reference"), max_length=100, required=False)
    no_patient_data = forms.BooleanField(
        label=_("I confirm that this registration contains no patient data.")
    )

    MAIN = ("customer_name", "customer_country", "customer_city", "products", "amount", "expected_close_on",
            "what_it_did")  # fmt: skip
    # What may come later, folded away under one line each.
    CASE = ("contact", "contact_agreed", "champion", "need", "use_case", "clinical_specialty", "facilities",
            "service_lines", "incumbent", "competitor")  # fmt: skip
    SALE = ("includes_below", "scope_reason", "type", "channel", "renews", "help_wanted", "procurement_route",
            "procurement_reference", "tender_deadline_on", "customer_website", "external_ref")  # fmt: skip

    def is_wrong(self, names: tuple[str, ...]) -> bool:
        """Whether something of these fields is wrong, or is a renewal's own: then they are not folded away."""
        is_renewal = "renews" in names and bool(self.initial.get("renews"))
        return is_renewal or any(self[name].errors for name in names if name in self.fields)


class CustomerInput(forms.TextInput):
    """A name with suggestions below it, asked from the server while typing."""

    template_name = "deals/widgets/customer.html"

    def __init__(self) -> None:
        super().__init__(attrs={"autocomplete": "off"})


class PortalDealForm(DealForm):
    """The same in the portal: customers that the partner may know are offered, and what is typed is kept."""

    draft = forms.UUIDField(widget=forms.HiddenInput, required=False)
    documents = FilesField(label=_("Attach files"), required=False, help_text=files_help())
    customer_name = forms.CharField(
        label=_("Customer"),
        max_length=200,
        widget=CustomerInput(),
        help_text=_("Choose one that is offered, or just type the name."),
    )


class DraftForm(DealForm):
    """The same while it is being filled in: whatever is right so far is kept."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, field in self.fields.items():
            field.required = False
            if name == "amount":
                field.require_all_fields = False  # type: ignore[attr-defined]


class AnswerForm(DealForm):
    """The answer to a question: only the fields that were asked about."""

    def __init__(self, *args: Any, asked: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields = {name: field for name, field in self.fields.items() if name in asked}  # type: ignore[assignment]


class RegisterForPartnerForm(DealForm):
    """A registration that a manager enters for a partner."""

    partner = RecordField(label=_("Partner"), queryset=Partner.objects.active())
    field_order = ["partner"]
