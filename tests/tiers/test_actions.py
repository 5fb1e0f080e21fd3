"""Recalculating, awarding, grace, lowering and publishing, on real facts."""

import random
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction

from core.errors import Conflict
from core.mail import render
from core.models import Mail
from enablement.actions import revoke_certification, sign_learning_plan
from enablement.models import Certification
from events.models import Event
from inbox.models import Reminder
from metrics.actions import touch
from metrics.models import Touched
from partners.actions import note_departure, terminate_partner
from partners.models import Partner
from tests.enablement.factories import certify
from tests.factories import make_partner
from tests.tiers.factories import content, make_draft, put_in_force
from tiers import rules
from tiers.actions import begin_program, note_risks, recalculate
from tiers.facts import as_stored, rungs_of
from tiers.models import Evaluation, Grace, Position, ProgramVersion, Standing, TierRun
from tiers.querysets import benefit_codes, evaluation_of, partners_with_benefit, standing_of
from tiers.tasks import nightly, sweep

pytestmark = pytest.mark.django_db
A_DAY = timedelta(days=1)


@pytest.fixture
def run(system, at):
    """Recalculate so many days after the story's day."""

    def recalculated(days=0, ids=None, by=system):
        then = at + timedelta(days=days)
        return recalculate(by=by, as_of=then.date(), at=then, partner_ids=ids)

    return recalculated


@pytest.fixture
def gold(northgate, version, tracks, hire, run):
    """Northgate is Gold: two certified people, one of them in sales until 18 January 2027."""
    certify(hire(northgate, "Dana"), tracks["sales"], date(2025, 1, 18))
    certify(hire(northgate, "Luis"), tracks["platform"], date(2026, 1, 5))
    run()
    northgate.refresh_from_db()
    return northgate


def tier_of(partner, on=date(2026, 11, 24)):
    standing = standing_of(partner, on)
    return standing.tier.code if standing else None


def test_a_partner_rises_by_several_tiers_at_once_and_everything_says_so(gold, version, at):
    standing = standing_of(gold, at.date())
    assert (standing.tier.code, standing.reason, standing.ends_on) == ("gold", "initial", None)
    assert (gold.tier_code, gold.tier_name, gold.tier_rank) == ("gold", "Gold", 3)
    event = Event.objects.get(type="tier.awarded")
    assert event.data == {
        "from": None, "to": "gold", "program": "levels", "version": 1, "reason": "initial",
    }  # fmt: skip
    assert standing.evaluation.facts["certified_people"] == {"value": 2, "rows": 2}
    assert standing.evaluation.facts["learning_plan_signed"] == {"value": None, "rows": 0}


def test_a_second_run_changes_nothing(gold, run):
    before = (Evaluation.objects.count(), Event.objects.count(), Position.objects.get(partner=gold).version)
    result = run()
    assert (result.differed, result.actions) == (0, {})
    assert (
        Evaluation.objects.count(), Event.objects.count(), Position.objects.get(partner=gold).version,
    ) == before  # fmt: skip


def test_a_partner_without_facts_is_evaluated_once_and_stays_without_a_tier(albion, version, run):
    run()
    run(1)
    evaluation = Evaluation.objects.get(partner=albion)
    assert (evaluation.eligible_code, evaluation.action) == ("", "none")
    assert tier_of(albion) is None


def test_nobody_is_evaluated_before_activation_or_outside_the_program(version, run, at):
    waiting = make_partner("Waiting Systems", active=False, at=at - timedelta(days=9))
    Partner.objects.filter(pk=waiting.pk).update(participates_in_tiers=True)
    outside = make_partner("Outside Health", at=at - timedelta(days=9))
    Partner.objects.filter(pk=outside.pk).update(participates_in_tiers=False)
    assert run().looked_at == 0


def test_from_silver_to_gold_the_old_standing_ends_where_the_new_begins(
    northgate, version, tracks, hire, run
):
    certify(hire(northgate), tracks["sales"], date(2026, 1, 5))
    run()
    certify(hire(northgate), tracks["platform"], date(2026, 11, 25))
    run(1)
    silver, gold = Standing.objects.filter(partner=northgate).order_by("starts_on")
    assert (silver.tier.code, gold.tier.code) == ("silver", "gold")
    assert silver.ends_on == gold.starts_on == date(2026, 11, 25)
    assert (tier_of(northgate), tier_of(northgate, date(2026, 11, 25))) == ("silver", "gold")


