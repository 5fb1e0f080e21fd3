"""Conflict cases: once per pair, both sides heard apart, decided by a second person, carried out in one moment."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from catalog.models import Product
from core.errors import Conflict
from core.mail import render
from core.models import Mail
from deals import actions, case_rules, conflict, explanation
from deals.actions.cases import rules_of
from deals.engagement import Section
from deals.models import CaseParty, ConflictCase, ConflictCheck, Deal, EngagementRules, Protection
from events.models import Event
from files.models import Attachment
from inbox.models import Notification
from partners import actions as organizations
from partners.models import Organization, Restructuring
from tests.deals.factories import CASE_RULES, PDF, approved, hold_rules, submitted
from tests.factories import make_organization, make_partner, make_vendor_user

pytestmark = pytest.mark.django_db
MILD = {"is_adverse": False, "because": "It is shorter."}


@pytest.fixture(autouse=True)
def terms(program, at):
    """The rules of engagement in force, by two of which cases are decided."""
    return hold_rules(at - timedelta(days=90))


@pytest.fixture
def hospital(program):
    return make_organization("Harbor Valley General", kind="hospital")


@pytest.fixture
def claims(hospital, northgate, albion, priya, rhys, at):
    """Northgate's and, an hour later, Albion's registration of one hospital, nothing decided."""
    earlier = submitted(northgate, at - timedelta(hours=1), hospital)
    return earlier, submitted(albion, at, hospital, customer_name="HV General")


@pytest.fixture
def case(claims, system, at):
    return actions.open_case(by=system, deal=claims[0], other=claims[1], at=at)


@pytest.fixture
def proposed(case, system, at):
    return propose(case, system, at)


def propose(case, by, at, outcome="first", **more):
    return actions.propose_outcome(
        by=by, case=case, outcome=outcome, proposal="They were first.", at=at, **more
    )


def decide(case, by, at, outcome="first", **more):
    facts = {"rule": "first_complete", "reasoning": "A complete registration was there first.", **more}
    return actions.decide_case(by=by, case=case, outcome=outcome, at=at, **facts)


def state_of(deal):
    return Deal.objects.get(pk=deal.pk).state


def test_a_case_is_opened_once_for_a_pair_whoever_asks(claims, system, at):
    first = actions.open_case(by=system, deal=claims[0], other=claims[1], at=at)
    again = actions.open_case(by=system, deal=claims[1], other=claims[0], at=at)
    assert again == first
    assert [party.deal for party in first.parties.all()] == list(claims)


def test_a_case_has_two_sides_of_different_partners(claims, hospital, northgate, system, at):
    with pytest.raises(ValidationError, match="Name another"):
        actions.open_case(by=system, deal=claims[0], at=at)
    twin = submitted(northgate, at, hospital, customer_name="HV General again")
    with pytest.raises(ValidationError, match="duplicate"):
        actions.open_case(by=system, deal=claims[0], other=twin, at=at)
    actions.withdraw_deal(by=system, deal=claims[1], reason="no_opportunity", at=at)
    with pytest.raises(Conflict, match="over"):
        actions.open_case(by=system, deal=claims[0], other=Deal.objects.get(pk=claims[1].pk), at=at)


def test_nothing_is_approved_while_a_case_runs(case, claims, system, at):
    with pytest.raises(Conflict, match=f"case {case.number}"):
        actions.approve_deal(by=system, deal=claims[0], at=at)
    actions.close_case(by=system, case=case, reasoning="Different departments.", at=at)
    actions.approve_deal(by=system, deal=claims[0], at=at)


def test_a_partner_learns_of_a_case_once_it_is_asked(case, claims, priya, acting, system, at):
    mine = CaseParty.objects.visible_to(acting(priya))
    assert not mine.exists()
    actions.gather_evidence(by=system, case=case, at=at)
    assert [party.deal for party in mine] == [claims[0]]
    assert not ConflictCase.objects.visible_to(acting(priya)).exists()
    assert set(Mail.objects.filter(letter="case.party_asked").values_list("to_user__name", flat=True)) == {
        "Priya Raman", "Rhys Carver",
    }  # fmt: skip


def test_evidence_comes_from_each_side_with_its_file(case, claims, priya, rhys, acting, system, at):
    case = actions.gather_evidence(by=system, case=case, at=at)
    own, other = case.parties.all()
    upload = SimpleUploadedFile("minutes.pdf", PDF, content_type="application/pdf")
    actions.give_evidence(by=acting(priya), party=own, text="We met them in May.", upload=upload, at=at)
    assert CaseParty.objects.get(pk=own.pk).answered_at == at
    assert Attachment.objects.visible_to(acting(priya)).of(own).count() == 1
    assert Attachment.objects.visible_to(acting(rhys)).of(own).count() == 0
    assert CaseParty.objects.get(pk=other.pk).answered_at is None


def test_the_vendor_s_own_notes_are_no_partner_s(case, priya, maya, acting, system, at, browser_of):
    case = actions.gather_evidence(by=system, case=case, at=at)
    party = case.parties.first()
    actions.give_evidence(by=acting(maya), party=party, text="Their CIO told me.", at=at)
    actions.give_evidence(by=acting(priya), party=party, text="We met them in May.", at=at)
    page = browser_of(priya).get(party.portal_url).content.decode()
    assert "We met them in May." in page
    assert "CIO told me" not in page
    assert CaseParty.objects.get(pk=party.pk).answered_at == at


def test_the_first_keeps_the_customer_and_the_other_is_refused(proposed, claims, system, at):
    decided = decide(proposed, system, at, precedent="first-come")
    assert decided.state == "decided"
    assert (state_of(claims[0]), state_of(claims[1])) == ("submitted", "rejected")
    assert [party.fate for party in decided.parties.all()] == ["keeps", "loses"]
    assert list(ConflictCase.objects.precedents("first-come")) == [decided]
    actions.approve_deal(by=system, deal=claims[0], at=at)


def test_neither_keeps_it(proposed, claims, system, at):
    decide(proposed, system, at, outcome="neither")
    assert (state_of(claims[0]), state_of(claims[1])) == ("rejected", "rejected")


def test_a_protection_of_the_losing_side_ends(hospital, northgate, albion, system, at):
    held = approved(northgate, at, hospital)
    rival = submitted(albion, at, hospital, customer_name="HV General")
    case = propose(actions.open_case(by=system, deal=held, other=rival, at=at), system, at, "second")
    decide(case, system, at, outcome="second", rule="first_complete")
    assert (state_of(held), state_of(rival)) == ("revoked", "submitted")
    assert not Protection.objects.running().exists()
    actions.approve_deal(by=system, deal=rival, at=at)


def test_who_loses_is_told_what_was_compared_and_not_who_it_is(
    hospital, northgate, albion, priya, rhys, browser_of, acting, system, at
):
    held = approved(northgate, at, hospital)
    rival = submitted(albion, at, hospital, customer_name="HV General")
    case = propose(actions.open_case(by=system, deal=held, other=rival, at=at), system, at, "second")
    checks = ConflictCheck.objects.visible_to(acting(priya)).filter(deal=held)
    assert not checks.exists()
    decide(case, system, at, outcome="second", rule="first_complete")

    [told] = explanation.for_partner(explanation.latest_check(held, checks))
    assert (told["kind"], told["complete_since"]) == ("registration", rival.day_of(at))
    assert told["factors"]
    page = browser_of(priya).get(held.portal_url).content.decode()
    assert str(conflict.FACTOR_WORDS["product"]) in page
    assert "Albion" not in page
    assert rival.number not in page


@pytest.mark.parametrize("outcome", ["first", "neither"])
def test_a_refused_side_is_told_what_was_compared_too(proposed, claims, rhys, acting, system, at, outcome):
    decide(proposed, system, at, outcome=outcome)
    check = explanation.latest_check(claims[1], ConflictCheck.objects.visible_to(acting(rhys)))
    assert [told["kind"] for told in explanation.for_partner(check)] == ["registration"]


def test_a_split_of_credit_leaves_one_protection(hospital, northgate, albion, system, at):
    held = approved(northgate, at, hospital)
    rival = submitted(albion, at, hospital, customer_name="HV General")
    case = actions.open_case(by=system, deal=held, other=rival, at=at)
    case = propose(case, system, at, "split", shares=(70, 30))
    assert [party.proposed_share for party in case.parties.all()] == [70, 30]
    decided = decide(case, system, at, outcome="split", rule="agreement", shares=(70, 30))
    assert [(party.share, party.fate) for party in decided.parties.all()] == [(70, "shares"), (30, "shares")]
    assert (state_of(held), state_of(rival)) == ("approved", "rejected")
    assert Protection.objects.running().count() == 1
    shares = {(row.family, row.partner_id): (row.weight, row.is_primary) for row in held.credits.current()}
    assert shares == {
        ("sourced", northgate.pk): (70, True), ("sourced", albion.pk): (30, False),
        ("fulfilled", northgate.pk): (100, False),
    }  # fmt: skip


@pytest.mark.parametrize("shares", [(None, None), (100, 0), (60, 60), (50, None), (101, -1)])
def test_a_split_adds_up_to_the_whole(proposed, system, at, shares):
    with pytest.raises(ValidationError, match="add up to 100"):
        decide(proposed, system, at, outcome="split", shares=shares)


def test_our_own_sales_can_be_the_other_side(claims, system, at):
    case = actions.open_case(by=system, deal=claims[0], direct="O-5531, owner Lena Falk, since March", at=at)
    assert (case.kind, str(case.parties.last())) == ("partner_direct", "our own sales")
    case = propose(case, system, at, "second")
    decide(case, system, at, outcome="second", rule="first_complete")
    assert state_of(claims[0]) == "rejected"
    assert Mail.objects.filter(letter="case.party_told").count() == 1


def test_two_businesses_of_our_own_sales_that_are_not_recorded_are_two_cases(claims, system, at):
    first = actions.open_case(by=system, deal=claims[0], direct="O-5531, owner Lena Falk", at=at)
    other = actions.open_case(by=system, deal=claims[0], direct="O-7204, owner Bo Lind", at=at)
    again = actions.open_case(by=system, deal=claims[0], direct=" o-5531, owner  Lena FALK ", at=at)
    assert (other.pk != first.pk, again) == (True, first)
    assert [case.parties.last().direct_text for case in (first, other)] == [
        "O-5531, owner Lena Falk", "O-7204, owner Bo Lind",
    ]  # fmt: skip
    with pytest.raises(Conflict, match="case"):
        actions.approve_deal(by=system, deal=claims[0], at=at)


def test_whoever_decided_a_registration_does_not_decide_its_case(
    hospital, northgate, albion, dirk, system, acting, at
):
    ines = make_vendor_user("ines@vendor.example", "Ines Duarte", "deal_desk", at)
    held = submitted(northgate, at, hospital)
    held = actions.approve_deal(by=acting(dirk), deal=held, at=at)
    rival = submitted(albion, at, hospital, customer_name="HV General")
    case = propose(actions.open_case(by=system, deal=held, other=rival, at=at), acting(dirk), at)
    assert case not in ConflictCase.objects.awaiting(acting(dirk))
    assert case in ConflictCase.objects.awaiting(acting(ines))
    with pytest.raises(PermissionDenied, match="Someone else decides the case"):
        decide(case, acting(dirk), at)
    assert decide(case, acting(ines), at).decided_by == ines


def test_a_decision_follows_a_proposal_and_names_its_rule(case, system, at):
    with pytest.raises(Conflict):
        decide(case, system, at)
    case = propose(case, system, at)
    with pytest.raises(ValidationError, match="rule"):
        decide(case, system, at, rule="because")
    with pytest.raises(ValidationError, match="Say why"):
        decide(case, system, at, reasoning=" ")
    decided = decide(case, system, at)
    with pytest.raises(Conflict):
        actions.close_case(by=system, case=decided, reasoning="Again", at=at)
    with pytest.raises(Conflict, match="over"):
        actions.give_evidence(by=system, party=decided.parties.first(), text="Late", at=at)


def test_the_decision_names_rule_and_version_on_the_case_and_to_each_side(
    proposed, claims, terms, northgate, priya, dirk, browser_of, api_of, system, at
):
    decided = decide(proposed, system, at)
    assert (decided.rule, decided.rule_title, decided.engagement_rules) == (
        "first_complete", "The first complete one", terms,
    )  # fmt: skip
    said = "Decided by the rule “The first complete one”, rules of engagement version 1."
    letters = [render(mail)[1] for mail in Mail.objects.filter(letter="case.party_told")]
    assert [said in text for text in letters] == [True, True]
    page = browser_of(dirk).get(decided.get_absolute_url()).content.decode()
    assert "The first complete one" in page
    assert f"{terms.get_absolute_url()}#rule-first_complete" in page
    told = api_of(dirk).get(f"/api/v1/conflict-cases/{decided.pk}/").json()
    assert (told["rule"], told["rules_version"]) == ("first_complete", 1)
    [own] = api_of(priya, northgate).get("/api/v1/case-parties/").json()["results"]
    assert (own["rule_title"], own["rules_version"]) == ("The first complete one", 1)
    events = Event.objects.filter(type__in=["case.decided", "case.party_told"])
    assert {(event.data["rule"], event.data["rules_version"]) for event in events} == {("first_complete", 1)}


def test_a_case_is_decided_under_the_version_that_held_when_the_two_claims_met(claims, terms, system, at):
    changed = [Section("anew", "Everything anew", "Nothing holds.", ("decide_case",))]
    newer = hold_rules(at, changed, **MILD)
    case = propose(actions.open_case(by=system, deal=claims[0], other=claims[1], at=at), system, at)
    assert (case.engagement_rules, newer.number) == (terms, 2)
    with pytest.raises(ValidationError, match="rule"):
        decide(case, system, at, rule="anew")
    assert decide(case, system, at).engagement_rules == terms


def test_a_later_claim_brings_its_own_version_with_it(claims, hospital, system, at):
    newer = hold_rules(
        at, [*CASE_RULES, Section("anew", "Everything anew", "Nothing.", ("decide_case",))], **MILD
    )
    carrow = make_partner("Carrow Imaging")
    late = submitted(carrow, at + timedelta(hours=1), hospital, customer_name="HVG Imaging")
    case = actions.open_case(by=system, deal=claims[0], other=late, at=at + timedelta(hours=2))
    assert case.engagement_rules == newer


def test_only_a_rule_that_decides_cases_is_named_and_all_do_where_none_says_so(proposed, terms, system, at):
    with pytest.raises(ValidationError, match="rule"):
        decide(proposed, system, at, rule="no_surprise")
    EngagementRules.objects.filter(pk=terms.pk).update(sections=[CASE_RULES[2].as_json()])
    assert decide(ConflictCase.objects.get(), system, at, rule="no_surprise").rule_title == "No surprise"


def test_a_case_from_before_the_first_version_is_decided_by_what_is_in_force(proposed, terms, system, at):
    ConflictCase.objects.update(engagement_rules=None)
    assert decide(ConflictCase.objects.get(), system, at).engagement_rules == terms


def test_what_was_decided_before_rules_had_versions_gets_the_rule_of_its_version(
    proposed, claims, terms, system, at
):
    earlier = import_module("deals.migrations.0022_rules_of_earlier_cases")
    decided = decide(proposed, system, at)
    plain = [replace(rule, decides=rule.decides[:-1]).as_json() for rule in (CASE_RULES[0], CASE_RULES[2])]
    EngagementRules.objects.update(sections=plain)
    ConflictCase.objects.update(rule="earlier_submission", rule_title="Before", engagement_rules=None)
    earlier.add_rules(apps, None)

    decided.refresh_from_db()
    assert (decided.rule, decided.rule_title) == ("first_complete", "The first complete one")
    assert decided.engagement_rules == terms
    assert [rule.code for rule in rules_of(decided)] == [
        "first_complete", "existing_customer", "stronger_evidence", "direct_account", "agreement", "exception",
    ]  # fmt: skip
    earlier.take_rules_back(apps, None)
    assert EngagementRules.objects.get().sections == plain
    assert ConflictCase.objects.get().rule == "earlier_submission"


def test_only_the_deal_desk_mediates(case, maya, dirk, acting, system, at):
    with pytest.raises(PermissionDenied):
        actions.gather_evidence(by=acting(maya), case=case, at=at)
    with pytest.raises(ValidationError, match="does not decide"):
        actions.assign_mediator(by=acting(dirk), case=case, mediator=maya, at=at)
    assert actions.assign_mediator(by=acting(dirk), case=case, mediator=dirk, at=at).mediator == dirk


def test_a_manager_sees_the_cases_of_its_own_partners(case, maya, tomas, acting, at):
    otto = make_vendor_user("otto@vendor.example", "Otto Brandt", "psm", at)
    assert case in ConflictCase.objects.visible_to(acting(maya))
    assert case in ConflictCase.objects.visible_to(acting(tomas))
    assert case not in ConflictCase.objects.visible_to(acting(otto))


def test_conflicts_between_partners_of_two_managers_are_the_deal_desk_s(
    claims, maya, dirk, acting, system, at
):
    second = Deal.objects.get(pk=claims[1].pk)
    check = actions.check_conflicts(by=system, deal=claims[0], at=at)
    assert check.verdict == "hard"
    for decision in (
        lambda by: actions.approve_deal(by=by, deal=claims[0], at=at),
        lambda by: actions.reject_deal(by=by, deal=claims[0], reason="not_eligible", at=at),
    ):
        with pytest.raises(PermissionDenied, match="deal desk"):
            decision(acting(maya))
    actions.approve_deal(by=acting(dirk), deal=claims[0], at=at)
    assert second.state == "submitted"


# Trees that wait -------------------------------------------------------------------------------------------------


@pytest.fixture
def waiting(hospital, northgate, albion, priya, rhys, system, at):
    """A merge that two protections stand in the way of, and its case."""
    twin = make_organization("HV General")
    held = approved(northgate, at, hospital)
    rival = approved(albion, at, twin, customer_name="HV General")
    asked = organizations.merge_organizations(by=system, organization=twin, into=hospital, at=at)
    return {"held": held, "rival": rival, "twin": twin, "asked": asked, "case": ConflictCase.objects.get()}


@pytest.mark.parametrize(
    ("outcome", "held", "rival"),
    [("first", "approved", "revoked"), ("second", "revoked", "approved"), ("neither", "revoked", "revoked")],
)
def test_a_merge_that_waited_is_carried_out_with_the_decision(
    waiting, hospital, system, at, outcome, held, rival
):
    case = waiting["case"]
    assert (case.because, case.restructuring) == ("tree", waiting["asked"])
    decide(propose(case, system, at, outcome), system, at, outcome=outcome)
    assert Restructuring.objects.get().state == "done"
    assert Organization.objects.get(pk=waiting["twin"].pk).merged_into == hospital
    assert (state_of(waiting["held"]), state_of(waiting["rival"])) == (held, rival)
    assert set(Deal.objects.values_list("organization", flat=True)) == {hospital.pk}


def test_with_several_cases_the_merge_waits_for_the_last(hospital, northgate, albion, system, at):
    twin = make_organization("HV General")
    for code in ("triage", "imaging"):
        product = [Product.objects.get(code=code)]
        approved(northgate, at, hospital, products=product, customer_name=f"HV {code}")
        approved(albion, at, twin, products=product, customer_name=f"HVG {code}")
    asked = organizations.merge_organizations(by=system, organization=twin, into=hospital, at=at)
    first, second = ConflictCase.objects.order_by("number")
    decide(propose(first, system, at), system, at)
    assert Restructuring.objects.get(pk=asked.pk).state == "waiting"
    assert ConflictCase.objects.count() == 2
    decide(propose(second, system, at), system, at)
    assert Restructuring.objects.get(pk=asked.pk).state == "done"


def test_a_case_closed_without_a_decision_gives_the_merge_up(waiting, system, at):
    actions.close_case(by=system, case=waiting["case"], reasoning="They are two hospitals.", at=at)
    assert Restructuring.objects.get().state == "abandoned"
    assert (state_of(waiting["held"]), state_of(waiting["rival"])) == ("approved", "approved")


def test_a_case_closed_after_one_side_ended_carries_the_merge_out(waiting, system, at):
    actions.withdraw_deal(by=system, deal=waiting["rival"], reason="no_opportunity", at=at)
    actions.close_case(by=system, case=waiting["case"], reasoning="One side is gone.", at=at)
    assert Restructuring.objects.get().state == "done"


def test_a_merge_after_which_open_claims_conflict_hard_opens_a_case(hospital, northgate, albion, system, at):
    twin = make_organization("Somewhere Else Clinic")
    one = submitted(northgate, at, hospital)
    other = submitted(albion, at, twin, customer_name="Somewhere Else Clinic")
    assert not ConflictCase.objects.exists()
    organizations.merge_organizations(by=system, organization=twin, into=hospital, at=at)
    found = ConflictCase.objects.get()
    assert found.because == "check"
    assert {party.deal_id for party in found.parties.all()} == {one.pk, other.pk}
    assert {state_of(one), state_of(other)} == {"submitted"}


# What each side is told -------------------------------------------------------------------------------------------


def test_each_side_is_told_by_itself_and_never_who_the_other_is(
    proposed, claims, priya, rhys, browser_of, api_of, northgate, albion, system, at
):
    decide(proposed, system, at, words=("Keep us posted.", "Thank you for your openness."))
    told = {party.deal.partner: party for party in proposed.parties.select_related("deal__partner")}
    page = browser_of(rhys).get(told[albion].portal_url).content.decode()
    assert "HV General goes to somebody else" in page
    assert "Decided by the rule “The first complete one”, rules of engagement version 1." in page
    assert "Thank you for your openness." in page
    other = browser_of(priya).get(told[northgate].portal_url).content.decode()
    assert "stays yours" in other
    spoken = [
        page, browser_of(rhys).get(claims[1].portal_url).content.decode(),
        api_of(rhys, albion).get("/api/v1/case-parties/").content.decode(),
        api_of(rhys, albion).get("/api/v1/events/?page_size=200").content.decode(),
        api_of(rhys, albion).get("/api/v1/conflict-cases/").content.decode(),
    ]  # fmt: skip
    for said in spoken:
        for secret in ("Northgate", str(northgate.pk), str(claims[0].pk), claims[0].number, proposed.number,
                       "Keep us posted", "was there first", str(proposed.pk)):  # fmt: skip
            assert secret not in said
    assert browser_of(rhys).get(told[northgate].portal_url).status_code == 404


def test_bells_ring_and_events_stand_on_each_side_s_own_row(proposed, northgate, albion, system, at):
    decide(proposed, system, at)
    told = Event.objects.filter(type="case.party_told").order_by("partner__name")
    assert [(event.partner, event.data["fate"]) for event in told] == [
        (albion, "loses"),
        (northgate, "keeps"),
    ]
    assert Notification.objects.filter(kind="case.party_told").count() == 2
    assert not Event.objects.filter(type__startswith="case.", subject_kind="conflictcase").exclude(
        partner=None
    )


def test_the_fate_of_a_side_follows_from_the_outcome():
    assert [case_rules.fate(n, "first", (None, None)) for n in (1, 2)] == ["keeps", "loses"]
    assert [case_rules.fate(n, "neither", (None, None)) for n in (1, 2)] == ["loses", "loses"]
    assert case_rules.keeper("split", (50, 50)) == 1
    assert case_rules.keeper("split", (49, 51)) == 2
