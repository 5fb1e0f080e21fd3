"""What every page is told besides its own context: vendor, person, navigation. Higher apps add by `provide`."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from core.actors import ANONYMOUS
from core.models import Vendor

Provider = Callable[[HttpRequest], dict[str, Any]]
_providers: list[Provider] = []


def provide(provider: Provider) -> Provider:
    """Add to the context of every page (navigation, counts); registered by apps above."""
    _providers.append(provider)
    return provider


def page(request: HttpRequest) -> dict[str, Any]:
    """The context processor. The API's own documents have nobody: they need no navigation."""
    vendor = Vendor.current()
    accent = vendor.accent.lstrip("#")
    found: dict[str, Any] = {
        "vendor": {
            "name": vendor.name,
            "tagline": vendor.tagline,
            "theme_url": f"/theme.css?v={accent}",
            "accessibility_url": "/accessibility/",
        },
        "demo_mode": settings.DEMO_MODE,
        "mail_url": "/manage/mail/" if settings.DEMO_MODE else "",
        "request_id": getattr(request, "id", ""),
        "person": None,
        "view_as": None,
    }
    actor = getattr(request, "actor", ANONYMOUS)
    if actor.kind != "anonymous" and request.user is not None:
        zone(request)
        for provider in _providers:
            found.update(provider(request))
    return found


def zone(request: HttpRequest) -> None:
    """Times are shown in the viewer's zone."""
    user = request.user
    if user.is_authenticated:
        timezone.activate(getattr(user, "time_zone", "UTC"))
    else:
        timezone.deactivate()
