"""Health, errors and the vendor's stylesheet."""

import shutil
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.models import Vendor
from core.theme import stylesheet


@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return HttpResponse("ok", content_type="text/plain")


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether this process can serve: database, migrations, broker, disk. 503 where one fails."""
    checks = {
        "database": _answers(_database),
        "migrations": _answers(_migrated),
        "broker": _answers(_broker),
        "disk": shutil.disk_usage(settings.VAR_DIR).free > 200 * 2**20,
    }
    return JsonResponse(checks, status=200 if all(checks.values()) else 503)


def _answers(probe: Any) -> bool:
    try:
        return bool(probe())
    except Exception:  # noqa: BLE001 (any failure of a dependency is the answer "no")
        return False


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def _migrated() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _broker() -> bool:
    if not settings.REDIS_URL:
        return True
    import redis

    return bool(redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1).ping())


@require_safe
def theme(request: HttpRequest) -> HttpResponse:
    """The vendor's accent as a small stylesheet (no inline style anywhere)."""
    response = HttpResponse(stylesheet(Vendor.current().accent), content_type="text/css")
    response["Cache-Control"] = "public, max-age=300"
    return response


PROBLEMS = {
    "invalid": (400, "Some of the input cannot be accepted; `errors` points at each field."),
    "parse_error": (
        400,
        "The body is not valid JSON: duplicate keys, NaN, broken characters and deep nesting count.",
    ),
    "not_authenticated": (401, "No credential was sent."),
    "authentication_failed": (401, "The key is unknown, expired or revoked."),
    "permission_denied": (403, "Your role does not allow this."),
    "not_found": (404, "There is nothing here, or nothing that you may see: the same answer for both."),
    "method_not_allowed": (405, "This address does not know the method; see the Allow header."),
    "closed_move": (409, "The record is in a state from which this is not possible."),
    "lost_race": (409, "Someone else was faster."),
    "in_progress": (409, "The same request is still being worked on."),
    "stale": (412, "The record changed since you read it: read it again, then decide."),
    "too_large": (413, "The body is larger than 1 MB."),
    "unsupported_media_type": (415, "Send application/json."),
    "idempotency_key_reused": (422, "The Idempotency-Key was used for another request."),
    "precondition_required": (428, "Send If-Match with the ETag of what you read."),
    "throttled": (429, "Too many requests: wait as long as Retry-After says."),
}


@require_safe
def problems(request: HttpRequest) -> HttpResponse:
    """What each problem type of the API means."""
    return render(request, "core/problems.html", {"problems": PROBLEMS})


def error(request: HttpRequest, status: int, **context: Any) -> HttpResponse:
    """An error page; for the API the same as problem+json."""
    if request.path.startswith("/api/"):
        from core.problems import problem_response

        return problem_response(request, status, str(context.get("detail", "")))
    try:
        return render(
            request, f"{status}.html", {"request_id": getattr(request, "id", ""), **context}, status=status
        )
    except DatabaseError:
        return HttpResponse("The service is not available just now.", status=503, content_type="text/plain")


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error(request, 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error(request, 403, detail=str(exception or ""))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    return error(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return error(
        request, 403, detail="Your session changed meanwhile. Go back, reload the page and send it again."
    )
