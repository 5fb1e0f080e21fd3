"""Forms about registrations, appeals, bookings and go-lives."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from catalog.fields import ReasonField
from catalog.models import Product
from core.forms import BaseForm, DateInput, MoneyField, RecordField, RecordsField
from core.models import as_choices
from core.money import Money
from deals import rules
from deals.models import Booking, Deal, DealType, Implementation, Stage
from partners.models import Organization, Partner
from partners.rules import KINDS

HELP_WORDS = {"none": _("No help"), "share": _("Share what you know"), "co_sell": _("Sell together")}
PROCUREMENT_WORDS = {
    "": _("Not known yet"), "private": _("Private, no tender"), "framework": _("Framework agreement"),
    "tender": _("Public tender"), "direct_award": _("Direct award"),
}  # fmt: skip
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
    type = RecordField(label=_("Type"), queryset=DealType.objects.active(), required=False, empty_label=None)
    contact = forms.CharField(label=_("Contact at the customer"), max_length=200, required=False)
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
    LATER = ("type", "contact", "customer_website", "competitor", "help_wanted", "procurement_route",
             "procurement_reference", "tender_deadline_on", "external_ref")  # fmt: skip

    @property
    def later_is_open(self) -> bool:
        """Whether something of what is folded away is wrong."""
        return any(self[name].errors for name in self.LATER if name in self.fields)


class CustomerInput(forms.TextInput):
    """A name with suggestions below it, asked from the server while typing."""

    template_name = "deals/widgets/customer.html"

    def __init__(self) -> None:
        super().__init__(attrs={"autocomplete": "off"})


class PortalDealForm(DealForm):
    """The same in the portal: customers that the partner may know are offered, and what is typed is kept."""

    draft = forms.UUIDField(widget=forms.HiddenInput, required=False)
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


class DecisionForm(BaseForm):
    """One of four decisions; each needs only its own fields."""

    APPROVE, ASK, REJECT, DUPLICATE = "approve", "ask_for_more", "reject", "mark_duplicate"
    MOVES = (
        (APPROVE, _("Approve")),
        (ASK, _("Ask for more")),
        (REJECT, _("Reject")),
        (DUPLICATE, _("Duplicate")),
    )

    move = forms.ChoiceField(label=_("Decision"), choices=MOVES, widget=forms.RadioSelect, initial=APPROVE)
    days = forms.IntegerField(
        label=_("Protection, days"), min_value=1, max_value=rules.LONGEST_PROTECTION, required=False
    )
    reason = ReasonField("deal_rejection", required=False)
    duplicate_of = RecordField(
        label=_("Repeats"),
        queryset=Deal.objects.all(),
        required=False,
        empty_label=_("Choose a registration"),
    )
    question = forms.CharField(label=_("Question"), max_length=1000, required=False, widget=LongText())
    fields_asked = forms.MultipleChoiceField(
        label=_("What the partner is to complete"), choices=list(rules.FIELD_LABELS.items()), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    comment = forms.CharField(
        label=_("A sentence for the partner"), max_length=1000, required=False, widget=LongText(2)
    )

    def __init__(self, *args: Any, deal: Deal, **options: Any) -> None:
        super().__init__(*args, **options)
        mine = Deal.objects.visible_to(self.actor).filter(partner=deal.partner_id).exclude(pk=deal.pk)
        submitted = mine.exclude(state__in=rules.NEVER_SUBMITTED).order_by("-created_at")
        self.fields["duplicate_of"].queryset = submitted  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        move = cleaned.get("move")
        if move == self.REJECT and not cleaned.get("reason"):
            self.add_error("reason", _("Choose a reason."))
        if move == self.DUPLICATE and not cleaned.get("duplicate_of"):
            self.add_error("duplicate_of", _("Choose the registration that this one repeats."))
        return cleaned

    def add_action_error(self, error: Any) -> None:
        if hasattr(error, "error_dict") and "fields" in error.error_dict:
            error.error_dict["fields_asked"] = error.error_dict.pop("fields")
        super().add_action_error(error)


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


class LinkCustomerForm(BaseForm):
    """Which organization the typed customer is."""

    organization = RecordField(
        label=_("It is"), queryset=Organization.objects.all(), widget=forms.RadioSelect, empty_label=None
    )

    def __init__(self, *args: Any, candidates: list[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["organization"]
        field.queryset = field.queryset.filter(pk__in=[organization.pk for organization in candidates])
        field.label_from_instance = described


def described(organization: Organization) -> str:
    place = ", ".join(filter(None, [organization.city, str(organization.country.name)]))
    return f"{organization.name} ({place})" if place else organization.name


class AddCustomerForm(BaseForm):
    """A customer that nobody knew: a new organization."""

    name = forms.CharField(label=_("Name"), max_length=200)
    country = forms.ChoiceField(label=_("Country"), choices=COUNTRY_CHOICES)
    city = forms.CharField(label=_("City"), max_length=120, required=False)
    website = forms.URLField(label=_("Website"), required=False, assume_scheme="https")
    kind = forms.ChoiceField(label=_("Kind"), choices=as_choices(*KINDS))
    is_public_body = forms.BooleanField(label=_("A public body"), required=False)


class StageForm(BaseForm):
    """How far the deal is."""

    stage = RecordField(
        label=_("Stage"), queryset=Stage.objects.active().exclude(code=rules.LOST_STAGE),
        widget=forms.RadioSelect, empty_label=None,
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


class BookForm(BaseForm):
    """What is booked."""

    amount = MoneyField(label=_("Amount"))
    booked_on = forms.DateField(
        label=_("Booked on"), widget=DateInput(), help_text=_("The rate of this day is used.")
    )
    reference = forms.CharField(label=_("Invoice or order number"), max_length=100, required=False)
    comment = forms.CharField(label=_("Note"), max_length=400, required=False)


class CorrectBookingForm(ReasonForm):
    """How much of a booking is taken back."""

    reason = ReasonField("booking_correction")
    amount = MoneyField(label=_("Take back"))
    booked_on = forms.DateField(label=_("On"), widget=DateInput())
    comment = forms.CharField(label=_("In your own words"), max_length=400, required=False, widget=LongText())
    field_order = ["amount", "booked_on", "reason", "comment"]


class GoLiveForm(BaseForm):
    """What is in use since when, and who at the customer can say so."""

    product = RecordField(label=_("Product"), queryset=Product.objects.all())
    went_live_on = forms.DateField(label=_("In use since"), widget=DateInput())
    contact_name = forms.CharField(label=_("Who at the customer can confirm it"), max_length=120)
    contact_email = forms.EmailField(
        label=_("Mail address"), max_length=254,
        help_text=_("This person gets a link that works once; no account is needed."),
    )  # fmt: skip

    def __init__(self, *args: Any, deal: Deal, **options: Any) -> None:
        super().__init__(*args, **options)
        done = Implementation.objects.filter(deal=deal, state__in=[rules.REPORTED, rules.ACCEPTED])
        left = deal.products.exclude(pk__in=done.values("product"))
        self.fields["product"].queryset = left  # type: ignore[attr-defined]


class AcceptGoLiveForm(BaseForm):
    """The customer's signed acceptance."""

    document = forms.FileField(label=_("Signed acceptance"))
    note = forms.CharField(label=_("Note"), max_length=400, required=False)


class AnswerOfCustomerForm(BaseForm):
    """What the customer's person says."""

    answer = forms.ChoiceField(choices=[("confirm", _("Confirm")), ("decline", _("This is not right"))])
    note = forms.CharField(label=_("What is not right?"), max_length=400, required=False, widget=LongText())


def money_left(booking: Booking) -> Money:
    """What of a booking was not taken back yet."""
    return booking.amount if booking.reverses_id else booking.amount + Money(
        sum(correction.amount_minor for correction in booking.corrections.all()), booking.currency
    )  # fmt: skip
