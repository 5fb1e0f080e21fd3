"""Forms about who looks at a registration, and notes for colleagues."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from core.forms import BaseForm, RecordField
from deals.actions import deciders
from deals.models import Deal


class AssignForm(BaseForm):
    """To whom a registration is given."""

    to = RecordField(
        label=_("Colleague"), queryset=User.objects.none(), required=False, empty_label=_("Nobody yet")
    )

    def __init__(self, *args: Any, deal: Deal, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["to"].queryset = deciders(deal)  # type: ignore[attr-defined]


class NoteForm(BaseForm):
    """A note for colleagues."""

    text = forms.CharField(
        label=_("Note for colleagues"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3, "data-shortcut": "n"}),
        help_text=_("The partner never reads it. It cannot be changed later."),
    )  # fmt: skip
