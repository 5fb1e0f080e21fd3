"""A hospital that only the vendor knows, for the tests of outcomes."""

from __future__ import annotations

import pytest

from tests.factories import make_organization


@pytest.fixture
def hospital(program):
    return make_organization("Quarrybank Hospital", is_healthcare_provider=True)


@pytest.fixture
def larkhill(program):
    """A hospital that everyone may know."""
    return make_organization("Larkhill Hospital", is_healthcare_provider=True, public_directory=True)
