"""Forms about a partner's state and facts, its people, and organizations."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _
from django_countries import countries

from accounts.models import User
from catalog.fields import CommentField, ReasonField
from catalog.models import Channel
from core.forms import BaseForm, RecordField
from core.money import CURRENCIES
from partners import rules
from partners.models import Organization

TOLD = _("The partner reads it, where it is one for outside.")
ALL, OWN = "all", "own"
ZONES = [(zone, zone) for zone in sorted(available_timezones())]


class SuspendForm(BaseForm):
    """Why a partner is suspended."""

    reason = ReasonField("partner_suspension", help_text=TOLD)
    comment = CommentField()


class TerminateForm(BaseForm):
    """Why a partnership ends."""

    reason = ReasonField("partner_termination", help_text=TOLD)
    comment = CommentField()


class AssignForm(BaseForm):
    """Who looks after a partner."""

    psm = RecordField(label=_("Partner success manager"), queryset=User.objects.none())

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        looks_after = User.objects.looking_after_partners().visible_to(self.actor)
        self.fields["psm"].queryset = looks_after.order_by("name")  # type: ignore[attr-defined]


class PartnerForm(BaseForm):
    """Plain facts of a partner."""

    name = forms.CharField(label=_("Name"), max_length=200)
    channel = RecordField(label=_("Channel"), queryset=Channel.objects.active(), required=False)
    currency = forms.ChoiceField(label=_("Currency"), choices=[(c, c) for c in CURRENCIES])
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=ZONES)
    is_strategic = forms.BooleanField(label=_("Strategic partner"), required=False)


class SellersForm(BaseForm):
    """Which deals a partner's sellers see."""

    see = forms.ChoiceField(
        label=_("Sellers see"),
        choices=[
            (ALL, _("All deals of the company")),
            (OWN, _("Only deals that they registered or are named on")),
        ],
        widget=forms.RadioSelect,
    )


class PersonForm(BaseForm):
    """A person at a partner."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("Work e-mail"), required=False, max_length=254)
    title = forms.CharField(label=_("Job title"), required=False, max_length=120)
    phone = forms.CharField(label=_("Phone"), required=False, max_length=40)


class OrganizationForm(BaseForm):
    """Facts of a company or customer."""

    name = forms.CharField(label=_("Name"), max_length=200)
    legal_name = forms.CharField(label=_("Legal name"), max_length=200, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=list(rules.KIND_WORDS.items()))
    country = forms.ChoiceField(label=_("Country"), choices=[("", ""), *countries], required=False)
    city = forms.CharField(label=_("City"), max_length=120, required=False)
    website = forms.URLField(label=_("Website"), max_length=200, required=False, assume_scheme="https")
    is_public_body = forms.BooleanField(label=_("A public body"), required=False)
    is_healthcare_provider = forms.BooleanField(label=_("Cares for patients"), required=False)
    public_directory = forms.BooleanField(
        label=_("In the public directory"),
        required=False,
        help_text=_("Every partner can find it by its name."),
    )
    is_prospect = forms.BooleanField(
        label=_("A prospect"), required=False, help_text=_("We would like it as a partner.")
    )


class OrganizationNameForm(BaseForm):
    """Another name of an organization."""

    name = forms.CharField(label=_("Name"), max_length=200)
    kind = forms.ChoiceField(
        label=_("What it is"),
        choices=[
            ("alias", _("Another name in use")),
            ("former", _("A former name")),
            ("stated", _("As a document states it")),
        ],
        widget=forms.RadioSelect,
        initial="alias",
    )


class OrganizationDomainForm(BaseForm):
    """A web or mail domain."""

    domain = forms.CharField(
        label=_("Domain"), max_length=253, help_text=_("Of the website or of e-mail addresses.")
    )


class OrganizationIdentifierForm(BaseForm):
    """A number in a public register."""

    scheme = forms.ChoiceField(label=_("Register"), choices=list(rules.SCHEME_WORDS.items()))
    value = forms.CharField(label=_("Number"), max_length=60)


class ReasonedForm(BaseForm):
    """A sentence for colleagues."""

    reason = forms.CharField(
        label=_("Why"), max_length=300, required=False, help_text=_("For colleagues; it stays in the record.")
    )


class ChosenForm(ReasonedForm):
    """Another organization, out of those that were found."""

    chosen = RecordField(
        label=_("It is"), queryset=Organization.objects.none(), widget=forms.RadioSelect, empty_label=None
    )
    field_order = ["chosen", "reason"]

    def __init__(self, *args: Any, candidates: list[Any], **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["chosen"]
        field.queryset = Organization.objects.visible_to(self.actor).filter(
            pk__in=[candidate.pk for candidate in candidates]
        )
        field.label_from_instance = described


class ParentForm(ChosenForm):
    """The organization under which one stands, or none."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["chosen"]
        field.label, field.required = _("It stands under"), False
        field.empty_label = _("None: it is a top of its own")


def described(organization: Organization) -> str:
    """“Harbor Valley General (Ohio, United States), Hospital”."""
    place = ", ".join(filter(None, [organization.city, str(organization.country.name)]))
    named = f"{organization.name} ({place})" if place else organization.name
    return named if organization.kind == "other" else f"{named}, {rules.KIND_WORDS[organization.kind]}"
