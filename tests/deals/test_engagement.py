"""Rules of engagement: announced with notice, never changed afterwards, and no surprise for what was sent before."""

from __future__ import annotations

from datetime import timedelta

import pytest
import yaml
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from hypothesis import given
from hypothesis import strategies as st

from core.actors import SYSTEM
from core.clock import day
from core.errors import Conflict
from core.mail import render
from core.models import Mail
from deals import actions, engagement, tasks
from deals.engagement import Section
from deals.models import Deal, EngagementRules
from events.models import Event
from inbox.models import Notification
from tests.deals import factories as make
from tests.factories import make_key, make_vendor_user

FIRST = [
    Section("first", "The first wins", "Whoever is first and complete wins.", ("approve",)),
    Section("one", "One partner", "One partner is protected.", ("already_protected", "reject")),
]
SECOND = [
    Section("first", "The first wins", "Whoever is first, complete and certified wins.", ("approve",)),
    Section("late", "Late answers", "We are never late.", ("already_protected",)),
]


@pytest.fixture
def dora(program, at):
    """Dora, director."""
    return make_vendor_user("dora@vendor.example", "Dora Whit", "director", at)


def in_force(at, sections=FIRST) -> EngagementRules:
    return make.hold_rules(at, sections)


def announced(at, days: int, **facts) -> EngagementRules:
    draft = actions.draft_rules(by=SYSTEM, **{"name": "Rules", "sections": SECOND, "at": at, **facts})
    return actions.announce_rules(by=SYSTEM, rules=draft, effective_on=day(at) + timedelta(days=days), at=at)


# Pure -----------------------------------------------------------------------------------------------------------

words = st.text("abc é", min_size=1, max_size=30).map(str.strip).filter(bool)
some_sections = st.lists(
    st.builds(Section, st.from_regex(engagement.CODE, fullmatch=True), words, words), max_size=5
)


@given(some_sections)
def test_plain_text_and_back_is_the_same(sections):
    assert engagement.parse(engagement.as_text(sections)) == sections


@given(words, words)
def test_the_words_of_a_difference_make_both_texts(before, after):
    found = list(engagement.word_changes(before, after))

    assert " ".join(text for kind, text in found if kind != "out").split() == after.split()
    assert " ".join(text for kind, text in found if kind != "in").split() == before.split()


def test_versions_differ_rule_by_rule():
    found = [(change.kind, change.code) for change in engagement.differences(FIRST, SECOND)]

    assert found == [("changed", "first"), ("added", "late"), ("removed", "one")]


def test_a_decision_rests_on_its_reason_s_rule_else_on_its_kind_s():
    assert engagement.rule_for(FIRST, "already_protected", "reject").code == "one"
    assert engagement.rule_for(FIRST, "out_of_scope", "reject").code == "one"
    assert engagement.rule_for(FIRST, "out_of_scope") is None


@pytest.mark.parametrize(
    "wrong",
    [
        [],
        [Section("a b", "T", "x")],
        [Section("a", "T", "x"), Section("a", "T", "x")],
        [Section("a", "T", "")],
        [Section("a", "T", "x", ("whim",))],
    ],
)
def test_rules_that_cannot_be_are_refused(wrong):
    with pytest.raises(ValidationError):
        engagement.checked(wrong, ["already_protected"])


# Versions -------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_first_version_needs_no_notice(program, at):
    assert in_force(at).state == "active"


@pytest.mark.django_db
def test_what_may_be_worse_needs_sixty_days(program, at):
    in_force(at)
    draft = actions.draft_rules(by=SYSTEM, name="Rules", sections=SECOND, at=at)

    with pytest.raises(ValidationError, match="it can hold from 23 January 2027"):
        actions.announce_rules(by=SYSTEM, rules=draft, effective_on=day(at) + timedelta(days=59), at=at)

    told = actions.announce_rules(by=SYSTEM, rules=draft, effective_on=day(at) + timedelta(days=60), at=at)
    assert told.state == "announced"


@pytest.mark.django_db
def test_what_is_not_worse_may_hold_at_once_and_says_why(program, at):
    in_force(at)
    with pytest.raises(ValidationError):
        actions.draft_rules(by=SYSTEM, name="Rules", sections=SECOND, is_adverse=False, at=at)

    announced(at, 0, is_adverse=False, because="It only adds a promise of ours.")
    actions.activate_due(at=at)

    assert EngagementRules.objects.in_force().number == 2


@pytest.mark.django_db
def test_the_day_puts_it_into_force_and_ends_the_one_before(program, at):
    first = in_force(at)
    second = announced(at, 60)

    assert actions.activate_due(at=at + timedelta(days=59)) == 0
    assert tasks.activate_rules(day(at), at + timedelta(days=60)) == {"activated": 1}
    assert actions.activate_due(at=at + timedelta(days=61)) == 0

    first.refresh_from_db()
    assert (first.state, EngagementRules.objects.in_force()) == ("superseded", second)
    told = Event.objects.filter(subject_kind="engagementrules", at=at + timedelta(days=60))
    assert sorted(event.type for event in told) == ["rules.activated", "rules.superseded"]


