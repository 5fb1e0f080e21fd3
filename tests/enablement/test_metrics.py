"""What is counted, for whom, and why the rest is not."""

from datetime import date, timedelta

import pytest

from enablement.actions import revoke_certification, sign_learning_plan
from metrics import registry
from partners.actions import note_departure
from tests.enablement.factories import certify

pytestmark = pytest.mark.django_db
ON = date(2026, 11, 24)
KEYS = [
    "certified_people",
    "certified_people_technical",
    "certified_people_sales",
    "people_with_fundamentals",
    "learning_plan_signed",
]


def value(key, partner, on=ON):
    found = {v.partner_id: v.value for v in registry.get(key).values(on)}
    return found.get(partner.id)


def test_people_are_counted_once_however_much_they_hold(northgate, dana, luis, tracks):
    certify(dana, tracks["sales"], date(2026, 1, 5))
    certify(dana, tracks["platform"], date(2026, 1, 5))
    certify(luis, tracks["platform"], date(2026, 1, 5))
    assert value("certified_people", northgate) == 2
    assert value("certified_people_technical", northgate) == 2
    assert value("certified_people_sales", northgate) == 1


def test_without_any_record_there_is_no_data_and_with_only_ended_ones_there_is_zero(
    northgate, albion, dana, tracks
):
    certify(dana, tracks["sales"], date(2024, 1, 5))
    assert value("certified_people", northgate) == 0
    assert value("certified_people", albion) is None


def test_expired_revoked_and_departed_are_left_out_with_the_reason(northgate, dana, luis, tracks, system, at):
    certify(dana, tracks["sales"], date(2024, 11, 24))
    revoked = certify(dana, tracks["platform"], date(2026, 2, 2))
    revoke_certification(by=system, certification=revoked, reason_code="left_company", at=at)
    certify(luis, tracks["sales"], date(2026, 2, 2))
    note_departure(by=system, contact=luis, at=at)
    reasons = {row.excluded for row in registry.get("certified_people").rows(northgate.id, ON)}
    assert reasons == {
        "expired on 24 Nov 2026", "revoked on 24 Nov 2026", "the person left on 24 Nov 2026",
    }  # fmt: skip
    assert value("certified_people", northgate) == 0
    assert value("certified_people", northgate, ON - timedelta(days=1)) == 2


@pytest.mark.parametrize("key", KEYS)
def test_the_value_equals_the_counted_rows_on_every_day(key, northgate, dana, luis, tracks, system, at):
    certify(dana, tracks["fundamentals"], date(2025, 3, 1))
    certify(dana, tracks["sales"], date(2024, 12, 1))
    certify(luis, tracks["platform"], date(2026, 2, 2))
    sign_learning_plan(by=system, partner=northgate, signed_by=dana, signed_on=date(2025, 12, 1), at=at)
    for days in range(-800, 800, 40):
        on = ON + timedelta(days=days)
        counted = [row for row in registry.get(key).rows(northgate.id, on) if not row.excluded]
        assert (value(key, northgate, on) or 0) == len(counted)


def test_the_next_change_is_the_day_on_which_the_number_falls(northgate, dana, luis, tracks):
    certify(dana, tracks["sales"], date(2025, 1, 18))
    certify(dana, tracks["fundamentals"], date(2025, 6, 1))
    certify(luis, tracks["platform"], date(2026, 2, 2))
    metric = registry.get("certified_people")
    assert metric.next_change(northgate.id, ON) == date(2027, 6, 1)
    assert registry.get("certified_people_sales").next_change(northgate.id, ON) == date(2027, 1, 18)
    assert value("certified_people", northgate, date(2027, 6, 1)) == 1
    assert value("certified_people", northgate, date(2027, 5, 31)) == 2


def test_a_learning_plan_holds_for_a_year(northgate, albion, dana, system, at):
    sign_learning_plan(by=system, partner=northgate, signed_by=dana, signed_on=date(2025, 11, 25), at=at)
    assert value("learning_plan_signed", northgate) == 1
    assert value("learning_plan_signed", northgate, date(2026, 11, 25)) == 0
    assert value("learning_plan_signed", albion) is None


@pytest.mark.parametrize("key", KEYS)
def test_a_number_for_all_is_one_query(key, northgate, albion, dana, gwen, tracks, django_assert_num_queries):
    certify(dana, tracks["sales"], date(2026, 1, 5))
    certify(gwen, tracks["sales"], date(2026, 1, 5))
    with django_assert_num_queries(1):
        list(registry.get(key).values(ON))
    assert {v.partner_id for v in registry.get(key).values(ON, [northgate.id])} <= {northgate.id}