def test_two_rises_on_one_day_leave_one_tier_for_that_day(northgate, version, tracks, hire, run):
    certify(hire(northgate), tracks["sales"], date(2026, 1, 5))
    run()
    certify(hire(northgate), tracks["platform"], date(2026, 1, 5))
    run()
    assert tier_of(northgate) == "gold"
    assert Standing.objects.in_force(date(2026, 11, 24)).count() == 1


def lose_the_seller(system, at):
    certification = Certification.objects.get(track__code="sales")
    revoke_certification(by=system, certification=certification, reason_code="left_company", at=at)


def test_a_tier_that_is_no_longer_earned_stays_through_its_grace_period(gold, priya, maya, system, run, at):
    lose_the_seller(system, at + A_DAY)
    assert run(1).actions == {"grace": 1}
    grace = Grace.objects.get(partner=gold)
    assert (grace.starts_on, grace.ends_on) == (date(2026, 11, 25), date(2027, 2, 23))
    assert grace.missing == ["certified_people", "certified_people_sales"]
    assert run(90).actions == {}
    assert tier_of(gold, date(2027, 2, 22)) == "gold"
    letter = Mail.objects.get(letter="tier.grace_started")
    assert letter.to_user == priya
    assert {r.recipient for r in Reminder.objects.filter(subject_id=grace.id)} == {priya, maya}


def test_when_the_grace_period_is_over_the_tier_falls_to_what_is_still_earned(gold, priya, system, run, at):
    lose_the_seller(system, at + A_DAY)
    run(1)
    assert run(91).actions == {"downgrade": 1}
    gold.refresh_from_db()
    assert gold.tier_code == "silver"
    grace = Grace.objects.get(partner=gold)
    assert (grace.outcome, grace.closed_on) == ("lowered", date(2027, 2, 23))
    event = Event.objects.get(type="tier.lowered")
    assert event.data == {
        "from": "gold", "to": "silver", "program": "levels", "version": 1, "reason": "grace_ended",
    }  # fmt: skip
    assert not Reminder.objects.filter(subject_id=grace.id, state="planned").exists()
    assert run(92).actions == {}


def test_what_comes_back_in_time_ends_the_grace_period(gold, tracks, system, hire, run, at):
    lose_the_seller(system, at + A_DAY)
    run(1)
    certify(hire(gold), tracks["sales"], date(2026, 12, 1))
    assert run(7).actions == {"recovered": 1}
    assert Grace.objects.get(partner=gold).outcome == "recovered"
    assert run(100).actions == {}
    assert tier_of(gold, date(2027, 3, 4)) == "gold"


def test_a_person_who_leaves_no_longer_carries_the_tier(gold, system, run, at):
    note_departure(
        by=system, contact=Certification.objects.get(track__code="platform").contact, at=at + A_DAY
    )
    assert run(1).actions == {"grace": 1}


def test_a_terminated_partner_holds_no_tier(gold, system, at):
    terminate_partner(by=system, partner=gold, reason_code="mutual", at=at + A_DAY)
    gold.refresh_from_db()
    assert (gold.tier_code, gold.tier_rank) == ("", None)
    assert tier_of(gold, date(2026, 11, 25)) is None
    assert Event.objects.filter(type="tier.ended").count() == 1


def test_who_leaves_the_program_loses_its_tier_at_the_next_run(gold, run):
    Partner.objects.filter(pk=gold.pk).update(participates_in_tiers=False)
    run(1)
    assert tier_of(gold, date(2026, 11, 25)) is None


def test_a_day_before_the_last_evaluation_is_left_alone(gold, run, system, at):
    before = Evaluation.objects.count()
    lose_the_seller(system, at - timedelta(days=3))
    run(-2)
    assert Evaluation.objects.count() == before
    assert tier_of(gold) == "gold"


