"""What people decide about tiers: proposals, overrides, waivers and appeals, with their letters."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from core.errors import Conflict
from core.mail import render
from core.models import Mail
from enablement.models import Certification
from events.models import Event
from inbox.models import Notification, Reminder
from partners.actions import terminate_partner
from reviews.models import Review
from reviews.scorecard import scorecard
from tests.factories import make_vendor_user
from tests.tiers.decisions import (
    asked_of,
    certify_two,
    held_by,
    lose_a_seller,
    put_decisions_in_force,
    tier_named,
)
from tests.tiers.factories import make_draft, make_program, put_in_force
from tiers import actions, rules
from tiers.actions import note_risks
from tiers.actions.appeals import appealable
from tiers.jobs import end_what_is_over
from tiers.models import Grace, Override, Position, Proposal, Standing, Waiver
from tiers.tasks import sweep

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def run(system, at):
    """The recalculation, so many days after the story's day."""

    def recalculated(days=0):
        then = at + days * DAY
        return actions.recalculate(by=system, as_of=then.date(), at=then)

    return recalculated


@pytest.fixture
def decided(version, tracks, system, at):
    return put_decisions_in_force(system, at)


@pytest.fixture
def proposed(northgate, priya, ada, decided, tracks, hire, run):
    """Northgate has what Gold asks for; it is Silver, and Gold waits for a decision."""
    certify_two(northgate, tracks, hire)
    run()
    return Proposal.objects.get(partner=northgate)


@pytest.fixture
def gold(proposed, acting, ada, at):
    actions.grant_proposal(by=acting(ada), proposal=proposed, at=at, answer="Well done.")
    return proposed.partner


@pytest.fixture
def director(program, at):
    """A second one, who did not decide first."""
    return make_vendor_user("dina@vendor.example", "Dina Director", "director", at)


def letters(to, name):
    """What was written to a person under a name: subject and text."""
    found = [render(mail) for mail in Mail.objects.filter(letter=name, to_user=to)]
    return [(subject, text) for subject, text, _html in filter(None, found)]


# Proposals


def test_what_needs_a_decision_is_proposed_and_what_needs_none_comes_at_once(proposed, maya, ada):
    assert (proposed.kind, proposed.from_tier.code, proposed.to_tier.code) == ("rise", "silver", "gold")
    assert held_by(proposed.partner) == "silver"
    told = Notification.objects.filter(kind="tier.proposed")
    assert {note.user for note in told} == {maya, ada}


def test_a_granted_rise_is_the_tier_of_today_and_one_letter_says_it_with_the_facts(gold, priya, proposed):
    assert held_by(gold) == "gold"
    assert Standing.objects.open().get(partner=gold).reason == "decision"
    [(subject, text)] = letters(priya, "tier.proposal_granted")
    assert subject == "You are now Gold"
    assert "Well done." in text
    assert "Certified people: 2, asked for ≥ 2. Met" in text
    assert not letters(priya, "tier.awarded")
    assert Event.objects.filter(type="tier.awarded", data__to="gold").count() == 1


def test_a_declined_rise_says_why_and_is_not_proposed_again_for_a_while(
    proposed, priya, acting, ada, run, at, hire, tracks
):
    with pytest.raises(ValidationError):
        actions.decline_proposal(by=acting(ada), proposal=proposed, answer=" ", at=at)
    actions.decline_proposal(
        by=acting(ada), proposal=proposed, answer="No reference yet.", note="Wait", at=at
    )
    assert held_by(proposed.partner) == "silver"
    [(subject, text)] = letters(priya, "tier.proposal_declined")
    assert subject == "You are not Gold yet"
    assert "No reference yet." in text
    assert "Wait" not in text
    run(1)
    assert not Proposal.objects.waiting().exists()
    then = at + 181 * DAY
    end_what_is_over(then.date(), then)
    run(181)
    assert Proposal.objects.waiting().get().to_tier.code == "gold"
    assert actions.propose_again(at=then) == 0


