"""Errors of the API as problem details (RFC 9457): in words, with a pointer to each field."""

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from core import clock
from core.errors import Conflict, NotVisible, TooMany

MEDIA_TYPE = "application/problem+json"


class PreconditionRequired(exceptions.APIException):
    status_code = 428
    default_code = "precondition_required"
    default_detail = "Send If-Match with the ETag of what you read."


def body(
    status: int,
    code: str,
    detail: str,
    instance: str,
    request_id: str,
    errors: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """The members of a problem document."""
    found = {
        "type": f"{settings.BASE_URL}/api/docs/problems/#{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": instance,
        "code": code,
        "request_id": request_id,
    }
    return {**found, "errors": errors} if errors else found


def problem_response(request: HttpRequest, status: int, detail: str = "", code: str = "") -> JsonResponse:
    """For errors outside the API's views: unknown addresses, broken requests, our own faults."""
    words = detail or HTTPStatus(status).description or HTTPStatus(status).phrase
    code = code or HTTPStatus(status).phrase.casefold().replace(" ", "_")
    content = body(status, code, words, request.path, getattr(request, "id", ""))
    return JsonResponse(content, status=status, content_type=MEDIA_TYPE)


def handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: every error that input can cause becomes a problem document."""
    found = _described(error)
    if found is None:
        return None
    status, code, detail, errors, headers = found
    set_rollback()
    request = context["request"]
    content = body(status, code, detail, request.path, getattr(request._request, "id", ""), errors)
    return Response(content, status=status, headers=headers, content_type=MEDIA_TYPE)


Described = tuple[int, str, str, list[dict[str, Any]] | None, dict[str, str]]


def _described(error: Exception) -> Described | None:
    if isinstance(error, TooMany):
        seconds = max(1, int((error.retry_at - clock.now()).total_seconds()) + 1)
        return error.status, error.code, str(error), None, {"Retry-After": str(seconds)}
    if isinstance(error, Conflict):
        return error.status, error.code, str(error), None, {}
    if isinstance(error, (NotVisible, Http404, exceptions.NotFound)):
        return 404, "not_found", _("There is nothing here."), None, {}
    if isinstance(error, PermissionDenied):
        return 403, "permission_denied", str(error) or _("Your role does not allow this."), None, {}
    if isinstance(error, ValidationError):
        return 400, "invalid", _("Some of this cannot be accepted."), _of_django(error), {}
    if isinstance(error, exceptions.ValidationError):
        return 400, "invalid", _("Some of this cannot be accepted."), list(_of_drf(error.detail, "")), {}
    if isinstance(error, exceptions.APIException):
        headers = {"WWW-Authenticate": error.auth_header} if getattr(error, "auth_header", None) else {}
        if wait := getattr(error, "wait", None):
            headers["Retry-After"] = str(int(wait) + 1)
        return error.status_code, error.default_code, str(error.detail), None, headers
    return None


def _of_django(error: ValidationError) -> list[dict[str, Any]]:
    if not hasattr(error, "error_dict"):
        return [
            {"pointer": "", "code": e.code or "invalid", "detail": " ".join(e.messages)}
            for e in error.error_list
        ]
    return [
        {
            "pointer": "" if field == NON_FIELD_ERRORS else f"/{field}",
            "code": e.code or "invalid",
            "detail": m,
        }
        for field, found in error.error_dict.items()
        for e in found
        for m in e.messages
    ]


def _of_drf(detail: Any, pointer: str) -> Any:
    if isinstance(detail, dict):
        for key, value in detail.items():
            yield from _of_drf(value, pointer if key == "non_field_errors" else f"{pointer}/{key}")
    elif isinstance(detail, list):
        nested = any(isinstance(item, (dict, list)) for item in detail)
        for index, item in enumerate(detail):
            yield from _of_drf(item, f"{pointer}/{index}" if nested else pointer)
    else:
        yield {"pointer": pointer, "code": getattr(detail, "code", "invalid"), "detail": str(detail)}
