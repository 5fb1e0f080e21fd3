"""Specialties, rules and reasons for the tests of leads."""

from __future__ import annotations

import pytest

from catalog.models import Market
from tests.deals.factories import make_types_and_stages
from tests.factories import make_program, make_reasons
from tests.leads import factories as make


def make_world_of_leads():
    vendor = make_program()
    make_types_and_stages()
    make.make_specialties()
    make.make_routing()
    make_reasons(make.REASONS)
    Market.objects.filter(code__in=["us", "uk"]).update(languages=["en"])
    Market.objects.filter(code="jp").update(languages=["ja"])
    return vendor


@pytest.fixture
def program(db):
    """The small program, with what leads need."""
    return make_world_of_leads()
