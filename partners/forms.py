"""Forms about a partner's state and facts."""

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from catalog.fields import CommentField, ReasonField
from catalog.models import Channel
from core.forms import BaseForm, RecordField
from core.money import CURRENCIES

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
