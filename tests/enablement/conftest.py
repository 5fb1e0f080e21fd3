"""Tracks and people for the tests of enablement."""

from __future__ import annotations

import pytest

from core.saving import save
from enablement.models import Track
from partners.models import Contact
from tests.enablement.factories import make_reasons, make_tracks


@pytest.fixture
def tracks(program) -> dict[str, Track]:
    """Fundamentals, platform (technical), sales: two years each."""
    make_reasons()
    return make_tracks()


@pytest.fixture
def dana(northgate, at) -> Contact:
    """Dana, who works at Northgate without an account."""
    return save(
        Contact(partner=northgate, name="Dana Whitfield", email="dana@northgate.example", created_at=at)
    )


@pytest.fixture
def luis(northgate, at) -> Contact:
    """Luis, a colleague of Dana's."""
    return save(Contact(partner=northgate, name="Luis Ortega", email="luis@northgate.example", created_at=at))


@pytest.fixture
def gwen(albion, at) -> Contact:
    """Gwen, who works at Albion."""
    return save(Contact(partner=albion, name="Gwen Price", email="gwen@albion.example", created_at=at))