@pytest.mark.django_db
def test_what_is_announced_is_never_changed_and_one_waits_at_a_time(program, at):
    in_force(at)
    second = announced(at, 60)
    third = actions.draft_rules(by=SYSTEM, name="Rules", sections=FIRST, at=at)

    with pytest.raises(Conflict):
        actions.change_rules(by=SYSTEM, rules=second, name="Other", at=at)
    with pytest.raises(Conflict):
        actions.announce_rules(by=SYSTEM, rules=third, effective_on=day(at) + timedelta(days=90), at=at)

    actions.discard_rules(by=SYSTEM, rules=second, at=at)
    actions.announce_rules(by=SYSTEM, rules=third, effective_on=day(at) + timedelta(days=90), at=at)
    with pytest.raises(Conflict):
        actions.discard_rules(by=SYSTEM, rules=EngagementRules.objects.in_force(), at=at)


@pytest.mark.django_db
def test_every_active_partner_s_admin_is_told(program, priya, sam, rhys, at):
    in_force(at)
    before = set(Mail.objects.filter(letter="rules.announced").values_list("pk", flat=True))
    announced(at, 60, changes="The first must be certified too.")

    sent = Mail.objects.filter(letter="rules.announced").exclude(pk__in=before)

    assert set(sent.values_list("to_user", flat=True)) == {priya.pk, rhys.pk}
    subject, text, _html = render(sent[0])
    assert "23 January 2027" in subject and "The first must be certified too." in text
    assert (
        Notification.objects.filter(kind="rules.announced", user=priya)
        .last()
        .url.startswith("/portal/rules/")
    )


# What was sent before -------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_registration_is_decided_under_the_rules_that_held_when_it_was_sent(northgate, albion, brannoc, at):
    first = in_force(at)
    sent = make.submitted(albion, at, brannoc)
    announced(at, 60)
    later = at + timedelta(days=60)
    actions.activate_due(at=later)
    make.approved(northgate, later, brannoc)

    refused = actions.reject_deal(by=SYSTEM, deal=sent, reason="already_protected", at=later)

    assert (refused.engagement_rules, refused.decided_rule) == (first, "one")
    event = Event.objects.get(type="deal.rejected")
    assert (event.data["rule"], event.data["rules_version"]) == ("one", 1)
    assert Event.objects.get(type="deal.approved").data["rules_version"] == 2


@pytest.mark.django_db
def test_an_answer_to_a_question_keeps_the_version(northgate, at):
    first = in_force(at)
    deal = make.submitted(northgate, at)
    actions.ask_for_more(by=SYSTEM, deal=deal, question="Who?", fields=["contact"], at=at)
    announced(at, 0, is_adverse=False, because="Fine.")
    actions.activate_due(at=at)

    assert actions.submit_deal(by=SYSTEM, deal=deal, at=at).engagement_rules == first


@pytest.mark.django_db
def test_the_letter_names_rule_and_version(northgate, priya, brannoc, acting, at):
    in_force(at)
    deal = actions.register_deal(by=acting(priya), partner=northgate, at=at, **make.facts())
    actions.link_customer(by=SYSTEM, deal=deal, organization=brannoc, at=at)
    actions.approve_deal(by=SYSTEM, deal=deal, at=at)

    _subject, text, _html = render(Mail.objects.get(letter="deal.approved"))

    assert "Decided by the rule “The first wins”, rules of engagement version 1." in text


@pytest.mark.django_db
def test_the_letter_of_a_conditional_approval_names_rule_and_version(northgate, priya, brannoc, acting, at):
    in_force(at)
    deal = actions.register_deal(by=acting(priya), partner=northgate, at=at, **make.facts())
    actions.link_customer(by=SYSTEM, deal=deal, organization=brannoc, at=at)
    until = day(at) + timedelta(days=10)
    actions.approve_deal(by=SYSTEM, deal=deal, conditions=["A letter."], conditions_until=until, at=at)

    _subject, text, _html = render(Mail.objects.get(letter="deal.approved_with_conditions"))

    assert "Decided by the rule “The first wins”, rules of engagement version 1." in text


@pytest.mark.django_db
def test_what_a_case_ends_names_its_rule_and_version(northgate, albion, brannoc, at):
    claims = Section("two_claims", "Two claims", "A second person decides.", ("conflict_decided",))
    in_force(at, [*FIRST, claims])
    protected = make.approved(northgate, at, brannoc)
    pending = make.submitted(albion, at, brannoc)
    case = actions.open_case(by=SYSTEM, deal=protected, other=pending, at=at)
    actions.gather_evidence(by=SYSTEM, case=case, at=at)
    actions.propose_outcome(by=SYSTEM, case=case, outcome="neither", proposal="Neither is on site.", at=at)
    facts = {"outcome": "neither", "rule": "first", "reasoning": "Neither is on site."}
    actions.decide_case(by=SYSTEM, case=case, at=at, **facts)

    for deal, event in ((protected, "deal.revoked"), (pending, "deal.rejected")):
        deal.refresh_from_db()
        assert deal.decided_rule == "two_claims"
        told = Event.objects.about(deal).get(type=event).data
        assert (told["rule"], told["rules_version"]) == ("two_claims", 1)


