"""A small world in which every kind of thing can wait for somebody."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.clock import now
from tests.compliance.conftest import gates  # noqa: F401
from tests.deals import factories as deals
from tests.deals.factories import make_types_and_stages
from tests.enablement.factories import make_reasons, make_tracks
from tests.factories import make_organization, make_partner, make_program, make_vendor_user
from tests.onboarding.conftest import apply, channel, received, template  # noqa: F401
from tests.tiers.factories import make_version


@pytest.fixture
def program(db):
    """The small program, with kinds of deals and stages."""
    vendor = make_program()
    make_types_and_stages()
    return vendor


@pytest.fixture
def moment(at, request):
    """The instant of the story; for tests of pages, which read the clock, this very instant."""
    is_of_a_page = request.module.__name__.rpartition("test_")[2] in ("workspace", "portal", "api")
    return now() if is_of_a_page else at


@pytest.fixture
def tracks(program):
    make_reasons()
    return make_tracks()


@pytest.fixture
def version(program):
    return make_version()


@pytest.fixture
def cora(program, at):
    """Cora, compliance."""
    return make_vendor_user("cora@vendor.example", "Cora Bell", "compliance", at)


@pytest.fixture
def dora(program, at):
    """Dora, director."""
    return make_vendor_user("dora@vendor.example", "Dora Klein", "director", at)


@pytest.fixture
def lakeshore(program, maya, moment):
    """Lakeshore, a partner of Maya's that is still onboarding."""
    return make_partner(
        "Lakeshore Interop", country="US", psm=maya, at=moment - timedelta(days=20), active=False
    )


@pytest.fixture
def register(moment):
    """Registers one more deal of a partner; each for its own customer."""
    made = []

    def registered(partner, make=deals.submitted, at=None, **changes):
        made.append(partner)
        name = changes.pop("customer_name", f"Customer {len(made)}")
        organization = changes.pop("organization", None) or make_organization(name)
        return make(partner, at or moment - timedelta(hours=2), organization, customer_name=name, **changes)

    return registered
