"""The base of forms: no broken characters, choices restricted to what the actor may see, errors at the field."""

from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.utils.translation import gettext_lazy as _

from core.actors import Actor
from core.money import CURRENCIES, Money
from core.text import require_storable


class RecordField(forms.ModelChoiceField):
    """One record of a queryset; what no database can hold is an error at the field."""

    def __init__(self, queryset: Any, **options: Any) -> None:
        nothing = _("Choose") if options.get("required", True) else _("None")
        super().__init__(queryset, **{"empty_label": nothing, **options})

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            require_storable(value)
        return super().to_python(value)


class RecordsField(forms.ModelMultipleChoiceField):
    """Several records of a queryset; what no database can hold is an error at the field."""

    def clean(self, value: Any) -> Any:
        for item in value if isinstance(value, list | tuple) else ():
            require_storable(str(item))
        return super().clean(value)


class BaseForm(forms.Form):
    """A form that knows who fills it in."""

    required_css_class = "is-required"

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        self.actor = actor
        super().__init__(*args, **options)
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField) and field.queryset is not None:
                field.queryset = field.queryset.visible_to(actor)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name, value in cleaned.items():
            if isinstance(value, str):
                try:
                    require_storable(value)
                except ValidationError as error:
                    self.add_error(name, error)
        return cleaned

    def add_action_error(self, error: ValidationError) -> None:
        """What an action refused, at the field where it is known here, else above the form."""
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for name, found in error.error_dict.items():
            self.add_error(
                name if name in self.fields else None, found if name in self.fields else _named(name, found)
            )


def _named(name: str, found: list[ValidationError]) -> list[str]:
    prefix = "" if name == NON_FIELD_ERRORS else name.replace("_", " ").capitalize() + ": "
    return [f"{prefix}{message}" for error in found for message in error.messages]


class ConfirmForm(BaseForm):
    """Nothing to fill in."""


class MoneyWidget(forms.MultiWidget):
    """Currency, then amount."""

    template_name = "widgets/money.html"

    def __init__(self) -> None:
        amount = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
        super().__init__([forms.Select(choices=[(c, c) for c in CURRENCIES]), amount])

    def decompress(self, value: Money | None) -> list[Any]:
        return [value.currency, f"{value.decimal:,}"] if value else ["USD", ""]


class MoneyField(forms.MultiValueField):
    """An amount in a currency; cleaned to Money."""

    widget = MoneyWidget

    def __init__(self, **options: Any) -> None:
        fields = (
            forms.ChoiceField(choices=[(c, c) for c in CURRENCIES]),
            forms.CharField(max_length=24, required=False),
        )
        super().__init__(fields, require_all_fields=False, **options)

    def compress(self, values: list[str]) -> Money | None:
        if not values or not values[1]:
            if self.required:
                raise ValidationError(_("Enter an amount."))
            return None
        return Money.parse(values[1], values[0])


class DateInput(forms.DateInput):
    """The browser's own date picker; ISO days."""

    input_type = "date"

    def __init__(self, **options: Any) -> None:
        super().__init__(format="%Y-%m-%d", **options)
