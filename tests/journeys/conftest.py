"""What journeys begin with: an empty installation, and a clock that can be moved."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest
import time_machine
from playwright.sync_api import Browser

from tests.journeys.chromium import chromium
from tests.journeys.story import Story

BEGIN = datetime(2026, 1, 5, 9, tzinfo=UTC)


@pytest.fixture(scope="session")
def chrome() -> Iterator[Browser]:
    """One Chromium for all journeys. Its driver runs an event loop beside the tests, which Django is told to bear."""
    os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    with chromium() as browser:
        yield browser


@pytest.fixture
def story(transactional_db, settings, tmp_path) -> Iterator[Story]:
    """Monday 5 January 2026; nothing is there yet."""
    settings.MEDIA_ROOT = str(tmp_path)
    # A cache of its own: what another test counted at the same hour does not count here.
    settings.CACHES = {"default": {**settings.CACHES["default"], "KEY_PREFIX": uuid4().hex}}
    with time_machine.travel(BEGIN, tick=True) as clock:
        told = Story(clock)
        yield told
        told.log.close()
