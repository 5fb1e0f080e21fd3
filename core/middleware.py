"""Request ids, one log line per request, and headers that every answer carries."""

import re
import time
from collections.abc import Callable

import structlog
from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse

from core.ids import uuid7

log = structlog.get_logger("request")
GOOD_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
HEADERS = {
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
Answer = Callable[[HttpRequest], HttpResponse]


class RequestId:
    """Gives each request an id (its own, if it is harmless), and logs one line when it is answered."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        offered = request.headers.get("X-Request-ID", "")
        request.id = offered if GOOD_ID.fullmatch(offered) else str(uuid7())  # type: ignore[attr-defined]
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request.id)  # type: ignore[attr-defined]
        started = time.monotonic()
        response = self.get_response(request)
        response["X-Request-ID"] = request.id  # type: ignore[attr-defined]
        match = request.resolver_match
        log.info(
            "request",
            method=request.method,
            route=match.view_name or match.route if match else None,
            status=response.status_code,
            ms=round((time.monotonic() - started) * 1000),
        )
        return response


class SecurityHeaders:
    """Headers beside those of Django's own middleware; signed-in pages are never cached."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if "Cache-Control" not in response:
            response["Cache-Control"] = "no-store, private"
        return response


def static_headers(headers: dict[str, str], path: str, url: str) -> None:
    """The same headers for static files."""
    for name, value in HEADERS.items():
        headers[name] = value
    headers["X-Content-Type-Options"] = "nosniff"


def request_id() -> str:
    """The id of the request being answered, or "" outside one."""
    return str(structlog.contextvars.get_contextvars().get("request_id", ""))


def engine() -> str:
    """The database in use: "sqlite" or "postgresql"."""
    return connection.vendor if settings.DATABASES else ""
