"""The vendor enters an application on a company's behalf."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission as P
from core.pages import FormPage
from onboarding import actions, forms
from onboarding.models import Application
from onboarding.views.applications import CRUMB
from onboarding.views.public import form_parts
from partners.models import Category


class EnterApplication(FormPage):
    """The public form, filled in by a manager; the contact still confirms the address."""

    permission = P.APPLICATION_DECIDE
    form_class = forms.ApplyForm
    title = gettext_lazy("Enter an application")
    subtitle = gettext_lazy(
        "On a company's behalf. Its contact confirms the address by the link in our mail."
    )
    submit_label = gettext_lazy("Enter the application")
    cancel_url = "/manage/applications/"

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(crumbs=[CRUMB, {"label": _("New")}], **more)

    def fieldsets(self, form: Any) -> list[dict[str, Any]]:
        return form_parts()

    def perform(self, data: dict[str, Any]) -> Application:
        data.pop("fax", None)
        chosen = {c.code: c for c in Category.objects.active().filter(code__in=data["categories"])}
        data["categories"] = [chosen[code] for code in data["categories"]]
        return actions.submit_application(by=self.actor, origin="vendor", at=self.at, **data)

    def done_url(self, result: Application) -> str:
        return result.get_absolute_url()