def test_an_evaluation_is_never_changed_or_deleted(gold):
    for change in (
        lambda: Evaluation.objects.update(eligible_code="platinum"),
        lambda: Evaluation.objects.all().delete(),
        lambda: Position.objects.all().delete() and Evaluation.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(Exception, match=r"append-only|Cannot delete"), transaction.atomic():
            change()
    assert Evaluation.objects.exists()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM tiers_evaluation")


def test_a_replay_of_the_stored_facts_gives_the_stored_seal(gold, at):
    evaluation = evaluation_of(gold, at.date())
    verdict = rules.evaluate(rungs_of(evaluation.program_version), evaluation.known_facts)
    assert rules.seal(evaluation.engine, evaluation.known_fingerprint, verdict) == evaluation.seal
    assert verdict.as_stored == evaluation.verdict
    assert as_stored(evaluation) == verdict


def test_benefits_are_stated_or_inherited_and_follow_the_tier(gold, albion, at):
    assert benefit_codes(gold, at.date()) == {"resources", "portal", "qbr"}
    assert benefit_codes(albion, at.date()) == set()
    assert list(partners_with_benefit("qbr", at.date())) == [gold]
    assert not partners_with_benefit("qbr", at.date() - A_DAY).exists()
    stated = {b.benefit.code: b.is_inherited for b in standing_of(gold, at.date()).tier.benefits.all()}
    assert stated == {"qbr": False, "portal": True, "resources": True}


def test_admins_are_written_to_when_their_company_rises(priya, sam, gold):
    mail = Mail.objects.get(letter="tier.awarded")
    assert mail.to_user == priya
    subject, text, _html = render(mail)
    assert subject == "You are now Gold"
    assert "20 to 25%" in text
    assert "Quarterly reviews" in text


# Versions


def test_a_new_version_carries_the_tier_over_and_gives_grace_for_what_it_asks_more(gold, system, run, at):
    second = make_draft(content(gold={"certified_people": 3}))
    put_in_force(second, at + A_DAY)
    assert run(1).actions == {"grace": 1}
    standing = standing_of(gold, date(2026, 11, 25))
    assert (standing.tier.code, standing.tier.program_version_id, standing.reason) == (
        "gold",
        second.id,
        "program_change",
    )
    assert ProgramVersion.objects.get(number=1).state == "superseded"
    assert Event.objects.filter(type="tier.carried_over").count() == 1


def test_a_version_without_the_held_tier_moves_its_holders_to_the_nearest_below(gold, system, run, at):
    made = content()
    made["tiers"].pop("gold")
    put_in_force(make_draft(made), at + A_DAY)
    run(1)
    gold.refresh_from_db()
    assert gold.tier_code == "silver"


def test_only_a_director_begins_a_program_and_only_with_a_draft(maya, acting, system, program, at):
    draft = make_draft(content(gold={"certified_people": 3}))
    with pytest.raises(PermissionDenied):
        begin_program(by=acting(maya), version=draft, at=at)
    begun = begin_program(by=system, version=draft, at=at)
    assert (begun.state, begun.effective_from) == ("active", date(2026, 11, 24))
    with pytest.raises(Conflict):
        begin_program(by=system, version=begun, at=at)


def test_without_a_published_version_nothing_happens(northgate, tracks, run):
    make_draft()
    assert run().versions == {}
    assert not Evaluation.objects.exists()


def test_a_manager_recalculates_her_own_partners_alone(maya, acting, northgate, albion, version, run):
    assert run(by=acting(maya)).looked_at == 1
    assert set(Evaluation.objects.values_list("partner", flat=True)) == {northgate.id}


def test_a_partner_recalculates_nothing(priya, acting, northgate, version, run):
    with pytest.raises(PermissionDenied):
        run(by=acting(priya))


# All at once, one by one, and what was touched


def make_many(tracks, hire, seed: int, at):
    draw = random.Random(seed)
    partners = [make_partner(f"Many{n} Systems", at=at - timedelta(days=900)) for n in range(8)]
    for partner in partners:
        for _n in range(draw.randrange(4)):
            person = hire(partner)
            for track in draw.sample(list(tracks.values()), draw.randrange(3)):
                certify(person, track, date(2024, 6, 1) + timedelta(days=draw.randrange(900)))
    return partners


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_all_at_once_equals_one_by_one(version, tracks, hire, run, at, seed):
    partners = make_many(tracks, hire, seed, at)
    with transaction.atomic():
        run()
        together = {p.pk: (tier_of(p), evaluation_of(p, at.date()).seal) for p in partners}
        transaction.set_rollback(True)
    for partner in partners:
        run(ids=[partner.pk])
    assert {p.pk: (tier_of(p), evaluation_of(p, at.date()).seal) for p in partners} == together
    assert len({tier for tier, _seal in together.values()}) > 1


@pytest.mark.parametrize("seed", [4, 5])
def test_touched_and_nightly_together_equal_a_full_run_at_the_end(version, tracks, hire, run, at, seed):
    partners = make_many(tracks, hire, seed, at)
    for days in range(-200, 1, 20):
        sweep(at + timedelta(days=days))
        nightly((at + timedelta(days=days)).date(), at + timedelta(days=days))
    on = at.date()
    for partner in partners:
        facts = evaluation_of(partner, on).known_facts
        fresh = rules.evaluate(rungs_of(version), facts)
        assert evaluation_of(partner, on).verdict == fresh.as_stored
    assert run().differed == 0


def test_the_number_of_queries_of_a_quiet_night_does_not_grow(
    version, tracks, hire, run, django_assert_max_num_queries, at
):
    make_many(tracks, hire, 1, at)
    run()
    with django_assert_max_num_queries(26):
        run(1)


def test_a_sweep_serves_who_was_touched_and_forgets_the_request(northgate, albion, version, tracks, hire, at):
    nightly(at.date(), at)
    certify(hire(northgate), tracks["sales"], date(2026, 11, 20))
    assert Touched.objects.filter(partner=northgate).exists()
    assert sweep(at) >= 1
    assert tier_of(northgate) == "silver"
    assert not Touched.objects.exists()


def test_a_request_that_comes_while_another_is_served_is_not_lost(northgate, version, at, monkeypatch):
    nightly(at.date(), at)
    touch(northgate.id, at=at)
    served = []

    def recalculate_and_be_touched(**options):
        served.append(options["partner_ids"])
        if len(served) == 1:
            touch(northgate.id, at=at)
        return recalculate(**options)

    monkeypatch.setattr("tiers.tasks.recalculate", recalculate_and_be_touched)
    sweep(at)
    assert len(served) == 2
    assert not Touched.objects.exists()


def test_a_sweep_that_is_killed_leaves_the_request(northgate, version, at, monkeypatch):
    nightly(at.date(), at)
    Touched.objects.all().delete()
    touch(northgate.id, at=at)
    monkeypatch.setattr("tiers.tasks.recalculate", lambda **options: 1 / 0)
    sweep(at)
    assert Touched.objects.filter(partner=northgate).exists()


def test_a_new_version_is_looked_at_by_the_next_sweep(gold, system, at):
    put_in_force(make_draft(content(gold={"certified_people": 3})), at)
    sweep(at)
    assert Grace.objects.open().filter(partner=gold).exists()


def nights_of(sweep_at, monkeypatch):
    fell = []
    monkeypatch.setattr("tiers.tasks.nightly", lambda day, at: fell.append(day))
    sweep(sweep_at)
    return len(fell)


def test_a_version_that_all_were_held_against_is_not_new(northgate, version, run, at, monkeypatch):
    assert nights_of(at, monkeypatch) == 1
    monkeypatch.undo()
    nightly(at.date(), at)
    assert TierRun.objects.get(kind=rules.FULL).program_version == version
    assert nights_of(at, monkeypatch) == 0


@pytest.mark.parametrize(("ended", "nights"), [(False, 1), (True, 0)])
def test_a_night_that_was_killed_is_made_up_for_and_one_with_errors_is_not_repeated(
    northgate, version, at, monkeypatch, ended, nights
):
    nightly(at.date(), at)
    TierRun.objects.filter(kind=rules.FULL).update(failed=1, **({} if ended else {"ended_at": None}))
    assert nights_of(at, monkeypatch) == nights


# Risk


def test_a_tier_is_at_risk_on_the_day_on_which_its_last_seller_ends(gold, at):
    assert note_risks(as_of=at.date(), at=at) == 1
    position = Position.objects.get(partner=gold)
    assert (position.at_risk_on, position.at_risk_metric) == (date(2027, 1, 18), "certified_people")


def test_a_renewal_takes_the_risk_away(gold, tracks, at):
    note_risks(as_of=at.date(), at=at)
    certify(Certification.objects.get(track__code="sales").contact, tracks["sales"], date(2026, 11, 24))
    assert note_risks(as_of=at.date(), at=at) == 0
    assert Position.objects.get(partner=gold).at_risk_on is None


def test_a_learning_plan_alone_makes_authorized(albion, version, system, hire, run, at):
    sign_learning_plan(by=system, partner=albion, signed_by=hire(albion), at=at)
    run()
    assert tier_of(albion) == "authorized"
