"""Reminders go out once; a person reads its notifications."""

import json
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.actions import deactivate_user, end_membership, view_portal_as
from accounts.actors import viewing_actor
from core import mail
from core.actors import SYSTEM
from core.errors import NotVisible
from core.models import Mail, Vendor
from events.models import Event
from inbox.actions import (
    notify,
    read_all_notifications,
    read_notification,
    send_due_reminders,
    withdraw_reminders,
)
from inbox.models import Notification, Reminder

OCCASION = date(2026, 12, 31)  # 37 days after the story's day


def on_day(day: date, hour: int = 9) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def states(**facts) -> dict[int, str]:
    return dict(Reminder.objects.filter(**facts).values_list("offset_days", "state"))


def letters() -> list[str]:
    return list(Mail.objects.filter(letter="reminder.occasion").values_list("key", flat=True))


def test_an_occasion_has_a_reminder_per_person_and_day(plan, maya, priya):
    planned = plan(OCCASION, maya, priya)
    assert {(r.recipient, r.due_on) for r in planned} == {
        (person, OCCASION - timedelta(days=n)) for person in (maya, priya) for n in (30, 14, 7, 1)
    }


def test_each_goes_on_its_day_and_once(plan, maya):
    plan(OCCASION, maya)
    for before in range(37, -1, -1):
        for hour in (0, 9, 23):
            send_due_reminders(at=on_day(OCCASION - timedelta(days=before), hour))
    sent = Reminder.objects.filter(state="sent").order_by("sent_at")
    assert [(r.offset_days, r.sent_at) for r in sent] == [
        (n, on_day(OCCASION - timedelta(days=n), 0)) for n in (30, 14, 7, 1)
    ]
    assert not any(r.is_late for r in sent)
    assert sorted(letters()) == sorted(f"reminder:{r.id}" for r in sent)


def test_planning_twice_changes_nothing(plan, maya):
    first = {r.id: r.version for r in plan(OCCASION, maya)}
    assert {r.id: r.version for r in plan(OCCASION, maya)} == first


def test_days_already_past_are_not_sent(plan, maya, at):
    plan(at.date() + timedelta(days=8), maya)
    assert states() == {7: "planned", 1: "planned"}
    assert send_due_reminders(at=at)["sent"] == 0


def test_a_reminder_planned_on_its_day_still_goes(plan, maya, at):
    plan(at.date() + timedelta(days=7), maya)
    assert send_due_reminders(at=at) == {"sent": 1, "late": 0, "missed": 0, "skipped": 0, "failed": 0}


def test_a_moved_date_withdraws_the_unsent_and_makes_new_ones(plan, maya):
    plan(OCCASION, maya)
    send_due_reminders(at=on_day(OCCASION - timedelta(days=30)))
    later = OCCASION + timedelta(days=10)
    plan(later, maya, when=on_day(OCCASION - timedelta(days=29)))
    assert states(occasion_on=OCCASION) == {30: "sent", 14: "withdrawn", 7: "withdrawn", 1: "withdrawn"}
    assert states(occasion_on=later) == {30: "planned", 14: "planned", 7: "planned", 1: "planned"}


def test_a_date_that_moves_there_and_back_is_reminded_once(plan, maya):
    plan(OCCASION, maya)
    send_due_reminders(at=on_day(OCCASION - timedelta(days=30)))
    plan(OCCASION + timedelta(days=10), maya, when=on_day(OCCASION - timedelta(days=29)))
    plan(OCCASION, maya, when=on_day(OCCASION - timedelta(days=28)))
    assert states(occasion_on=OCCASION) == {30: "sent", 14: "planned", 7: "planned", 1: "planned"}
    assert set(states(occasion_on=OCCASION + timedelta(days=10)).values()) == {"withdrawn"}


def test_a_withdrawn_reminder_whose_day_passed_meanwhile_stays_withdrawn(plan, maya):
    plan(OCCASION, maya)
    withdraw_reminders(kind="occasion", subject_id=plan.subject, at=on_day(OCCASION - timedelta(days=31)))
    plan(OCCASION, maya, when=on_day(OCCASION - timedelta(days=10)))
    assert states() == {30: "withdrawn", 14: "withdrawn", 7: "planned", 1: "planned"}


def test_another_person_replaces_the_unsent_reminders_of_the_first(plan, maya, tomas):
    plan(OCCASION, maya)
    plan(OCCASION, tomas)
    assert set(states(recipient=maya).values()) == {"withdrawn"}
    assert set(states(recipient=tomas).values()) == {"planned"}


def test_after_an_outage_only_the_latest_goes_marked_late(plan, maya):
    plan(OCCASION, maya)
    counts = send_due_reminders(at=on_day(OCCASION - timedelta(days=5)))
    assert counts == {"sent": 1, "late": 1, "missed": 2, "skipped": 0, "failed": 0}
    assert states() == {30: "missed", 14: "missed", 7: "sent", 1: "planned"}
    assert Reminder.objects.get(state="sent").is_late
    assert Event.objects.filter(type="reminder.missed").count() == 2
    assert Event.objects.get(type="reminder.sent").data["late"] is True


def test_two_people_lose_nothing_to_each_other(plan, maya, priya):
    plan(OCCASION, maya, priya)
    assert send_due_reminders(at=on_day(OCCASION - timedelta(days=14)))["sent"] == 2
    assert set(Mail.objects.values_list("to_user", flat=True)) == {maya.id, priya.id}


