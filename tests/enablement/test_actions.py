"""Recording, revoking, expiring, importing and signing."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from core.errors import Conflict, NotVisible
from core.models import Mail
from enablement.actions import (
    expire_certifications,
    import_certifications,
    record_certification,
    revoke_certification,
    sign_learning_plan,
)
from enablement.models import Certification
from events.models import Event
from inbox.models import Reminder
from metrics.models import Touched
from partners.actions import note_departure
from tests.enablement.factories import certify

pytestmark = pytest.mark.django_db
PASSED = date(2026, 11, 2)


def test_a_manager_records_a_certification_that_expires_by_the_tracks_months(maya, acting, dana, tracks, at):
    certification = record_certification(
        by=acting(maya), contact=dana, track=tracks["platform"], passed_on=PASSED, at=at
    )
    assert certification.expires_on == date(2028, 11, 2)
    assert certification.recorded_by == maya
    event = Event.objects.get(type="certification.awarded")
    assert event.partner == dana.partner
    assert event.data["track"] == "platform"
    assert "Dana" not in str(event.data)
    assert Touched.objects.filter(partner=dana.partner, touched_at=at).exists()


def test_a_partner_records_none(priya, acting, dana, tracks, at):
    with pytest.raises(PermissionDenied):
        record_certification(by=acting(priya), contact=dana, track=tracks["sales"], passed_on=PASSED, at=at)


def test_a_manager_of_another_partner_does_not_find_the_person(tomas, acting, dana, tracks, at):
    with pytest.raises(NotVisible):
        record_certification(by=acting(tomas), contact=dana, track=tracks["sales"], passed_on=PASSED, at=at)


def test_the_same_one_twice_is_refused_in_words(system, dana, tracks, at):
    certify(dana, tracks["sales"], PASSED)
    with pytest.raises(ValidationError, match="already"):
        record_certification(by=system, contact=dana, track=tracks["sales"], passed_on=PASSED, at=at)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"passed_on": date(2026, 11, 25)}, "passed_on"),
        ({"passed_on": date(1999, 12, 31)}, "passed_on"),
        ({"score": 101}, "score"),
        ({"evidence": "x" * 301}, "evidence"),
    ],
)
def test_wrong_input_names_its_field(system, dana, tracks, at, change, field):
    facts = {"passed_on": PASSED, **change}
    with pytest.raises(ValidationError) as refused:
        record_certification(by=system, contact=dana, track=tracks["sales"], at=at, **facts)
    assert field in refused.value.error_dict
    assert not Certification.objects.exists()


def test_one_that_would_expire_before_it_is_passed_is_refused(system, dana, tracks, at):
    with pytest.raises(ValidationError, match="expires after"):
        record_certification(
            by=system, contact=dana, track=tracks["sales"], passed_on=PASSED, expires_on=PASSED, at=at
        )


def test_a_retired_track_certifies_nobody(system, dana, tracks, at):
    tracks["sales"].is_active = False
    tracks["sales"].save()
    with pytest.raises(ValidationError) as refused:
        record_certification(by=system, contact=dana, track=tracks["sales"], passed_on=PASSED, at=at)
    assert "track" in refused.value.error_dict


def test_who_had_left_by_then_was_not_certified_here(system, dana, tracks, at):
    note_departure(by=system, contact=dana, at=at - timedelta(days=60))
    dana.refresh_from_db()
    with pytest.raises(ValidationError) as refused:
        record_certification(by=system, contact=dana, track=tracks["sales"], passed_on=PASSED, at=at)
    assert "contact" in refused.value.error_dict


def test_a_revocation_keeps_its_reason_and_happens_once(maya, acting, dana, tracks, at):
    certification = certify(dana, tracks["sales"], PASSED)
    revoked = revoke_certification(
        by=acting(maya), certification=certification, reason_code="left_company", at=at
    )
    assert (revoked.revoked_on, revoked.revocation_reason) == (at.date(), "left_company")
    with pytest.raises(Conflict):
        revoke_certification(by=acting(maya), certification=revoked, reason_code="left_company", at=at)
    assert Event.objects.filter(type="certification.revoked").count() == 1


def test_some_reasons_need_a_comment(maya, acting, dana, tracks, at):
    certification = certify(dana, tracks["sales"], PASSED)
    with pytest.raises(ValidationError) as refused:
        revoke_certification(by=acting(maya), certification=certification, reason_code="irregularity", at=at)
    assert "comment" in refused.value.error_dict


def test_an_expiry_is_told_once_to_each_admin(priya, dana, luis, tracks, at):
    for person in (dana, luis):
        certify(person, tracks["sales"], date(2024, 11, 24))
    assert expire_certifications(at=at - timedelta(days=1)) == 0
    assert expire_certifications(at=at) == 2
    assert expire_certifications(at=at + timedelta(days=1)) == 0
    assert Event.objects.filter(type="certification.expired").count() == 2
    assert Mail.objects.filter(letter="certification.expired", to_user=priya).count() == 1


def test_an_old_expiry_that_is_recorded_late_alarms_nobody(priya, system, dana, tracks, at):
    record_certification(by=system, contact=dana, track=tracks["sales"], passed_on=date(2020, 5, 5), at=at)
    assert expire_certifications(at=at) == 0


def test_its_end_is_announced_to_the_partners_admins_and_its_manager(priya, maya, rhys, dana, tracks, at):
    certification = certify(dana, tracks["sales"], PASSED)
    planned = Reminder.objects.filter(subject_id=certification.id)
    assert {r.offset_days for r in planned} == {90, 60, 30, 7}
    assert {r.recipient for r in planned} == {priya, maya}


HEADER = "email,track,passed_on,score\n"
LIST = HEADER + "dana@northgate.example,sales,2026-11-02,88\nluis@northgate.example,platform,2026-10-01,\n"


def test_a_list_is_recorded_once_however_often_it_is_sent(maya, acting, dana, luis, tracks, at):
    first = import_certifications(by=acting(maya), text=LIST, at=at)
    again = import_certifications(by=acting(maya), text=LIST, at=at)
    assert (first.added, first.known, first.refused) == (2, 0, 0)
    assert (again.added, again.known, again.refused) == (0, 2, 0)
    assert Certification.objects.filter(source="import").count() == 2


def test_a_dry_run_says_the_same_and_writes_nothing(maya, acting, dana, luis, tracks, at):
    report = import_certifications(by=acting(maya), text=LIST, at=at, dry_run=True)
    assert (report.saved, report.added) == (False, 2)
    assert not Certification.objects.exists()
    assert not Event.objects.filter(type="certification.awarded").exists()


def test_a_bad_line_says_where_and_why_and_the_others_are_kept(maya, acting, dana, gwen, tracks, at):
    text = LIST + "gwen@albion.example,sales,2026-11-02,\ndana@northgate.example,juggling,2026-11-02,\n"
    text += "dana@northgate.example,sales,2.11.2026,\ndana@northgate.example,sales,2026-11-02,\n"
    report = import_certifications(by=acting(maya), text=text, at=at)
    found = {o.line: (o.result, o.reason) for o in report.outcomes}
    assert found[2][0] == "added"
    assert found[3] == (
        "refused",
        "Nobody with this address is known at a partner.",
    )  # Luis is not known here
    assert found[4] == found[3]  # Gwen works for a partner that is not Maya's
    assert "juggling" in found[5][1]
    assert "2.11.2026" in found[6][1]
    assert found[7][0] == "known"
    assert Certification.objects.count() == 1


def test_all_or_nothing_keeps_nothing_because_of_one_bad_line(maya, acting, dana, luis, tracks, at):
    text = LIST + "nobody@northgate.example,sales,2026-11-02,\n"
    report = import_certifications(by=acting(maya), text=text, at=at, all_or_nothing=True)
    assert (report.saved, report.refused) == (False, 1)
    assert not Certification.objects.exists()


def test_a_cell_that_a_spreadsheet_would_run_is_refused(maya, acting, dana, tracks, at):
    text = "email,track,passed_on,evidence\ndana@northgate.example,sales,2026-11-02,=cmd()\n"
    report = import_certifications(by=acting(maya), text=text, at=at)
    assert report.refused == 1
    assert not Certification.objects.exists()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "email,track\n",
        "email,track,passed_on,shoe_size\n",
        'email,track,passed_on\n"a',
        "email,email,track,passed_on\n",
    ],
)
def test_what_is_no_list_is_refused_whole(maya, acting, tracks, at, text):
    with pytest.raises(ValidationError):
        import_certifications(by=acting(maya), text=text, at=at)


def test_semicolons_and_a_byte_order_mark_are_read(maya, acting, dana, tracks, at):
    text = "\ufeffemail;track;passed_on\ndana@northgate.example;sales;2026-11-02\n"
    assert import_certifications(by=acting(maya), text=text, at=at).added == 1


def test_a_partner_admin_signs_the_learning_plan_for_a_year(priya, acting, northgate, dana, at):
    plan = sign_learning_plan(by=acting(priya), partner=northgate, signed_by=dana, at=at)
    assert (plan.signed_on, plan.expires_on) == (date(2026, 11, 24), date(2027, 11, 24))
    assert Event.objects.filter(type="learning_plan.signed", partner=northgate).count() == 1


def test_a_seller_signs_none(sam, acting, northgate, dana, at):
    with pytest.raises(PermissionDenied):
        sign_learning_plan(by=acting(sam), partner=northgate, signed_by=dana, at=at)


def test_nobody_signs_for_another_partner(priya, acting, northgate, albion, gwen, at):
    with pytest.raises(ValidationError):
        sign_learning_plan(by=acting(priya), partner=northgate, signed_by=gwen, at=at)
    with pytest.raises(NotVisible):
        sign_learning_plan(by=acting(priya), partner=albion, signed_by=gwen, at=at)
