"""Joining by the single-use link of an invitation."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import actions, forms
from accounts.models import Invitation, User
from core import links
from core.errors import Conflict
from core.limits import TooMany, address_of, allowed
from core.pages import FormPage

BACKEND = "accounts.backends.ActiveUserBackend"
QUARTER_HOUR = 900
MOST_TRIES = 10


def slow_guessing(request: HttpRequest, token: str, at: datetime) -> None:
    """Raise TooMany for the eleventh try at one link in a quarter of an hour."""
    if not allowed("join", f"{address_of(request)} {token}", most=MOST_TRIES, seconds=QUARTER_HOUR, at=at):
        raise TooMany(_("Too many tries. Please wait a quarter of an hour."))


class Join(FormPage):
    """A new address chooses its name and password; one that has an account proves it by its password."""

    side = "public"
    template_name = "accounts/join.html"
    title = gettext_lazy("Join")
    submit_label = gettext_lazy("Join")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            link = links.find(kwargs["token"], actions.INVITATION, at=self.at)
        except Conflict as closed:
            return self.closed(closed)
        self.invitation = Invitation.objects.select_related("partner").get(pk=link.subject_id)
        self.known = User.objects.filter(email=self.invitation.email).first()
        return super().dispatch(request, *args, **kwargs)

    def closed(self, reason: Conflict) -> HttpResponse:
        return self.answer(reason.status, title=_("This invitation is closed"), closed=str(reason))

    def form(self, **options: Any) -> Any:
        form_class = forms.ProveForm if self.known else forms.JoinForm
        return form_class(actor=self.actor, initial={"name": self.invitation.name}, **options)

    def context(self, **more: Any) -> dict[str, Any]:
        return super().context(
            **{"invitation": getattr(self, "invitation", None), "known": getattr(self, "known", None), **more}
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # Counted before the transaction of the form, which a wrong password takes back.
        slow_guessing(request, kwargs["token"], self.at)
        return super().post(request, *args, **kwargs)

    def perform(self, data: dict[str, Any]) -> User:
        membership = actions.accept_invitation(
            token=self.kwargs["token"], name=data.get("name", ""), password=data["password"], at=self.at
        )
        return membership.user

    def done_url(self, result: User) -> str:
        """A new account is signed in; one that was there signs in as always, with its second factor."""
        if self.known is None:
            login(self.request, result, backend=BACKEND)
        return "/portal/" if self.invitation.partner_id else "/manage/"
