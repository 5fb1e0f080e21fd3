"""Questions that nobody answers: two reminders, then the registration lapses and may be made anew."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from core.actors import SYSTEM
from core.errors import Conflict
from core.mail import render
from core.models import Mail
from deals import actions, rules
from deals.models import Deal
from deals.tasks import release_lapsed
from inbox.models import Reminder
from tests.deals import factories as make

LAST_DAY = date(2026, 12, 8)


def written(**which):
    """The text of the one letter."""
    found = render(Mail.objects.get(**which))
    assert found is not None
    return found[1]


def asked(partner, at, **changes):
    deal = make.submitted(partner, at, **changes)
    return actions.ask_for_more(by=SYSTEM, deal=deal, question="Who decides?", fields=["contact"], at=at)


def end_of(deal):
    return rules.ends_at(deal.answer_until, deal.time_zone)


def test_a_question_has_a_last_day_and_two_reminders(northgate, priya, at):
    deal = asked(northgate, at)
    assert deal.answer_until == LAST_DAY
    planned = Reminder.objects.filter(kind="answer", subject_id=deal.pk, state="planned")
    assert sorted(planned.values_list("offset_days", flat=True)) == [2, 7]
    letter = written(letter="deal.more_asked", to_user=priya)
    assert "Please answer by 8 December 2026" in letter


def test_it_lapses_at_the_end_of_the_day_where_it_is_registered(northgate, priya, at):
    deal = asked(northgate, at)
    assert end_of(deal) == datetime(2026, 12, 9, 5, tzinfo=UTC)  # midnight in New York
    assert actions.lapse_unanswered(at=end_of(deal) - timedelta(seconds=1)) == 0
    assert actions.lapse_unanswered(at=end_of(deal)) == 1
    assert actions.lapse_unanswered(at=end_of(deal)) == 0
    deal.refresh_from_db()
    assert (deal.state, deal.closed_at, deal.next_at) == ("lapsed", end_of(deal), None)
    assert not Reminder.objects.filter(kind="answer", subject_id=deal.pk, state="planned").exists()
    letter = written(letter="deal.lapsed", to_user=priya)
    assert "no answer by 8 December 2026" in letter
    with pytest.raises(Conflict):
        actions.submit_deal(by=SYSTEM, deal=deal, at=end_of(deal))


def test_the_zone_ahead_of_all_lapses_first(albion, northgate, at):
    here, there = asked(northgate, at), asked(albion, at)
    assert end_of(there) < end_of(here)
    assert actions.lapse_unanswered(at=end_of(there)) == 1
    assert Deal.objects.get(pk=there.pk).state == "lapsed"


def test_who_answers_in_time_goes_on(northgate, at):
    deal = asked(northgate, at)
    deal = actions.complete_deal(by=SYSTEM, deal=deal, contact="Helen Marsh", at=at + timedelta(days=3))
    assert (deal.state, deal.answer_until) == ("submitted", None)
    assert actions.lapse_unanswered(at=at + timedelta(days=40)) == 0
    assert not Reminder.objects.filter(kind="answer", subject_id=deal.pk, state="planned").exists()


def test_a_second_question_has_its_own_days(northgate, at):
    deal = asked(northgate, at)
    later = at + timedelta(days=3)
    deal = actions.complete_deal(by=SYSTEM, deal=deal, contact="Helen Marsh", at=later)
    deal = actions.ask_for_more(by=SYSTEM, deal=deal, question="And?", fields=["amount"], at=later)
    assert deal.answer_until == LAST_DAY + timedelta(days=3)


def test_the_partner_may_register_it_again(northgate, at, brannoc):
    deal = asked(northgate, at)
    over = end_of(deal)
    actions.lapse_unanswered(at=over)
    assert make.approved(northgate, over, brannoc).state == "approved"


def test_the_sweep_does_it(northgate, at, settings):
    deal = asked(northgate, at - timedelta(days=3000), expected_close_on=date(2021, 1, 1))
    release_lapsed()
    deal.refresh_from_db()
    assert deal.state == "lapsed"
