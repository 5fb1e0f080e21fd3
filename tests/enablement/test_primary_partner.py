"""A certification is its person's, and counts for the one partner that the person's membership names as primary."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.actions import end_membership, name_primary, start_membership
from accounts.models import Membership
from core.errors import Conflict
from enablement.actions import import_certifications, record_certification, revoke_certification
from enablement.models import Certification
from events.models import Event
from inbox.models import Reminder
from metrics import registry
from metrics.models import Touched
from partners.actions import note_departure
from partners.models import Contact
from tests.enablement.factories import certify

pytestmark = pytest.mark.django_db
PASSED = date(2026, 11, 2)
A_DAY = timedelta(days=1)


@pytest.fixture
def sams(sam, northgate, tracks) -> Certification:
    """Sam's certification, recorded at Northgate, its only partner."""
    return certify(Contact.objects.get(user=sam, partner=northgate), tracks["sales"], PASSED)


@pytest.fixture
def at_both(sam, sams, albion, system, at) -> Membership:
    """Sam belongs to Albion too."""
    return start_membership(by=system, user=sam, partner=albion, role="partner_seller", at=at)


def counts_for(on) -> list[str]:
    return sorted(c.contact.partner.name.split()[0] for c in Certification.objects.counting(on))


def certified(partner, on) -> int:
    values = registry.get("certified_people").values(on)
    return next((value.value for value in values if value.partner_id == partner.pk), 0)


def test_the_first_partner_is_the_primary_one_and_a_second_changes_nothing(sam, sams, at_both, at):
    assert Membership.objects.get(user=sam, is_primary=True).partner == sams.contact.partner
    assert not at_both.is_primary
    assert counts_for(at.date()) == ["Northgate"]


def test_naming_another_partner_moves_the_certifications_from_that_day_on(
    sam, sams, at_both, acting, northgate, albion, at
):
    Touched.objects.all().delete()
    later = at + timedelta(days=10)
    name_primary(by=acting(sam), membership=at_both, at=later)
    assert counts_for(later.date() - A_DAY) == ["Northgate"]
    assert counts_for(later.date()) == ["Albion"]
    assert (certified(northgate, later.date()), certified(albion, later.date())) == (0, 1)
    assert (certified(northgate, at.date()), certified(albion, at.date())) == (1, 0)
    assert set(Touched.objects.values_list("partner", flat=True)) == {northgate.pk, albion.pk}
    told = dict(Event.objects.filter(type__startswith="certification.").values_list("type", "partner"))
    assert told["certification.departed"] == northgate.pk
    assert told["certification.arrived"] == albion.pk
    for event in Event.objects.filter(partner=northgate, at=later):
        assert str(albion.pk) not in str(event.data)


def test_on_no_day_does_one_certification_count_for_two_partners(sam, sams, at_both, acting, at):
    back = Membership.objects.get(user=sam, partner=sams.contact.partner)
    for days, membership in ((5, at_both), (5, back), (9, at_both), (12, back)):
        name_primary(by=acting(sam), membership=membership, at=at + timedelta(days=days))
    found = [counts_for(at.date() + timedelta(days=days)) for days in range(-30, 40)]
    assert {len(partners) for partners in found} == {0, 1}
    assert [found[30 + days] for days in (4, 5, 8, 9, 11, 12)] == [
        ["Northgate"], ["Northgate"], ["Northgate"], ["Albion"], ["Albion"], ["Northgate"],
    ]  # fmt: skip


def test_only_the_person_itself_names_its_primary_partner(priya, maya, rhys, sam, at_both, acting, at):
    for other in (priya, maya, rhys):
        with pytest.raises(PermissionDenied):
            name_primary(by=acting(other), membership=at_both, at=at)
    named = name_primary(by=acting(sam), membership=at_both, at=at)
    assert named.is_primary
    with pytest.raises(Conflict):
        name_primary(by=acting(sam), membership=at_both, at=at)


def test_a_membership_that_has_ended_is_nobodys_primary(sam, at_both, acting, system, at):
    end_membership(by=system, membership=at_both, at=at)
    with pytest.raises(Conflict):
        name_primary(by=acting(sam), membership=at_both, at=at)


def test_whoever_is_removed_from_the_primary_partner_counts_at_the_next(sam, sams, at_both, system, at):
    own = Membership.objects.get(user=sam, partner=sams.contact.partner)
    end_membership(by=system, membership=own, at=at)
    at_both.refresh_from_db()
    assert at_both.is_primary
    assert counts_for(at.date()) == ["Albion"]


