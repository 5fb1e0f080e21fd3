"""Reopening: what was booked is taken back at once, and the customer is protected again if it is free."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from core.actors import SYSTEM
from core.errors import Conflict
from core.mail import render
from core.models import Mail
from core.money import Money
from deals import actions
from deals.models import Booking, Deal, Protection
from events.models import Event
from inbox.models import Reminder
from metrics.registry import get
from partners.actions import suspend_partner
from tests.deals import factories as make

DAY = timedelta(days=1)


def reopened(deal, at, **more):
    return actions.reopen_deal(by=SYSTEM, deal=deal, reason="customer_came_back", at=at, **more)


def lost(partner, at, organization):
    deal = make.approved(partner, at, organization)
    return actions.report_loss(by=SYSTEM, deal=deal, reason="price", at=at)


def book(deal, at, minor=10_000_000, currency="USD"):
    money = Money(minor, currency)
    return actions.book_deal(by=SYSTEM, deal=deal, amount=money, booked_on=at.date(), at=at)


def revenue(partner, on):
    return next((v.value for v in get("annual_revenue").values(on) if v.partner_id == partner.pk), None)


def test_a_lost_deal_goes_on_with_a_protection_of_its_own(northgate, priya, dirk, acting, at, brannoc):
    deal, later = lost(northgate, at, brannoc), at + 20 * DAY
    assert deal.stage.code == "closed_lost"
    deal = actions.reopen_deal(
        by=acting(dirk), deal=deal, reason="customer_came_back", comment="The board is back.", at=later
    )
    assert (deal.state, deal.protected_from, deal.closed_at) == ("approved", deal.day_of(later), None)
    assert deal.protected_until == deal.day_of(later) + 90 * DAY
    assert deal.stage.code == "prospect"
    assert Protection.objects.running().get(deal=deal).until == deal.protected_until
    planned = Reminder.objects.filter(subject_id=deal.pk, state="planned")
    assert set(planned.values_list("occasion_on", flat=True)) == {deal.protected_until}
    told = render(Mail.objects.get(letter="deal.reopened", to_user=priya))
    assert told is not None
    for words in ("goes on", "Customer came back", "The board is back."):
        assert words in told[0] + told[1]
    assert "taken back" not in told[1]
    assert Event.objects.about(deal).get(type="deal.reopened").data["from"] == "lost"


def test_a_won_deal_keeps_its_running_protection_and_loses_its_bookings(northgate, priya, at, brannoc):
    deal = make.won(northgate, at, brannoc)
    first, second = book(deal, at), book(deal, at, 5_000_000, "EUR")
    actions.correct_booking(
        by=SYSTEM, booking=first, booked_on=at.date(), reason="wrong_amount", amount=Money(1_000_000, "USD"), at=at
    )  # fmt: skip
    assert revenue(northgate, at.date()) > 0
    until = deal.protected_until
    deal = reopened(deal, at + DAY)
    assert (deal.state, deal.protected_until, deal.won_on, deal.win_reference) == (
        "approved",
        until,
        None,
        "",
    )
    taken = Booking.objects.filter(reason="deal_reopened").order_by("amount_minor")
    assert [(b.reverses, b.amount_minor) for b in taken] == [(first, -9_000_000), (second, -5_000_000)]
    assert revenue(northgate, at.date() + DAY) == 0
    told = render(Mail.objects.get(letter="deal.reopened", to_user=priya))
    assert told is not None
    assert "taken back and no longer counts" in told[1]
    again = actions.report_win(by=SYSTEM, deal=deal, won_on=deal.day_of(at), reference="PO 2", at=at + DAY)
    assert again.state == "won"


def test_a_won_deal_whose_protection_is_over_is_protected_anew(northgate, at, brannoc):
    deal = make.won(northgate, at, brannoc)
    later = deal.ends_at + 10 * DAY
    deal = reopened(deal, later, days=30)
    assert (deal.protected_from, deal.protected_until) == (deal.day_of(later), deal.day_of(later) + 30 * DAY)


@pytest.mark.parametrize("ended", ["won", "lost"])
def test_it_never_pushes_another_partner_out_and_leaves_everything_as_it_was(
    northgate, albion, at, brannoc, ended
):
    deal = lost(northgate, at, brannoc) if ended == "lost" else make.won(northgate, at, brannoc)
    later = deal.ends_at + DAY
    if ended == "won":
        book(deal, at)
        actions.release_lapsed(at=later)
    make.approved(albion, later, brannoc, expected_close_on=date(2027, 8, 1))
    before = Booking.objects.count()
    with pytest.raises(Conflict, match="Another partner is protected on this customer until"):
        reopened(deal, later)
    assert Booking.objects.count() == before
    assert Deal.objects.get(pk=deal.pk).state == ended


def test_the_grace_of_another_holds(northgate, albion, at, brannoc):
    deal = lost(northgate, at, brannoc)
    rival = make.approved(albion, at, brannoc)
    with pytest.raises(Conflict, match="can still be renewed"):
        reopened(deal, rival.ends_at + DAY)


def test_an_accepted_go_live_stays_and_a_waiting_one_is_taken_back(northgate, at, brannoc):
    waiting = make.reported(northgate, at, organization=brannoc)
    deal = reopened(waiting.deal, at)
    waiting.refresh_from_db()
    assert (deal.state, waiting.state) == ("approved", "withdrawn")
    deal = actions.report_win(by=SYSTEM, deal=deal, won_on=deal.day_of(at), reference="PO 2", at=at)
    live = actions.report_implementation(
        by=SYSTEM, deal=deal, product=deal.products.get(), went_live_on=deal.day_of(at), contact_name="Helen",
        contact_email="helen@brannoc.example", at=at,
    )  # fmt: skip
    live.state, live.accepted_on, live.accepted_by = "accepted", at.date(), "document"
    live.save()
    with pytest.raises(Conflict, match="accepted a go-live"):
        reopened(deal, at)


def test_who_may_and_why(northgate, maya, finn, sam, dirk, acting, at, brannoc):
    deal = lost(northgate, at, brannoc)
    for person in (maya, finn, sam):
        with pytest.raises(PermissionDenied):
            actions.reopen_deal(by=acting(person), deal=deal, reason="customer_came_back", at=at)
    for wrong in ({"reason": "unheard_of"}, {"reason": "customer_came_back", "days": 0}):
        with pytest.raises(ValidationError):
            actions.reopen_deal(by=acting(dirk), deal=deal, at=at, **wrong)
    with pytest.raises(Conflict):
        reopened(make.submitted(northgate, at), at)


def test_a_suspended_partner_goes_on_with_nothing(northgate, at, brannoc):
    deal = lost(northgate, at, brannoc)
    suspend_partner(by=SYSTEM, partner=northgate, reason_code="payment", at=at)
    with pytest.raises(Conflict, match="active"):
        reopened(deal, at)


def test_an_end_by_date_forgets_why_it_was_reopened(northgate, at, brannoc):
    deal = reopened(lost(northgate, at, brannoc), at)
    assert deal.reason == "customer_came_back"
    actions.release_lapsed(at=deal.ends_at)
    deal.refresh_from_db()
    assert (deal.state, deal.reason) == ("expired", "")
