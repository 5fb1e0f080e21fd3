"""Every model says whose its rows are, and nobody sees rows of a model that says nothing."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.exceptions import EmptyResultSet
from django.db import models

from core.actors import ANONYMOUS, SYSTEM, Actor
from core.scoping import INTERNAL, ByPartner, Tenant, tenant_of
from tests.tenancy.routes import all_routes

OURS = [
    model for model in apps.get_models() if not model.__module__.startswith(("django.", "allauth.", "axes."))
]


def undeclared(found) -> list[str]:
    wrong = []
    for model in found:
        try:
            tenant_of(model)
        except TypeError:
            wrong.append(model._meta.label)
    return wrong


def test_every_model_declares_its_tenant():
    assert len(OURS) > 55
    assert undeclared(OURS) == []


def test_a_model_that_declares_nothing_would_be_found():
    class Stray(models.Model):
        class Meta:
            app_label = "core"
            managed = False

    try:
        assert undeclared([*OURS, Stray]) == ["core.Stray"]
    finally:
        del apps.all_models["core"]["stray"]
        apps.clear_cache()


def test_every_path_to_a_partner_leads_to_one():
    partner = apps.get_model("partners.Partner")
    for model in OURS:
        tenant = tenant_of(model)
        if isinstance(tenant, ByPartner) and tenant.path != "pk":
            reached = model
            for step in tenant.relation.split("__"):
                reached = reached._meta.get_field(step).related_model
            assert reached is partner, model._meta.label


def condition(model, actor) -> str:
    """The SQL that an actor's rows are found by; "nothing" where there can be none."""
    try:
        return str(model._default_manager.visible_to(actor).values("pk").query)
    except EmptyResultSet:
        return "nothing"


@pytest.mark.django_db
def test_whoever_is_nobody_sees_nothing():
    """An actor without a partner and without the vendor's side: no model answers with all of its rows."""
    stranger = Actor(kind="user", label="stranger")
    asked = [model for model in OURS if hasattr(model._default_manager, "visible_to")]

    assert len(asked) > 50
    for model in asked:
        for actor in (ANONYMOUS, stranger):
            sql = condition(model, actor)
            assert sql == "nothing" or "WHERE" in sql, model._meta.label
    assert "WHERE" not in condition(apps.get_model("deals.Deal"), SYSTEM)


@pytest.mark.django_db
def test_none_is_no_actor():
    for model in OURS:
        if hasattr(model._default_manager, "visible_to"):
            with pytest.raises((TypeError, AttributeError)):
                model._default_manager.visible_to(None)


def test_machinery_is_shown_by_no_door():
    """Locks, keys, runs and links have no list and no page."""
    shown = set()
    for route in all_routes():
        queryset = getattr(route.view, "queryset", None)
        if queryset is not None:
            shown.add(queryset.model)

    internal = [model for model in OURS if tenant_of(model) is INTERNAL]
    assert len(internal) > 5 and len(shown) > 35
    assert [model._meta.label for model in internal if model in shown] == []


def test_an_unknown_kind_of_tenant_answers_nobody():
    with pytest.raises(TypeError):
        Tenant().q(SYSTEM)
