"""One world for all tests of this folder, built once in a transaction that is taken back at the end."""

from __future__ import annotations

import logging

import pytest
from django.db import transaction
from django.test import override_settings

from tests.tenancy.actors import Knocker, everyone
from tests.tenancy.matrix import Matrix
from tests.tenancy.world import World, build


def pytest_collection_modifyitems(config, items):
    """The whole matrix takes a quarter of an hour: only `-m matrix_full` runs it."""
    if "matrix_full" not in (config.getoption("markexpr") or ""):
        left_out = [item for item in items if item.get_closest_marker("matrix_full")]
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)


@pytest.fixture(scope="package")
def world(django_db_setup, django_db_blocker, tmp_path_factory) -> World:
    files = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("files"))
    with django_db_blocker.unblock(), files, transaction.atomic():
        yield build()
        transaction.set_rollback(True)


@pytest.fixture(scope="package")
def people(world, django_db_blocker) -> dict[str, Knocker]:
    with django_db_blocker.unblock():
        return everyone(world)


@pytest.fixture(autouse=True)
def unhurried(monkeypatch):
    """Thousands of calls a minute are this suite's trade; the limits have tests of their own."""
    monkeypatch.setattr("core.access.ActorThrottle.allow_request", lambda *args: True)
    for name in ("request", "django.request"):
        monkeypatch.setattr(logging.getLogger(name), "disabled", True)


@pytest.fixture
def without_counts_in_the_navigation(monkeypatch):
    """A page's frame counts what waits in every section, and takes longer for it than most pages for themselves."""
    monkeypatch.setattr("home.navigation.Surroundings.counts", {})


@pytest.fixture
def matrix(world, people) -> Matrix:
    return Matrix(world, people)
