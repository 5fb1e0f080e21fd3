"""Forms about a partner's state and facts."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from catalog.models import Channel, ReasonCode
from core.forms import BaseForm
from core.money import CURRENCIES

ZONES = [(zone, zone) for zone in sorted(available_timezones())]


def reasons(domain: str) -> list[tuple[str, Any]]:
    """The active reason codes of a domain, as choices."""
    found = ReasonCode.objects.active().filter(domain=domain).values_list("code", "label")
    return [("", _("Choose a reason")), *found]


class ConfirmForm(BaseForm):
    """Nothing to fill in."""


class SuspendForm(BaseForm):
    """Why a partner is suspended."""

    domain = "partner_suspension"
    reason = forms.ChoiceField(
        label=_("Reason"), help_text=_("The partner reads it, where it is one for outside.")
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reason"].choices = reasons(self.domain)  # type: ignore[attr-defined]


class TerminateForm(SuspendForm):
    """Why a partnership ends."""

    domain = "partner_termination"


class AssignForm(BaseForm):
    """Who looks after a partner."""

    psm = forms.ModelChoiceField(label=_("Partner success manager"), queryset=User.objects.none())

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        looks_after = User.objects.looking_after_partners().visible_to(self.actor)
        self.fields["psm"].queryset = looks_after.order_by("name")  # type: ignore[attr-defined]


class PartnerForm(BaseForm):
    """Plain facts of a partner."""

    name = forms.CharField(label=_("Name"), max_length=200)
    channel = forms.ModelChoiceField(label=_("Channel"), queryset=Channel.objects.active(), required=False)
    currency = forms.ChoiceField(label=_("Currency"), choices=[(c, c) for c in CURRENCIES])
    time_zone = forms.ChoiceField(label=_("Time zone"), choices=ZONES)
    is_strategic = forms.BooleanField(label=_("Strategic partner"), required=False)


class PersonForm(BaseForm):
    """A person at a partner."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("Work e-mail"), required=False, max_length=254)
    title = forms.CharField(label=_("Job title"), required=False, max_length=120)
    phone = forms.CharField(label=_("Phone"), required=False, max_length=40)
