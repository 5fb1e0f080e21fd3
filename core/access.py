"""Who may call the API at all, and how often."""

from typing import Any

from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from core.actors import Actor


class IsActor(BasePermission):
    """Default closed: someone must be acting."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if request.auth is None:
            raise NotAuthenticated()
        return True


class ActorThrottle(SimpleRateThrottle):
    """600 requests a minute per key or person, 60 per address for the anonymous."""

    scope = "actor"

    def get_cache_key(self, request: Request, view: Any) -> str:
        who: Actor | None = request.auth
        if who is None:
            return f"throttle:anonymous:{self.get_ident(request)}"
        return f"throttle:{who.key_id or who.user_id}"

    def allow_request(self, request: Request, view: Any) -> bool:
        if request.auth is None:
            self.rate = self.THROTTLE_RATES["anonymous"]
            self.num_requests, self.duration = self.parse_rate(self.rate)
        return super().allow_request(request, view)