def test_a_proposal_is_decided_once(gold, proposed, acting, ada, at):
    with pytest.raises(Conflict):
        actions.decline_proposal(by=acting(ada), proposal=proposed, answer="No", at=at)


def test_only_who_may_decides(proposed, acting, maya, priya, at):
    for user in (maya, priya):
        with pytest.raises(PermissionDenied):
            actions.grant_proposal(by=acting(user), proposal=proposed, at=at)


def test_a_proposal_whose_facts_are_gone_is_dropped(proposed, system, run, at):
    lose_a_seller(proposed.partner, system, at + DAY)
    run(1)
    proposed.refresh_from_db()
    assert proposed.state == rules.OBSOLETE


@pytest.fixture
def falling(gold, system, run, at):
    """Gold is no longer met; its grace period has ended, and the fall waits for a decision."""
    lose_a_seller(gold, system, at + DAY)
    run(1)
    run(91)
    return Proposal.objects.waiting().get(partner=gold)


def test_after_the_grace_period_a_fall_waits_for_a_person(falling, priya, acting, ada, at):
    assert (falling.kind, falling.to_tier.code, held_by(falling.partner)) == ("fall", "silver", "gold")
    then = at + 91 * DAY
    actions.grant_proposal(by=acting(ada), proposal=falling, at=then)
    assert held_by(falling.partner) == "silver"
    assert Grace.objects.get(partner=falling.partner).outcome == "lowered"
    [(subject, text)] = letters(priya, "tier.proposal_granted")[-1:]
    assert subject == "You are no longer Gold"
    assert "1 more person" in text
    assert not letters(priya, "tier.lowered")


def test_a_declined_fall_keeps_the_tier_until_a_day(falling, priya, acting, ada, run, at):
    then = at + 91 * DAY
    for until in (None, then.date()):
        with pytest.raises(ValidationError):
            actions.decline_proposal(by=acting(ada), proposal=falling, answer="Stay.", until=until, at=then)
    until = (then + 30 * DAY).date()
    actions.decline_proposal(by=acting(ada), proposal=falling, answer="Stay.", until=until, at=then)
    assert Override.objects.open().get().expires_on == until
    [(subject, _text)] = letters(priya, "tier.proposal_declined")
    assert subject == "You stay Gold until 25 Mar 2027"
    assert not letters(priya, "tier.overridden")
    assert run(92).actions == {"overridden": 1}
    assert run(121).actions == {"grace": 1}
    assert held_by(falling.partner) == "gold"


# Overrides


def override(by, partner, at, tier="gold", days=30, reason="A new product line."):
    return actions.override_tier(
        by=by, partner=partner, tier=tier_named(tier), reason=reason, at=at,
        expires_on=(at + days * DAY).date(),
    )  # fmt: skip


def test_an_override_gives_the_tier_until_a_day_and_one_letter_says_so(
    proposed, priya, maya, acting, ada, at
):
    override(acting(ada), proposed.partner, at)
    assert held_by(proposed.partner) == "gold"
    proposed.refresh_from_db()
    assert proposed.state == rules.OBSOLETE
    [(subject, text)] = letters(priya, "tier.overridden")
    assert subject == "You are Gold until 24 Dec 2026"
    assert "A new product line." in text
    assert not letters(priya, "tier.awarded")[1:]
    planned = Reminder.objects.filter(kind="tier-override", state="planned")
    assert {(r.recipient, r.offset_days) for r in planned} == {
        (u, n) for u in (priya, maya) for n in (7, 30)
    } or {(r.recipient, r.offset_days) for r in planned} == {(u, 7) for u in (priya, maya)}


@pytest.mark.parametrize(("reason", "days"), [(" ", 30), ("Why", 0), ("Why", -1)])
def test_an_override_needs_a_reason_and_a_day_to_come(northgate, decided, acting, ada, at, reason, days):
    with pytest.raises(ValidationError):
        override(acting(ada), northgate, at, reason=reason, days=days)


