"""The OpenAPI document: every operation documents its errors, its idempotency key and its precondition."""

from typing import Any

from drf_spectacular.openapi import AutoSchema

PROBLEM = {
    "type": "object",
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string"},
        "code": {"type": "string"},
        "request_id": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {k: {"type": "string"} for k in ("pointer", "code", "detail")},
                "required": ["pointer", "code", "detail"],
            },
        },
    },
    "required": ["type", "title", "status", "detail", "instance", "code", "request_id"],
}
PROBLEM_REF = {"$ref": "#/components/schemas/Problem"}
ERRORS = {
    "400": "Some of this cannot be accepted.",
    "401": "No valid credential.",
    "403": "Your role does not allow this.",
    "404": "There is nothing here.",
    "409": "A closed move, or someone was faster.",
    "412": "It changed since you read it.",
    "415": "Send application/json.",
    "422": "The Idempotency-Key was used for another request.",
    "428": "Send If-Match.",
    "429": "Too many requests.",
}
READING = ("400", "401", "403", "404", "429")


class Schema(AutoSchema):
    """drf-spectacular's, with problem documents and our request headers."""

    def _get_serializer_name(self, serializer: Any, direction: Any, bypass_extensions: bool = False) -> str:
        """A record's own form has the record's name; any other is named after its app, since two apps may each
        have, say, an `Approve`."""
        name: str = super()._get_serializer_name(serializer, direction, bypass_extensions)
        kind = type(serializer)
        model = getattr(getattr(kind, "Meta", None), "model", None)
        app = kind.__module__.partition(".")[0]
        is_own = model and model._meta.app_label == app and kind.__name__ == f"{model.__name__}Serializer"
        return name if is_own else f"{app.capitalize()}{name}"

    def get_operation(self, path: str, path_regex: str, path_prefix: str, method: str, registry: Any) -> Any:
        operation = super().get_operation(path, path_regex, path_prefix, method, registry)
        if operation is None:
            return None
        for status, words in ERRORS.items():
            if method != "GET" or status in READING:
                operation["responses"].setdefault(
                    status,
                    {"description": words, "content": {"application/problem+json": {"schema": PROBLEM_REF}}},
                )
        if method != "GET":
            operation.setdefault("parameters", []).extend(_headers(method, "{id}" in path))
        return operation

    def get_summary(self) -> str:
        words = (self.get_description() or "").strip().split("\n")[0].rstrip(".")
        return words or self.get_operation_id().replace("_", " ").capitalize()


def with_problem(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """The problem document's shape, once, where every error points at."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    return result


def _headers(method: str, on_object: bool) -> list[dict[str, Any]]:
    found = []
    if method == "POST":
        found.append(_header("Idempotency-Key", "Makes a repeat harmless; kept for 24 hours."))
    if on_object:
        found.append(_header("If-Match", "The ETag of what you read."))
    return found


def _header(name: str, words: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": False,
        "description": words,
        "schema": {"type": "string"},
    }
