"""The pages and the API of what people decide about tiers: queues, decisions, overrides, waivers, appeals."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.actors import SYSTEM
from files.models import Attachment
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
from tiers.models import Evaluation, Override, Proposal, TierAppeal, Waiver

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def today(at, monkeypatch):
    """The clock of the doors stands at the story's instant."""
    monkeypatch.setattr("django.utils.timezone.now", lambda: at)


@pytest.fixture
def proposed(northgate, priya, ada, version, tracks, hire, system, at):
    put_decisions_in_force(system, at)
    certify_two(northgate, tracks, hire)
    actions.recalculate(by=system, as_of=at.date(), at=at)
    return Proposal.objects.get(partner=northgate)


@pytest.fixture
def declined(proposed, acting, ada, at):
    return actions.decline_proposal(by=acting(ada), proposal=proposed, answer="No reference yet.", at=at)


@pytest.fixture
def appeal(declined, acting, priya, at):
    return actions.file_tier_appeal(
        by=acting(priya), partner=declined.partner, subject_id=declined.pk, grounds="We have two.", at=at
    )


@pytest.fixture
def dina(program, at):
    return make_vendor_user("dina@vendor.example", "Dina Director", "director", at)


def read(client, url):
    answer = client.get(url)
    assert answer.status_code == 200, answer.content.decode()[:500]
    return answer.content.decode()


def why(partner):
    return f"/manage/partners/{partner.pk}/tier/"


# Proposals


def test_the_queue_leads_to_the_decision_with_the_facts_and_the_letter(proposed, ada, browser_of):
    browser = browser_of(ada)
    assert proposed.decide_url in read(browser, "/manage/tier-proposals/?status=waiting")
    page = read(browser, proposed.decide_url)
    assert "meets what Gold asks for. That tier also needs a recorded decision." in page
    assert "Certified people" in page
    assert "You are now Gold" in page
    assert proposed.decide_url in read(browser, "/manage/")


def test_the_letter_follows_the_form(proposed, ada, browser_of):
    url = f"{proposed.get_absolute_url()}letter/?move=decline&answer=No+reference+yet."
    page = read(browser_of(ada), url)
    assert "You are not Gold yet" in page
    assert "No reference yet." in page
    assert held_by(proposed.partner) == "silver"


def test_a_director_grants_on_the_page_and_the_record_says_so(proposed, ada, browser_of):
    browser = browser_of(ada)
    answer = browser.post(proposed.decide_url, {"move": "grant", "answer": "Well done.", "note": "Quick"})
    assert (answer.status_code, answer["Location"]) == (302, "/manage/tier-proposals/?status=waiting")
    assert held_by(proposed.partner) == "gold"
    page = read(browser, proposed.get_absolute_url())
    assert "Well done." in page
    assert "Ada Okafor" in page
    assert "not waiting for a decision" in read(browser, proposed.decide_url)


def test_who_decides_what_was_decided_meanwhile_gets_their_words_back_and_nothing_to_choose(
    proposed, ada, dina, browser_of
):
    late, sent = browser_of(dina), {"version": proposed.version, "note": ""}
    first = browser_of(ada).post(proposed.decide_url, {**sent, "move": "grant", "answer": "Well done."})
    assert first.status_code == 302
    answer = late.post(proposed.decide_url, {**sent, "move": "decline", "answer": "No reference yet."})
    page = answer.content.decode()
    assert answer.status_code == 412
    assert "It is decided already." in page
    assert "No reference yet." in page
    assert "Keep mine" not in page
    assert held_by(proposed.partner) == "gold"


def test_who_decides_what_was_changed_meanwhile_chooses(proposed, ada, dina, browser_of):
    Proposal.objects.filter(pk=proposed.pk).update(version=proposed.version + 1)
    sent = {"version": proposed.version, "move": "decline", "answer": "No reference yet.", "note": ""}
    page = browser_of(dina).post(proposed.decide_url, sent).content.decode()
    assert "Keep mine" in page
    assert "It is decided already." not in page


def test_a_decline_without_a_reason_is_said_at_the_field(proposed, ada, browser_of):
    answer = browser_of(ada).post(proposed.decide_url, {"move": "decline", "answer": ""})
    assert answer.status_code == 400
    assert "Tell the partner why." in answer.content.decode()