def test_an_override_never_takes_a_tier_away(gold, acting, ada, at):
    with pytest.raises(ValidationError, match="higher tier"):
        override(acting(ada), gold, at, tier="silver")
    assert override(acting(ada), gold, at, tier="gold").tier.code == "gold"


def test_an_override_that_expires_starts_a_grace_period(northgate, priya, decided, acting, ada, run, at):
    override(acting(ada), northgate, at)
    run(29)
    assert held_by(northgate) == "gold"
    assert run(30).actions == {"grace": 1}
    ended = Override.objects.get()
    assert (ended.end_reason, held_by(northgate)) == ("expired", "gold")
    assert len(letters(priya, "tier.override_ended")) == 1
    assert len(letters(priya, "tier.grace_started")) == 1


def test_a_tier_that_a_decision_holds_is_not_at_risk_until_the_decision_ends(gold, acting, ada, at):
    Certification.objects.update(expires_on=date(2027, 1, 18))
    assert note_risks(as_of=at.date(), at=at) == 1
    found = override(acting(ada), gold, at)
    assert Position.objects.get(partner=gold).at_risk_on is None
    assert note_risks(as_of=at.date(), at=at) == 0
    actions.end_override(by=acting(ada), override=found, at=at + DAY)
    sweep(at + DAY)
    assert Position.objects.get(partner=gold).at_risk_on == date(2027, 1, 18)


def test_an_override_that_is_ended_early_starts_a_grace_period_at_the_next_look(
    northgate, decided, acting, ada, run, at
):
    found = override(acting(ada), northgate, at)
    run()
    actions.end_override(by=acting(ada), override=found, at=at + DAY)
    sweep(at + DAY)
    assert Grace.objects.open().get(partner=northgate).standing.tier.code == "gold"
    with pytest.raises(Conflict):
        actions.end_override(by=acting(ada), override=found, at=at + DAY)


def test_a_higher_tier_that_is_earned_ends_the_override(
    northgate, priya, decided, tracks, hire, acting, ada, run, at
):
    override(acting(ada), northgate, at, tier="authorized")
    certify_two(northgate, tracks, hire)
    run(1)
    assert (held_by(northgate), Override.objects.get().end_reason) == ("silver", "earned")
    assert not letters(priya, "tier.override_ended")


# Waivers


def waive(by, partner, at, tier="gold", key="certified_people_sales", days=30, reason="Sells by phone."):
    return actions.waive_requirement(
        by=by, partner=partner, requirement=asked_of(tier, key), reason=reason, at=at,
        expires_on=(at + days * DAY).date(),
    )  # fmt: skip


def test_a_waiver_counts_on_the_scorecard_of_a_review(
    northgate, version, tracks, hire, acting, ada, run, system, at
):
    certify_two(northgate, tracks, hire)
    run()
    lose_a_seller(northgate, system, at)
    run(1)

    def missed():
        found = scorecard(Review(partner=northgate), (at + 2 * DAY).date())
        return {row["metric"] for row in found["rows"] if row["state"] != "met"}

    assert missed() == {"certified_people", "certified_people_sales"}
    waive(acting(ada), northgate, at + DAY)
    run(1)
    assert missed() == {"certified_people"}


def test_a_waiver_counts_as_met_until_its_day_and_then_grace_starts(
    northgate, priya, version, tracks, hire, acting, ada, run, system, at
):
    certify_two(northgate, tracks, hire)
    lose_a_seller(northgate, system, at)
    waive(acting(ada), northgate, at)
    waive(acting(ada), northgate, at, key="certified_people")
    sweep(at)
    assert held_by(northgate) == "gold"
    [first, _second] = letters(priya, "tier.requirement_waived")
    assert "Sells by phone." in first[1]
    then = at + 30 * DAY
    assert end_what_is_over(then.date(), then)["waivers_ended"] == 2
    assert end_what_is_over(then.date(), then)["waivers_ended"] == 0
    assert run(30).actions == {"grace": 1}
    assert len(letters(priya, "tier.waiver_ended")) == 2


