"""Approvals with conditions: protected until their day, longer once they are met, and over if they are not."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from core.actors import SYSTEM
from core.errors import Conflict, NotVisible
from core.mail import render
from core.models import Mail
from deals import actions
from deals.models import Deal, Protection
from events.models import Event
from files.models import Attachment
from inbox.models import Reminder
from tests.deals import factories as make

DAY = timedelta(days=1)
LETTER, BUDGET = "A letter of intent is signed.", "The budget is released."
UNTIL = date(2026, 12, 24)


def written(**which):
    """The text of the one letter."""
    found = render(Mail.objects.get(**which))
    assert found is not None
    return found[1]


def conditional(partner, at, organization, texts=(LETTER, BUDGET), until=UNTIL, **changes):
    deal = make.submitted(partner, at, organization, **changes)
    return actions.approve_deal(by=SYSTEM, deal=deal, at=at, conditions=texts, conditions_until=until)


def conditions_of(deal):
    return list(deal.conditions.standing())


def tick(deal, at, **more):
    return actions.meet_conditions(by=SYSTEM, deal=deal, at=at, **more)


def test_it_is_protected_until_the_day_of_its_conditions(northgate, priya, at, brannoc):
    deal = conditional(northgate, at, brannoc)
    assert (deal.state, deal.protected_until) == ("conditionally_approved", UNTIL)
    assert deal.unconditional_until == date(2027, 2, 22)
    assert [condition.text for condition in conditions_of(deal)] == [LETTER, BUDGET]
    protection = Protection.objects.running().get(deal=deal)
    assert (protection.until, protection.ends_at) == (UNTIL, deal.ends_at)
    planned = Reminder.objects.filter(subject_id=deal.pk, state="planned")
    assert set(planned.values_list("occasion_on", flat=True)) == {UNTIL}
    letter = written(letter="deal.approved_with_conditions", to_user=priya)
    for told in ("24 December 2026", LETTER, BUDGET, "22 February 2027"):
        assert told in letter


def test_nobody_else_is_approved_meanwhile(northgate, albion, at, brannoc):
    conditional(northgate, at, brannoc)
    with pytest.raises(Conflict, match="until 24 December 2026"):
        make.approved(albion, at, brannoc)


@pytest.mark.parametrize(
    ("texts", "until", "field"),
    [
        (["  "], UNTIL, "conditions"),
        (["x"] * 11, UNTIL, "conditions"),
        (["x" * 301], UNTIL, "conditions"),
        ([LETTER], None, "conditions_until"),
        ([LETTER], date(2026, 11, 24), "conditions_until"),
        ([LETTER], date(2027, 2, 23), "conditions_until"),
    ],
)
def test_conditions_are_sentences_with_a_day_within_the_protection(
    northgate, at, brannoc, texts, until, field
):
    with pytest.raises(ValidationError) as refused:
        conditional(northgate, at, brannoc, texts=texts, until=until)
    assert field in refused.value.message_dict
    assert not Protection.objects.exists()


def test_a_seller_answers_with_evidence_until_it_is_ticked_off(
    northgate, sam, rhys, maya, acting, at, brannoc, pdf
):
    deal = conditional(northgate, at, brannoc)
    first = conditions_of(deal)[0]
    facts = {"condition": first, "answer": "Signed on Monday.", "at": at}
    with pytest.raises(NotVisible):
        actions.answer_condition(by=acting(rhys), **facts)
    with pytest.raises(ValidationError):
        actions.answer_condition(by=acting(sam), **{**facts, "answer": "  "})
    answered = actions.answer_condition(by=acting(sam), evidence=pdf, **facts)
    assert (answered.state, answered.answered_by) == ("answered", sam)
    assert Attachment.objects.of(first).count() == 1
    assert list(Deal.objects.with_answered_conditions()) == [deal]
    assert maya.notifications.filter(kind="deal.condition_answered").exists()
    tick(deal, at, met=[first])
    assert not Deal.objects.with_answered_conditions().exists()
    with pytest.raises(Conflict, match="met already"):
        actions.answer_condition(by=acting(sam), **facts)


def test_with_the_last_condition_the_protection_has_its_own_days(northgate, priya, dirk, acting, at, brannoc):
    deal = conditional(northgate, at, brannoc)
    first, second = conditions_of(deal)
    deal = tick(deal, at, met=[first])
    assert deal.state == "conditionally_approved"
    deal = actions.meet_conditions(by=acting(dirk), deal=deal, met=[second], at=at)
    assert (deal.state, deal.protected_until, deal.unconditional_until) == (
        "approved",
        date(2027, 2, 22),
        None,
    )
    protection = Protection.objects.running().get(deal=deal)
    assert (protection.until, protection.ends_at) == (deal.protected_until, deal.ends_at)
    assert deal.next_at == deal.ends_at
    planned = Reminder.objects.filter(subject_id=deal.pk, state="planned")
    assert set(planned.values_list("occasion_on", flat=True)) == {deal.protected_until}
    letter = written(letter="deal.conditions_met", to_user=priya)
    assert "22 February 2027" in letter
    assert Event.objects.about(deal).filter(type="deal.conditions_met").count() == 1


def test_all_that_is_left_is_met_at_once(northgate, at, brannoc):
    deal = tick(conditional(northgate, at, brannoc), at)
    assert {condition.state for condition in conditions_of(deal)} == {"met"}
    with pytest.raises(Conflict):
        tick(deal, at)


def test_only_open_conditions_of_the_deal_are_ticked_off(northgate, at, brannoc, larkhill):
    deal = conditional(northgate, at, brannoc)
    other = conditional(northgate, at, larkhill, customer_name="Larkhill")
    for met in ([], conditions_of(other)):
        with pytest.raises(ValidationError):
            tick(deal, at, met=met)


def test_a_win_is_reported_once_the_conditions_are_met(northgate, at, brannoc):
    deal = conditional(northgate, at, brannoc)
    win = {"by": SYSTEM, "won_on": deal.day_of(at), "reference": "PO", "at": at}
    with pytest.raises(Conflict):
        actions.report_win(deal=deal, **win)
    assert actions.report_win(deal=tick(deal, at), **win).state == "won"


def test_after_their_day_the_protection_ends_and_only_its_holder_may_come_back(
    northgate, albion, priya, at, brannoc
):
    deal = conditional(northgate, at, brannoc)
    over = deal.ends_at
    actions.release_lapsed(at=over - timedelta(seconds=1))
    deal.refresh_from_db()
    assert deal.state == "conditionally_approved"
    with pytest.raises(Conflict, match="over"):
        tick(deal, over)
    actions.release_lapsed(at=over)
    deal.refresh_from_db()
    assert (deal.state, deal.reason, deal.closed_at) == ("expired", "not_met_in_time", over)
    assert not Protection.objects.running().exists()
    assert not Reminder.objects.filter(subject_id=deal.pk, state="planned").exists()
    letter = written(letter="deal.conditions_missed", to_user=priya)
    assert "Not met in time" in letter
    with pytest.raises(Conflict, match="until 31 December 2026"):
        make.approved(albion, over, brannoc)
    actions.request_renewal(
        by=SYSTEM, deal=deal, evidence="Now it is signed.", activity_on=deal.day_of(over), at=over
    )
    deal = actions.renew_deal(by=SYSTEM, deal=deal, at=over)
    assert (deal.state, deal.reason, deal.unconditional_until) == ("approved", "", None)


def test_a_late_sweep_blocks_nobody(northgate, albion, at, brannoc):
    first = conditional(northgate, at, brannoc)
    assert make.approved(albion, first.ends_at + 8 * DAY, brannoc).state == "approved"
    first.refresh_from_db()
    assert first.state == "expired"


def test_the_vendor_may_give_them_up_before_their_day(northgate, albion, dirk, vera, acting, at, brannoc):
    deal = conditional(northgate, at, brannoc)
    with pytest.raises(ValidationError):
        actions.miss_conditions(by=acting(dirk), deal=deal, reason="unheard_of", at=at)
    with pytest.raises(PermissionDenied):
        actions.miss_conditions(by=acting(vera), deal=deal, reason="cannot_be_met", at=at)
    deal = actions.miss_conditions(by=acting(dirk), deal=deal, reason="cannot_be_met", at=at + 3 * DAY)
    assert (deal.state, deal.protected_until) == ("expired", date(2026, 11, 27))
    assert not Protection.objects.running().exists()
    with pytest.raises(Conflict, match="until 4 December 2026"):
        make.approved(albion, at + 4 * DAY, brannoc)


@pytest.mark.parametrize("end", ["loss", "withdrawal", "revocation"])
def test_it_ends_as_any_protection_does(northgate, at, brannoc, end):
    deal = conditional(northgate, at, brannoc)
    common = {"by": SYSTEM, "deal": deal, "at": at}
    {
        "loss": lambda: actions.report_loss(**common, reason="price"),
        "withdrawal": lambda: actions.withdraw_deal(**common, reason="no_opportunity"),
        "revocation": lambda: actions.revoke_deal(**common, reason="inaccurate"),
    }[end]()
    assert not Protection.objects.running().exists()
    with pytest.raises(Conflict):
        tick(deal, at)


def test_an_extension_moves_the_conditions_day_and_the_end(northgate, at, brannoc):
    deal = conditional(northgate, at, brannoc)
    asked = actions.request_extension(
        by=SYSTEM, deal=deal, evidence="The board meets in January.", activity_on=deal.day_of(at), at=at
    )
    actions.grant_extension(by=SYSTEM, extension=asked, at=at)
    deal.refresh_from_db()
    assert deal.protected_until == UNTIL + 60 * DAY
    assert deal.unconditional_until == date(2027, 2, 22) + 60 * DAY
    assert tick(deal, at).protected_until == date(2027, 4, 23)


def test_who_decides_anew_decides_without_the_old_conditions(northgate, at, brannoc):
    deal = conditional(northgate, at, brannoc)
    deal = actions.revoke_deal(by=SYSTEM, deal=deal, reason="inaccurate", at=at)
    appeal = actions.file_appeal(by=SYSTEM, deal=deal, grounds="It was right.", at=at)
    actions.uphold_appeal(by=SYSTEM, appeal=appeal, at=at)
    deal = actions.approve_deal(by=SYSTEM, deal=deal, at=at + DAY)
    assert deal.state == "approved"
    assert conditions_of(deal) == []
    assert deal.conditions.count() == 2
