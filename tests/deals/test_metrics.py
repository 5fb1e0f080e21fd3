"""Annual revenue and implementations: what counts, from when until when, and why the rest does not."""

from __future__ import annotations

from datetime import date, timedelta

from core.actors import SYSTEM
from core.models import ActionLink
from deals import actions, rules
from deals.actions.implementations import CUSTOMER
from deals.models import Booking
from metrics import registry
from tests.deals import factories as make
from tests.factories import make_organization

DAY = timedelta(days=1)


def value(key, partner, as_of):
    found = {v.partner_id: v for v in registry.get(key).values(as_of)}
    return found.get(partner.pk)


def test_a_partner_without_bookings_has_no_revenue_figure(northgate, albion, at):
    make.booked(albion, at, at.date())
    assert value("annual_revenue", northgate, at.date()) is None
    assert value("annual_revenue", albion, at.date()).value == 10_000_000


def test_a_booking_counts_for_exactly_twelve_months(northgate, at):
    make.booked(northgate, at, at.date(), 50_000_000)
    last = date(2027, 11, 23)
    assert value("annual_revenue", northgate, at.date() - DAY) is None
    assert value("annual_revenue", northgate, last).value == 50_000_000
    assert value("annual_revenue", northgate, last + DAY).value == 0
    metric = registry.get("annual_revenue")
    assert metric.next_change(northgate.pk, at.date()) == last + DAY
    assert metric.next_change(northgate.pk, last + DAY) is None


def test_the_rows_say_why_one_does_not_count(northgate, at):
    make.booked(northgate, at, at.date())
    metric = registry.get("annual_revenue")
    assert [row.excluded for row in metric.rows(northgate.pk, at.date())] == [""]
    assert [row.excluded for row in metric.rows(northgate.pk, date(2027, 11, 24))] == [
        "Older than twelve months."
    ]
    assert [row.excluded for row in metric.rows(northgate.pk, date(2026, 11, 23))] == [
        "Later than the day asked about."
    ]


def test_a_correction_counts_too(northgate, at):
    make.booked(northgate, at, at.date(), 900)
    booking = Booking.objects.get()
    actions.correct_booking(by=SYSTEM, booking=booking, booked_on=at.date(), reason="cancelled", at=at)
    found = value("annual_revenue", northgate, at.date())
    assert (found.value, found.n_rows) == (0, 2)


def test_values_and_rows_agree(northgate, at):
    for number in range(3):
        make.booked(
            northgate, at, at.date() + number * DAY, 1_000 + number, customer_name=f"Hospital {number}"
        )
    as_of = at.date() + DAY
    rows = registry.get("annual_revenue").rows(northgate.pk, as_of)
    assert (
        sum(row.value for row in rows if not row.excluded)
        == value("annual_revenue", northgate, as_of).value
        == 2_001
    )


def test_a_value_for_few_partners_is_the_same_as_for_all(northgate, albion, at):
    make.booked(northgate, at, at.date())
    make.booked(albion, at, at.date(), organization=make_organization("Elsewhere"))
    metric = registry.get("annual_revenue")
    assert [v.partner_id for v in metric.values(at.date(), [albion.pk])] == [albion.pk]


def test_a_go_live_counts_from_its_acceptance(northgate, at):
    implementation = make.reported(northgate, at)
    assert value("implementations", northgate, at.date()).value == 0
    rows = registry.get("implementations").rows(northgate.pk, at.date())
    assert [row.excluded for row in rows] == ["Not accepted by the customer yet."]
    link = ActionLink.objects.get(subject_id=implementation.pk)
    actions.confirm_by_customer(by=CUSTOMER, link=link, implementation=implementation, at=at + DAY)
    assert value("implementations", northgate, at.date()).value == 0
    assert value("implementations", northgate, at.date() + DAY).value == 1
    assert value("implementations", northgate, date(2036, 1, 1)).value == 1


def test_a_partner_that_never_went_live_has_no_figure(northgate, at):
    make.won(northgate, at)
    assert value("implementations", northgate, at.date()) is None


def test_values_are_one_query(northgate, at, django_assert_num_queries):
    make.booked(northgate, at, at.date())
    for key in ("annual_revenue", "implementations"):
        with django_assert_num_queries(1):
            list(registry.get(key).values(at.date()))


def test_every_state_of_a_go_live_has_its_reason():
    assert {rules.REPORTED, rules.DECLINED, rules.WITHDRAWN, rules.ACCEPTED} == set(
        rules.IMPLEMENTATION_STATES
    )
