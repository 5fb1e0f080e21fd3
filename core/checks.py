"""Checks of the house's own rules (run by `manage.py check`)."""

from typing import Any

from django.apps import apps
from django.core.checks import Error, register

from core.scoping import tenant_of


@register()
def every_model_declares_its_tenant(app_configs: Any, **options: Any) -> list[Error]:
    own = [m for m in apps.get_models() if not m.__module__.startswith(("django.", "allauth.", "axes."))]
    wrong = []
    for model in own:
        try:
            tenant_of(model)
        except TypeError as error:
            wrong.append(Error(str(error), obj=model, id="prm.E001"))
    return wrong
