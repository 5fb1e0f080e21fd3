"""Signing in with an e-mail address; who is deactivated is nobody at the next request."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest


class ActiveUserBackend(AuthenticationBackend):
    """allauth's backend: password log-in by address; `get_user` refuses the inactive."""


def guessed_address(request: HttpRequest | None, credentials: dict[str, Any] | None = None) -> str:
    """Whose password is being tried: guesses are counted per address and place."""
    found = (credentials or {}).get("email") or (credentials or {}).get("username") or ""
    return str(found or (request.POST.get("login", "") if request else "")).strip().casefold()[:255]
