"""Specialties, rules and reasons for the tests of leads."""

from __future__ import annotations

import pytest

from catalog.models import Market, ReasonCode
from core.saving import save
from tests.deals.factories import make_types_and_stages
from tests.factories import make_program
from tests.leads import factories as make


def make_world_of_leads():
    vendor = make_program()
    make_types_and_stages()
    make.make_specialties()
    make.make_routing()
    for domain, codes in make.REASONS.items():
        for code in codes:
            save(ReasonCode(domain=domain, code=code, label=code.replace("_", " ").capitalize()))
    Market.objects.filter(code__in=["us", "uk"]).update(languages=["en"])
    Market.objects.filter(code="jp").update(languages=["ja"])
    return vendor


@pytest.fixture
def program(db):
    """The small program, with what leads need."""
    return make_world_of_leads()
