"""A small tier program on facts that tests can make: certifications, learning plans and gates."""

from __future__ import annotations

import pytest

from core.saving import save
from partners.models import Contact, Partner
from tests.enablement.factories import make_reasons, make_tracks
from tests.tiers.factories import make_version


@pytest.fixture
def tracks(program):
    make_reasons()
    return make_tracks()


@pytest.fixture
def version(program, at):
    """Published: Authorized asks for a plan, Silver for one certified person, Gold for two and a seller among them."""
    return make_version()


@pytest.fixture
def hire(at):
    """One more person at a partner."""

    def hired(partner: Partner, name: str = "") -> Contact:
        n = Contact.objects.filter(partner=partner).count()
        name = name or f"Person {n}"
        return save(Contact(partner=partner, name=name, email=f"p{n}@{partner.id}.example", created_at=at))

    return hired