def test_whoever_leaves_the_primary_partner_counts_at_the_next(sam, sams, at_both, system, northgate, at):
    note_departure(by=system, contact=sams.contact, at=at)
    assert counts_for(at.date() - A_DAY) == ["Northgate"]
    assert counts_for(at.date()) == ["Albion"]


def test_whoever_leaves_its_only_partner_counts_nowhere_until_it_joins_another(sam, sams, system, albion, at):
    note_departure(by=system, contact=sams.contact, at=at)
    assert counts_for(at.date()) == []
    end_membership(by=system, membership=Membership.objects.get(user=sam), at=at)
    joined = at + timedelta(days=20)
    start_membership(by=system, user=sam, partner=albion, role="partner_seller", at=joined)
    assert counts_for(joined.date() - A_DAY) == []
    assert counts_for(joined.date()) == ["Albion"]


def test_what_was_recorded_before_the_account_follows_once_the_person_joins(
    sam, system, northgate, albion, tracks, at
):
    waiting = Contact(partner=albion, name="Sam Ortiz", email=sam.email, created_at=at)
    waiting.full_clean()
    waiting.save()
    certify(waiting, tracks["platform"], PASSED)
    assert counts_for(at.date()) == ["Albion"]
    start_membership(by=system, user=sam, partner=albion, role="partner_seller", at=at)
    assert counts_for(at.date()) == ["Northgate"]


def test_one_that_is_recorded_elsewhere_counts_for_the_primary_partner_alone(
    sam, at_both, albion, tracks, system, at
):
    there = Contact.objects.get(user=sam, partner=albion)
    kept = record_certification(by=system, contact=there, track=tracks["platform"], passed_on=PASSED, at=at)
    assert kept.state(at.date(), 60) == "left"
    found = Certification.objects.counting(at.date()).filter(track=tracks["platform"])
    assert [c.contact.partner.name for c in found] == ["Northgate Clinical Systems"]
    assert not Certification.objects.counting(PASSED).filter(contact__partner=albion).exists()


def test_the_same_pass_is_recorded_once_wherever_the_person_works(
    sam, sams, at_both, albion, tracks, system, at
):
    there = Contact.objects.get(user=sam, partner=albion)
    with pytest.raises(ValidationError, match="already"):
        record_certification(by=system, contact=there, track=tracks["sales"], passed_on=PASSED, at=at)


def test_what_has_ended_or_is_revoked_stays_where_it_counted(sam, sams, at_both, acting, tracks, system, at):
    old = certify(sams.contact, tracks["platform"], date(2024, 1, 1))
    revoked = certify(sams.contact, tracks["fundamentals"], date(2026, 1, 1))
    revoke_certification(by=system, certification=revoked, reason_code="left_company", at=at)
    name_primary(by=acting(sam), membership=at_both, at=at)
    assert Certification.objects.filter(pk__in=[old.pk, revoked.pk], counts_until=None).count() == 2
    assert Certification.objects.filter(contact__partner=at_both.partner).count() == 1


def test_one_that_counts_elsewhere_is_revoked_there(sam, sams, at_both, acting, system, at):
    name_primary(by=acting(sam), membership=at_both, at=at)
    with pytest.raises(Conflict):
        revoke_certification(by=system, certification=sams, reason_code="left_company", at=at)
    moved = Certification.objects.placed().get()
    assert revoke_certification(by=system, certification=moved, reason_code="left_company", at=at).revoked_on


def test_its_reminders_go_to_the_partner_where_it_counts(sam, sams, at_both, acting, tomas, rhys, at):
    name_primary(by=acting(sam), membership=at_both, at=at)
    planned = Reminder.objects.filter(state="planned")
    assert {r.recipient for r in planned} == {sam, tomas, rhys}
    assert {r.partner for r in planned} == {at_both.partner}


def test_a_list_that_is_sent_again_after_the_move_changes_nothing(sam, at_both, acting, ada, tracks, at):
    text = f"email,track,passed_on,partner\n{sam.email},platform,2026-10-01,Northgate Clinical Systems\n"
    assert import_certifications(by=acting(ada), text=text, at=at).added == 1
    name_primary(by=acting(sam), membership=at_both, at=at)
    assert import_certifications(by=acting(ada), text=text, at=at).known == 1
    assert counts_for(at.date()) == ["Albion", "Albion"]
