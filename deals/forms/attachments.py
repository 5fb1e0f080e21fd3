"""Files that come with a registration."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import BaseForm
from files.rules import ACCEPTED, MEGABYTE, MOST_BYTES

MOST_AT_ONCE = 5
HELP = gettext_lazy("Up to %(files)s files of %(size)s MB: %(kinds)s. No patient data, please.")


class FilesInput(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True
    template_name = "django/forms/widgets/file.html"


class FilesField(forms.FileField):
    """A list of files, empty where none was chosen. What they hold is judged by the action that keeps them."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        chosen = data if isinstance(data, list | tuple) else [data] if data else []
        if len(chosen) > MOST_AT_ONCE:
            raise ValidationError(_("Choose at most %(n)s files at once.") % {"n": MOST_AT_ONCE})
        if self.required and not chosen:
            raise ValidationError(_("Choose a file."))
        return [super(FilesField, self).clean(one, initial) for one in chosen]


def files_help() -> Any:
    return HELP % {"files": MOST_AT_ONCE, "size": MOST_BYTES // MEGABYTE, "kinds": ACCEPTED}


class AttachForm(BaseForm):
    """Files for a registration."""

    documents = FilesField(label=gettext_lazy("Files"), help_text=files_help())
