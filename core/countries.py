"""The country of a record."""

from typing import Any

from django.db import models
from django_countries import fields


class CountryField(fields.CountryField):
    """As the package's; a known code is found at once instead of after the names of all countries before it."""

    def validate(self, value: Any, model_instance: models.Model | None) -> None:
        if str(value or "") not in self.countries.countries:
            super().validate(value, model_instance)

    def deconstruct(self) -> Any:
        """To migrations it is the package's."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django_countries.fields.CountryField", args, kwargs
