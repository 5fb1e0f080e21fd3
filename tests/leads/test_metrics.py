"""What the numbers about leads count, and that the rows behind them say why not."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.actors import SYSTEM
from leads import actions
from metrics import registry
from tests.leads import factories as make

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
KEYS = ("lead_acceptance_rate", "lead_time_to_accept", "lead_time_to_contact", "lead_conversion")


@pytest.fixture
def year(northgate, at):
    """Accepted after 4 and 8 hours, called after 10; one registered; one declined, one lapsed, one open, one old."""

    def offer(n, when=at - 30 * DAY):
        return make.offered(northgate, when, customer_name=f"C{n}"), when

    first, when = offer(1)
    first = actions.accept_lead(by=SYSTEM, lead=first, at=when + 4 * HOUR)
    first = actions.note_contact(by=SYSTEM, lead=first, way="phone", at=when + 14 * HOUR)
    actions.convert_lead(by=SYSTEM, lead=first, at=when + DAY, **make.registration(at))
    second, when = offer(2)
    actions.accept_lead(by=SYSTEM, lead=second, at=when + 8 * HOUR)
    third, when = offer(3)
    actions.decline_lead(by=SYSTEM, lead=third, reason="too_far", at=when)
    fourth, when = offer(4)
    actions.withdraw_offer(by=SYSTEM, lead=fourth, reason="wrong_partner", at=when)
    offer(5)
    sixth, when = offer(6, at - 400 * DAY)
    actions.accept_lead(by=SYSTEM, lead=sixth, at=when)
    return northgate


@pytest.mark.parametrize(
    ("key", "value", "n"),
    [
        ("lead_acceptance_rate", 67, 3),
        ("lead_time_to_accept", 6, 2),
        ("lead_time_to_contact", 10, 1),
        ("lead_conversion", 50, 2),
    ],
)
def test_each_number_and_the_rows_behind_it(year, on, key, value, n):
    metric = registry.get(key)
    found = list(metric.values(on))
    assert [(v.partner_id, v.value, v.n_rows) for v in found] == [(year.pk, value, n)]
    rows = metric.rows(year.pk, on)
    assert len(rows) == 6
    assert len([row for row in rows if not row.excluded]) == n
    assert any(row.excluded == "Older than twelve months." for row in rows)


@pytest.mark.parametrize("key", KEYS)
def test_a_partner_without_offers_has_no_number(northgate, on, key):
    assert list(registry.get(key).values(on)) == []


@pytest.mark.parametrize("key", KEYS)
def test_one_partner_is_asked_for_alone(year, albion, on, key):
    assert list(registry.get(key).values(on, [albion.pk])) == []
    assert len(list(registry.get(key).values(on, [year.pk]))) == 1
