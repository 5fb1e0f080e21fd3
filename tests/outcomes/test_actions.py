"""Answers and contributions: who records them, what is refused, and when they count."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.actors import partner_actor, vendor_actor
from core.actors import SYSTEM
from core.errors import Conflict
from events.models import Event
from metrics import registry
from metrics.models import Touched
from outcomes.actions import (
    decline_contribution,
    import_answers,
    import_contributions,
    record_answer,
    verify_contribution,
    withdraw_answer,
)
from outcomes.models import SatisfactionAnswer, ValueContribution
from tests.outcomes.factories import answered, contributed

DAY = timedelta(days=1)


def value(key, partner, as_of, window=""):
    found = {v.partner_id: (v.value, v.n_rows) for v in registry.get(key).values(as_of, None, window)}
    return found.get(partner.pk)


def test_satisfaction_is_the_mean_of_answers_on_whatever_scale(northgate, albion, hospital, at, on):
    assert value("customer_satisfaction", northgate, on) is None
    answered(northgate, hospital, on - DAY, "9", at)
    answered(northgate, hospital, on - 2 * DAY, "4.5", at, "1", "5")
    assert value("customer_satisfaction", northgate, on) == (89, 2)
    assert value("customer_satisfaction", albion, on) is None


def test_an_answer_counts_for_twelve_months_and_then_there_is_no_data_again(northgate, hospital, at, on):
    answered(northgate, hospital, on, "0", at)
    metric = registry.get("customer_satisfaction")
    assert value(metric.key, northgate, on) == (0, 1)
    assert value(metric.key, northgate, date(2027, 11, 23)) == (0, 1)
    assert value(metric.key, northgate, date(2027, 11, 24)) == (None, 0)
    assert metric.next_change(northgate.pk, on) == date(2027, 11, 24)
    assert metric.next_change(northgate.pk, on, "calendar_year") == date(2027, 1, 1)
    assert value(metric.key, northgate, date(2036, 1, 1), "lifetime") == (0, 1)


def test_a_withdrawn_answer_stays_on_record_and_counts_no_longer(northgate, hospital, at, on):
    answer = answered(northgate, hospital, on - 3 * DAY, "3", at)
    withdraw_answer(by=SYSTEM, answer=answer, reason_code="entered_in_error", at=at)
    assert value("customer_satisfaction", northgate, on) == (None, 0)
    assert value("customer_satisfaction", northgate, on - DAY) == (30, 1)
    rows = registry.get("customer_satisfaction").rows(northgate.pk, on)
    assert ["withdrawn" in row.excluded for row in rows] == [True]
    with pytest.raises(Conflict):
        withdraw_answer(by=SYSTEM, answer=answer, reason_code="entered_in_error", at=at)


def test_every_change_of_a_fact_asks_for_a_look_at_the_tier(northgate, hospital, at, on):
    Touched.objects.all().delete()
    answer = answered(northgate, hospital, on, "3", at)
    assert Touched.objects.filter(partner=northgate).exists()
    Touched.objects.all().delete()
    withdraw_answer(by=SYSTEM, answer=answer, reason_code="entered_in_error", at=at)
    assert Touched.objects.filter(partner=northgate).exists()
    Touched.objects.all().delete()
    contributed(northgate, on, at)
    assert Touched.objects.filter(partner=northgate).exists()


@pytest.mark.parametrize(
    ("days", "score", "low", "high", "field"),
    [
        (1, "5", "0", "10", "answered_on"),
        (0, "11", "0", "10", "score"),
        (0, "5", "10", "0", "scale_high"),
        (0, "5", "5", "5", "scale_high"),
        (0, "5", "0", "5000", "scale_high"),
    ],
)
def test_an_answer_that_cannot_be_is_refused(northgate, hospital, at, on, days, score, low, high, field):
    with pytest.raises(ValidationError) as refused:
        answered(northgate, hospital, on + days * DAY, score, at, low, high)
    assert list(refused.value.message_dict) == [field]


def test_the_same_reference_makes_one_answer(northgate, hospital, at, on):
    first = answered(northgate, hospital, on, "9", at, external_ref="S-1")
    again = answered(northgate, hospital, on, "9.00", at, external_ref="S-1")
    assert again.pk == first.pk
    assert again.is_repeat
    with pytest.raises(Conflict, match="score"):
        answered(northgate, hospital, on, "8", at, external_ref="S-1")


def test_who_records_and_who_does_not(northgate, hospital, maya, vera, priya, at, on):
    facts = {
        "partner": northgate, "customer": hospital, "answered_on": on, "score": Decimal(3), "scale_low": Decimal(0),
        "scale_high": Decimal(5), "at": at,
    }  # fmt: skip
    assert record_answer(by=vendor_actor(maya), **facts).recorded_by == maya
    for person in (vendor_actor(vera), partner_actor(priya)):
        with pytest.raises(PermissionDenied):
            record_answer(by=person, **facts)


def test_a_contribution_counts_once_somebody_else_has_verified_it(northgate, maya, ada, at, on):
    assert value("value_references", northgate, on) is None
    found = contributed(northgate, on, at, by=vendor_actor(maya), quantity=3)
    assert value("value_references", northgate, on) == (0, 0)
    with pytest.raises(PermissionDenied, match="Another person"):
        verify_contribution(by=vendor_actor(maya), contribution=found, at=at)
    verified = verify_contribution(by=vendor_actor(ada), contribution=found, at=at)
    assert verified.verified_by == ada
    assert value("value_references", northgate, on) == (3, 1)
    assert value("value_references", northgate, on - DAY) is None
    assert value("value_case_studies", northgate, on) is None
    decline_contribution(
        by=vendor_actor(ada), contribution=verified, why="It was another company.", at=at + DAY
    )
    assert value("value_references", northgate, on) == (3, 1)
    assert value("value_references", northgate, on + DAY) == (0, 0)
    with pytest.raises(Conflict):
        verify_contribution(by=vendor_actor(ada), contribution=verified, at=at)


def test_a_partner_tells_of_its_own_and_it_waits_for_the_vendor(northgate, albion, priya, maya, at, on):
    found = contributed(northgate, on, at, by=partner_actor(priya))
    assert list(ValueContribution.objects.awaiting(vendor_actor(maya))) == [found]
    assert not ValueContribution.objects.awaiting(partner_actor(priya)).exists()
    with pytest.raises(PermissionDenied):
        verify_contribution(by=partner_actor(priya), contribution=found, at=at)
    with pytest.raises(Exception, match=str(albion.pk)):
        contributed(albion, on, at, by=partner_actor(priya))


def test_a_contribution_needs_evidence_and_a_reason_to_decline(northgate, at, on):
    with pytest.raises(ValidationError, match="seen"):
        contributed(northgate, on, at, evidence=" ")
    with pytest.raises(ValidationError, match="why"):
        decline_contribution(by=SYSTEM, contribution=contributed(northgate, on, at), why=" ", at=at)


def test_a_list_of_answers_is_checked_then_recorded_and_known_the_second_time(northgate, hospital, at, on):
    text = (
        "partner;customer;answered_on;score;scale_low;scale_high;question;role;reference\n"
        f"{northgate.name};{hospital.name};2026-11-02;9;0;10;nps;CIO;R-1\n"
        f"{northgate.name};{hospital.name};2026-11-03;4.5;1;5;;;\n"
        f"Nobody;{hospital.name};2026-11-03;4;1;5;;;\n"
        f"{northgate.name};Nowhere;2026-11-03;4;1;5;;;\n"
        f"{northgate.name};{hospital.name};2026-11-03;six;1;5;;;\n"
        f"{northgate.name};{hospital.name};2026-11-03;6;1;5;;;\n"
        f"{northgate.name};{hospital.name};2027-11-03;4;1;5;;;\n"
        f"{northgate.name};{hospital.name};2026-11-03;4;1;5;weather;;\n"
    )
    checked = import_answers(by=SYSTEM, text=text, at=at, dry_run=True)
    assert (checked.added, checked.refused, checked.saved) == (2, 6, False)
    assert not SatisfactionAnswer.objects.exists()
    done = import_answers(by=SYSTEM, text=text, at=at)
    assert (done.added, done.known, done.refused, done.saved) == (2, 0, 6, True)
    again = import_answers(by=SYSTEM, text=text, at=at)
    assert (again.added, again.known, again.refused) == (0, 2, 6)
    assert SatisfactionAnswer.objects.count() == 2
    assert all(outcome.reason for outcome in done.outcomes if outcome.result == "refused")
    assert Event.objects.filter(type="satisfaction.imported").count() == 2


def test_a_list_of_contributions_waits_for_its_verification(northgate, at):
    text = (
        "partner,kind,title,occurred_on,evidence,quantity\n"
        f"{northgate.name},case study,A ward’s year,2026-11-02,In the archive,2\n"
        f"{northgate.name},poem,A ward’s year,2026-11-02,In the archive,2\n"
        f"{northgate.name},reference,A call,2026-11-02,Minutes,many\n"
    )
    done = import_contributions(by=SYSTEM, text=text, at=at)
    assert (done.added, done.refused) == (1, 2)
    found = ValueContribution.objects.get()
    assert (found.kind, found.quantity, found.state, found.source) == ("case_study", 2, "recorded", "import")
    assert import_contributions(by=SYSTEM, text=text, at=at).known == 1
