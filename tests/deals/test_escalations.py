"""What waits too long for an answer goes to a superior: in business time, once, and it is never refused for that."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.actors import SYSTEM
from core.mail import render
from core.models import Mail
from deals import actions, rules, tasks
from deals.models import Deal
from events.models import Event
from home import queue
from inbox.models import Notification
from tests.deals import factories as make
from tests.factories import make_vendor_user

pytestmark = pytest.mark.django_db
NEW_YORK = {"country": "US", "zone": "America/New_York"}
# A Tuesday before Thanksgiving: two business days later it is Friday.
TUESDAY = datetime(2026, 11, 24, 15, 31, tzinfo=UTC)
DUE = datetime(2026, 11, 27, 15, 31, tzinfo=UTC)


@pytest.fixture
def dora(program, at):
    """Dora, director."""
    return make_vendor_user("dora@vendor.example", "Dora Whit", "director", at)


def test_four_fifths_of_two_business_days_leave_the_holiday_out():
    found = rules.escalation_due(TUESDAY, DUE, days=2, percent=80, **NEW_YORK)

    # 1.6 business days after Tuesday 10:31 in New York: Wednesday 10:31, then 0.6 of a day; Thursday is a holiday.
    assert found == datetime(2026, 11, 27, 5, 55, tzinfo=UTC)


def test_the_share_is_of_the_promised_time_also_after_a_pause():
    # Nine tenths of a business day are left of two: it may be asked about for half a day more.
    due = rules.decision_due(TUESDAY, 1, "US", "America/New_York") - timedelta(hours=2.4)

    found = rules.escalation_due(TUESDAY, due, days=2, percent=80, **NEW_YORK)

    assert rules.business_days(TUESDAY, found, **NEW_YORK) == pytest.approx(0.5, abs=0.001)


def test_what_comes_back_with_little_time_left_is_escalated_at_once():
    assert rules.escalation_due(TUESDAY, TUESDAY, days=2, percent=80, **NEW_YORK) == TUESDAY


@given(
    minutes=st.integers(0, 60 * 24 * 700),
    days=st.integers(1, 10),
    percent=st.integers(1, 100),
)
def test_it_is_never_later_than_the_answer_is_due(minutes, days, percent):
    start = TUESDAY + timedelta(minutes=minutes)
    due = rules.decision_due(start, days, "GB", "Europe/London")

    found = rules.escalation_due(start, due, days=days, percent=percent, country="GB", zone="Europe/London")

    assert start <= found <= due


def test_the_superiors_hear_of_it_by_bell_and_mail_once(northgate, dora, dirk, at):
    deal = make.submitted(northgate, at)

    assert actions.escalate_due(at=deal.escalate_at - timedelta(seconds=1)) == 0
    assert actions.escalate_due(at=deal.escalate_at) == 1
    assert actions.escalate_due(at=deal.due_at + timedelta(days=9)) == 0

    deal.refresh_from_db()
    assert (deal.state, deal.is_escalated) == ("submitted", True)
    assert Event.objects.filter(type="deal.escalated").count() == 1
    told = {dora.pk, dirk.pk}
    assert set(Mail.objects.filter(letter="deal.escalated").values_list("to_user", flat=True)) == told
    assert set(Notification.objects.filter(kind="deal.escalated").values_list("user", flat=True)) == told


def test_without_superiors_the_administrators_hear_of_it(northgate, ada, at):
    deal = make.submitted(northgate, at)

    actions.escalate_due(at=deal.due_at)

    assert Notification.objects.get(kind="deal.escalated").user == ada


def test_the_clock_stands_still_while_the_partner_is_asked(northgate, at):
    deal = make.submitted(northgate, at)
    hour = timedelta(hours=1)
    actions.ask_for_more(by=SYSTEM, deal=deal, question="Who?", fields=["contact"], at=at + hour)

    assert actions.escalate_due(at=at + timedelta(days=30)) == 0

    answered = actions.submit_deal(by=SYSTEM, deal=deal, at=at + timedelta(days=30))
    assert answered.escalate_at > at + timedelta(days=30)
    assert actions.escalate_due(at=answered.escalate_at) == 1


def test_what_is_answered_in_time_is_never_escalated(northgate, brannoc, at):
    deal = make.submitted(northgate, at, brannoc)
    actions.approve_deal(by=SYSTEM, deal=deal, at=at)

    assert actions.escalate_due(at=deal.due_at) == 0


def test_after_an_upheld_appeal_the_new_clock_may_escalate_again(northgate, brannoc, at):
    deal = make.submitted(northgate, at, brannoc)
    actions.escalate_due(at=deal.escalate_at)
    actions.reject_deal(by=SYSTEM, deal=deal, reason="not_eligible", at=deal.due_at)
    appeal = actions.file_appeal(by=SYSTEM, deal=deal, grounds="We met them first.", at=deal.due_at)
    actions.uphold_appeal(by=SYSTEM, appeal=appeal, at=deal.due_at)

    again = Deal.objects.get(pk=deal.pk)
    assert (again.is_escalated, again.escalate_at > deal.due_at) == (False, True)
    assert actions.escalate_due(at=again.due_at) == 1


def test_the_sweep_escalates(northgate, at):
    deal = make.submitted(northgate, at - timedelta(days=700))

    tasks.escalate_due()

    assert Deal.objects.get(pk=deal.pk).is_escalated


def test_the_letter_says_by_when_and_leads_to_the_decision(northgate, dora, at):
    deal = make.submitted(northgate, at)
    actions.escalate_due(at=deal.due_at)

    _subject, text, _html = render(Mail.objects.get(letter="deal.escalated"))

    assert f"/manage/deals/{deal.pk}/decide/" in text
    assert "Friday 27 November 2026, 10:31" in text


def test_what_is_escalated_is_every_superior_s_own(northgate, dora, tomas, acting, at):
    deal = make.submitted(northgate, at)
    before = queue.items(acting(dora), at, queue.MINE)
    actions.escalate_due(at=deal.due_at)

    items = queue.items(acting(dora), deal.due_at, queue.MINE)

    assert before == []
    assert [item.title for item in items] == [f"Decide registration {deal.number}, escalated"]
    assert queue.items(acting(tomas), deal.due_at, queue.MINE) == []


def test_pages_of_both_sides_say_so(northgate, priya, maya, browser_of, at):
    deal = make.submitted(northgate, at)
    quiet = browser_of(priya).get(deal.portal_url).content.decode()
    actions.escalate_due(at=deal.due_at)

    told = browser_of(priya).get(deal.portal_url).content.decode()
    page = browser_of(maya).get(deal.get_absolute_url()).content.decode()
    decision = browser_of(maya).get(deal.decide_url).content.decode()

    assert "nobody forgot it" in told and "nobody forgot it" not in quiet
    assert "Escalated" in page and "Escalated" in decision
