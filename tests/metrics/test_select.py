"""One query, three ways to read it: as SQL in other SQL, as values, as the rows of the drill-down."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.models import Market
from core.saving import save
from deals.models import Booking, Deal, Implementation
from metrics import registry, scopes
from metrics.scopes import MARKET, PARTNER, TREE
from metrics.windows import CALENDAR, ENROLMENT, LIFETIME, TRAILING, WINDOWS
from partners.models import Partner
from tests.deals import factories as deals
from tests.factories import make_organization
from tests.metrics.world import build

DAY = timedelta(days=1)


@pytest.fixture
def world(program, at) -> dict[str, Partner]:
    return build(at)


def figures(key, as_of, window="", scope=PARTNER) -> dict[str, tuple[int | None, int]]:
    names = dict(Partner.objects.values_list("pk", "name"))
    found = scopes.values(registry.get(key), as_of, None, window, scope)
    return {names[v.partner_id]: (v.value, v.n_rows) for v in found}


def told(metric, rows) -> int:
    """What the rows of the drill-down say together."""
    counted = [row for row in rows if not row.excluded]
    if metric.unit == "percent":
        values = [row.value for row in counted]
        factor = 100 if metric.key == "customer_retention" else 1  # its rows say yes or no, others percent
        return (2 * factor * sum(values) + len(values)) // (2 * len(values))
    return sum(row.value for row in counted)


def offered():
    """Every metric that can be selected, in each window and scope that it offers."""
    for metric in registry.every().values():
        for window in metric.windows if metric.select else ():
            for scope in metric.scopes:
                yield metric, window, scope


def test_the_query_the_values_and_the_rows_say_the_same(world, at):
    seen = set()
    for metric, window, scope in offered():
        for as_of in (at.date() - 500 * DAY, at.date(), at.date() + 5 * DAY, at.date() + 370 * DAY):
            selected = {of: (value, n) for of, value, n in scopes.select(metric, as_of, window, scope)}
            values = {v.partner_id: v for v in scopes.values(metric, as_of, None, window, scope)}
            assert selected == {of: (v.value, v.n_rows) for of, v in values.items()}
            for partner in world.values():
                one = list(scopes.values(metric, as_of, [partner.pk], window, scope))
                assert {v.partner_id: v for v in one} == {
                    of: v for of, v in values.items() if of == partner.pk
                }
                if one and one[0].value is not None:
                    rows = scopes.rows(metric, partner.pk, as_of, window, scope)
                    assert told(metric, rows) == one[0].value, (metric.key, window, scope, as_of)
                    seen.add((metric.key, bool(one[0].value)))
    selectable = {metric.key for metric in registry.every().values() if metric.select}
    assert {key for key, is_something in seen if is_something} >= NEVER_EMPTY
    assert selectable >= NEVER_EMPTY


NEVER_EMPTY = {
    "annual_revenue", "sourced_revenue", "fulfilled_revenue", "implementations", "registered_deals", "joint_wins",
    "customer_retention", "certified_people", "certified_people_technical", "certified_people_sales",
    "certified_in_platform", "learning_plan_signed", "certification_gates_valid", "customer_satisfaction",
    "value_references", "value_case_studies", "value_validations", "value_integrations", "value_publications",
}  # fmt: skip


def test_the_query_may_stand_within_other_sql(world, at):
    for metric, window, scope in offered():
        sql, parameters = scopes.select(metric, at.date(), window, scope).query.sql_with_params()
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT COUNT(*) FROM (SELECT * FROM ({sql}) a EXCEPT SELECT * FROM ({sql}) b) c",
                parameters * 2,
            )
            assert cursor.fetchone() == (0,)


def test_all_that_is_asked_of_many_is_one_query(world, at):
    for metric, window, scope in offered():
        if scope == PARTNER:
            with CaptureQueriesContext(connection) as asked:
                list(metric.values(at.date(), None, window))
            facts = [q for q in asked if not re.search("catalog_setting|core_vendor", q["sql"])]
            assert len(facts) == 1, (metric.key, window)


def test_shares_are_summed_before_they_are_rounded(world, at):
    as_of = at.date() + 5 * DAY
    assert Booking.objects.get(amount_minor=10_001).program_minor == 10_801
    assert figures("annual_revenue", as_of)["Northgate"] == ((10_801 * 67 + 777 * 100) // 100, 2)
    assert figures("annual_revenue", as_of)["Albion"][0] == 10_801 * 33 // 100


def test_a_sum_below_zero_is_rounded_downwards_everywhere(world, at):
    """A correction in this window of a booking of the one before, of a partner with a third of it."""
    booking = Booking.objects.get(amount_minor=10_001)
    save(
        Booking(
            deal=booking.deal, amount_minor=-1, currency="USD", program_minor=-1, program_currency="USD", rate=1,
            booked_on=date(2027, 12, 1), reverses=booking, reason="wrong_amount",
        )
    )  # fmt: skip
    assert figures("annual_revenue", date(2027, 12, 1))["Albion"] == (-1, 1)
    rows = registry.get("annual_revenue").rows(world["Albion"].pk, date(2027, 12, 1))
    assert sum(row.value for row in rows if not row.excluded) == -1


def test_nothing_known_is_no_data_and_nothing_left_is_zero(world, at):
    as_of = at.date() + 5 * DAY
    assert "Quiet" not in figures("annual_revenue", as_of)
    assert figures("annual_revenue", as_of)["Northgate South"] == (0, 2)
    assert figures("annual_revenue", as_of, CALENDAR)["Northgate"][0] > 0
    assert figures("annual_revenue", date(2027, 1, 1), CALENDAR)["Northgate"] == (0, 0)
    assert figures("annual_revenue", date(2036, 1, 1), LIFETIME)["Northgate"][0] > 0
    assert figures("implementations", as_of)["Albion"] == (1, 1)
    assert "Northgate" not in figures("implementations", as_of)
    assert figures("learning_plan_signed", as_of)["Albion"] == (0, 0)
    assert figures("certified_people", as_of)["Albion"] == (0, 0)
    assert figures("customer_retention", as_of).get("Northgate", (None, 0))[0] is None


def test_an_enrolment_year_is_each_partners_own(world, at):
    as_of = at.date() + 5 * DAY
    Partner.objects.filter(pk=world["Albion"].pk).update(activated_on=as_of.replace(year=2020))
    found = figures("annual_revenue", as_of, ENROLMENT)
    assert found["Northgate"][1] == 2
    assert found["Albion"] == (0, 0)


def test_a_tree_is_counted_together(world, at):
    as_of = at.date() + 5 * DAY
    own = figures("certified_people", as_of)
    assert own["Northgate"][0] == own["Northgate South"][0] == 1
    tree = figures("certified_people", as_of, "", TREE)
    assert tree["Northgate"] == tree["Northgate South"] == (2, 2)
    assert tree["Albion"] == (0, 0)
    assert tree["Quiet"] == (None, 0)


def test_its_own_market_leaves_out_customers_abroad(world, at):
    as_of = at.date() + 5 * DAY
    Partner.objects.update(market=Market.objects.get(code="us"))
    metric = registry.get("annual_revenue")
    everywhere, at_home = figures(metric.key, as_of), figures(metric.key, as_of, "", MARKET)
    assert everywhere["Northgate"][0] - at_home["Northgate"][0] == 777
    reasons = {row.excluded for row in scopes.rows(metric, world["Northgate"].pk, as_of, "", MARKET)}
    assert reasons == {"", "Outside of the partner's market."}


def test_a_scope_that_is_not_offered_is_refused(world, at):
    with pytest.raises(ValueError, match="not offered"):
        scopes.select(registry.get("customer_retention"), at.date(), "", TREE)


def test_what_is_added_up_for_a_tree_may_be_added_up():
    for metric in registry.known().values():
        assert TREE not in metric.scopes or metric.is_additive, metric.key
        assert set(metric.windows) <= set(WINDOWS)
        assert metric.unit in ("money", "count", "people") or not metric.is_additive


def test_a_metric_of_a_track_is_found_by_its_key(world, at):
    metric = registry.get("certified_in_platform")
    assert str(metric.name) == "People certified in Platform"
    assert figures(metric.key, at.date())["Northgate"][0] == 1
    assert metric.key in registry.every()
    assert registry.find("certified_in_") is None
    assert registry.find("nonsense") is None


def test_a_new_customer_is_won_once(program, northgate, albion, at):
    deals.make_types_and_stages()
    hospital = make_organization("Hollowbrook")
    deals.won(northgate, at, organization=hospital, customer_name="Hollowbrook")
    second = deals.won(
        albion, at + 40 * DAY, organization=make_organization("Iron Hill"), customer_name="Iron Hill"
    )
    Deal.objects.filter(pk=second.pk).update(organization=hospital)
    as_of = at.date() + 60 * DAY
    assert figures("joint_wins", as_of) == {northgate.name: (1, 1), albion.name: (0, 0)}
    rows = registry.get("joint_wins").rows(albion.pk, as_of)
    assert [row.excluded for row in rows] == ["The customer had bought from us before."]


def test_a_customer_stays_by_another_booking_or_a_product_at_work(program, northgate, at):
    deals.make_types_and_stages()
    gone, stays, live = (make_organization(name) for name in ("Gone", "Stays", "Live"))
    for organization in (gone, stays):
        deals.booked(
            northgate, at, at.date(), 500, organization=organization, customer_name=organization.name
        )
    deals.reported(northgate, at, organization=live, customer_name="Live")
    later = at.date() + 366 * DAY
    assert figures("customer_retention", later, TRAILING) == {northgate.name: (0, 2)}
    booking = Booking.objects.get(deal__organization=stays)
    save(
        Booking(
            deal=booking.deal, amount_minor=1, currency="USD", program_minor=1, program_currency="USD", rate=1,
            booked_on=later,
        )
    )  # fmt: skip
    assert figures("customer_retention", later, TRAILING) == {northgate.name: (50, 2)}
    Implementation.objects.update(state="accepted", accepted_on=at.date(), accepted_by="customer")
    assert figures("customer_retention", later, TRAILING) == {northgate.name: (67, 3)}
    assert registry.get("customer_retention").next_change(northgate.pk, later - DAY) is not None


def test_the_next_change_is_the_day_on_which_something_leaves(world, at):
    as_of = at.date() + 5 * DAY
    pk = world["Northgate"].pk
    metric = registry.get("annual_revenue")
    assert metric.next_change(pk, as_of) == date(2027, 11, 24)
    assert metric.next_change(pk, as_of, CALENDAR) == date(2027, 1, 1)
    assert metric.next_change(pk, as_of, LIFETIME) is None
    assert scopes.next_change(metric, world["Northgate South"].pk, as_of, "", TREE) == date(2027, 11, 24)
    assert registry.get("registered_deals").next_change(pk, as_of, CALENDAR) == date(2027, 1, 1)
    assert registry.get("joint_wins").next_change(pk, as_of) == date(2027, 11, 24)
    assert registry.get("implementations").next_change(world["Albion"].pk, as_of) is None
    assert registry.get("implementations").next_change(world["Albion"].pk, as_of, TRAILING) == date(
        2027, 11, 25
    )