def test_a_clock_that_steps_back_repeats_nothing(plan, maya):
    plan(OCCASION, maya)
    send_due_reminders(at=on_day(OCCASION - timedelta(days=7)))
    assert send_due_reminders(at=on_day(OCCASION - timedelta(days=14)))["sent"] == 0
    assert send_due_reminders(at=on_day(OCCASION - timedelta(days=7), 10))["sent"] == 0


@pytest.mark.parametrize(
    ("zone", "instant"),
    [
        ("Asia/Tokyo", datetime(2026, 11, 30, 15, 0, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 12, 1, 5, 0, tzinfo=UTC)),
        ("UTC", datetime(2026, 12, 1, 0, 0, tzinfo=UTC)),
    ],
)
def test_a_day_begins_at_midnight_in_the_programs_zone(plan, maya, zone, instant):
    Vendor.objects.update(time_zone=zone)
    plan(OCCASION, maya)
    assert send_due_reminders(at=instant - timedelta(seconds=1))["sent"] == 0
    assert send_due_reminders(at=instant)["sent"] == 1


def test_who_is_out_meanwhile_gets_nothing(plan, maya, priya, ada, acting, at):
    plan(OCCASION, maya, priya)
    deactivate_user(by=acting(ada), user=maya, at=at)
    end_membership(by=SYSTEM, membership=priya.memberships.get(), at=at)
    counts = send_due_reminders(at=on_day(OCCASION - timedelta(days=30)))
    assert (counts["sent"], counts["skipped"], letters()) == (0, 2, [])


def test_one_broken_letter_holds_up_no_other(plan, maya, northgate, at):
    from core.ids import uuid7
    from inbox.actions import plan_reminders

    plan_reminders(kind="nobody-knows", subject_id=uuid7(), partner=northgate, occasion_on=at.date(),
                   offsets=[0], recipients=[maya], at=at)  # fmt: skip
    plan(at.date(), maya, offsets=[0])
    counts = send_due_reminders(at=at)
    assert (counts["sent"], counts["failed"]) == (1, 1)
    assert states(kind="nobody-knows") == {0: "planned"}


def test_a_sent_reminder_rings_the_bell_with_the_page_of_ones_own_side(plan, maya, priya):
    plan(OCCASION, maya, priya)
    send_due_reminders(at=on_day(OCCASION - timedelta(days=30)))
    urls = dict(Notification.objects.values_list("user__email", "url"))
    assert urls == {maya.email: "/manage/occasions/1/", priya.email: "/portal/occasions/1/"}
    assert Notification.objects.first().text == "Northgate Clinical Systems: the occasion is on 31 Dec 2026."


def test_the_command_tells_the_counts(plan, maya):
    plan(OCCASION, maya)
    out = StringIO()
    call_command("send_due_reminders", "--at", "2026-12-17T00:00Z", "--json", stdout=out)
    assert json.loads(out.getvalue()) == {"sent": 1, "late": 0, "missed": 1, "skipped": 0, "failed": 0}


@pytest.mark.parametrize("text", ["tomorrow", "2026-12-17", "2026-12-17T00:00"])
def test_the_command_refuses_what_is_no_instant(db, text):
    with pytest.raises(CommandError):
        call_command("send_due_reminders", "--at", text)


def test_a_partner_sees_only_reminders_of_its_own_people(plan, maya, priya, rhys, acting):
    plan(OCCASION, maya, priya)
    assert Reminder.objects.visible_to(acting(maya)).count() == 8
    assert {r.recipient for r in Reminder.objects.visible_to(acting(priya))} == {priya}
    assert not Reminder.objects.visible_to(acting(rhys)).exists()


@pytest.fixture
def told(priya, northgate, at):
    args = {"partner": "Northgate", "on": "soon", "days": 1}
    return notify(user=priya, kind="reminder.occasion", url="/manage/x/", partner=northgate, args=args, at=at)


def test_a_notification_is_seen_by_its_person_alone(told, priya, sam, rhys, ada, acting):
    assert list(Notification.objects.visible_to(acting(priya))) == [told]
    for other in (sam, rhys, ada):
        assert not Notification.objects.visible_to(acting(other)).exists()


def test_reading_is_noted_once(told, priya, acting, at):
    read = read_notification(by=acting(priya), notification=told, at=at)
    again = read_notification(by=acting(priya), notification=told, at=at + timedelta(hours=1))
    assert (again.read_at, again.version) == (at, read.version)


def test_nobody_reads_for_another(told, sam, acting, at):
    with pytest.raises(NotVisible):
        read_notification(by=acting(sam), notification=told, at=at)


def test_who_looks_at_a_portal_reads_nothing_for_its_people(told, ada, acting, northgate, at):
    view = view_portal_as(by=acting(ada), partner=northgate, reason="help", at=at)
    assert not Notification.objects.visible_to(viewing_actor(ada, view)).exists()


def test_all_are_read_at_once(told, priya, acting, at):
    assert read_all_notifications(by=acting(priya), at=at) == 1
    assert read_all_notifications(by=acting(priya), at=at) == 0


def test_an_undeclared_notice_is_an_error(priya, at):
    with pytest.raises(LookupError):
        notify(user=priya, kind="nobody-knows", url="/", at=at)


def test_a_reminders_letter_is_queued_with_its_row_or_not_at_all(plan, maya, monkeypatch):
    plan(OCCASION, maya)
    monkeypatch.delitem(mail._letters, "reminder.occasion")
    assert send_due_reminders(at=on_day(OCCASION - timedelta(days=30)))["failed"] == 1
    assert states()[30] == "planned" and not letters()
