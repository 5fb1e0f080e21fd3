"""How an API request says who it is: a key, or the browser's session."""

from typing import Any

from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from accounts.actions import checksum, digest
from accounts.actors import key_actor
from accounts.middleware import bind, lacks_second_factor
from accounts.models import ApiKey
from core.actors import Actor
from core.clock import now


class KeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer prm_…`."""

    def authenticate(self, request: Request) -> tuple[Any, Actor] | None:
        scheme, _blank, text = request.headers.get("Authorization", "").partition(" ")
        if not scheme:
            return None
        actor = self.actor(scheme, text.strip())
        if actor is None:
            raise AuthenticationFailed("This key is not valid.")
        bind(request._request, actor)
        return actor.user_id, actor

    def actor(self, scheme: str, text: str) -> Actor | None:
        parts = text.split("_")
        if scheme.casefold() != "bearer" or len(parts) != 3 or checksum(parts[1]) != parts[2]:
            return None
        key = ApiKey.objects.select_related("user", "partner").filter(digest=digest(text)).first()
        actor = key_actor(key, now()) if key else None
        if key and actor and (key.last_used_at is None or (now() - key.last_used_at).total_seconds() > 60):
            ApiKey.objects.filter(pk=key.pk).update(last_used_at=now())
        return actor

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="prm"'


class BrowserAuthentication(SessionAuthentication):
    """The session that the browser has, with CSRF protection; the actor was bound by the middleware."""

    def authenticate(self, request: Request) -> tuple[Any, Actor] | None:
        actor: Actor = request._request.actor  # type: ignore[attr-defined]
        if actor.kind == "anonymous":
            return None
        self.enforce_csrf(request)
        if lacks_second_factor(request._request):
            raise PermissionDenied("Set up the second factor that your role asks for, in the browser.")
        return actor.user_id, actor