def test_a_manager_sees_what_waits_and_does_not_decide(proposed, maya, browser_of):
    browser = browser_of(maya)
    assert proposed.get_absolute_url() in read(browser, "/manage/tier-proposals/")
    assert "Waits for a director" in read(browser, "/manage/")
    assert browser.get(proposed.decide_url).status_code == 403


def test_the_tier_page_of_both_sides_says_what_waits(proposed, ada, priya, browser_of):
    assert "Silver → Gold waits for a decision." in read(browser_of(ada), why(proposed.partner))
    assert "It also needs our decision, which we owe you since 24 Nov 2026." in read(
        browser_of(priya), "/portal/tier/"
    )


def test_proposals_are_decided_over_the_api(proposed, ada, priya, api_of):
    api, url = api_of(ada), f"/api/v1/tier-proposals/{proposed.pk}/"
    assert api.get(url).json()["open_moves"] == ["grant", "decline"]
    stale = api.post(f"{url}decline/", {"answer": "No"}, content_type="application/json")
    assert stale.status_code == 428
    done = api.post(
        f"{url}decline/", {"answer": "No"}, content_type="application/json", headers={"if-match": "*"}
    )
    assert (done.status_code, done.json()["state"]) == (200, "declined")
    seen = api_of(priya, proposed.partner).get(url).json()
    assert seen["answer"] == "No"
    assert "note" not in seen
    assert "decided_by" not in seen


