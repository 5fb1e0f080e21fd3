"""Forms of the decision and of the customer that it is about."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.fields import ReasonField
from core.forms import BaseForm, DateInput, RecordField
from deals import previews, rules
from deals.forms.registrations import COUNTRY_CHOICES, LongText
from deals.models import Deal
from partners.models import Organization
from partners.rules import KIND_WORDS


class DecisionForm(BaseForm):
    """One of five decisions; each needs only its own fields."""

    APPROVE, CONDITIONS = previews.APPROVE, previews.CONDITIONS
    ASK, REJECT, DUPLICATE = previews.ASK, previews.REJECT, previews.DUPLICATE
    MOVES = (
        (APPROVE, _("Approve")),
        (CONDITIONS, _("With conditions")),
        (ASK, _("Ask for more")),
        (REJECT, _("Reject")),
        (DUPLICATE, _("Duplicate")),
    )

    move = forms.ChoiceField(label=_("Decision"), choices=MOVES, widget=forms.RadioSelect, initial=APPROVE)
    days = forms.IntegerField(
        label=_("Protection, days"), min_value=1, max_value=rules.LONGEST_PROTECTION, required=False
    )
    conditions = forms.CharField(
        label=_("Conditions, one on each line"), max_length=3000, required=False, widget=LongText(),
        help_text=_("What must come true for the approval to stand: “A letter of intent is signed.”"),
    )  # fmt: skip
    conditions_until = forms.DateField(label=_("To be met by"), widget=DateInput(), required=False)
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
        if move == self.CONDITIONS and not lines_of(cleaned.get("conditions")):
            self.add_error("conditions", _("Give at least one condition."))
        if (
            move == self.CONDITIONS
            and not cleaned.get("conditions_until")
            and "conditions_until" not in self.errors
        ):
            self.add_error("conditions_until", _("Say by when they are to be met."))
        if move == self.REJECT and not cleaned.get("reason"):
            self.add_error("reason", _("Choose a reason."))
        if move == self.DUPLICATE and not cleaned.get("duplicate_of"):
            self.add_error("duplicate_of", _("Choose the registration that this one repeats."))
        return cleaned

    def add_action_error(self, error: Any) -> None:
        if hasattr(error, "error_dict") and "fields" in error.error_dict:
            error.error_dict["fields_asked"] = error.error_dict.pop("fields")
        super().add_action_error(error)


def lines_of(text: str | None) -> list[str]:
    """What was typed, one entry a line."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


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
    kind = forms.ChoiceField(label=_("Kind"), choices=list(KIND_WORDS.items()))
    is_public_body = forms.BooleanField(label=_("A public body"), required=False)
