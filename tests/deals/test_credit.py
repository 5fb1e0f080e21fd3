"""Credit: one primary source, 100 % in each role, locked when booked, corrected by day, never counted twice (P24)."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.actors import SYSTEM
from core.errors import Conflict, NotVisible
from core.money import Money
from deals import actions, credit
from deals.credit import FULFILLED, IMPLEMENTED, INFLUENCED, SOURCED, Share
from deals.metrics.revenue import lenses
from deals.models import Booking, Deal, DealCredit
from events.models import Event
from inbox.models import Notification
from metrics import registry
from metrics.models import Touched
from tests.deals import factories as make
from tests.factories import make_partner

DAY = timedelta(days=1)
NOBODY, SOMEBODY = uuid4(), uuid4()


def split(first: UUID | None, second: UUID | None, percent: int = 60) -> list[Share]:
    """One sourced and fulfilled most of it, another the rest."""
    return [
        Share(first, SOURCED, percent, is_primary=True),
        Share(second, SOURCED, 100 - percent),
        Share(first, FULFILLED, 100),
    ]


def give(deal, shares, at, by=SYSTEM, reason="agreed", **more):
    return actions.set_credit(by=by, deal=deal, credits=shares, reason=reason, at=at, **more)


def revenue(key, partner, as_of):
    return next((v.value for v in registry.get(key).values(as_of) if v.partner_id == partner.pk), None)


def held(deal):
    return {(row.family, row.partner_id): row.weight for row in deal.credits.current()}


# Rules


@pytest.mark.parametrize(
    ("shares", "family"),
    [
        ([Share(SOMEBODY, SOURCED, 100)], FULFILLED),
        ([Share(SOMEBODY, FULFILLED, 100)], SOURCED),
        ([Share(SOMEBODY, SOURCED, 99), Share(SOMEBODY, FULFILLED, 100)], SOURCED),
        ([*split(SOMEBODY, NOBODY), Share(NOBODY, IMPLEMENTED, 50)], IMPLEMENTED),
        ([*split(SOMEBODY, SOMEBODY)], SOURCED),
        ([*split(SOMEBODY, NOBODY), Share(NOBODY, INFLUENCED, 100)], INFLUENCED),
        ([Share(SOMEBODY, SOURCED, 50), Share(NOBODY, SOURCED, 50), Share(NOBODY, FULFILLED, 100)], SOURCED),
        ([Share(SOMEBODY, SOURCED, 100), Share(NOBODY, FULFILLED, 100, is_primary=True), ], None),
        ([*split(SOMEBODY, NOBODY), Share(NOBODY, "cheered", 100)], "cheered"),
    ],
)  # fmt: skip
def test_shares_that_do_not_fit_are_named_by_their_role(shares, family):
    if family is None:
        assert [s.is_primary for s in credit.checked(shares)] == [True, False]
        return
    with pytest.raises(ValidationError) as refused:
        credit.checked(shares)
    assert list(refused.value.message_dict) == [family]


WEIGHTS = st.lists(st.integers(1, 30), min_size=1, max_size=5)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.integers(-(10**12), 10**12), max_size=8), WEIGHTS)
def test_the_parts_of_all_never_exceed_the_whole_and_rows_add_up_to_their_part(amounts, weights):
    weights = [*weights[:-1], 100 - sum(weights[:-1])] if sum(weights[:-1]) < 100 else [100]
    parts = [credit.part_of(sum(amount * weight for amount in amounts)) for weight in weights]
    assert sum(parts) <= sum(amounts) < sum(parts) + len(weights)
    for part, weight in zip(parts, weights, strict=True):
        assert sum(credit.parts_in_turn([amount * weight for amount in amounts])) == part


def test_of_sourced_and_fulfilled_the_larger_share_counts():
    shares = [Share(SOMEBODY, SOURCED, 40), Share(NOBODY, SOURCED, 60), Share(SOMEBODY, FULFILLED, 100)]
    assert credit.counted_once(shares) == {(FULFILLED, SOMEBODY), (SOURCED, NOBODY)}
    assert credit.counted_once([*shares, Share(None, IMPLEMENTED, 100)]) == credit.counted_once(shares)
    assert credit.counted_once(credit.default_shares(SOMEBODY)) == {(SOURCED, SOMEBODY)}


# Setting


def test_whoever_registers_a_deal_has_sourced_and_fulfils_it(northgate, at):
    deal = make.draft(northgate, at)
    assert held(deal) == {}
    deal = actions.submit_deal(by=SYSTEM, deal=deal, at=at)
    assert held(deal) == {(SOURCED, northgate.pk): 100, (FULFILLED, northgate.pk): 100}
    assert deal.credits.get(is_primary=True).family == SOURCED
    assert {row.valid_from for row in deal.credits.all()} == {deal.day_of(at)}


def test_an_answered_question_leaves_the_credit_as_it_was(northgate, albion, at):
    deal = give(make.submitted(northgate, at), split(northgate.pk, albion.pk), at)
    actions.ask_for_more(by=SYSTEM, deal=deal, question="Who?", fields=["contact"], at=at)
    actions.submit_deal(by=SYSTEM, deal=deal, at=at + DAY)
    assert held(deal)[SOURCED, albion.pk] == 40


def test_until_it_is_booked_new_shares_hold_from_the_first_day(northgate, albion, at):
    deal = make.won(northgate, at)
    give(deal, split(northgate.pk, albion.pk), at + DAY, comment="As agreed in May")
    assert held(deal)[SOURCED, albion.pk] == 40
    assert deal.credits.in_force(deal.day_of(at)).count() == 3
    assert deal.credits.count() == 5  # what was said before is kept
    assert Deal.objects.get(pk=deal.pk).version == deal.version + 1


def test_the_booking_locks_the_credit(northgate, at):
    deal = make.won(northgate, at)
    assert not deal.credits.exclude(locked_at=None).exists()
    actions.book_deal(by=SYSTEM, deal=deal, amount=Money(100, "USD"), booked_on=at.date(), at=at)
    assert not deal.credits.filter(locked_at=None).exists()


def test_a_deal_without_credit_is_neither_won_nor_booked(northgate, at):
    deal, won = make.approved(northgate, at), make.won(northgate, at, customer_name="Elsewhere")
    DealCredit.objects.all().delete()
    with pytest.raises(Conflict) as refused:
        actions.report_win(by=SYSTEM, deal=deal, won_on=at.date(), reference="PO", at=at)
    assert refused.value.code == "no_credit"
    with pytest.raises(Conflict):
        actions.book_deal(by=SYSTEM, deal=won, amount=Money(100, "USD"), booked_on=at.date(), at=at)
    assert not Booking.objects.exists()


def test_a_psm_sets_credit_until_the_booking_and_the_deal_desk_corrects_it(
    northgate, albion, maya, dirk, acting, at
):
    deal, third = make.won(northgate, at), make_partner("Carrow Imaging", psm=maya)
    shares = split(northgate.pk, third.pk)
    give(deal, shares, at, by=acting(maya))
    actions.book_deal(by=SYSTEM, deal=deal, amount=Money(100, "USD"), booked_on=at.date(), at=at)
    with pytest.raises(PermissionDenied):
        give(deal, split(northgate.pk, third.pk, 70), at + DAY, by=acting(maya))
    give(deal, split(northgate.pk, albion.pk, 70), at + DAY, by=acting(dirk))
    assert held(deal)[SOURCED, albion.pk] == 30


def test_whoever_sets_credit_may_see_all_who_are_concerned(northgate, albion, maya, tomas, dirk, acting, at):
    deal = make.won(northgate, at)
    with pytest.raises(NotVisible):
        give(deal, split(northgate.pk, albion.pk), at, by=acting(maya))
    give(deal, split(northgate.pk, albion.pk), at, by=acting(dirk))
    with pytest.raises(NotVisible):
        give(deal, credit.default_shares(northgate.pk), at, by=acting(maya))


def test_a_partner_sets_no_credit(northgate, albion, priya, acting, at):
    deal = make.won(northgate, at)
    with pytest.raises(PermissionDenied):
        give(deal, split(northgate.pk, albion.pk), at, by=acting(priya))


def test_the_credit_of_a_draft_or_a_closed_deal_is_not_set(northgate, albion, at):
    lost = actions.report_loss(by=SYSTEM, deal=make.approved(northgate, at), reason="price", at=at)
    for deal in (make.draft(northgate, at), lost):
        with pytest.raises(Conflict):
            give(deal, split(northgate.pk, albion.pk), at)


def test_the_same_shares_again_change_nothing(northgate, at):
    deal = make.won(northgate, at)
    give(deal, credit.default_shares(northgate.pk), at)
    assert deal.credits.count() == 2 and not Event.objects.filter(type="deal.credited").exists()


def test_a_reason_is_needed(northgate, albion, at):
    with pytest.raises(ValidationError):
        give(make.won(northgate, at), split(northgate.pk, albion.pk), at, reason="because")


# Telling


def test_each_partner_hears_of_its_own_part_alone(northgate, albion, priya, rhys, at):
    deal = give(make.won(northgate, at), split(northgate.pk, albion.pk), at)
    own, others = (Event.objects.get(type=name) for name in ("deal.credited", "credit.changed"))
    assert (own.partner_id, own.data["sourced"], own.subject_id) == (northgate.pk, 60, deal.pk)
    assert (others.partner_id, others.data["sourced"], others.data["deal"]) == (albion.pk, 40, deal.number)
    assert str(northgate.pk) not in str(others.data) and str(albion.pk) not in str(own.data)
    assert DealCredit.objects.get(pk=others.subject_id).partner_id == albion.pk


def test_the_bells_of_all_concerned_ring(northgate, albion, priya, rhys, at):
    give(make.won(northgate, at), split(northgate.pk, albion.pk), at)
    rung = Notification.objects.filter(kind__in=["deal.credited", "credit.changed"])
    assert set(rung.values_list("user", flat=True)) == {priya.pk, rhys.pk}
    assert rung.get(user=rhys).partner_id == albion.pk


def test_everyone_concerned_is_looked_at_anew(northgate, albion, at):
    third = make_partner("Carrow Imaging")
    deal = give(make.won(northgate, at), split(northgate.pk, albion.pk), at)
    Touched.objects.all().delete()
    give(deal, split(northgate.pk, third.pk), at)
    assert set(Touched.objects.values_list("partner", flat=True)) == {northgate.pk, albion.pk, third.pk}
    Touched.objects.all().delete()
    actions.book_deal(by=SYSTEM, deal=deal, amount=Money(100, "USD"), booked_on=at.date(), at=at)
    assert {northgate.pk, third.pk} <= set(Touched.objects.values_list("partner", flat=True))


# Counting


def test_a_split_counts_for_each_by_its_part_in_each_role(northgate, albion, at):
    deal = give(make.won(northgate, at), split(northgate.pk, albion.pk), at)
    actions.book_deal(by=SYSTEM, deal=deal, amount=Money(1_001, "USD"), booked_on=at.date(), at=at)
    on = at.date()
    assert [revenue("sourced_revenue", p, on) for p in (northgate, albion)] == [600, 400]
    assert [revenue("fulfilled_revenue", p, on) for p in (northgate, albion)] == [1_001, None]
    assert revenue("influenced_revenue", northgate, on) is None
    # Its own revenue counts the booking once, by the larger part.
    assert [revenue("annual_revenue", p, on) for p in (northgate, albion)] == [1_001, 400]


def test_a_correction_of_credit_holds_from_its_day_on_and_for_all_bookings(northgate, albion, at):
    deal = make.booked(northgate, at, at.date(), 1_000)
    later = at + 30 * DAY
    give(deal, [Share(albion.pk, SOURCED, 100), Share(albion.pk, FULFILLED, 100)], later)
    day = later.date()
    assert [revenue("annual_revenue", p, day - DAY) for p in (northgate, albion)] == [1_000, None]
    assert [revenue("annual_revenue", p, day) for p in (northgate, albion)] == [None, 1_000]
    rows = registry.get("annual_revenue").rows(northgate.pk, day)
    assert [row.excluded for row in rows] == ["The credit of this deal went to others."]


def test_a_booking_taken_back_after_a_change_of_credit_leaves_nothing_with_anybody(northgate, albion, at):
    deal = make.booked(northgate, at, at.date(), 1_000)
    give(deal, split(northgate.pk, albion.pk, 50), at + 30 * DAY)
    booking, later = Booking.objects.get(), at + 60 * DAY
    actions.correct_booking(by=SYSTEM, booking=booking, booked_on=later.date(), reason="cancelled", at=later)
    for key in ("annual_revenue", "sourced_revenue", "fulfilled_revenue"):
        for partner in (northgate, albion):
            assert revenue(key, partner, later.date()) in (0, None)
    assert revenue("annual_revenue", northgate, later.date() - DAY) == 1_000


def test_a_share_counts_for_twelve_months_to_the_day(northgate, albion, at):
    deal = give(make.won(northgate, at), split(northgate.pk, albion.pk), at)
    actions.book_deal(by=SYSTEM, deal=deal, amount=Money(1_000, "USD"), booked_on=at.date(), at=at)
    metric, last = registry.get("sourced_revenue"), at.date() + 364 * DAY
    assert revenue("sourced_revenue", albion, at.date() - DAY) is None
    assert [revenue("sourced_revenue", albion, day) for day in (last, last + DAY)] == [400, 0]
    assert metric.next_change(albion.pk, at.date()) == last + DAY


def test_rows_and_values_agree_in_every_role(northgate, albion, at):
    for number in range(3):
        deal = make.won(northgate, at, customer_name=f"Hospital {number}")
        give(deal, split(northgate.pk, albion.pk, 33), at)
        actions.book_deal(by=SYSTEM, deal=deal, amount=Money(101 + number, "USD"), booked_on=at.date(), at=at)
    for key in ("annual_revenue", "sourced_revenue", "fulfilled_revenue"):
        for partner in (northgate, albion):
            rows = registry.get(key).rows(partner.pk, at.date())
            counted = sum(row.value for row in rows if not row.excluded)
            assert counted == (revenue(key, partner, at.date()) or 0)


def test_the_four_views_add_up_to_what_was_booked_and_are_two_queries(
    northgate, albion, at, django_assert_num_queries
):
    deal = give(make.won(northgate, at), [*split(northgate.pk, None), Share(albion.pk, INFLUENCED, 100)], at)
    actions.book_deal(by=SYSTEM, deal=deal, amount=Money(999, "USD"), booked_on=at.date(), at=at)
    make.booked(albion, at, at.date(), 500, customer_name="Elsewhere")
    with django_assert_num_queries(3):  # and the vendor's currency
        found = {lens.family: lens for lens in lenses(at.date(), Deal.objects.all())}
    assert {lens.booked.minor for lens in found.values()} == {1_499}
    sourced, influenced = found[SOURCED], found[INFLUENCED]
    assert (sourced.partners.minor, sourced.direct.minor, sourced.n_partners) == (599 + 500, 399, 2)
    assert (influenced.partners.minor, influenced.nobody.minor) == (999, 500)


def test_another_partner_s_deal_is_its_number_alone_in_the_rows(northgate, albion, at):
    deal = give(make.won(northgate, at), split(northgate.pk, albion.pk), at)
    actions.book_deal(by=SYSTEM, deal=deal, amount=Money(1_000, "USD"), booked_on=at.date(), at=at)
    row = registry.get("sourced_revenue").rows(albion.pk, at.date())[0]
    assert (row.label, row.url) == (f"{deal.number}, another partner's, 40% of it", "")
    own = registry.get("sourced_revenue").rows(northgate.pk, at.date())[0]
    assert deal.customer_name in own.label and own.url == deal.get_absolute_url()
