"""Recording, revoking and expiring gates, and how many are valid."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from compliance.actions import expire_gates, record_gate, revoke_gate
from compliance.models import GateRecord
from core.errors import Conflict, NotVisible
from core.models import Mail
from events.models import Event
from files.models import Attachment
from inbox.models import Reminder
from metrics import registry
from metrics.models import Touched
from tests.factories import make_vendor_user

pytestmark = pytest.mark.django_db
PASSED = date(2026, 11, 2)


@pytest.fixture
def passed(system, northgate, priya, gates, at):
    """Northgate's security assessment, passed on 2 November 2026."""
    return record_gate(
        by=system,
        partner=northgate,
        gate=gates["security_assessment"],
        passed_on=PASSED,
        evidence="Report 12",
        at=at,
    )


def test_compliance_records_a_gate_that_holds_by_its_months(acting, northgate, gates, at):
    cora = acting(make_vendor_user("cora@vendor.example", "Cora Lind", "compliance", at))
    gate = gates["security_assessment"]
    record = record_gate(by=cora, partner=northgate, gate=gate, passed_on=PASSED, evidence="Report 12", at=at)
    assert record.valid_until == date(2027, 11, 1)
    assert Event.objects.get(type="gate.passed").data == {
        "gate": "security_assessment",
        "valid_until": "2027-11-01",
    }
    assert Touched.objects.filter(partner=northgate).exists()


def test_a_partner_records_none_and_another_manager_finds_no_partner(
    priya, tomas, acting, northgate, gates, at
):
    facts = {
        "partner": northgate,
        "gate": gates["security_assessment"],
        "passed_on": PASSED,
        "evidence": "x",
        "at": at,
    }
    with pytest.raises(PermissionDenied):
        record_gate(by=acting(priya), **facts)
    with pytest.raises(NotVisible):
        record_gate(by=acting(tomas), **facts)


def test_a_gate_needs_its_evidence_as_words_or_as_a_file(
    maya, acting, northgate, gates, at, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    facts = {"partner": northgate, "gate": gates["security_assessment"], "passed_on": PASSED, "at": at}
    with pytest.raises(ValidationError) as refused:
        record_gate(by=acting(maya), evidence="  ", **facts)
    assert "evidence" in refused.value.error_dict
    upload = SimpleUploadedFile("report.txt", b"All controls in place.", "text/plain")
    record = record_gate(by=acting(maya), upload=upload, **facts)
    assert Attachment.objects.of(record).get().partner == northgate


@pytest.mark.parametrize(
    ("change", "field"),
    [({"passed_on": date(2026, 11, 25)}, "passed_on"), ({"evidence": "x" * 301}, "evidence")],
)
def test_wrong_input_names_its_field(system, northgate, gates, at, change, field):
    facts = {"passed_on": PASSED, "evidence": "Report", **change}
    with pytest.raises(ValidationError) as refused:
        record_gate(by=system, partner=northgate, gate=gates["customer_reference"], at=at, **facts)
    assert field in refused.value.error_dict


def test_days_in_the_wrong_order_are_refused_in_words(system, northgate, gates, at):
    facts = {"passed_on": PASSED, "valid_until": PASSED - timedelta(days=1), "evidence": "Report"}
    with pytest.raises(ValidationError, match="last valid day"):
        record_gate(by=system, partner=northgate, gate=gates["customer_reference"], at=at, **facts)


def test_a_revocation_happens_once_and_the_day_can_be_recorded_anew(maya, acting, passed, at):
    revoke_gate(by=acting(maya), gate_record=passed, reason_code="entered_in_error", at=at)
    with pytest.raises(Conflict):
        revoke_gate(by=acting(maya), gate_record=passed, reason_code="entered_in_error", at=at)
    record_gate(
        by=acting(maya),
        partner=passed.partner,
        gate=passed.gate,
        passed_on=PASSED,
        evidence="Report 13",
        at=at,
    )
    assert GateRecord.objects.count() == 2


def test_the_same_day_twice_is_refused_in_words(system, passed, at):
    with pytest.raises(ValidationError, match="already"):
        record_gate(
            by=system, partner=passed.partner, gate=passed.gate, passed_on=PASSED, evidence="again", at=at
        )


def test_an_end_is_announced_to_both_sides_and_told_once(passed, priya, maya):
    planned = Reminder.objects.filter(subject_id=passed.id)
    assert {r.recipient for r in planned} == {priya, maya}
    after = passed.created_at + timedelta(days=365)
    assert expire_gates(at=after) == 1
    assert expire_gates(at=after) == 0
    assert Mail.objects.filter(letter="gate.expired", to_user=priya).count() == 1
    assert Event.objects.filter(type="gate.expired").count() == 1


def test_gates_are_counted_once_each(system, northgate, albion, gates, at):
    for gate, days in (("security_assessment", 40), ("security_assessment", 5), ("customer_reference", 5)):
        on = at.date() - timedelta(days=days)
        record_gate(by=system, partner=northgate, gate=gates[gate], passed_on=on, evidence="Report", at=at)
    metric = registry.get("certification_gates_valid")
    found = {v.partner_id: v.value for v in metric.values(at.date())}
    assert found == {northgate.id: 2}
    rows = metric.rows(northgate.id, at.date())
    assert [row.excluded for row in rows if row.excluded] == ["a newer record counts"]
    assert metric.next_change(northgate.id, at.date()) == date(2027, 11, 19)
