"""Conflicts are found however a customer is typed, looked for again, and told to partners without names."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from core import mail
from core.actors import SYSTEM
from core.errors import Conflict
from core.models import Mail
from core.money import Money
from deals import actions, conflict
from deals.models import CaseParty, ConflictCandidate, ConflictCase, ConflictRules, DealKey
from events.models import Event
from partners.actions import add_organization, merge_organizations
from tests.deals import factories as make

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def kinds_of(deal) -> list[tuple[str, str]]:
    check = deal.conflict_checks.newest_first().first()
    return [(found.kind, found.verdict) for found in check.candidates.all()]


@pytest.mark.parametrize(
    "typed",
    [
        "St Brannocs Regional Medical Ctr",
        "ST. BRANNOC'S REGIONAL MEDICAL CENTER",
        "St. Branoc's Regional Medical Center",
    ],
)
def test_a_typed_customer_is_found_however_it_is_typed(northgate, albion, at, typed):
    make.submitted(northgate, at - DAY)
    rival = make.submitted(albion, at, customer_name=typed)
    [(kind, verdict)] = kinds_of(rival)
    assert kind == conflict.REGISTRATION
    assert verdict in (conflict.HARD, conflict.REVIEW)


def test_another_customer_of_the_city_is_no_conflict(northgate, albion, at):
    make.submitted(northgate, at - DAY)
    rival = make.submitted(albion, at, customer_name="St. Mark's Children's Hospital")
    assert rival.conflict_verdict == conflict.CLEAR


def test_a_typed_customer_is_found_from_the_submission_on(northgate, at):
    draft = make.draft(northgate, at)
    assert not DealKey.objects.filter(owner=draft).exists()
    deal = actions.submit_deal(by=SYSTEM, deal=draft, at=at)
    assert DealKey.objects.filter(owner=deal).exists()


def test_a_linked_registration_is_what_the_vendor_says_whatever_was_typed(northgate, albion, at, larkhill):
    make.submitted(northgate, at - DAY, larkhill)
    rival = make.submitted(albion, at)
    assert rival.conflict_verdict == conflict.CLEAR


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("customer_name", "Larkhill Community Hospital"),
        ("customer_city", "Boise"),
        ("customer_country", "GB"),
    ],
)
def test_an_answer_that_names_another_customer_is_compared_as_it_is_typed(
    northgate, albion, at, brannoc, larkhill, fact, value
):
    make.submitted(
        albion, at - DAY, larkhill, customer_name="Larkhill Community Hospital", customer_city="Boise"
    )
    deal = make.submitted(northgate, at, brannoc)
    actions.ask_for_more(by=SYSTEM, deal=deal, question="Which one?", fields=[fact, "contact"], at=at)

    kept = actions.change_deal(by=SYSTEM, deal=deal, at=at, **{fact: getattr(deal, fact), "contact": "Ana"})
    assert kept.organization == brannoc
    answered = actions.complete_deal(by=SYSTEM, deal=deal, at=at, **{fact: value})

    assert (answered.organization, answered.is_customer_known) == (None, False)
    assert Event.objects.filter(type="deal.changed").latest("at", "id").data["changed"] == [fact]
    if fact == "customer_name":
        assert kinds_of(answered)[0][0] == conflict.REGISTRATION


def test_a_draft_whose_city_is_changed_by_api_lets_go_of_its_customer(sam, northgate, at, larkhill, api_of):
    draft = make.draft(northgate, at, organization=larkhill, customer_name="")
    api, path = api_of(sam, northgate), f"/api/v1/deals/{draft.pk}/"
    match = {"If-Match": api.get(path)["ETag"]}
    said = '{"customer_city": "Leeds"}'
    assert api.patch(path, said, content_type="application/json", headers=match).status_code == 200
    draft.refresh_from_db()
    assert draft.organization is None


def test_the_partners_own_registration_is_told_as_its_own(northgate, at, brannoc):
    make.submitted(northgate, at - DAY, brannoc)
    again = make.submitted(northgate, at, brannoc)
    assert kinds_of(again) == [(conflict.OWN, conflict.HARD)]


@pytest.mark.parametrize("is_below", [True, False])
def test_whoever_won_the_customer_comes_before_an_earlier_rival(northgate, albion, at, brannoc, is_below):
    scope = {"includes_below": True, "scope_reason": "One contract for all."} if is_below else {}
    make.won(northgate, at - 99 * DAY, brannoc, days=30, **scope)
    node = brannoc
    if is_below:
        node = add_organization(by=SYSTEM, at=at, origin="test", name="Ward", country="US", parent=brannoc)
    rival = make.submitted(albion, at - DAY, node, customer_name=node.name)
    owner = make.submitted(northgate, at, node, customer_name=node.name)
    found = ConflictCandidate.objects.filter(conflict_check=owner.conflict_checks.newest_first().first())
    assert (conflict.MINE, conflict.EXISTING) in found.filter(deal=rival).values_list(
        "prevails", "precedence"
    )
    actions.recheck_conflicts(by=SYSTEM, deal=rival, at=at)
    found = ConflictCandidate.objects.filter(conflict_check=rival.conflict_checks.newest_first().first())
    of_owner = found.filter(deal=owner).values_list("prevails", "precedence")
    assert list(of_owner) == [(conflict.THEIRS, conflict.EXISTING)]


def test_an_own_win_is_told_beside_the_check_and_never_scored(
    northgate, at, brannoc, maya, browser_of, api_of
):
    won = make.won(northgate, at - 99 * DAY, brannoc, days=30)
    again = make.submitted(northgate, at, brannoc)
    check = again.conflict_checks.newest_first().first()
    assert (check.score, kinds_of(again)) == (0, [])
    page = browser_of(maya).get(again.decide_url).content.decode()
    assert "An existing customer of this partner." in page and won.get_absolute_url() in page
    api = api_of(maya).get(f"/api/v1/conflict-checks/?deal={again.pk}").json()["results"][0]
    assert [one["number"] for one in api["own_wins"]] == [won.number]


def test_a_partner_does_not_read_from_its_wins_to_whom_it_was_linked(northgate, at, brannoc, sam, api_of):
    make.won(northgate, at - 99 * DAY, brannoc, days=30)
    again = make.submitted(northgate, at, brannoc, customer_name="SBMC")
    actions.reject_deal(by=SYSTEM, deal=again, reason="already_protected", at=at)
    api = api_of(sam, northgate).get(f"/api/v1/conflict-checks/?deal={again.pk}").json()["results"][0]
    assert api["candidates"] == [] and "own_wins" not in api


def test_what_stands_in_the_same_system_is_related(northgate, albion, at, brannoc):
    ward = add_organization(by=SYSTEM, at=at, origin="test", name="Quarry Ward", country="US", parent=brannoc)
    make.submitted(northgate, at - DAY, brannoc)
    rival = make.submitted(albion, at, ward, customer_name="Quarry Ward")
    found = ConflictCandidate.objects.get(conflict_check__deal=rival, deal__partner=northgate)
    assert (found.because, found.organization) == ("overlap", brannoc)
    assert found.verdict == conflict.REVIEW


def test_the_check_keeps_the_rules_of_its_time(northgate, albion, at, brannoc):
    make.submitted(northgate, at - DAY, brannoc)
    first = make.submitted(albion, at, brannoc)
    terms = conflict.Terms()
    ConflictRules.objects.create(
        number=7, weights=dict(terms.weights), matches=dict(terms.matches), look_back_days=60,
        bands={"hard": 99, "review": 98, "related": 97}, precedence=[conflict.EARLIER],
    )  # fmt: skip
    again = actions.recheck_conflicts(by=SYSTEM, deal=first, at=at)
    checks = list(again.conflict_checks.order_by("created_at", "id"))
    assert [check.rule_version for check in checks] == ["1", "1", "7"]
    assert (checks[1].verdict, checks[2].verdict) == (conflict.HARD, conflict.CLEAR)


# Approval


def test_a_hard_conflict_that_came_up_since_is_looked_at_before_the_approval(northgate, albion, at, brannoc):
    deal = make.submitted(northgate, at, brannoc)
    other = add_organization(
        by=SYSTEM, at=at, origin="test", name="Quarry Clinic", country="US", city="Selby"
    )
    earlier = make.submitted(albion, at - DAY, other, customer_name="Quarry Clinic")
    actions.link_customer(by=SYSTEM, deal=earlier, organization=brannoc, at=at)

    with pytest.raises(Conflict, match="another partner's registration") as refused:
        actions.approve_deal(by=SYSTEM, deal=deal, at=at)
    assert refused.value.code == "new_conflict"
    assert "Albion" not in str(refused.value)

    actions.recheck_conflicts(by=SYSTEM, deal=deal, at=at)
    with pytest.raises(Conflict, match="not decided yet"):
        actions.approve_deal(by=SYSTEM, deal=deal, at=at)
    [case] = ConflictCase.objects.all()
    actions.close_case(by=SYSTEM, case=case, reasoning="Two departments.", at=at)
    assert actions.approve_deal(by=SYSTEM, deal=deal, at=at).state == "approved"


def test_a_new_conflict_that_is_known_holds_nothing_up(northgate, albion, at, brannoc):
    deal = make.submitted(northgate, at, brannoc)
    make.submitted(albion, at - DAY, brannoc)
    assert actions.approve_deal(by=SYSTEM, deal=deal, at=at, conflicts_seen=True).state == "approved"


def test_a_later_registration_does_not_hold_up_the_earlier_one(northgate, albion, at, brannoc):
    deal = make.submitted(northgate, at - DAY, brannoc)
    make.submitted(albion, at, brannoc)
    assert actions.approve_deal(by=SYSTEM, deal=deal, at=at).state == "approved"


def test_a_conflict_between_two_managers_partners_is_the_deal_desks(
    northgate, albion, at, brannoc, tomas, ada, acting
):
    make.submitted(northgate, at - DAY, brannoc)
    rival = make.submitted(albion, at, brannoc)
    for decide in (actions.approve_deal, lambda **facts: actions.reject_deal(reason="not_eligible", **facts)):
        with pytest.raises(PermissionDenied, match="deal desk"):
            decide(by=acting(tomas), deal=rival, at=at)
    assert actions.reject_deal(by=acting(ada), deal=rival, reason="not_eligible", at=at).state == "rejected"


def test_a_conflict_among_one_managers_partners_is_hers(northgate, albion, at, brannoc, maya, acting):
    albion.psm = maya
    albion.save()
    make.submitted(northgate, at - DAY, brannoc)
    rival = make.submitted(albion, at, brannoc)
    assert actions.reject_deal(by=acting(maya), deal=rival, reason="not_eligible", at=at).state == "rejected"


# Looking again


def test_a_merge_looks_again_and_tells_of_a_new_hard_conflict(northgate, albion, at, brannoc):
    other = add_organization(
        by=SYSTEM, at=at, origin="test", name="Quarry Clinic", country="US", city="Selby"
    )
    make.submitted(northgate, at - DAY, brannoc)
    open_one = make.submitted(albion, at, other, customer_name="Quarry Clinic", customer_city="Selby")
    assert open_one.conflict_verdict == conflict.CLEAR

    merge_organizations(by=SYSTEM, organization=other, into=brannoc, at=at)

    open_one.refresh_from_db()
    assert (open_one.conflict_verdict, open_one.state) == (conflict.HARD, "submitted")
    found = Event.objects.filter(type="deal.conflict_found", subject_id=open_one.pk).get()
    assert found.data["kinds"] == [conflict.REGISTRATION]


def test_what_was_closed_as_no_conflict_is_not_reopened_by_another_finding(northgate, albion, at, brannoc):
    other = add_organization(
        by=SYSTEM, at=at, origin="test", name="Quarry Clinic", country="US", city="Selby"
    )
    make.submitted(northgate, at - DAY, brannoc)
    deal = make.submitted(albion, at, other, customer_name="Quarry Clinic", customer_city="Selby")
    merge_organizations(by=SYSTEM, organization=other, into=brannoc, at=at)
    [case] = ConflictCase.objects.running().about(deal)
    actions.close_case(by=SYSTEM, case=case, reasoning="Two departments.", at=at)

    actions.block_account(by=SYSTEM, organization=brannoc, reason="Sanctions", at=at)
    actions.approve_direct_account(by=SYSTEM, organization=brannoc, reason="Key account", at=at)

    running = ConflictCase.objects.running().about(deal)
    texts = CaseParty.objects.filter(case__in=running, deal=None).values_list("direct_text", flat=True)
    assert running.count() == 2
    assert sorted(texts) == [
        "A blocked account: Blocked account",
        "An approved direct account: Approved direct account",
    ]
    told = Event.objects.filter(type="deal.conflict_found", subject_id=deal.pk)
    assert [len(event.data["candidates"]) for event in told] == [1, 1, 1]


def test_every_hard_conflict_is_kept_so_that_none_is_told_as_new_twice(northgate, albion, at, brannoc):
    """Eleven are hard, one more than a check keeps of the others."""
    deal = make.submitted(northgate, at - DAY, brannoc)
    for n in range(11):
        make.submitted(albion, at + n * timedelta(minutes=1), brannoc)
    for _again in range(2):
        actions.recheck_conflicts(by=SYSTEM, deal=deal, at=at)
    assert deal.conflict_checks.newest_first().first().candidates.count() == 11
    assert Event.objects.filter(type="deal.conflict_found", subject_id=deal.pk).count() == 1


def test_nothing_new_is_told_once(northgate, albion, at, brannoc):
    make.submitted(northgate, at - DAY, brannoc)
    rival = make.submitted(albion, at, brannoc)
    actions.recheck_conflicts(by=SYSTEM, deal=rival, at=at)
    assert not Event.objects.filter(type="deal.conflict_found").exists()


def test_a_closed_registration_conflicts_with_nothing(northgate, at):
    deal = make.submitted(northgate, at)
    actions.reject_deal(by=SYSTEM, deal=deal, reason="not_eligible", at=at)
    with pytest.raises(Conflict):
        actions.recheck_conflicts(by=SYSTEM, deal=deal, at=at)


# The rules themselves


def second_rules() -> ConflictRules:
    """Number 7, after number 1: everything twice as hard to reach, and a source."""
    terms = conflict.Terms()
    said = {"weights": dict(terms.weights), "matches": dict(terms.matches), "look_back_days": 30,
            "precedence": [conflict.EARLIER]}  # fmt: skip
    bands = {"hard": 75, "review": 45, "related": 20}
    ConflictRules.objects.create(number=1, bands=bands, **{**said, "precedence": list(terms.precedence)})
    stricter = {"hard": 96, "review": 91, "related": 81}
    return ConflictRules.objects.create(
        number=7, bands=stricter, source={"reason": "The board said so."}, **said
    )


def test_the_rules_are_read_by_both_sides_with_earlier_numbers(program, maya, northgate, sam, browser_of):
    second_rules()
    for browser, base in ((browser_of(maya), "/manage"), (browser_of(sam), "/portal")):
        newest = browser.get(f"{base}/rules/conflicts/").content.decode()
        earlier = browser.get(f"{base}/rules/conflicts/?number=1").content.decode()
        assert "within 30 days" in newest and ">96<" in newest and "?number=1" in newest
        assert ">75<" in earlier and "won the customer comes first" in earlier
        assert "won the customer comes first" not in newest and "Tier plays no part." in newest
        assert ("The board said so." in newest) == (base == "/manage")
        assert f"{base}/rules/conflicts/" in browser.get(f"{base}/rules/").content.decode()
        assert browser.get(f"{base}/rules/conflicts/?number=3").status_code == 404


def test_the_api_gives_the_rules_number_by_number(program, maya, northgate, sam, api_of):
    second_rules()
    of_vendor, of_partner = (
        api.get("/api/v1/conflict-rules/").json()["results"] for api in (api_of(maya), api_of(sam, northgate))
    )
    assert [row["number"] for row in of_partner] == [7, 1] == [row["number"] for row in of_vendor]
    assert of_vendor[0]["source"] and "source" not in of_partner[0]
    assert of_partner[0]["bands"] == {"hard": 96, "review": 91, "related": 81}
    assert (
        api_of(maya).post("/api/v1/conflict-rules/", "{}", content_type="application/json").status_code == 405
    )


def test_the_decision_leads_to_the_rules_of_its_check(northgate, at, brannoc, maya, browser_of):
    page = browser_of(maya).get(make.submitted(northgate, at, brannoc).decide_url).content.decode()
    assert "/manage/rules/conflicts/?number=1" in page


# What the partner reads


def test_a_partner_reads_factors_and_dates_and_nothing_of_the_other(
    northgate, albion, at, brannoc, priya, sam, browser_of, api_of
):
    secret = {"customer_name": "Cunning Spelling", "contact": "cunning@secret.example"}
    value = {"amount": Money(987_654_300, "USD")}
    make.approved(albion, at - DAY, brannoc, **secret, **value)
    deal = make.submitted(northgate, at, brannoc, contact="cunning@secret.example")
    check = deal.conflict_checks.newest_first().prefetch_related("candidates__factors").first()
    [found] = check.candidates.all()
    assert found.snapshot["name"] == "Cunning Spelling"
    assert found.snapshot["holder"] == albion.name
    assert [factor.alike for factor in found.factors.all() if factor.code == "contact"] == [1]
    deal = actions.reject_deal(by=SYSTEM, deal=deal, reason="already_protected", at=at)

    page = browser_of(sam).get(deal.portal_url).content.decode()
    api = api_of(sam, northgate)
    addresses = (f"deals/{deal.pk}/", f"conflict-checks/?deal={deal.pk}", "events/?page_size=200", "deals/")
    answers = [api.get(f"/api/v1/{address}") for address in addresses]
    assert {answer.status_code for answer in answers} == {200}
    mails = ["".join(mail.render(sent) or ()) for sent in Mail.objects.filter(to_user=priya)]
    export = browser_of(sam).get("/portal/deals/?export=csv")
    export = b"".join(export).decode()
    assert deal.number in export
    assert any(deal.number in said for said in mails)
    told = "".join([page, export, *mails, *(answer.content.decode() for answer in answers)])

    assert {factor["alike"] for factor in answers[1].json()["results"][0]["candidates"][0]["factors"]} == {
        "same"
    }
    assert "Another partner" in page
    assert "Tier plays no part." in page
    shown = answers[1].json()["results"][0]["candidates"][0]
    assert {factor["name"] for factor in shown["factors"]} == {"Account", "Product", "Time"}
    for canary in ("Albion", "Cunning Spelling", "9,876,543", "9876543", str(albion.pk), str(brannoc.pk)):
        assert canary not in told


def test_when_the_other_expects_to_close_cannot_be_computed(
    northgate, albion, at, brannoc, sam, browser_of, api_of
):
    """Rivals a week apart are told in the same words, to the byte, though they score differently."""
    told, scores = [], []
    for close_on in (make.date(2027, 5, 20), make.date(2027, 5, 27)):
        rival = make.submitted(albion, at - DAY, brannoc, expected_close_on=close_on)
        deal = make.submitted(northgate, at, brannoc)
        scores.append(deal.conflict_score)
        actions.withdraw_deal(by=SYSTEM, deal=rival, reason="no_opportunity", at=at)
        actions.reject_deal(by=SYSTEM, deal=deal, reason="already_protected", at=at)
        check = api_of(sam, northgate).get(f"/api/v1/conflict-checks/?deal={deal.pk}").json()["results"][0]
        told.append((check["candidates"], check["verdict"], "score" in check))
        page = browser_of(sam).get(deal.portal_url).content.decode()
        assert "Close</td>" in page and "0.8" not in page
    assert scores[0] != scores[1]
    assert told[0] == told[1]
    assert not told[0][2] and told[0][0][0]["factors"][2]["alike"] == "close"
