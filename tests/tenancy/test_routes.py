"""Every address has a reviewed row, and every row an address."""

from __future__ import annotations

from drf_spectacular.generators import SchemaGenerator

from tests.tenancy import policy, routes
from tests.tenancy.routes import EXEMPT, all_routes

UNSAFE = {"post", "put", "patch", "delete"}


def doors():
    """(key of the policy, route, method) of every door."""
    for route in all_routes():
        if route.actions:
            for method, action in route.actions:
                yield f"{route.name}.{action}", route, method
        else:
            yield route.name, route, ""


def test_every_route_has_a_row_and_every_row_a_route():
    keys = {key for key, _route, _method in doors()}
    known = set(policy.POLICY) | set(policy.OPEN)

    assert keys - known == set(), "a route without a row in policy.py"
    assert known - keys == set(), "a row without a route"
    assert not set(policy.POLICY) & set(policy.OPEN)


def test_a_route_without_a_row_would_be_found(monkeypatch):
    monkeypatch.setattr(policy, "POLICY", {k: v for k, v in policy.POLICY.items() if k != "portal:deal"})

    assert "portal:deal" in {key for key, _route, _method in doors()} - set(policy.POLICY)


def test_a_row_names_an_object_where_the_address_does():
    for key, route, _method in doors():
        if row := policy.POLICY.get(key):
            named = "pk" in route.arguments and "kind" not in route.arguments
            assert bool(row.of) == named, key
            assert set(route.arguments) - {"pk"} == {name for name in row.params if name[0] != "?"}, key


def takes_posts(view) -> bool:
    return hasattr(view, "post") and "post" in view.http_method_names


def test_a_row_writes_where_the_address_takes_writes():
    for key, route, method in doors():
        if row := policy.POLICY.get(key):
            takes = method in UNSAFE if method else takes_posts(route.view)
            assert bool(row.writes) == takes, key


def test_exemptions_are_few_and_used():
    found = [str(p.pattern) for p in routes.get_resolver().url_patterns]

    assert len(EXEMPT) <= 5
    assert [prefix for prefix in EXEMPT if not any(pattern.startswith(prefix) for pattern in found)] == []
    assert all(len(reason) > 10 for reason in EXEMPT.values())


def test_the_api_and_its_description_are_the_same_operations():
    schema = SchemaGenerator().get_schema(request=None, public=True)
    described = {(m, p) for p, item in schema["paths"].items() for m in item if m in UNSAFE | {"get"}}
    served = set()
    for route in all_routes():
        if route.side == "api":
            path = route.address(
                **{name: "{id}" if name == "pk" else f"{{{name}}}" for name in route.arguments}
            )
            methods = [m for m, _action in route.actions] or [
                m for m in ("get", "post", "patch") if hasattr(route.view, m)
            ]
            served |= {(method, path) for method in methods}

    assert len(served) > 150
    assert served == described
