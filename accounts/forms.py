"""Forms about people and access."""

from datetime import timedelta
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.roles import LABELS, PARTNER_ROLES, VENDOR_ROLES
from core.forms import BaseForm

ZONES = [(zone, zone) for zone in sorted(available_timezones())]


def role_choices(roles: Any) -> list[tuple[str, Any]]:
    return [(role, LABELS[role]) for role in roles]


class InviteForm(BaseForm):
    """Whom to invite, as what."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(
        label=_("E-mail"), help_text=_("The invitation goes here and works for seven days.")
    )
    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        roles = VENDOR_ROLES if self.actor.is_vendor else PARTNER_ROLES
        self.fields["role"].choices = role_choices(roles)  # type: ignore[attr-defined]


class RoleForm(BaseForm):
    """Another role for a person."""

    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        roles = VENDOR_ROLES if self.actor.is_vendor else PARTNER_ROLES
        self.fields["role"].choices = role_choices(roles)  # type: ignore[attr-defined]


class ReasonForm(BaseForm):
    """Why."""

    reason = forms.CharField(
        label=_("Why"), max_length=200, help_text=_("Kept in the record of what happened.")
    )


class JoinForm(BaseForm):
    """Who joins with a new account."""

    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput({"autocomplete": "name"})
    )
    password = forms.CharField(
        label=_("Choose a password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=_("At least ten characters. Long is better than complicated: four words are fine."),
    )


class ProveForm(BaseForm):
    """Who joins with the account they have."""

    password = forms.CharField(
        label=_("Your password"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )


class KeyForm(BaseForm):
    """A new API key."""

    LIVES = [(30, _("30 days")), (90, _("90 days")), (180, _("180 days")), (365, _("365 days"))]
    name = forms.CharField(label=_("What is it for?"), max_length=80)
    may_write = forms.BooleanField(
        label=_("It may write"), required=False, help_text=_("Off: it only reads.")
    )
    days = forms.TypedChoiceField(label=_("It works for"), choices=LIVES, coerce=int, initial=90)

    def clean_days(self) -> timedelta:
        return timedelta(days=self.cleaned_data["days"])


class ProfileForm(BaseForm):
    """What a person may change of itself."""

    name = forms.CharField(label=_("Name"), max_length=120)
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=ZONES)
    theme = forms.ChoiceField(
        label=_("Appearance"),
        choices=[("auto", _("As my device")), ("light", _("Light")), ("dark", _("Dark"))],
        widget=forms.RadioSelect,
    )


class VendorForm(BaseForm):
    """How the vendor shows itself."""

    name = forms.CharField(label=_("Name"), max_length=80)
    tagline = forms.CharField(label=_("Line below the name"), max_length=80)
    accent = forms.CharField(
        label=_("Accent colour"),
        max_length=7,
        help_text=_("Such as #2F55D4. Darkened until white text reads on it."),
    )
    time_zone = forms.ChoiceField(label=_("Time zone of the program"), choices=ZONES)
    support_address = forms.EmailField(label=_("Address for questions"), required=False)
