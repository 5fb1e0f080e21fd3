"""A review's life: planned, moved, held, signed off by both sides, or cancelled; and what both sides promise."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.actions import end_membership
from core import mail
from core.actors import SYSTEM
from core.errors import Conflict, NotVisible
from core.models import Mail
from events.models import Event
from inbox.actions import send_due_reminders
from inbox.models import Notification, Reminder
from partners.actions import assign_psm, terminate_partner
from reviews.actions import (
    calendar,
    cancel_review,
    change_agenda,
    change_minutes,
    choose_attendees,
    complete_commitment,
    drop_commitment,
    hold_review,
    move_review,
    propose_reviews,
    reopen_commitment,
    reopen_review,
    schedule_review,
    sign_off,
)
from reviews.models import Commitment, Review
from tests import factories
from tests.reviews.conftest import STARTS

LATER = datetime(2026, 12, 21, 14, 30, tzinfo=UTC)


def planned_days(**facts) -> list[date]:
    found = Reminder.objects.filter(state="planned", **facts)
    return sorted(set(found.values_list("due_on", flat=True)))


def types_of(review) -> list[str]:
    return list(Event.objects.about(review).order_by("at", "id").values_list("type", flat=True))


# Planning


def test_a_planned_review_is_on_its_own_day_with_the_programs_length(review):
    assert (review.state, review.on, review.length_minutes) == ("scheduled", date(2026, 12, 15), 60)
    assert review.local_start.isoformat() == "2026-12-15T10:00:00-05:00"
    assert types_of(review) == ["review.scheduled"]


def test_its_people_are_reminded_on_the_days_that_are_still_ahead(review, maya, priya):
    assert planned_days() == [date(2026, 12, 1), date(2026, 12, 8), date(2026, 12, 14)]
    assert {r.recipient for r in Reminder.objects.all()} == {maya, priya}


def test_the_partners_admin_hears_of_it_by_bell_and_letter(review, priya, maya):
    told = Notification.objects.get()
    assert (told.user, told.url) == (priya, f"/portal/reviews/{review.id}/")
    assert told.text == "Northgate Clinical Systems: the Q4 2026 review is on 15 Dec 2026."
    letter = Mail.objects.get(letter="review.scheduled")
    subject, text, html = mail.render(letter)
    assert (letter.to_user, subject) == (priya, "Q4 2026 review with Northgate Clinical Systems")
    for body in (text, html):
        assert "Tue 15 Dec 2026, 10:00 (America/New_York), 60 minutes" in body
        assert f"/portal/reviews/{review.id}/" in body


def test_a_quarter_has_one_review(review, northgate, maya, acting, at):
    with pytest.raises(ValidationError, match="has a review in this quarter already"):
        schedule_review(by=acting(maya), partner=northgate, quarter="2026Q4", starts_at=LATER, at=at)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"starts_at": datetime(2026, 11, 24, 15, 31, tzinfo=UTC)}, "starts_at"),
        ({"starts_at": datetime(2027, 1, 17, 15, tzinfo=UTC)}, "starts_at"),
        ({"quarter": "2027Q2"}, "starts_at"),
        ({"quarter": "next"}, "quarter"),
        ({"time_zone": "Mars/Base"}, "time_zone"),
        ({"length_minutes": 5}, "length_minutes"),
        ({"length_minutes": 5000}, "length_minutes"),
        ({"agenda": ["a" * 201]}, "agenda"),
        ({"agenda": ["a"] * 31}, "agenda"),
        ({"agenda": ["a\x00"]}, "agenda"),
        ({"agenda": "all"}, "agenda"),
    ],
)
def test_what_can_not_be_is_refused_at_its_field(northgate, maya, acting, at, facts, field):
    given = {"partner": northgate, "quarter": "2026Q4", "starts_at": STARTS, "at": at, **facts}
    with pytest.raises(ValidationError) as refused:
        schedule_review(by=acting(maya), **given)
    assert field in refused.value.message_dict and not Review.objects.exists()


def test_only_who_looks_after_the_partner_plans(northgate, tomas, priya, finn, acting, at):
    facts = {"partner": northgate, "quarter": "2026Q4", "starts_at": STARTS, "at": at}
    with pytest.raises(NotVisible):
        schedule_review(by=acting(tomas), **facts)
    for person in (priya, finn):
        with pytest.raises(PermissionDenied):
            schedule_review(by=acting(person), **facts)


# Moving


def test_a_moved_review_withdraws_the_unsent_reminders_and_makes_new_ones(review, maya, acting, at):
    send_due_reminders(at=datetime(2026, 12, 1, 9, tzinfo=UTC))
    moved = move_review(
        by=acting(maya), review=review, starts_at=LATER, at=datetime(2026, 12, 2, 9, tzinfo=UTC)
    )
    assert moved.on == date(2026, 12, 21)
    assert set(Reminder.objects.filter(occasion_on="2026-12-15").values_list("state", flat=True)) == {
        "sent",
        "withdrawn",
    }
    assert planned_days(occasion_on="2026-12-21") == [
        date(2026, 12, 7),
        date(2026, 12, 14),
        date(2026, 12, 20),
    ]
    assert Event.objects.get(type="review.moved").data["from"] == "2026-12-15"


def test_reminders_of_a_review_go_once_each_through_a_move_and_an_outage(review, maya, priya, acting, at):
    for hour in range(24 * 5):
        send_due_reminders(at=datetime(2026, 12, 1, tzinfo=UTC) + timedelta(hours=hour))
    move_review(by=acting(maya), review=review, starts_at=LATER, at=datetime(2026, 12, 6, tzinfo=UTC))
    send_due_reminders(at=datetime(2026, 12, 16, tzinfo=UTC))
    sent = Reminder.objects.filter(state="sent", recipient=priya).order_by("sent_at")
    assert [(r.occasion_on.day, r.offset_days, r.is_late) for r in sent] == [(15, 14, False), (21, 7, True)]
    assert Mail.objects.filter(letter="reminder.review").count() == 4


def test_a_reminder_that_was_not_written_before_a_move_is_withdrawn(review, maya, priya, acting, at):
    send_due_reminders(at=datetime(2026, 12, 1, 9, tzinfo=UTC))
    letter = Mail.objects.get(letter="reminder.review", to_user=priya)
    assert "reminder" in mail.render(letter)[0]
    move_review(by=acting(maya), review=review, starts_at=LATER, at=datetime(2026, 12, 1, 9, 5, tzinfo=UTC))
    assert mail.render(letter) is None


def test_a_held_review_does_not_move(held, maya, acting, at):
    with pytest.raises(Conflict):
        move_review(by=acting(maya), review=held, starts_at=LATER, at=at)


def test_a_new_success_manager_and_a_new_admin_are_reminded_and_the_old_are_not(review, northgate, maya, priya, sam,
                                                                               tomas, ada, acting, at):  # fmt: skip
    assign_psm(by=acting(ada), partner=northgate, psm=tomas, at=at)
    rosa = factories.make_partner_user("rosa@northgate.example", "Rosa Diaz", northgate, "partner_admin", at)
    end_membership(by=SYSTEM, membership=priya.memberships.get(), at=at)
    assert {r.recipient for r in Reminder.objects.planned()} == {tomas, rosa}
    assert {r.recipient for r in Reminder.objects.filter(state="withdrawn")} == {maya, priya}


# Agenda and people


def test_the_agenda_is_changed_while_it_is_planned(review, maya, acting, at):
    changed = change_agenda(by=acting(maya), review=review, agenda=[" Pipeline ", "", "Risks"], at=at)
    assert changed.agenda == ["Pipeline", "Risks"]
    hold_review(by=acting(maya), review=review, minutes="Done.", at=at)
    with pytest.raises(Conflict):
        change_agenda(by=acting(maya), review=review, agenda=["Other"], at=at)


def test_the_success_manager_and_the_main_contact_are_asked_first(review, maya, northgate):
    assert {a.name for a in review.attendees.all()} == {maya.name, "Priya Raman"}


def test_other_people_are_asked(review, maya, ada, northgate, sam, acting, at):
    contact = northgate.contacts.get(user=sam)
    choose_attendees(by=acting(maya), review=review, users=[ada], contacts=[contact], at=at)
    assert {a.name for a in review.attendees.all()} == {ada.name, sam.name}


def test_nobody_else_is_asked(review, maya, albion, rhys, priya, acting, at):
    for facts in (
        {"users": [priya], "contacts": []},
        {"users": [], "contacts": [albion.contacts.get(user=rhys)]},
    ):
        with pytest.raises(ValidationError):
            choose_attendees(by=acting(maya), review=review, at=at, **facts)
    assert review.attendees.count() == 2


# Held and signed


def test_a_held_review_is_reminded_of_no_more_and_asks_for_signatures(held, priya, at):
    assert (held.state, held.held_on, held.sign_by) == ("held", at.date(), date(2026, 11, 29))
    assert not Reminder.objects.planned().exists()
    assert mail.render(Mail.objects.get(letter="review.held"))[0] == "Please sign off the Q4 2026 review"


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"minutes": "  "}, "minutes"),
        ({"minutes": "a" * 20_001}, "minutes"),
        ({"held_on": date(2026, 11, 25)}, "held_on"),
        ({"held_on": date(2026, 9, 30)}, "held_on"),
    ],
)
def test_minutes_and_day_are_checked(review, maya, acting, at, facts, field):
    with pytest.raises(ValidationError) as refused:
        hold_review(by=acting(maya), review=review, at=at, **{"minutes": "Done.", **facts})
    assert field in refused.value.message_dict and Review.objects.get().state == "scheduled"


def test_the_second_signature_closes_a_review(held, maya, priya, acting, at):
    half = sign_off(by=acting(priya), review=held, at=at)
    assert (half.state, half.signed_by_partner) == ("held", priya)
    whole = sign_off(by=acting(maya), review=held, at=at)
    assert (whole.state, whole.signed_by_vendor) == ("signed_off", maya)
    assert Event.objects.filter(type="review.signed").count() == 2
    assert Event.objects.filter(type="review.signed_off").count() == 1


def test_a_side_signs_once(held, priya, acting, at):
    sign_off(by=acting(priya), review=held, at=at)
    with pytest.raises(Conflict, match="has signed already"):
        sign_off(by=acting(priya), review=held, at=at)


def test_only_an_admin_of_the_partner_signs_for_it(held, sam, rhys, finn, acting, at):
    for person in (sam, finn):
        with pytest.raises(PermissionDenied):
            sign_off(by=acting(person), review=held, at=at)
    with pytest.raises(NotVisible):
        sign_off(by=acting(rhys), review=held, at=at)


def test_what_changes_after_a_signature_is_signed_again(held, maya, priya, acting, at, promised):
    sign_off(by=acting(priya), review=held, at=at)
    assert (
        change_minutes(by=acting(maya), review=held, minutes="Better words.", at=at).signed_by_partner is None
    )
    sign_off(by=acting(priya), review=held, at=at)
    promised(review=held)
    assert Review.objects.get().signed_by_partner is None


def test_a_signed_review_stays_as_it_is(held, maya, priya, acting, at, promised):
    for person in (maya, priya):
        sign_off(by=acting(person), review=held, at=at)
    with pytest.raises(Conflict):
        change_minutes(by=acting(maya), review=held, minutes="Other.", at=at)
    with pytest.raises(Conflict):
        promised(review=held)


# Cancelled, missed, reopened


def test_a_cancelled_review_has_a_reason_and_no_reminders(review, maya, acting, at):
    cancelled = cancel_review(by=acting(maya), review=review, reason_code="no_date", at=at)
    assert (cancelled.state, cancelled.cancel_reason) == ("cancelled", "no_date")
    assert not Reminder.objects.planned().exists()
    assert mail.render(Mail.objects.get(letter="review.cancelled"))[0] == "The Q4 2026 review is cancelled"
    assert mail.render(Mail.objects.get(letter="review.scheduled")) is None


def test_a_reason_must_be_one_of_the_programs(review, maya, acting, at):
    with pytest.raises(ValidationError):
        cancel_review(by=acting(maya), review=review, reason_code="bored", at=at)


def test_a_cancelled_review_comes_back_with_its_reminders(review, maya, acting, at):
    cancel_review(by=acting(maya), review=review, reason_code="no_date", at=at)
    again = reopen_review(by=acting(maya), review=review, starts_at=LATER, at=at)
    assert (again.state, again.cancel_reason, again.on) == ("scheduled", "", date(2026, 12, 21))
    assert planned_days() == [date(2026, 12, 7), date(2026, 12, 14), date(2026, 12, 20)]


def test_an_ended_partner_has_nothing_on_the_calendar(review, northgate, ada, acting, at):
    terminate_partner(by=acting(ada), partner=northgate, reason_code="mutual", at=at)
    assert Review.objects.get().state == "cancelled" and not Reminder.objects.planned().exists()


def test_a_review_that_nobody_held_is_missed_after_the_margin(review, maya):
    assert calendar._miss_all(datetime(2027, 1, 15, 12, tzinfo=UTC)) == 0
    assert calendar._miss_all(datetime(2027, 1, 16, 12, tzinfo=UTC)) == 1
    assert Review.objects.get().state == "missed"
    assert Notification.objects.filter(kind="review.missed", user=maya).count() == 1


# Proposals


def test_missing_reviews_are_proposed_on_working_days_once(northgate, maya, priya, at):
    made = propose_reviews(partner=northgate, at=at)
    assert [(r.quarter, r.on, r.is_proposed) for r in made] == [
        ("2026Q4", date(2026, 12, 8), True),
        ("2027Q1", date(2027, 3, 1), True),
    ]
    assert made[0].local_start.hour == 10 and str(made[0].local_start.tzinfo) == "America/New_York"
    assert propose_reviews(partner=northgate, at=at) == []


def test_one_success_manager_has_one_proposed_review_a_day(northgate, maya, at):
    other = factories.make_partner("Lakeside Health", psm=maya, at=at - timedelta(days=400))
    days = [r.on for partner in (northgate, other) for r in propose_reviews(partner=partner, at=at)]
    assert len(set(days)) == len(days) == 4


def test_a_cancelled_quarter_is_not_proposed_again(review, northgate, maya, acting, at):
    cancel_review(by=acting(maya), review=review, reason_code="not_needed", at=at)
    assert [r.quarter for r in propose_reviews(partner=northgate, at=at)] == ["2027Q1"]


# Commitments


def test_each_side_promises_and_the_partner_only_for_itself(review, promised, priya, sam, acting, at):
    assert promised().side == "vendor"
    assert promised("Two people to level 3", "partner", priya).side == "partner"
    with pytest.raises(PermissionDenied):
        promised("A discount", "vendor", priya)
    with pytest.raises(PermissionDenied):
        promised("Two people", "partner", sam)


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"text": " "}, "text"),
        ({"text": "a" * 201}, "text"),
        ({"measure": "a" * 121}, "measure"),
        ({"due_on": date(2026, 11, 23)}, "due_on"),
        ({"side": "both"}, "side"),
    ],
)
def test_a_promise_is_checked_at_its_field(promised, facts, field):
    with pytest.raises(ValidationError) as refused:
        promised(**facts)
    assert field in refused.value.message_dict and not Commitment.objects.exists()


def test_the_partner_completes_its_own_promise(review, promised, priya, acting, at):
    own, theirs = promised("Two people", "partner"), promised()
    done = complete_commitment(by=acting(priya), commitment=own, outcome="Both passed", at=at)
    assert (done.state, done.done_at, done.outcome) == ("done", at, "Both passed")
    with pytest.raises(PermissionDenied):
        complete_commitment(by=acting(priya), commitment=theirs, at=at)
    with pytest.raises(Conflict):
        complete_commitment(by=acting(priya), commitment=own, at=at)


def test_a_promise_is_dropped_with_a_reason_and_comes_back(promised, maya, acting, at):
    commitment = promised()
    with pytest.raises(ValidationError):
        drop_commitment(by=acting(maya), commitment=commitment, outcome=" ", at=at)
    dropped = drop_commitment(by=acting(maya), commitment=commitment, outcome="Deck not needed", at=at)
    assert (dropped.state, dropped.done_at) == ("dropped", None)
    again = reopen_commitment(by=acting(maya), commitment=commitment, at=at)
    assert (again.state, again.closed_at, again.outcome) == ("open", None, "")


def test_open_promises_are_brought_into_the_next_review(held, promised, northgate, maya, acting, at):
    kept, still_open, dropped = promised("Kept"), promised("Open"), promised("Dropped")
    complete_commitment(by=acting(maya), commitment=kept, at=at)
    drop_commitment(by=acting(maya), commitment=dropped, outcome="No longer", at=at)
    coming = schedule_review(by=acting(maya), partner=northgate, quarter="2027Q1",
                             starts_at=datetime(2027, 3, 1, 15, tzinfo=UTC), at=at)  # fmt: skip
    last = Review.objects.before(coming).first()
    assert last == held
    assert list(Commitment.objects.brought_into(coming, last).first_things_first()) == [still_open, kept]
    assert not Commitment.objects.brought_into(held, None).exists()


def test_a_promise_older_than_the_last_review_stays_until_it_is_kept(
    held, promised, northgate, maya, acting, at
):
    old = promised("From long ago")
    second = schedule_review(by=acting(maya), partner=northgate, quarter="2027Q1",
                             starts_at=datetime(2027, 3, 1, 15, tzinfo=UTC), at=at)  # fmt: skip
    hold_review(by=acting(maya), review=second, minutes="Done.", at=datetime(2027, 3, 1, 16, tzinfo=UTC))
    third = schedule_review(by=acting(maya), partner=northgate, quarter="2027Q2",
                            starts_at=datetime(2027, 6, 1, 15, tzinfo=UTC), at=at)  # fmt: skip
    assert list(Commitment.objects.brought_into(third, Review.objects.before(third).first())) == [old]
    complete_commitment(by=acting(maya), commitment=old, at=datetime(2027, 2, 1, tzinfo=UTC))
    assert not Commitment.objects.brought_into(third, Review.objects.before(third).first()).exists()


def test_what_waits_for_whom(review, held, promised, maya, priya, sam, rhys, finn, acting, at):
    for person, waits in ((maya, 1), (priya, 1), (sam, 0), (rhys, 0), (finn, 0)):
        assert Review.objects.awaiting(acting(person), at).count() == waits
    sign_off(by=acting(priya), review=held, at=at)
    assert not Review.objects.awaiting(acting(priya), at).exists()
    assert Review.objects.awaiting(acting(maya), at).exists()


def test_no_event_holds_words_about_people(held, promised, maya, acting, at):
    promised("Fire Bob Jones")
    assert not [
        e for e in Event.objects.filter(type__startswith=("review")) if "Pipeline grows" in str(e.data)
    ]
    assert "Bob" not in str(list(Event.objects.values_list("data", flat=True)))