def test_an_expired_waiver_may_be_given_again_and_a_running_one_may_not(northgate, version, acting, ada, at):
    waive(acting(ada), northgate, at)
    with pytest.raises(ValidationError, match="waived already"):
        waive(acting(ada), northgate, at)
    again = waive(acting(ada), northgate, at + 40 * DAY)
    assert Waiver.objects.exclude(pk=again.pk).get().ended_on == (at + 30 * DAY).date()


def test_not_everything_can_be_waived(northgate, system, acting, ada, version, at):
    need = asked_of("gold", "certified_people_sales")
    type(need).objects.filter(pk=need.pk).update(is_waivable=False)
    with pytest.raises(ValidationError, match="cannot be waived"):
        waive(acting(ada), northgate, at)


def test_a_requirement_of_a_version_not_in_force_is_not_waived(northgate, acting, ada, version, system, at):
    need = asked_of("gold", "certified_people")
    put_in_force(make_draft(), at)
    with pytest.raises(ValidationError, match="not in force"):
        actions.waive_requirement(
            by=acting(ada), partner=northgate, requirement=need, reason="x", at=at,
            expires_on=(at + DAY).date(),
        )  # fmt: skip


def test_a_waiver_ends_early_once(northgate, version, acting, ada, at):
    waiver = waive(acting(ada), northgate, at)
    assert actions.end_waiver(by=acting(ada), waiver=waiver, at=at + DAY).ended_on == (at + DAY).date()
    with pytest.raises(Conflict):
        actions.end_waiver(by=acting(ada), waiver=waiver, at=at + DAY)


# Appeals


@pytest.fixture
def declined(proposed, acting, ada, at):
    return actions.decline_proposal(by=acting(ada), proposal=proposed, answer="No reference yet.", at=at)


@pytest.fixture
def appeal(declined, acting, priya, at):
    return actions.file_tier_appeal(
        by=acting(priya), partner=declined.partner, subject_id=declined.pk, grounds="We have two.", at=at
    )


def test_a_declined_rise_is_appealed_once_and_in_time(declined, appeal, priya, maya, ada, acting, at):
    assert appeal.first_decided_by == ada
    assert appeal.due_at > at
    assert letters(priya, "tier_appeal.submitted")[0][0] == "We have your appeal about Gold"
    assert {n.user for n in Notification.objects.filter(kind="tier_appeal.submitted")} == {maya, ada}
    with pytest.raises(Conflict):
        actions.file_tier_appeal(
            by=acting(priya), partner=declined.partner, subject_id=declined.pk, grounds="Again", at=at
        )


def test_after_the_last_day_nothing_may_be_appealed(declined, at):
    assert [one.subject_id for one in appealable(declined.partner, (at + 30 * DAY).date())] == [declined.pk]
    assert appealable(declined.partner, (at + 31 * DAY).date()) == []


def test_whoever_decided_does_not_decide_the_appeal(appeal, acting, ada, at):
    until = (at + 90 * DAY).date()
    for decide in (
        lambda: actions.uphold_tier_appeal(by=acting(ada), appeal=appeal, until=until, at=at),
        lambda: actions.dismiss_tier_appeal(by=acting(ada), appeal=appeal, answer="No", at=at),
    ):
        with pytest.raises(PermissionDenied, match="made the decision"):
            decide()


def test_an_upheld_appeal_gives_the_tier_until_a_day(appeal, priya, ada, maya, acting, director, at):
    until = (at + 90 * DAY).date()
    actions.uphold_tier_appeal(
        by=acting(director), appeal=appeal, until=until, answer="You are right.", at=at
    )
    standing = Standing.objects.open().get(partner=appeal.partner)
    assert (standing.tier.code, standing.reason) == ("gold", "appeal")
    [(subject, text)] = letters(priya, "tier_appeal.upheld")
    assert subject == "Your appeal about Gold is upheld"
    assert "until 22 Feb 2027" in text
    assert not letters(priya, "tier.overridden")
    told = Notification.objects.filter(kind="tier_appeal.upheld_by_colleague")
    assert {note.user for note in told} == {ada, maya}


