"""Forms of applications and onboarding."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from accounts.models import User
from catalog.fields import ReasonField
from core.forms import BaseForm, DateInput, RecordField, RecordsField
from onboarding import rules
from onboarding.doors import offered_categories
from onboarding.models import (
    SCHEME_CHOICES,
    SIDE_CHOICES,
    STAGE_LABELS,
    Criterion,
    OnboardingTask,
    OnboardingTemplate,
)
from partners.models import Category, Organization

LONG = forms.Textarea(attrs={"rows": 5})


class ApplyForm(BaseForm):
    """What a company fills in to become a partner."""

    legal_name = forms.CharField(
        label=_("Legal name"), max_length=200, widget=forms.TextInput({"autocomplete": "organization"})
    )
    website = forms.URLField(
        label=_("Website"), max_length=200, assume_scheme="https",
        widget=forms.TextInput({"inputmode": "url", "autocomplete": "url"}),
    )  # fmt: skip
    country = forms.ChoiceField(label=_("Country"), choices=[("", _("Choose a country")), *countries])
    categories = forms.MultipleChoiceField(
        label=_("What kind of partner would you be?"), widget=forms.CheckboxSelectMultiple
    )
    intent = forms.CharField(
        label=_("What do you want to do with us?"), max_length=2000, widget=LONG,
        help_text=_("Two or three sentences: your customers, what you would sell or build, where."),
    )  # fmt: skip
    contact_name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"})
    )
    contact_email = forms.EmailField(
        label=_("Work e-mail"), max_length=254, widget=forms.EmailInput({"autocomplete": "email"}),
        help_text=_("We send a link there. The application counts once you have confirmed it."),
    )  # fmt: skip
    contact_title = forms.CharField(
        label=_("Job title"),
        max_length=120,
        required=False,
        widget=forms.TextInput({"autocomplete": "organization-title"}),
    )
    identifier_scheme = forms.ChoiceField(
        label=_("Kind of number"), required=False, choices=[("", _("None")), *SCHEME_CHOICES]
    )
    identifier = forms.CharField(label=_("Number"), max_length=60, required=False)
    accepts_privacy = forms.BooleanField(
        label=_("You may use these details to handle this application."), required=True
    )
    wants_news = forms.BooleanField(
        label=_("You may also write to me about the partner program."), required=False
    )
    # A person does not see this; whoever fills it in is not one.
    fax = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput({"tabindex": "-1", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        offered = offered_categories().values_list("code", "name")
        self.fields["categories"].choices = list(offered)  # type: ignore[attr-defined]


class AssignForm(BaseForm):
    """Who reviews."""

    reviewer = RecordField(label=_("Reviewer"), queryset=User.objects.none())

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reviewer"].queryset = managers(self.actor)  # type: ignore[attr-defined]


def managers(actor: Any) -> Any:
    return User.objects.looking_after_partners().visible_to(actor).order_by("name")


class ScoreForm(BaseForm):
    """One's marks: for each criterion points and a note."""

    def __init__(self, *args: Any, criteria: Iterable[Criterion] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        self.criteria = list(criteria)
        for criterion in self.criteria:
            marks = [(str(n), str(n)) for n in range(1, criterion.highest + 1)]
            self.fields[f"points_{criterion.code}"] = forms.ChoiceField(
                label=criterion.name,
                help_text=criterion.question,
                choices=marks,
                required=False,
                widget=forms.RadioSelect,
            )
            self.fields[f"note_{criterion.code}"] = forms.CharField(
                label=_("Note on %(name)s") % {"name": criterion.name}, max_length=500, required=False
            )

    def marks(self) -> dict[str, tuple[int, str]]:
        """Those that were given."""
        given = {c.code: self.cleaned_data.get(f"points_{c.code}") for c in self.criteria}
        return {
            code: (int(points), self.cleaned_data.get(f"note_{code}", ""))
            for code, points in given.items()
            if points
        }


class DecisionForm(BaseForm):
    """What both decisions have: words to the applicant and a note for colleagues."""

    message = forms.CharField(
        label=_("Words to the applicant"), max_length=1000, required=False, widget=forms.Textarea({"rows": 3}),
        help_text=_("Added to the letter as you write them."),
    )  # fmt: skip
    comment = forms.CharField(
        label=_("Note for colleagues"), max_length=1000, required=False, widget=forms.Textarea({"rows": 2}),
        help_text=_("The applicant never sees this."),
    )  # fmt: skip


class ApproveForm(DecisionForm):
    """Who looks after the new partner, and as what it joins."""

    psm = RecordField(label=_("Partner success manager"), queryset=User.objects.none())
    primary = RecordField(
        label=_("Category"),
        queryset=Category.objects.active(),
        help_text=_("Its onboarding plan follows from this."),
    )
    others = RecordsField(
        label=_("Further categories"),
        queryset=Category.objects.active(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = ["psm", "primary", "others", "message", "comment"]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["psm"].queryset = managers(self.actor)  # type: ignore[attr-defined]
        self.fields["others"].queryset = offered_categories().visible_to(self.actor)  # type: ignore[attr-defined]

    def categories(self) -> list[Category]:
        """The primary one first."""
        first = self.cleaned_data["primary"]
        return [first, *(c for c in self.cleaned_data["others"] if c != first)]


class RejectForm(DecisionForm):
    """Why not."""

    reason_code = ReasonField(rules.REJECTION, help_text=_("In the letter, where it is one for outside."))
    field_order = ["reason_code", "message", "comment"]


class WithdrawForm(BaseForm):
    """What was said."""

    comment = forms.CharField(label=_("Note for colleagues"), max_length=1000, required=False)


class LinkForm(BaseForm):
    """Which organisation an applicant is."""

    organization = RecordField(
        label=_("Organization"), queryset=Organization.objects.none(), required=False,
        empty_label=_("A new organization"),
        help_text=_("Those that look alike by name, domain or number."),
    )  # fmt: skip

    def __init__(self, *args: Any, candidates: Any = None, **options: Any) -> None:
        super().__init__(*args, **options)
        if candidates is not None:
            self.fields["organization"].queryset = candidates  # type: ignore[attr-defined]


class DoneForm(BaseForm):
    """A tick for the other side: how it is known."""

    note = forms.CharField(
        label=_("How do you know?"), max_length=500, help_text=_("The partner reads this.")
    )


class SkipForm(BaseForm):
    """Why a task is not needed."""

    reason = forms.CharField(
        label=_("Why is it not needed?"), max_length=500, help_text=_("The partner reads this.")
    )


class MoveTaskForm(BaseForm):
    """Another day."""

    due_on = forms.DateField(label=_("Due on"), widget=DateInput)


class TaskForm(BaseForm):
    """A task of one's own."""

    title = forms.CharField(label=_("What is to be done?"), max_length=200)
    side = forms.ChoiceField(label=_("Who does it"), choices=SIDE_CHOICES, widget=forms.RadioSelect)
    stage = forms.ChoiceField(label=_("Stage"), choices=list(STAGE_LABELS.items()))
    due_on = forms.DateField(label=_("Due on"), widget=DateInput)
    depends_on = RecordsField(
        label=_("After"),
        queryset=OnboardingTask.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    is_required = forms.BooleanField(
        label=_("Onboarding is not complete without it"), required=False, initial=True
    )

    def __init__(self, *args: Any, tasks: Any = None, **options: Any) -> None:
        super().__init__(*args, **options)
        if tasks is not None:
            self.fields["depends_on"].queryset = tasks  # type: ignore[attr-defined]


class StartForm(BaseForm):
    """Which plan to start."""

    template = RecordField(
        label=_("Template"), queryset=OnboardingTemplate.objects.active(), required=False,
        empty_label=_("The one that fits its category"),
    )  # fmt: skip
