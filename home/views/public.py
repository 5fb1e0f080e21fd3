"""Open to everyone: the front page and the accessibility statement."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy

from core.pages import Page


class Landing(Page):
    """Become a partner, or sign in. Whoever is signed in goes on to their own home."""

    side = "public"
    template_name = "home/public/landing.html"
    title = gettext_lazy("Partner with us")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.actor.kind == "anonymous":
            return self.answer()
        return HttpResponseRedirect("/manage/" if self.actor.is_vendor else "/portal/")


class Accessibility(Page):
    """How these pages are made usable for everyone, and whom to tell where they are not."""

    side = "public"
    template_name = "home/public/accessibility.html"
    title = gettext_lazy("Accessibility")
