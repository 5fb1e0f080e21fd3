"""Forms about conflict cases."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.roles import Permission
from core.forms import BaseForm, RecordField
from deals import case_rules
from deals.engagement import Section
from deals.forms.registrations import LongText
from deals.models import Deal

DISCREET = _("It goes to this side alone. Never say who the other is, or what it claims.")


class OpenCaseForm(BaseForm):
    """What the case is about: another registration, or our own opportunity."""

    other = RecordField(
        label=_("The other registration"), queryset=Deal.objects.all(), required=False, widget=forms.RadioSelect,
        empty_label=_("None: our own sales"),
    )  # fmt: skip
    direct = forms.CharField(
        label=_("Our own opportunity"), max_length=500, required=False, widget=LongText(2),
        help_text=_("Where it is our own sales: the account, the owner, since when, how far."),
    )  # fmt: skip
    summary = forms.CharField(
        label=_("What it is about"), max_length=1000, required=False, widget=LongText(3),
        help_text=_("For colleagues."),
    )  # fmt: skip

    def __init__(self, *args: Any, candidates: list[Deal], **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["other"]
        field.queryset = field.queryset.filter(pk__in=[deal.pk for deal in candidates]).select_related(
            "partner"
        )
        field.label_from_instance = lambda deal: f"{deal.number} {deal.partner.name}, {deal.customer_name}"


class MediatorForm(BaseForm):
    """Who looks after a case."""

    mediator = RecordField(label=_("Mediator"), queryset=User.objects.none())

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        found = User.objects.with_permission(Permission.CASE_DECIDE).visible_to(self.actor)
        self.fields["mediator"].queryset = found.order_by("name")  # type: ignore[attr-defined]


class EvidenceForm(BaseForm):
    """What speaks for one side."""

    text = forms.CharField(
        label=_("What happened, and when"), max_length=2000, widget=LongText(6),
        help_text=_("Meetings, mails, a champion, a budget: with their days. No patient data, please."),
    )  # fmt: skip
    upload = forms.FileField(
        label=_("A file"), required=False, help_text=_("A mail, an invitation, minutes: what shows it.")
    )


class SharesForm(BaseForm):
    """Who keeps the customer; a split needs both shares."""

    outcome = forms.ChoiceField(
        label=_("Outcome"), choices=list(case_rules.OUTCOME_WORDS.items()), widget=forms.RadioSelect
    )
    first_share = forms.IntegerField(
        label=_("Share of the first, percent"), min_value=0, max_value=100, required=False,
        help_text=_("For a split alone. The larger share keeps the protection."),
    )  # fmt: skip
    second_share = forms.IntegerField(
        label=_("Share of the second, percent"), min_value=0, max_value=100, required=False
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cleaned["shares"] = (cleaned.pop("first_share", None), cleaned.pop("second_share", None))
        return cleaned

    def add_action_error(self, error: Any) -> None:
        if hasattr(error, "error_dict") and "shares" in error.error_dict:
            error.error_dict["first_share"] = error.error_dict.pop("shares")
        super().add_action_error(error)


class ProposeForm(SharesForm):
    """What should happen, and why."""

    proposal = forms.CharField(
        label=_("Why"), max_length=2000, widget=LongText(5), help_text=_("For colleagues and the mediator.")
    )


class DecideCaseForm(SharesForm):
    """The decision, its rule, the name by which it is found again, and words for each side."""

    rule = forms.ChoiceField(label=_("Rule"))
    reasoning = forms.CharField(
        label=_("Why"),
        max_length=2000,
        widget=LongText(4),
        help_text=_("For colleagues, and as a precedent."),
    )
    precedent = forms.SlugField(
        label=_("Precedent"), max_length=40, required=False,
        help_text=_("A short name to find it by, such as network-before-hospital."),
    )  # fmt: skip
    first_words = forms.CharField(
        label=_("Words to the first side"),
        max_length=1000,
        required=False,
        widget=LongText(2),
        help_text=DISCREET,
    )
    second_words = forms.CharField(
        label=_("Words to the second side"),
        max_length=1000,
        required=False,
        widget=LongText(2),
        help_text=DISCREET,
    )

    def __init__(self, *args: Any, rules: list[Section], **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["rule"]
        field.choices = [(rule.code, rule.title) for rule in rules]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cleaned["words"] = (cleaned.pop("first_words", ""), cleaned.pop("second_words", ""))
        return cleaned


class CloseCaseForm(BaseForm):
    """Why a case needs no decision."""

    reasoning = forms.CharField(label=_("Why it needs no decision"), max_length=2000, widget=LongText(3))
