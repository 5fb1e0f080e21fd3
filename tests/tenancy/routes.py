"""Every address of the product, read off the resolver."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, get_resolver

# Addresses of libraries, judged by their own tests; each needs a reason.
EXEMPT = {
    "admin/": "Django's admin: operators alone, one permission for all of it",
    "accounts/": "the log-in library",
}


@dataclass(frozen=True)
class Route:
    """One address: its name with namespace, its pattern, its side, and what answers."""

    name: str
    pattern: str
    side: str
    view: Any
    actions: tuple[tuple[str, str], ...]  # (method, action of the viewset)

    @property
    def arguments(self) -> list[str]:
        return [a or b for a, b in re.findall(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>", self.pattern)]

    def address(self, **values: str) -> str:
        """The path with its arguments filled in."""
        path = re.sub(
            r"\(\?P<(\w+)>(?:\[[^\]]*\](?:\{\d+\}|\+)?|[^()])*\)", lambda m: values[m.group(1)], self.pattern
        )
        path = re.sub(r"<(?:\w+:)?(\w+)>", lambda m: values[m.group(1)], path)
        return "/" + path.replace("^", "").replace("$", "").replace("\\Z", "").replace("\\.", ".")


def all_routes() -> list[Route]:
    found: dict[tuple[str, str], Route] = {}
    for pattern, entry, namespace in _walk(get_resolver().url_patterns, "", ""):
        if any(pattern.startswith(prefix) for prefix in EXEMPT) or "format" in pattern:
            continue
        name = f"{namespace}:{entry.name}" if namespace else str(entry.name)
        view = getattr(entry.callback, "view_class", getattr(entry.callback, "cls", entry.callback))
        found_actions = getattr(entry.callback, "actions", {})
        actions = tuple(sorted((m, a) for m, a in found_actions.items() if m != "head"))
        route = Route(name, pattern, _side(pattern), view, actions)
        found[(name, pattern)] = route
    return sorted(found.values(), key=lambda r: (r.side, r.name, r.pattern))


def _side(pattern: str) -> str:
    for prefix, side in (("manage/", "workspace"), ("portal/", "portal"), ("api/v1/", "api")):
        if pattern.startswith(prefix):
            return side
    return "public"


def _walk(entries: Any, prefix: str, namespace: str) -> Any:
    for entry in entries:
        pattern = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield pattern, entry, namespace
        else:
            yield from _walk(entry.url_patterns, pattern, entry.namespace or namespace)
