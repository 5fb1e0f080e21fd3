"""One world for all tests of this folder, built once in a transaction that is taken back at the end."""

from __future__ import annotations

import pytest
from django.db import transaction

from tests.tenancy.world import World, build


@pytest.fixture(scope="package")
def world(django_db_setup, django_db_blocker, tmp_path_factory) -> World:
    from django.test import override_settings

    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("files")):
        with transaction.atomic():
            yield build()
            transaction.set_rollback(True)
