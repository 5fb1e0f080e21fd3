"""Form fields over reference data."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.models import ReasonCode
from core.forms import RecordField


class ReasonField(RecordField):
    """An active reason of a domain; cleaned to its code, "" where none is chosen."""

    def __init__(self, domain: str, **options: Any) -> None:
        options = {"label": _("Reason"), "empty_label": _("Choose a reason"), **options}
        super().__init__(ReasonCode.objects.active().filter(domain=domain), to_field_name="code", **options)

    def clean(self, value: Any) -> str:
        found = super().clean(value)
        return found.code if found else ""


class CommentField(forms.CharField):
    """A few words beside a reason that stay with the vendor."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Comment"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
            help_text=_("For your colleagues; the partner reads the reason alone."),
        )  # fmt: skip
