"""The night: announced versions come, who was touched or lies at an edge is looked at, and nobody is missed."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enablement.actions import revoke_certification, sign_learning_plan
from enablement.models import Certification
from metrics.models import Touched
from partners.models import Partner
from tests.enablement.factories import certify
from tests.factories import make_partner
from tests.tiers.factories import content, make_draft
from tiers import rules
from tiers.actions import approve_version, recalculation, schedule_version, submit_version
from tiers.models import Evaluation, ProgramVersion, Standing, TierRun
from tiers.tasks import nightly

pytestmark = pytest.mark.django_db
A_DAY = timedelta(days=1)


@pytest.fixture
def night(at):
    def fell(days=0):
        then = at + days * A_DAY
        return nightly(then.date(), then)

    return fell


def full_runs():
    return TierRun.objects.filter(kind=rules.FULL).order_by("as_of", "created_at")


def test_a_night_keeps_what_it_did(northgate, version, tracks, hire, night):
    certify(hire(northgate), tracks["sales"], date(2026, 1, 5))
    night()
    run = full_runs().get()
    assert (run.looked_at, run.judged, run.failed) == (1, 0, 0)
    first = TierRun.objects.get(kind=rules.INCREMENTAL)
    assert (first.judged, first.actions, first.ended_at is not None) == (1, {"initial": 1}, True)


def test_who_lies_at_the_edge_of_a_window_is_looked_at_without_any_event(
    northgate, version, tracks, hire, night
):
    certify(hire(northgate), tracks["sales"], date(2026, 1, 5), expires_on=date(2026, 11, 26))
    night()
    night(1)
    assert not TierRun.objects.filter(as_of=date(2026, 11, 25), kind=rules.INCREMENTAL).exists()
    night(2)
    assert TierRun.objects.get(as_of=date(2026, 11, 26), kind=rules.INCREMENTAL).actions == {"grace": 1}
    assert [run.missed for run in full_runs()] == [None, 0, 0]  # the first had nothing to be compared with


def test_what_changed_without_a_word_is_found_by_the_full_run_and_counted(
    northgate, version, tracks, hire, night
):
    certification = certify(hire(northgate), tracks["sales"], date(2026, 1, 5))
    night()
    Certification.objects.filter(pk=certification.pk).update(
        revoked_on=date(2026, 11, 1), revocation_reason="other"
    )
    night(1)
    assert full_runs().last().missed == 1
    assert full_runs().last().actions == {"grace": 1}


def test_a_version_comes_into_force_on_its_day(northgate, version, tracks, hire, system, night, at):
    certify(hire(northgate), tracks["sales"], date(2026, 1, 5))
    night()
    draft = make_draft(content(silver={"certified_people": 2}))
    submit_version(by=system, version=draft, at=at)
    approve_version(by=system, version=draft, at=at)
    schedule_version(by=system, version=draft, effective_from=at.date() + 60 * A_DAY, at=at)
    night(59)
    assert ProgramVersion.objects.active().get().number == 1
    night(60)
    assert ProgramVersion.objects.active().get().number == 2
    assert Standing.objects.open().get(partner=northgate).tier.program_version.number == 2
    assert full_runs().last().actions == {"grace": 1}
    night(61)
    assert [run.missed for run in full_runs()] == [None, 0, None, 0]


def test_a_partner_that_fails_is_named_and_stops_no_other(northgate, albion, version, night, at, monkeypatch):
    original = recalculation._evaluation

    def failing(case, *rest):
        if case.partner_id == northgate.id:
            raise ZeroDivisionError("a fact of nothing")
        return original(case, *rest)

    monkeypatch.setattr(recalculation, "_evaluation", failing)
    night()
    run = full_runs().get()
    assert (run.failed, run.errors) == (
        1, [{"partner": str(northgate.id), "error": "ZeroDivisionError: a fact of nothing"}],
    )  # fmt: skip
    assert set(Evaluation.objects.values_list("partner", flat=True)) == {albion.id}


def test_a_night_that_is_killed_is_finished_by_the_next(version, tracks, hire, night, at, monkeypatch):
    partners = [make_partner(f"Partner {n}", at=at - A_DAY) for n in range(4)]
    for partner in partners:
        certify(hire(partner), tracks["sales"], date(2026, 1, 5))
    Touched.objects.all().delete()
    monkeypatch.setattr(recalculation, "BATCH", 1)
    original, judged = recalculation._judge, []

    def dying(*args):
        if len(judged) == 2:
            raise SystemExit
        judged.append(args)
        return original(*args)

    monkeypatch.setattr(recalculation, "_judge", dying)
    with pytest.raises(SystemExit):
        night()
    assert Standing.objects.open().count() == 2
    monkeypatch.setattr(recalculation, "_judge", original)
    night()
    assert Standing.objects.open().count() == 4
    assert Evaluation.objects.count() == 4


FACTS = st.lists(
    st.tuples(st.sampled_from(["certify", "revoke", "plan"]), st.integers(0, 2), st.integers(0, 200)),
    max_size=8,
)


@given(FACTS, st.lists(st.integers(1, 130), min_size=1, max_size=4))
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_incremental_equals_full_whatever_happens_and_however_long_the_nights_are_apart(
    version, tracks, hire, system, at, facts, gaps
):
    with transaction.atomic():  # each example has a time of its own, which begins anew
        partners = [make_partner(f"P{Partner.objects.count()}", at=at - 400 * A_DAY) for _n in range(3)]
        then = at
        nightly(then.date(), then)
        for gap in gaps:
            for kind, whose, age in facts:
                happen(kind, partners[whose], age, tracks, hire, system, then)
            then += gap * A_DAY
            nightly(then.date(), then)
            assert full_runs().last().missed == 0
            judged = Evaluation.objects.filter(as_of=then.date())
            assert all(evaluation.engine == rules.ENGINE for evaluation in judged)
        transaction.set_rollback(True)


def happen(kind, partner, age, tracks, hire, system, at):
    day = at.date()
    if kind == "certify":
        ends = day + timedelta(days=1 + age)
        certify(hire(partner), tracks["sales" if age % 2 else "platform"], day - age * A_DAY, expires_on=ends)
    elif kind == "plan" and not partner.learning_plans.filter(signed_on=day).exists():
        sign_learning_plan(by=system, partner=partner, signed_by=hire(partner), at=at)
    elif kind == "revoke":
        held = Certification.objects.filter(contact__partner=partner, revoked_on=None).first()
        if held:
            revoke_certification(by=system, certification=held, reason_code="left_company", at=at)
