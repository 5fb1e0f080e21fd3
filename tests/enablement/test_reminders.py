"""The end of a certification is announced: 90, 60, 30 and 7 days before, once each, to whoever looks after it."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from core.mail import render
from core.models import Mail
from enablement.actions import record_certification, revoke_certification
from enablement.tasks import expire
from inbox.actions import send_due_reminders
from inbox.models import Reminder
from partners.actions import assign_psm, note_departure
from partners.models import Contact
from tests.enablement.factories import certify

pytestmark = pytest.mark.django_db
ENDS = date(2027, 6, 1)
PASSED = date(2025, 6, 1)
OFFSETS = (90, 60, 30, 7)


def on(day: date) -> datetime:
    return datetime.combine(day, time(9), tzinfo=ZoneInfo("UTC"))


@pytest.fixture
def sams(sam, northgate, tracks, priya, maya):
    return certify(Contact.objects.get(user=sam, partner=northgate), tracks["sales"], PASSED)


def sent(certification) -> list[tuple[str, int]]:
    rows = Reminder.objects.filter(subject_id=certification.pk, state="sent")
    return sorted((r.recipient.email.split("@")[0], r.offset_days) for r in rows)


def run(day: date) -> None:
    expire(day, on(day))
    send_due_reminders(at=on(day))


def test_each_goes_once_to_the_person_the_admins_and_the_manager_however_often_it_runs(sams):
    for offset in OFFSETS:
        for _again in range(2):
            run(ENDS - timedelta(days=offset))
    everyone = [(who, days) for who in ("maya", "priya", "sam") for days in sorted(OFFSETS)]
    assert sent(sams) == everyone
    assert Mail.objects.filter(letter="reminder.certification").count() == 12
    assert Mail.objects.filter(letter="certification.expired").count() == 0


def test_the_words_are_for_the_reader(sams, sam, maya, priya):
    run(ENDS - timedelta(days=90))
    mails = Mail.objects.filter(letter="reminder.certification").select_related("to_user")
    texts = {mail.to_user: render(mail)[1] for mail in mails}
    assert "Your certification" in texts[sam]
    assert "Sam Ortiz, Northgate" in texts[maya]
    assert "your company" in texts[priya]
    assert "/manage/" not in texts[sam] + texts[priya]


def test_a_renewal_withdraws_what_was_not_sent(sams, tracks, system):
    run(ENDS - timedelta(days=90))
    early = ENDS - timedelta(days=80)
    renewed = record_certification(
        by=system, contact=sams.contact, track=tracks["sales"], passed_on=early, at=on(early)
    )
    assert renewed.expires_on == date(2029, 6, 1)
    run(ENDS - timedelta(days=60))
    assert {days for _who, days in sent(sams)} == {90}
    assert Reminder.objects.filter(subject_id=renewed.pk, state="planned").count() == 12


def test_an_earlier_pass_that_is_recorded_later_announces_nothing(sams, tracks, system):
    at = on(ENDS - timedelta(days=200))
    old = record_certification(
        by=system, contact=sams.contact, track=tracks["sales"], passed_on=date(2025, 5, 1), at=at
    )
    assert not Reminder.objects.filter(subject_id=old.pk, state="planned").exists()
    assert Reminder.objects.filter(subject_id=sams.pk, state="planned").exists()


def test_a_revocation_and_a_departure_withdraw_them(sams, dana, tracks, system):
    of_dana = certify(dana, tracks["sales"], PASSED)
    at = on(ENDS - timedelta(days=100))
    assert Reminder.objects.filter(state="planned").count() == 20
    revoke_certification(by=system, certification=sams, reason_code="left_company", at=at)
    assert not Reminder.objects.filter(subject_id=sams.pk, state="planned").exists()
    note_departure(by=system, contact=dana, at=at)
    assert not Reminder.objects.filter(subject_id=of_dana.pk, state="planned").exists()


def test_who_looks_after_the_partner_on_that_day_is_told(sams, tomas, northgate, system):
    at = on(ENDS - timedelta(days=120))
    assign_psm(by=system, partner=northgate, psm=tomas, at=at)
    run(ENDS - timedelta(days=90))
    assert {who for who, _days in sent(sams)} == {"tomas", "priya", "sam"}


def test_a_revocation_is_told_to_the_person_and_the_admins_without_what_is_the_vendors(sams, maya, acting):
    at = on(ENDS - timedelta(days=100))
    revoke_certification(
        by=acting(maya), certification=sams, reason_code="irregularity", comment="Seen with a phone", at=at
    )
    mails = Mail.objects.filter(letter="certification.revoked")
    assert {mail.to_user.email.split("@")[0] for mail in mails} == {"sam", "priya"}
    for mail in mails:
        _subject, text, _html = render(mail)
        assert "was revoked" in text
        assert "phone" not in text