def test_the_shipped_rules_say_what_a_case_decides_by():
    stated = yaml.safe_load((settings.BASE_DIR / "programs/healthcare-ai.yaml").read_text())
    decides = {code: rule["decides"] for code, rule in stated["rules_of_engagement"]["rules"].items()}
    assert [code for code, reasons in decides.items() if "conflict_decided" in reasons] == ["two_claims"]


@pytest.mark.django_db
def test_without_rules_nothing_is_cited(northgate, brannoc, at):
    deal = make.approved(northgate, at, brannoc)

    assert (deal.engagement_rules, deal.decided_rule) == (None, "")
    assert "rule" not in Event.objects.get(type="deal.approved").data


# Doors ----------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_directors_draft_announce_and_take_back(program, dora, browser_of, at):
    in_force(at)
    browser = browser_of(dora)
    facts = {"name": "Rules", "sections": engagement.as_text(SECOND), "is_adverse": "on", "changes": "More."}

    drafted = browser.post("/manage/rules/new/", facts)
    page = browser.get(drafted.url).content.decode()

    assert "<ins>complete and certified</ins>" in page or "<ins>" in page
    assert "no longer a rule" in page
    early = browser.post(f"{drafted.url}announce/", {"effective_on": "2026-11-30"})
    assert early.status_code == 400
    done = browser.post(f"{drafted.url}announce/", {"effective_on": "2099-01-01"})
    assert done.status_code == 302
    assert browser.post(f"{drafted.url}discard/", {}).status_code == 302
    assert EngagementRules.objects.get(number=2).state == "discarded"


@pytest.mark.django_db
def test_managers_read_and_do_not_write(program, maya, acting, browser_of, at):
    rules = in_force(at)

    assert browser_of(maya).get(rules.get_absolute_url()).status_code == 200
    assert browser_of(maya).get("/manage/rules/new/").status_code == 403
    with pytest.raises(PermissionDenied):
        actions.draft_rules(by=acting(maya), name="Mine", sections=FIRST, at=at)


@pytest.mark.django_db
def test_partners_read_what_holds_and_what_is_announced_but_no_draft(program, priya, browser_of, at):
    in_force(at)
    told = announced(at, 60)
    draft = actions.draft_rules(by=SYSTEM, name="Secret plans", sections=FIRST, at=at)
    browser = browser_of(priya)

    holds, ahead = (browser.get(f"/portal/rules/{end}").content.decode() for end in ("", f"{told.pk}/"))

    assert "Whoever is first and complete wins." in holds and "Version 2" in holds
    assert "no longer a rule" in ahead and "decided under the rules that hold now" in ahead
    assert browser.get(f"/portal/rules/{draft.pk}/").status_code == 404
    assert "Secret plans" not in holds + browser.get("/api/v1/engagement-rules/").content.decode()


@pytest.mark.django_db
def test_the_rules_stand_beside_the_form(program, priya, browser_of, at):
    without = browser_of(priya).get("/portal/deals/new/").content.decode()
    in_force(at)

    page = browser_of(priya).get("/portal/deals/new/").content.decode()

    assert (
        "Whoever is first and complete wins." in page and "Whoever is first and complete wins." not in without
    )


@pytest.mark.django_db
def test_the_same_over_the_api(program, dora, client, at):
    in_force(at)
    key = {"HTTP_AUTHORIZATION": f"Bearer {make_key(dora)}"}
    sections = [section.as_json() for section in SECOND]

    made = client.post(
        "/api/v1/engagement-rules/", {"name": "Rules", "sections": sections}, "application/json", **key
    )
    address, version = f"/api/v1/engagement-rules/{made.json()['id']}/", {"HTTP_IF_MATCH": made["ETag"]}
    changed = client.patch(address, {"changes": "More."}, "application/json", **version, **key)
    version = {"HTTP_IF_MATCH": changed["ETag"]}
    early = client.post(
        f"{address}announce/", {"effective_on": "2026-11-30"}, "application/json", **version, **key
    )
    told = client.post(
        f"{address}announce/", {"effective_on": "2099-01-01"}, "application/json", **version, **key
    )

    assert (made.status_code, changed.json()["changes"]) == (201, "More.")
    assert (early.status_code, told.json()["state"]) == (400, "announced")


@pytest.mark.django_db
def test_the_decision_s_letter_is_previewed_with_its_rule(northgate, maya, browser_of, at):
    in_force(at)
    deal = make.submitted(northgate, at)

    letter = browser_of(maya).get(f"{deal.get_absolute_url()}letter/?move=reject&reason=already_protected")

    assert "rule “One partner”" in letter.content.decode()
    assert Deal.objects.get(pk=deal.pk).decided_rule == ""
