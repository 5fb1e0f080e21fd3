"""The work queue: exactly what waits for each role, by due time, derived and never stored."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from compliance.actions import record_gate
from core.actors import SYSTEM
from core.clock import day
from core.errors import NotVisible
from deals import actions as deal_actions
from home import actions, queue
from home.models import Snooze
from onboarding.actions import start_plan
from outcomes.actions import record_contribution, verify_contribution
from reviews.actions import add_commitment, hold_review, schedule_review, sign_off
from tests.deals.factories import reported, won
from tests.enablement.factories import certify
from tiers.actions import (
    approve_version,
    draft_version,
    note_risks,
    recalculate,
    set_tier,
    submit_version,
)

UTC = ZoneInfo("UTC")


def waiting(actor, at, scope=queue.ALL, **options):
    return [(item.kind.key, item.id) for item in queue.items(actor, at, scope, **options)]


def kinds(actor, at, scope=queue.ALL):
    return [key for key, _id in waiting(actor, at, scope)]


def test_a_registration_waits_for_those_who_decide_and_for_nobody_else(
    northgate, maya, dirk, finn, vera, cora, register, acting, moment
):
    deal = register(northgate)
    for user in (maya, dirk):
        assert ("deal_decision", deal.pk) in waiting(acting(user), moment)
    for user in (finn, vera, cora):
        assert waiting(acting(user), moment) == []


def test_a_decided_registration_waits_no_longer(northgate, maya, dirk, register, acting, moment):
    deal = register(northgate)
    assert kinds(acting(maya), moment) == ["deal_decision"]
    deal_actions.approve_deal(by=acting(dirk), deal=deal, at=moment)
    assert kinds(acting(maya), moment) == []


def test_a_win_waits_for_finance_until_it_is_booked(northgate, finn, maya, register, acting, moment):
    deal = register(northgate, make=won, at=moment - timedelta(days=3))
    assert waiting(acting(finn), moment) == [("booking", deal.pk)]
    assert kinds(acting(maya), moment) == []
    deal_actions.book_deal(by=acting(finn), deal=deal, amount=deal.amount, booked_on=day(moment), at=moment)
    assert waiting(acting(finn), moment) == []


def test_a_go_live_waits_for_a_manager(northgate, maya, register, acting, moment):
    made = reported(northgate, moment - timedelta(days=2))
    assert ("go_live", made.pk) in waiting(acting(maya), moment)


def test_an_application_waits_for_whoever_may_decide_or_score(received, maya, cora, acting, moment):
    assert ("application", received.pk) in waiting(acting(maya), moment)
    assert ("application_score", received.pk) in waiting(acting(cora), moment)


def test_onboarding_tasks_of_our_side_wait_until_they_are_done(
    lakeshore,
    template,
    maya,
    vera,
    acting,
    moment,
):
    plan = start_plan(by=SYSTEM, partner=lakeshore, at=moment - timedelta(days=1))
    ours = plan.tasks.filter(side="vendor", depends_on=None)
    assert {pk for key, pk in waiting(acting(maya), moment) if key == "onboarding_task"} == {
        t.pk for t in ours
    }
    assert kinds(acting(vera), moment) == []


def test_a_plan_without_movement_is_to_be_nudged(lakeshore, template, maya, acting, moment):
    start_plan(by=SYSTEM, partner=lakeshore, at=moment - timedelta(days=13))
    assert "stalled_onboarding" not in kinds(acting(maya), moment)
    assert "stalled_onboarding" in kinds(acting(maya), moment + timedelta(days=2))


def test_what_runs_out_within_30_days_waits_until_it_is_renewed(
    northgate,
    priya,
    maya,
    tracks,
    gates,
    acting,
    moment,
):
    today = day(moment)
    contact = northgate.contacts.get(user=priya)
    passed, until = today - timedelta(days=300), today + timedelta(days=30)
    certify(contact, tracks["sales"], passed, expires_on=until)
    certify(contact, tracks["platform"], passed, expires_on=until + timedelta(days=1))
    gate = gates["security_assessment"]
    facts = {"by": SYSTEM, "partner": northgate, "gate": gate, "evidence": "Report", "at": moment}
    record_gate(passed_on=passed, valid_until=until, **facts)
    assert kinds(acting(maya), moment) == ["certification_expiry", "gate_expiry"]
    certify(contact, tracks["sales"], today)
    record_gate(passed_on=today, **facts)
    assert kinds(acting(maya), moment) == []


def test_a_review_waits_to_be_prepared_and_then_for_its_minutes(northgate, maya, acting, moment):
    quarter = f"{day(moment).year}Q{(day(moment).month + 2) // 3}"
    starts = moment + timedelta(days=6)
    schedule_review(by=SYSTEM, partner=northgate, quarter=quarter, starts_at=starts, at=moment)
    assert kinds(acting(maya), moment) == ["review_ahead"]
    assert kinds(acting(maya), starts + timedelta(hours=2)) == ["review_minutes"]


def test_minutes_wait_for_our_signature(northgate, priya, maya, dirk, acting, moment):
    quarter = f"{day(moment).year}Q{(day(moment).month + 2) // 3}"
    facts = {"partner": northgate, "quarter": quarter, "starts_at": moment + timedelta(days=20)}
    review = schedule_review(by=SYSTEM, at=moment, **facts)
    hold_review(by=acting(maya), review=review, minutes="Pipeline grows.", at=moment)
    assert waiting(acting(maya), moment) == [("review_signature", review.pk)]
    assert waiting(acting(dirk), moment) == []
    sign_off(by=acting(maya), review=review, at=moment)
    assert waiting(acting(maya), moment) == []


def test_a_promise_of_ours_waits_in_its_last_week(northgate, maya, acting, moment):
    quarter = f"{day(moment).year}Q{(day(moment).month + 2) // 3}"
    facts = {"partner": northgate, "quarter": quarter, "starts_at": moment + timedelta(days=20)}
    review = schedule_review(by=SYSTEM, at=moment, **facts)
    due = {"at": moment, "review": review, "by": acting(maya), "text": "Sales deck"}
    near = add_commitment(side="vendor", due_on=day(moment) + timedelta(days=7), **due)
    add_commitment(side="vendor", due_on=day(moment) + timedelta(days=8), **due)
    add_commitment(side="partner", due_on=day(moment) + timedelta(days=7), **due)
    assert waiting(acting(maya), moment) == [("commitment", near.pk)]


def test_a_tier_that_will_be_lost_waits_and_so_does_its_grace_period(
    northgate, priya, maya, cora, tracks, version, acting, moment
):
    on, person = day(moment), northgate.contacts.get(user=priya)
    certify(person, tracks["platform"], on - timedelta(days=300), expires_on=on + timedelta(days=20))
    recalculate(by=SYSTEM, as_of=on, at=moment)
    note_risks(as_of=on, at=moment)
    assert sorted(kinds(acting(maya), moment)) == ["certification_expiry", "tier_risk"]
    assert kinds(acting(cora), moment) == []
    lost = moment + timedelta(days=20)
    recalculate(by=SYSTEM, as_of=day(lost), at=lost)
    note_risks(as_of=day(lost), at=lost)
    assert kinds(acting(maya), lost) == ["tier_grace"]


def test_a_version_in_review_waits_for_whoever_publishes_and_had_no_part_in_it(
    version, ada, dora, maya, acting, moment
):
    draft = draft_version(by=acting(ada), version=version, at=moment)
    assert waiting(acting(dora), moment) == []
    submit_version(by=acting(ada), version=draft, at=moment)
    assert waiting(acting(dora), moment) == [("program_version", draft.pk)]
    assert waiting(acting(dora), moment, queue.MINE) == [("program_version", draft.pk)]
    for user in (ada, maya):
        assert waiting(acting(user), moment) == []
    approve_version(by=acting(dora), version=draft, at=moment)
    assert waiting(acting(dora), moment) == []


def test_who_changed_the_draft_of_somebody_else_is_not_asked_to_review_it(version, ada, dora, acting, moment):
    draft = draft_version(by=SYSTEM, version=version, at=moment)
    set_tier(by=acting(ada), version=draft, code="silver", at=moment, name="Sterling")
    draft.refresh_from_db()
    submit_version(by=SYSTEM, version=draft, at=moment)
    assert waiting(acting(ada), moment) == []
    assert waiting(acting(dora), moment) == [("program_version", draft.pk)]


def test_a_contribution_waits_for_another_person_of_ours(northgate, priya, maya, finn, acting, moment):
    actor = acting(priya)
    facts = {"kind": "reference", "title": "Two hospitals", "occurred_on": day(moment), "evidence": "A list"}
    told = record_contribution(by=actor, partner=northgate, at=moment, **facts)
    ours = record_contribution(by=acting(maya), partner=northgate, at=moment, **facts)
    assert waiting(acting(maya), moment, queue.MINE) == [("contribution", told.pk)]
    assert waiting(acting(finn), moment) == []
    verify_contribution(by=acting(maya), contribution=told, at=moment)
    assert waiting(acting(maya), moment) == []
    assert ours.state == "recorded"


def test_mine_is_what_concerns_my_partners(northgate, albion, maya, tomas, register, acting, moment):
    mine, other = register(northgate), register(albion)
    assert waiting(acting(maya), moment, queue.MINE) == [("deal_decision", mine.pk)]
    assert waiting(acting(tomas), moment, queue.MINE) == [("deal_decision", other.pk)]


def test_a_partner_manager_never_sees_what_waits_at_a_colleagues_partner(
    northgate, albion, maya, ada, register, acting, moment
):
    register(northgate), register(albion)
    assert len(waiting(acting(ada), moment)) == 2
    assert len(waiting(acting(maya), moment)) == 1


def test_the_most_urgent_comes_first_and_late_things_stand_apart(northgate, maya, register, acting, moment):
    late = register(northgate, at=moment - timedelta(days=9))
    fresh = register(northgate, at=moment)
    items = queue.items(acting(maya), moment, queue.MINE)
    assert [item.id for item in items] == [late.pk, fresh.pk]
    groups = queue.grouped(items, UTC)
    assert [(group.key, len(group.items)) for group in groups][0] == (queue.OVERDUE, 1)
    assert items[0].used == 1.0
    assert 0 <= items[1].used < 0.1


def test_counts_are_the_items_and_add_up_over_the_sections(
    northgate,
    maya,
    ada,
    register,
    received,
    acting,
    moment,
):
    register(northgate), register(northgate), register(northgate, make=won, at=moment - timedelta(days=3))
    for user in (maya, ada):
        actor = acting(user)
        counted = queue.counts(actor, moment, queue.ALL)
        found = kinds(actor, moment)
        assert counted == {key: found.count(key) for key in set(found)}
        assert sum(queue.by_section(counted).values()) == len(found)
    assert queue.counts(acting(maya), moment, queue.ALL) == {"deal_decision": 2, "application": 1}


def test_counting_costs_the_same_for_one_thing_and_for_three(northgate, ada, register, acting, moment):
    actor = acting(ada)
    register(northgate)
    with CaptureQueriesContext(connection) as one:
        assert queue.counts(actor, moment, queue.ALL) == {"deal_decision": 1}
    register(northgate), register(northgate, make=won)
    with CaptureQueriesContext(connection) as three:
        assert queue.counts(actor, moment, queue.ALL) == {"deal_decision": 2, "booking": 1}
    assert len(one) == len(three) <= 10


def test_a_thing_put_off_is_gone_for_me_alone_until_its_time(northgate, maya, dirk, register, acting, moment):
    deal = register(northgate)
    until = moment + timedelta(days=1)
    actions.snooze(by=acting(maya), kind="deal_decision", subject_id=deal.pk, until=until, at=moment)
    assert waiting(acting(maya), moment) == []
    assert queue.counts(acting(maya), moment, queue.MINE) == {}
    assert waiting(acting(dirk), moment) == [("deal_decision", deal.pk)]
    assert waiting(acting(maya), until + timedelta(minutes=1)) == [("deal_decision", deal.pk)]


def test_a_thing_put_off_can_be_woken(northgate, maya, register, acting, moment):
    deal = register(northgate)
    until = moment + timedelta(days=1)
    row = actions.snooze(by=acting(maya), kind="deal_decision", subject_id=deal.pk, until=until, at=moment)
    actions.wake(by=acting(maya), snooze=row, at=moment)
    assert waiting(acting(maya), moment) == [("deal_decision", deal.pk)]


def test_putting_off_again_moves_the_time(northgate, maya, register, acting, moment):
    deal = register(northgate)
    facts = {"by": acting(maya), "kind": "deal_decision", "subject_id": deal.pk, "at": moment}
    actions.snooze(until=moment + timedelta(days=1), **facts)
    actions.snooze(until=moment + timedelta(days=3), **facts)
    assert Snooze.objects.get().until == moment + timedelta(days=3)


@pytest.mark.parametrize("days", [0, -1, 91])
def test_a_snooze_ends_within_90_days(northgate, maya, register, acting, moment, days):
    deal = register(northgate)
    until = moment + timedelta(days=days)
    with pytest.raises(ValidationError):
        actions.snooze(by=acting(maya), kind="deal_decision", subject_id=deal.pk, until=until, at=moment)


def test_only_what_waits_for_me_can_be_put_off(albion, northgate, maya, finn, register, acting, moment):
    other, own = register(albion), register(northgate)
    until = moment + timedelta(days=1)
    for who, deal in ((maya, other), (finn, own)):
        with pytest.raises(ValidationError):
            actions.snooze(by=acting(who), kind="deal_decision", subject_id=deal.pk, until=until, at=moment)
    actions.snooze(by=acting(maya), kind="deal_decision", subject_id=own.pk, until=until, at=moment)


def test_nobody_wakes_another_persons_snooze(northgate, maya, dirk, register, acting, moment):
    deal = register(northgate)
    until = moment + timedelta(days=1)
    row = actions.snooze(by=acting(maya), kind="deal_decision", subject_id=deal.pk, until=until, at=moment)
    with pytest.raises(NotVisible):
        actions.wake(by=acting(dirk), snooze=row, at=moment)
