"""The public check of certificates: type a code, read what its person shows."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy

from core.pages import Page
from enablement import codes
from enablement.doors import SECONDS, verified


class Unlisted(Page):
    """A public page that no search engine keeps and no cache."""

    side = "public"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().dispatch(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        response["Cache-Control"] = "no-store, private"
        response["Referrer-Policy"] = "no-referrer"
        if response.status_code == 429:
            response["Retry-After"] = str(SECONDS)
        return response


class TypeCode(Unlisted):
    """Where a code is typed. What can be no code gets the answer of an unknown one."""

    template_name = "enablement/public/verify.html"
    title = gettext_lazy("Check a certificate")
    subtitle = gettext_lazy("The code stands on the certificate. Only who agreed to be found is shown.")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if typed := request.GET.get("code", "").strip():
            return HttpResponseRedirect(f"/verify/{codes.typed(typed) or 'none'}/")
        return self.answer()


class Verify(Unlisted):
    """What a person shows under a code: valid, expired or revoked, and until when."""

    template_name = "enablement/public/certificate.html"
    title = gettext_lazy("Certificate")

    def get(self, request: HttpRequest, code: str, **kwargs: Any) -> HttpResponse:
        try:
            return self.answer(certificate=verified(request, code, self.at))
        except Http404:
            title = gettext_lazy("No certificate is shown under this code")
            return self.answer(404, "enablement/public/nothing.html", title=title)