def history_of(client, url):
    """The history on a tier's page, as one line of words."""
    page = read(client, url).partition(">History</h2>")[2].partition("</section>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def both_histories(partner, priya, ada, browser_of):
    return history_of(browser_of(priya), "/portal/tier/"), history_of(browser_of(ada), why(partner))


def test_the_history_of_both_sides_keeps_who_granted_a_rise_and_why(
    proposed, priya, ada, acting, browser_of, at
):
    grant = {"answer": "Well done.", "note": "Only just"}
    actions.grant_proposal(by=acting(ada), proposal=proposed, at=at, **grant)
    mine, ours = both_histories(proposed.partner, priya, ada, browser_of)
    assert "Gold since 24 Nov 2026 · we decided: Well done." in mine
    assert "Gold since 24 Nov 2026 · Ada Okafor decided: Well done." in ours
    for shown in (mine, ours):
        assert "Only just" not in shown
    assert "Ada" not in mine
    assert "Only just" in read(browser_of(ada), proposed.get_absolute_url())


def test_the_history_of_both_sides_keeps_who_declined_a_rise_and_why(
    proposed, priya, ada, acting, browser_of, at
):
    answer = {"answer": "No reference yet.", "note": "Ask again in May"}
    actions.decline_proposal(by=acting(ada), proposal=proposed, at=at, **answer)
    mine, ours = both_histories(proposed.partner, priya, ada, browser_of)
    assert "Rise to Gold declined 24 Nov 2026 · we decided: No reference yet." in mine
    assert "Silver since 24 Nov 2026 · first tier" in mine
    assert "Rise to Gold declined 24 Nov 2026 · Ada Okafor decided: No reference yet." in ours
    for shown in (mine, ours):
        assert "Ask again in May" not in shown


@pytest.fixture
def falling(proposed, acting, ada, system, at, monkeypatch):
    """Gold was granted, its seller left, and the grace period is over: the fall waits for a decision."""
    actions.grant_proposal(by=acting(ada), proposal=proposed, at=at, answer="Well done.")
    lose_a_seller(proposed.partner, system, at)
    for days in (1, 91):
        actions.recalculate(by=system, as_of=(at + days * DAY).date(), at=at + days * DAY)
    monkeypatch.setattr("django.utils.timezone.now", lambda: at + 91 * DAY)
    return Proposal.objects.get(partner=proposed.partner, kind=rules.FALL)


def test_the_history_keeps_who_granted_a_fall_and_why(falling, priya, ada, acting, browser_of, at):
    actions.grant_proposal(
        by=acting(ada), proposal=falling, at=at + 91 * DAY, answer="Nobody came.", note="x"
    )
    mine, ours = both_histories(falling.partner, priya, ada, browser_of)
    assert "Silver since 23 Feb 2027 · we decided: Nobody came." in mine
    assert "Gold 24 Nov 2026 to 23 Feb 2027 · we decided: Well done." in mine
    assert "Silver since 23 Feb 2027 · Ada Okafor decided: Nobody came." in ours


def test_the_history_keeps_a_fall_to_no_tier_with_its_reason(falling, priya, ada, acting, browser_of, at):
    Proposal.objects.filter(pk=falling.pk).update(to_tier=None)
    falling.refresh_from_db()
    actions.grant_proposal(by=acting(ada), proposal=falling, at=at + 91 * DAY, answer="Nobody came.")
    mine, _ours = both_histories(falling.partner, priya, ada, browser_of)
    assert mine.startswith("Gold ended 23 Feb 2027 · we decided: Nobody came.")


def test_the_history_keeps_who_declined_a_fall_and_why(falling, priya, ada, acting, browser_of, at):
    until = (at + 200 * DAY).date()
    actions.decline_proposal(
        by=acting(ada), proposal=falling, at=at + 91 * DAY, answer="One is hired.", until=until
    )
    mine, ours = both_histories(falling.partner, priya, ada, browser_of)
    assert "Gold since 23 Feb 2027 · we decided: One is hired." in mine
    assert "Gold since 23 Feb 2027 · Ada Okafor decided: One is hired." in ours


# Overrides and waivers


def test_a_tier_is_given_listed_and_ended_on_pages(proposed, ada, priya, browser_of, at):
    browser, partner = browser_of(ada), proposed.partner
    assert "Give a tier by decision" in read(browser, why(partner))
    form = {"tier": tier_named("gold").pk, "reason": "New line", "expires_on": (at + 20 * DAY).date()}
    assert browser.post(f"{why(partner)}override/", form).status_code == 302
    override = Override.objects.get()
    assert "Gold by decision until 14 Dec 2026." in read(browser, why(partner))
    mine = read(browser_of(priya), "/portal/tier/")
    assert "Gold by decision until 14 Dec 2026." in mine
    assert "we decided: New line" in mine
    for status, is_there in (("holds", True), ("ending", True), ("ended", False)):
        assert (override.end_url in read(browser, f"/manage/tier-overrides/?status={status}")) is is_there
    assert browser.post(override.end_url, {}).status_code == 302
    assert "Northgate" in read(browser, "/manage/tier-overrides/?status=ended")


def test_an_override_that_is_refused_says_why_at_the_field(proposed, ada, browser_of, at):
    form = {"tier": tier_named("authorized").pk, "reason": "x", "expires_on": (at + DAY).date()}
    answer = browser_of(ada).post(f"{why(proposed.partner)}override/", form)
    assert answer.status_code == 400
    assert "A decision never takes one away." in answer.content.decode()


def test_a_requirement_is_waived_from_its_row_and_both_sides_read_why(
    northgate, priya, ada, version, system, browser_of, at
):
    actions.recalculate(by=system, as_of=at.date(), at=at)
    browser, need = browser_of(ada), asked_of("authorized", "learning_plan_signed")
    url = f"{why(northgate)}waive/?requirement={need.pk}"
    assert url in read(browser, why(northgate))
    assert f'value="{need.pk}" selected' in read(browser, url)
    browser.post(
        url, {"requirement": need.pk, "reason": "It is in the post.", "expires_on": (at + 9 * DAY).date()}
    )
    actions.recalculate(by=system, as_of=at.date(), at=at)
    assert "Waived until 3 Dec 2026 because: It is in the post." in read(browser, why(northgate))
    told = read(browser_of(priya), "/portal/tier/")
    assert "Waived until 3 Dec 2026" in told
    assert "It is in the post." in told
    waiver = Waiver.objects.get()
    assert waiver.end_url in read(browser, "/manage/tier-waivers/?status=ending")
    assert browser.post(waiver.end_url, {}).status_code == 302


def test_who_may_not_decide_is_offered_nothing(northgate, maya, version, system, browser_of, at):
    actions.recalculate(by=system, as_of=at.date(), at=at)
    page = read(browser_of(maya), why(northgate))
    assert "/waive/" not in page
    assert "Give a tier by decision" not in page
    assert browser_of(maya).get(f"{why(northgate)}override/").status_code == 403


def test_overrides_and_waivers_go_over_the_api(northgate, ada, version, api_of, at):
    api, until = api_of(ada), (at + 9 * DAY).date().isoformat()
    json = {"content_type": "application/json"}
    body = {
        "partner": str(northgate.pk),
        "tier": str(tier_named("gold").pk),
        "reason": "x",
        "expires_on": until,
    }
    made = api.post("/api/v1/tier-overrides/", body, **json)
    assert (made.status_code, made.json()["tier"]) == (201, "gold")
    again = api.post("/api/v1/tier-overrides/", body, **json)
    assert again.status_code == 400
    need = asked_of("silver", "certified_people")
    body = {"partner": str(northgate.pk), "requirement": str(need.pk), "reason": "x", "expires_on": until}
    waived = api.post("/api/v1/tier-waivers/", body, **json).json()
    assert (waived["tier"], waived["requirement"]) == ("silver", "certified_people")
    for url in (
        f"/api/v1/tier-overrides/{made.json()['id']}/end/",
        f"/api/v1/tier-waivers/{waived['id']}/end/",
    ):
        assert api.post(url, {}, headers={"if-match": "*"}, **json).status_code == 200
        assert api.post(url, {}, headers={"if-match": "*"}, **json).status_code == 409


# Appeals


def test_a_partner_appeals_with_evidence_and_follows_the_promise(declined, priya, browser_of):
    browser, url = browser_of(priya), f"/portal/tier/appeal/{declined.pk}/"
    assert url in read(browser, "/portal/tier/")
    assert "It can be appealed until 24 Dec 2026, and once." in read(browser, url)
    letter = SimpleUploadedFile("reference.txt", b"Two hospitals.", content_type="text/plain")
    assert browser.post(url, {"grounds": "We have two.", "evidence": letter}).status_code == 302
    appeal = TierAppeal.objects.get()
    assert Attachment.objects.of(appeal).get().name == "reference.txt"
    page = read(browser, "/portal/tier/")
    assert "You get an answer by" in page
    assert url not in page
    assert browser.get(url).status_code == 404
    assert browser.post(f"/portal/tier-appeals/{appeal.pk}/withdraw/", {}).status_code == 302
    appeal.refresh_from_db()
    assert appeal.state == rules.WITHDRAWN


def test_someone_else_answers_from_the_queue_and_the_partner_reads_it(appeal, ada, dina, priya, browser_of):
    first, second = browser_of(ada), browser_of(dina)
    assert appeal.get_absolute_url() in read(first, "/manage/tier-appeals/?status=waiting")
    assert appeal.get_absolute_url() not in read(first, "/manage/tier-appeals/?status=mine")
    assert appeal.get_absolute_url() in read(second, "/manage/tier-appeals/?status=mine")
    assert "You made this decision." in read(first, appeal.decide_url)
    assert first.post(appeal.decide_url, {"move": "dismiss", "answer": "No"}).status_code == 403
    assert appeal.decide_url in read(second, "/manage/")
    assert "We have two." in read(second, appeal.decide_url)
    answer = second.post(appeal.decide_url, {"move": "dismiss", "answer": "One is too old."})
    assert answer.status_code == 302
    page = read(browser_of(priya), "/portal/tier/")
    assert "One is too old." in page
    assert "answered after 0 days, in time" in page
    assert "One is too old." in read(second, appeal.get_absolute_url())


def test_an_appeal_is_upheld_until_a_day_on_the_page(appeal, dina, browser_of, at):
    browser = browser_of(dina)
    assert browser.post(appeal.decide_url, {"move": "uphold", "until": ""}).status_code == 400
    until = (at + 60 * DAY).date()
    assert browser.post(appeal.decide_url, {"move": "uphold", "until": until}).status_code == 302
    assert held_by(appeal.partner) == "gold"
    url = f"{appeal.get_absolute_url()}letter/?move=dismiss&answer=Too+old"
    assert "the decision stands" in read(browser, url)


def test_appeals_go_over_the_api(declined, priya, dina, ada, api_of, at):
    mine, theirs = api_of(priya, declined.partner), api_of(dina)
    json = {"content_type": "application/json"}
    [may] = mine.get(f"/api/v1/partners/{declined.partner_id}/tier/").json()["appealable"]
    assert (may["decision"], may["until"]) == (str(declined.pk), "2026-12-24")
    filed = mine.post(
        "/api/v1/tier-appeals/", {"decision": may["decision"], "grounds": "We have two."}, **json
    )
    assert (filed.status_code, filed.json()["state"]) == (201, "waiting")
    assert mine.get(f"/api/v1/partners/{declined.partner_id}/tier/").json()["appealable"] == []
    url = f"/api/v1/tier-appeals/{filed.json()['id']}/"
    body = {"until": (at + 9 * DAY).date().isoformat(), "answer": "You are right."}
    refused = api_of(ada).post(f"{url}uphold/", body, headers={"if-match": "*"}, **json)
    assert refused.status_code == 403
    done = theirs.post(f"{url}uphold/", body, headers={"if-match": "*"}, **json)
    assert (done.status_code, done.json()["state"]) == (200, "upheld")
    assert mine.post(f"{url}withdraw/", {}, **json).status_code == 409
    assert "note" not in mine.get(url).json()


def test_another_partner_s_decisions_do_not_exist(appeal, proposed, rhys, albion, browser_of, api_of):
    browser, api = browser_of(rhys), api_of(rhys, albion)
    assert browser.get(f"/portal/tier/appeal/{proposed.pk}/").status_code == 404
    assert browser.get(f"/portal/tier-appeals/{appeal.pk}/withdraw/").status_code == 404
    for noun, row in (("tier-appeals", appeal), ("tier-proposals", proposed)):
        assert api.get(f"/api/v1/{noun}/{row.pk}/").status_code == 404
        assert api.get(f"/api/v1/{noun}/").json()["results"] == []


# Replay and programs


def test_the_page_and_the_api_replay_the_verdict(proposed, ada, browser_of, api_of):
    assert "Made again just now: the same verdict, the same seal" in read(
        browser_of(ada), why(proposed.partner)
    )
    found = api_of(ada).get(f"/api/v1/partners/{proposed.partner_id}/tier/").json()["replay"]
    assert found["is_same"]
    assert found["eligible_then"] == found["eligible_now"] == "gold"


def test_where_the_rule_has_changed_since_both_verdicts_are_shown(
    proposed, ada, browser_of, api_of, monkeypatch
):
    monkeypatch.setattr("tiers.rules.ENGINE", "3.0")
    monkeypatch.setattr("tiers.explained.rules.evaluate", evaluate_of_tomorrow(rules.evaluate))
    monkeypatch.setattr("tiers.explained.Replay.engine_now", "3.0")
    page = read(browser_of(ada), why(proposed.partner))
    assert "The rule has changed since" in page
    found = api_of(ada).get(f"/api/v1/partners/{proposed.partner_id}/tier/").json()["replay"]
    assert (found["eligible_then"], found["eligible_now"], found["is_same"]) == ("gold", "", False)


def evaluate_of_tomorrow(evaluate):
    """A rule under which nothing counts."""
    return lambda rungs, facts, waived: evaluate(rungs, {key: rules.Fact(0, 0) for key in facts}, waived)


def test_a_partner_in_two_programs_sees_both_the_primary_one_first(
    proposed, ada, priya, maya, browser_of, api_of, at
):
    second = make_program("care", "Care", position=2)
    put_in_force(make_draft(program=second), at)
    actions.recalculate(by=SYSTEM, as_of=at.date(), at=at)
    mine = read(browser_of(priya), "/portal/tier/")
    assert mine.index("program=levels") < mine.index("program=care")
    assert "Silver" in mine
    assert "Gold since 24 Nov 2026." in read(browser_of(priya), "/portal/tier/?program=care")
    assert "Gold since 24 Nov 2026." in read(browser_of(ada), f"{why(proposed.partner)}?program=care")
    api, url = api_of(maya), f"/api/v1/partners/{proposed.partner_id}/tier/"
    told = api.get(url).json()
    assert [(p["code"], p["is_primary"], p["tier"]) for p in told["programs"]] == [
        ("levels", True, "silver"), ("care", False, "gold"),
    ]  # fmt: skip
    assert api.get(url, {"program": "care"}).json()["tier"]["code"] == "gold"
    assert api.get(url, {"program": "nothing"}).status_code == 400
    assert browser_of(priya).get("/portal/tier/?program=nothing").status_code == 404
    assert Evaluation.objects.filter(partner=proposed.partner).count() == 2
