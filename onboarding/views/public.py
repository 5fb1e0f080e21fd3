"""The public pages: apply, sent, confirm."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from catalog.querysets import setting
from core import links
from core.errors import Conflict
from core.limits import address_of
from core.pages import FormPage, Page
from onboarding import actions, forms
from onboarding.actions.applications import CONFIRM
from onboarding.doors import receive


def answer_words(days: int) -> str:
    words = ngettext(
        "A partner manager answers within %(n)s working day.",
        "A partner manager answers within %(n)s working days.",
        days,
    )
    return words % {"n": days}


def form_parts() -> list[dict[str, Any]]:
    """The application's form, in parts."""
    return [
        {"legend": _("Your company"), "fields": ["legal_name", "website", "country"]},
        {"legend": _("Company number, VAT number or the like"), "fields": ["identifier_scheme", "identifier"],
         "optional": True},
        {"legend": _("Working together"), "fields": ["categories", "intent"]},
        {"legend": _("You"), "fields": ["contact_name", "contact_title", "contact_email"]},
        {"legend": "", "fields": ["accepts_privacy", "wants_news"]},
    ]  # fmt: skip


class Apply(FormPage):
    """Where a company applies."""

    side = "public"
    form_class = forms.ApplyForm
    template_name = "onboarding/public/apply.html"
    title = gettext_lazy("Become a partner")
    subtitle = gettext_lazy("Tell us who you are and what you have in mind. It takes about three minutes.")
    submit_label = gettext_lazy("Send application")

    def fieldsets(self, form: Any) -> list[dict[str, Any]]:
        return form_parts()

    def next_steps(self) -> list[dict[str, Any]]:
        days = setting("application.decide_business_days")
        return [
            {"title": _("You confirm your address"), "text": _("By a link in our mail.")},
            {
                "title": _("We read your application"),
                "text": answer_words(days),
            },
            {
                "title": _("You get started"),
                "text": _("With a checklist, a person at our side and the portal."),
            },
        ]

    def perform(self, data: dict[str, Any]) -> None:
        receive(place=address_of(self.request), trap=data.pop("fax", ""), origin="form", at=self.at, **data)

    def done_url(self, result: None) -> str:
        return "/apply/sent/"


class Sent(Page):
    """The one answer that every application gets."""

    side = "public"
    template_name = "onboarding/public/sent.html"
    title = gettext_lazy("Please look into your mailbox")


class Confirm(Page):
    """Mail programs follow links by themselves: looking changes nothing, the button confirms."""

    side = "public"
    template_name = "onboarding/public/confirm.html"
    title = gettext_lazy("Confirm your address")

    def get(self, request: HttpRequest, token: str, **kwargs: Any) -> HttpResponse:
        try:
            links.find(token, CONFIRM, at=self.at)
        except Conflict as closed:
            return self.closed(closed)
        return self.answer(step="ask")

    def post(self, request: HttpRequest, token: str, **kwargs: Any) -> HttpResponse:
        try:
            application = actions.confirm_application(token=token, at=self.at)
        except Conflict as closed:
            return self.closed(closed)
        return self.answer(step="done", title=_("Thank you"), application=application)

    def closed(self, reason: Conflict) -> HttpResponse:
        return self.answer(reason.status, step="closed", title=_("This link is closed"), sentence=str(reason))