def test_an_upheld_appeal_replaces_an_override_of_a_lower_tier(appeal, acting, ada, director, at):
    override(acting(ada), appeal.partner, at, tier="silver")
    actions.uphold_tier_appeal(by=acting(director), appeal=appeal, until=(at + 9 * DAY).date(), at=at)
    ended, running = Override.objects.order_by("tier__rank")
    assert (ended.end_reason, running.tier.code, running.ended_on) == ("replaced", "gold", None)


def test_an_appeal_is_upheld_until_a_day_to_come(appeal, acting, director, at):
    with pytest.raises(ValidationError, match="day that is to come"):
        actions.uphold_tier_appeal(by=acting(director), appeal=appeal, until=at.date(), at=at)


def test_a_dismissed_appeal_has_an_answer_with_the_facts(appeal, priya, acting, director, at):
    with pytest.raises(ValidationError):
        actions.dismiss_tier_appeal(by=acting(director), appeal=appeal, answer="", at=at)
    actions.dismiss_tier_appeal(by=acting(director), appeal=appeal, answer="One is too old.", at=at)
    assert held_by(appeal.partner) == "silver"
    [(subject, text)] = letters(priya, "tier_appeal.dismissed")
    assert "the decision stands" in subject
    assert "One is too old." in text


def test_a_withdrawn_appeal_is_answered_no_more(appeal, acting, priya, director, at):
    actions.withdraw_tier_appeal(by=acting(priya), appeal=appeal, at=at)
    with pytest.raises(Conflict):
        actions.dismiss_tier_appeal(by=acting(director), appeal=appeal, answer="No", at=at)


def test_a_grace_period_and_the_fall_after_it_may_be_appealed(falling, system, acting, ada, at):
    gold, first, then = falling.partner, at + DAY, at + 91 * DAY
    [grace] = appealable(gold, first.date())
    assert (grace.against, grace.tier.code, grace.decided_by_id) == ("grace", "gold", None)
    assert grace.evaluation.action == "grace"
    actions.grant_proposal(by=acting(ada), proposal=falling, at=then)
    [fall] = appealable(gold, then.date())
    assert (fall.against, fall.tier.code, fall.decided_by_id) == ("lowered", "gold", ada.pk)


def test_an_appeal_against_a_grace_period_that_is_upheld_ends_it(gold, system, priya, acting, ada, run, at):
    lose_a_seller(gold, system, at + DAY)
    run(1)
    grace, then = Grace.objects.open().get(), at + 2 * DAY
    appeal = actions.file_tier_appeal(
        by=acting(priya), partner=gold, subject_id=grace.pk, grounds="She is back next month.", at=then
    )
    actions.uphold_tier_appeal(by=acting(ada), appeal=appeal, until=(then + 60 * DAY).date(), at=then)
    grace.refresh_from_db()
    assert (grace.outcome, held_by(gold)) == ("appeal", "gold")


# Leaving


def test_a_partner_that_leaves_leaves_nothing_that_waits_or_holds(appeal, acting, ada, system, at):
    override(acting(ada), appeal.partner, at, tier="silver")
    waive(acting(ada), appeal.partner, at)
    terminate_partner(by=system, partner=appeal.partner, reason_code="mutual", comment="End", at=at)
    appeal.refresh_from_db()
    assert appeal.state == rules.WITHDRAWN
    assert Override.objects.get().end_reason == "left"
    assert Waiver.objects.get().ended_on
    assert held_by(appeal.partner) == ""
    assert not Proposal.objects.waiting().exists()


def test_the_partner_itself_says_the_tier_of_its_primary_program(northgate, version, tracks, hire, run, at):
    certify_two(northgate, tracks, hire)
    run()
    first = make_program("first", "First", position=0)
    put_in_force(make_draft(program=first), at)
    first.categories.set([])
    actions.mirror_if_changed(northgate.pk, at)
    northgate.refresh_from_db()
    assert northgate.tier_code == ""
    run(1)
    northgate.refresh_from_db()
    assert northgate.tier_code == "gold"
