"""The form that names colleagues on a deal."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, User
from core.forms import BaseForm, RecordsField


class PeopleForm(BaseForm):
    """Those of a partner's people who work on a deal."""

    people = RecordsField(
        label=_("Colleagues"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They get the letters about it, and see it where sellers see only their own deals."),
    )

    def __init__(self, *args: Any, deal: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        current = Membership.objects.current().filter(partner=deal.partner_id).values("user")
        colleagues = User.objects.visible_to(self.actor).filter(pk__in=current)
        self.fields["people"].queryset = colleagues.exclude(pk=deal.submitted_by_id).order_by("name")  # type: ignore[attr-defined]
