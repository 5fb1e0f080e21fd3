"""The page behind a single-use link: the customer's named person confirms a go-live, or says that it is not right."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from core.forms import BaseForm
from core.pages import FormPage, Page
from deals import actions, forms
from deals.actions.implementations import CUSTOMER, asked_by
from deals.models import Implementation


class ConfirmGoLive(FormPage):
    """What is confirmed, in plain words, and two buttons. Opening the link uses nothing up: mail scanners do that."""

    side = "public"
    template_name = "deals/public/confirm.html"
    form_class = forms.AnswerOfCustomerForm
    title = gettext_lazy("Is this right?")

    def prepare(self) -> None:
        self.link, self.implementation = asked_by(self.kwargs["token"], self.at)

    def form(self, **options: Any) -> BaseForm:
        return self.form_class(actor=CUSTOMER, initial=self.initial(), **options)

    def context(self, **more: Any) -> dict[str, Any]:
        go_live = getattr(self, "implementation", None)
        return super().context(**{"go_live": go_live, "actor": CUSTOMER, **more})

    def perform(self, data: dict[str, Any]) -> Implementation:
        facts = {"by": CUSTOMER, "link": self.link, "implementation": self.implementation, "at": self.at}
        if data["answer"] == "decline":
            return actions.decline_by_customer(**facts, note=data["note"])
        return actions.confirm_by_customer(**facts)

    def done_url(self, result: Implementation) -> str:
        return "/confirm/thanks/"


class Thanks(Page):
    """After the answer: nothing more to do."""

    side = "public"
    template_name = "deals/public/thanks.html"
    title = gettext_lazy("Thank you")
