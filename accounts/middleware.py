"""Binds the actor to the request: the one place where a browser's session becomes an Actor."""

from collections.abc import Callable
from uuid import UUID

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts import actors
from accounts.models import PortalView, User
from accounts.roles import SECOND_FACTOR
from core.actors import ANONYMOUS, Actor
from core.clock import now

PARTNER_IN_SESSION = "partner"
VIEW_IN_SESSION = "portal_view"
Answer = Callable[[HttpRequest], HttpResponse]


def bind(request: HttpRequest, actor: Actor) -> None:
    """Say who acts in this request, to its views and to its lines in the log."""
    request.actor = actor  # type: ignore[attr-defined]
    who, partner = str(actor.user_id or actor.kind), str(actor.partner_id or "")
    structlog.contextvars.bind_contextvars(actor=who, partner=partner)


def lacks_second_factor(request: HttpRequest) -> bool:
    """Whether the signed-in person's role asks for a second factor that is not set up; never in demo mode."""
    from allauth.mfa.utils import is_mfa_enabled

    roles = set(request.actor.roles)  # type: ignore[attr-defined]
    return not settings.DEMO_MODE and bool(roles & SECOND_FACTOR) and not is_mfa_enabled(request.user)


class BindActor:
    """request.actor: the vendor's person in the workspace, the partner's in the portal, ANONYMOUS elsewhere."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.portal_view = None  # type: ignore[attr-defined]
        bind(request, self.actor(request))
        return self.get_response(request)

    def actor(self, request: HttpRequest) -> Actor:
        if not request.user.is_authenticated:
            return ANONYMOUS
        user = request.user
        assert isinstance(user, User)
        if request.path.startswith("/portal/"):
            return self.in_portal(request, user) or ANONYMOUS
        vendor = actors.vendor_actor(user)
        if vendor or request.path.startswith("/manage/"):
            return vendor or ANONYMOUS
        return self.in_portal(request, user) or ANONYMOUS

    def in_portal(self, request: HttpRequest, user: User) -> Actor | None:
        if view := self.view(request, user):
            request.portal_view = view  # type: ignore[attr-defined]
            return actors.viewing_actor(user, view)
        chosen = request.session.get(PARTNER_IN_SESSION)
        return actors.partner_actor(user, UUID(chosen) if chosen else None)

    def view(self, request: HttpRequest, user: User) -> PortalView | None:
        if not (key := request.session.get(VIEW_IN_SESSION)) or actors.vendor_actor(user) is None:
            return None
        running = PortalView.objects.filter(pk=key, user=user, stopped_at=None, ends_at__gt=now())
        return running.select_related("partner").first()


class RequireSecondFactor:
    """Sends those whose role needs a second factor to set one up; the API refuses their session by itself."""

    FREE = ("/accounts/", "/static/", "/livez", "/readyz", "/api/", "/theme.css")

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(self.FREE) and lacks_second_factor(request):
            return redirect("mfa_index")
        return self.get_response(request)
