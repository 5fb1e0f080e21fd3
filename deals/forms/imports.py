"""The form that takes a file of registrations."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import BaseForm, RecordField
from deals.imports.reading import MEGABYTE, MOST_BYTES, MOST_ROWS
from partners.models import Partner

DRAFTS, SEND = "drafts", "send"


class ImportForm(BaseForm):
    """A CSV file, and what becomes of its lines."""

    file = forms.FileField(
        label=_("CSV file"),
        help_text=_("Up to %(rows)s lines, %(size)s MB. Any spreadsheet can save one.")
        % {"rows": f"{MOST_ROWS:,}", "size": MOST_BYTES // MEGABYTE},
    )
    then = forms.ChoiceField(
        label=_("Then"),
        choices=[
            (DRAFTS, _("Keep all lines as drafts")),
            (SEND, _("Send complete lines at once, keep the others as drafts")),
        ],
        initial=DRAFTS,
        widget=forms.RadioSelect,
    )


class ImportForPartnerForm(ImportForm):
    """The same by a manager, for a partner."""

    partner = RecordField(label=_("Partner"), queryset=Partner.objects.active())
    field_order = ["partner"]
