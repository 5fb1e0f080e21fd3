"""The cast: the people, partners and reference data that tests speak of."""

from __future__ import annotations

import gc
from datetime import UTC, date, datetime, timedelta

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from accounts.actors import partner_actor, vendor_actor
from core.actors import SYSTEM
from tests import factories
from tests.engines import is_of_one_engine

hypothesis.settings.register_profile("untimed", deadline=None)  # a busy machine is no failure
hypothesis.settings.load_profile("untimed")


def pytest_configure(config):
    """Databases that are emptied after a test need the append-only triggers lifted for that moment.

    And garbage is looked for less often: among all that is imported that took a twelfth of a run.
    """
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)
    from django.test import TransactionTestCase

    from core.appendonly import lifted

    original = TransactionTestCase._fixture_teardown

    def teardown(self):
        with lifted():
            original(self)

    TransactionTestCase._fixture_teardown = teardown


def pytest_itemcollected(item):
    if is_of_one_engine(item):
        item.add_marker(pytest.mark.sqlite)


@pytest.fixture(autouse=True)
def nothing_remembered():
    """Redis keeps what an earlier test counted; the cache in the database ends with its test."""
    if settings.REDIS_URL:
        cache.clear()


@pytest.fixture
def at() -> datetime:
    """The instant of the story: Tuesday 24 November 2026, 15:31 UTC."""
    return datetime(2026, 11, 24, 15, 31, tzinfo=UTC)


@pytest.fixture
def on(at) -> date:
    return at.date()


@pytest.fixture
def program(db):
    """A small program: vendor, a market, products, reason codes, a category, exchange rates."""
    return factories.make_program()


@pytest.fixture
def maya(program, at):
    """Maya, a PSM."""
    return factories.make_vendor_user("maya@vendor.example", "Maya Lindqvist", "psm", at)


@pytest.fixture
def tomas(program, at):
    """Tomas, another PSM."""
    return factories.make_vendor_user("tomas@vendor.example", "Tomas Herrera", "psm", at)


@pytest.fixture
def ada(program, at):
    """Ada, administrator."""
    return factories.make_vendor_user("ada@vendor.example", "Ada Okafor", "administrator", at)


@pytest.fixture
def dirk(program, at):
    """Dirk, deal desk."""
    return factories.make_vendor_user("dirk@vendor.example", "Dirk Boone", "deal_desk", at)


@pytest.fixture
def finn(program, at):
    """Finn, finance."""
    return factories.make_vendor_user("finn@vendor.example", "Finn Aalto", "finance", at)


@pytest.fixture
def vera(program, at):
    """Vera, auditor."""
    return factories.make_vendor_user("vera@vendor.example", "Vera Moss", "auditor", at)


@pytest.fixture
def northgate(program, maya, at):
    """Northgate, an active partner of Maya's."""
    return factories.make_partner("Northgate Clinical Systems", psm=maya, at=at - timedelta(days=400))


@pytest.fixture
def albion(program, tomas, at):
    """Albion, an active partner of Tomas's."""
    return factories.make_partner("Albion Health", country="GB", psm=tomas, at=at - timedelta(days=400))


@pytest.fixture
def priya(northgate, at):
    """Priya, partner admin at Northgate."""
    return factories.make_partner_user(
        "priya@northgate.example", "Priya Raman", northgate, "partner_admin", at
    )


@pytest.fixture
def sam(northgate, at):
    """Sam, seller at Northgate."""
    return factories.make_partner_user("sam@northgate.example", "Sam Ortiz", northgate, "partner_seller", at)


@pytest.fixture
def rhys(albion, at):
    """Rhys, partner admin at Albion."""
    return factories.make_partner_user("rhys@albion.example", "Rhys Carver", albion, "partner_admin", at)


@pytest.fixture
def acting():
    """From a person to its actor: the vendor's side where it has one, else its partner's."""
    return lambda user: vendor_actor(user) or partner_actor(user)


@pytest.fixture
def system():
    return SYSTEM


@pytest.fixture
def browser_of():
    """A test client that is signed in as a person."""

    def signed_in(user) -> Client:
        client = Client()
        client.force_login(user, backend="accounts.backends.ActiveUserBackend")
        return client

    return signed_in


@pytest.fixture
def api_of(at):
    """A test client that calls the API with a fresh key of a person (at a partner, where one is given)."""

    def keyed(user, partner=None) -> Client:
        return Client(headers={"authorization": f"Bearer {factories.make_key(user, partner)}"})

    return keyed
