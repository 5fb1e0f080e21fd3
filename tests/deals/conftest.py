"""Kinds of deals, stages and customers for the tests of deals."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from catalog.models import Channel
from core.saving import save
from tests.deals.factories import PDF, make_types_and_stages
from tests.factories import make_organization, make_program


@pytest.fixture
def program(db):
    """The small program, with kinds of deals and stages."""
    vendor = make_program()
    make_types_and_stages()
    return vendor


@pytest.fixture
def brannoc(program):
    """St. Brannoc's, a hospital that the vendor knows and partners do not."""
    return make_organization(
        "St. Brannoc’s Regional Medical Center", city="Brannoc Falls", website="https://stbrannocs.example"
    )


@pytest.fixture
def larkhill(program):
    """Larkhill, a hospital of the public directory."""
    return make_organization("Larkhill Community Hospital", city="Boise", public_directory=True)


@pytest.fixture
def pdf():
    """An uploaded PDF."""
    return SimpleUploadedFile("order.pdf", PDF, content_type="application/pdf")


@pytest.fixture
def indirect(program):
    """The indirect channel."""
    return save(Channel(code="indirect", name="Indirect through resellers", position=2))
