"""The world of the tests of tenancy, for input that nobody should send."""

import pytest

from tests.tenancy.conftest import people, unhurried, world  # noqa: F401 (fixtures)


@pytest.fixture(autouse=True)
def without_limits(monkeypatch):
    """How often one may apply or try is tested elsewhere."""
    for where in ("onboarding.doors.allowed", "accounts.views.public.allowed"):
        monkeypatch.setattr(where, lambda *args, **options: True)


@pytest.fixture(autouse=True)
def without_counts_in_the_navigation(monkeypatch):
    """A page's frame counts what waits in every section; here thousands of pages are about their form."""
    monkeypatch.setattr("home.navigation.queue.counts", lambda *args: {})
