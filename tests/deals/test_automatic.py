"""Approved without a person: only where every condition of the program holds, and everybody is told why or why not."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.models import Setting
from core.actors import SYSTEM
from core.mail import render
from core.models import Mail
from core.money import Money
from core.saving import save
from deals import actions, automatic
from deals.models import Deal, Protection
from events.models import Event
from inbox.models import Notification
from partners.actions import note_standing
from tests.deals import factories as make
from tests.factories import make_partner

TERMS = automatic.Terms(
    is_on=True, score_below=20, value_below=Money(5_000_000, "USD"), tier_rank=1, people=1, gates=0
)
PLAIN = {
    "is_customer_known": True,
    "claims_all_below": False,
    "is_ours": False,
    "score": Decimal(0),
    "value": Money(4_999_999, "USD"),
    "tier_rank": 1,
    "people": 1,
    "gates": 0,
}
SMALL = Money(4_000_000, "USD")


def failing(**changes) -> list[str]:
    facts = automatic.Facts(**{**PLAIN, **changes})
    return [found.code for found in automatic.conditions(facts, TERMS) if not found.holds]


def test_a_plain_registration_passes_every_condition():
    assert failing() == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"is_customer_known": False}, "customer"),
        ({"claims_all_below": True}, "scope"),
        ({"is_ours": True}, "ours"),
        ({"score": Decimal("20.0")}, "score"),
        ({"value": Money(5_000_000, "USD")}, "value"),
        ({"value": None}, "value"),
        ({"tier_rank": 0}, "tier"),
        ({"people": 0}, "people"),
    ],
)
def test_each_condition_alone_leaves_it_to_a_person(change, code):
    assert failing(**change) == [code]


def test_what_the_program_does_not_ask_for_is_no_condition():
    codes = [found.code for found in automatic.conditions(automatic.Facts(**PLAIN), TERMS)]

    assert "gates" not in codes and "people" in codes


@given(score=st.decimals(0, 100, places=1), minor=st.integers(1, 10**9), rank=st.integers(0, 4))
def test_it_passes_exactly_where_nothing_is_missing(score, minor, rank):
    facts = automatic.Facts(**{**PLAIN, "score": score, "value": Money(minor, "USD"), "tier_rank": rank})

    passes = automatic.allows(automatic.conditions(facts, TERMS))

    assert passes == (score < 20 and minor < 5_000_000 and rank >= 1)


def switch(**values) -> None:
    """Turn it on; nothing is asked of the partner unless `values` say so."""
    for key, value in {"": 1, "_tier": 0, "_people": 0, **values}.items():
        save(Setting(key=f"deal.auto_approve{key}", value=value))


def register(partner, at, organization, **changes) -> Deal:
    facts = make.facts(**{"organization": organization, "amount": SMALL, **changes})
    return actions.register_deal(by=SYSTEM, partner=partner, at=at, **facts)


@pytest.mark.django_db
def test_a_plain_registration_is_approved_as_it_is_sent(northgate, priya, brannoc, at):
    switch()

    deal = register(northgate, at, brannoc)

    assert (deal.state, deal.is_automatic, deal.decided_by) == ("approved", True, None)
    assert Protection.objects.running().get().organization == brannoc
    approved = Event.objects.get(type="deal.approved")
    assert (approved.actor_kind, approved.data["automatic"]) == ("system", True)


@pytest.mark.django_db
def test_it_is_off_until_the_program_switches_it_on(northgate, brannoc, at):
    deal = register(northgate, at, brannoc)

    assert deal.state == "submitted"
    assert [one["code"] for one in deal.automatic_conditions if not one["holds"]] == [
        "switch",
        "tier",
        "people",
    ]


@pytest.mark.django_db
def test_the_value_is_compared_in_the_program_s_currency(northgate, brannoc, larkhill, at):
    switch(_value=50_000)

    below = register(northgate, at, brannoc, amount=Money(4_629_600, "EUR"))  # 49,999.68 US dollars
    above = register(northgate, at, larkhill, customer_name="Larkhill", amount=Money(4_629_700, "EUR"))

    assert (below.state, above.state) == ("approved", "submitted")


@pytest.mark.django_db
def test_a_partner_without_a_tier_waits_for_a_person(northgate, albion, brannoc, larkhill, at):
    switch(_tier=1)
    northgate = note_standing(partner_id=northgate.pk, code="silver", name="Silver", rank=2, at=at)

    assert register(northgate, at, brannoc).state == "approved"
    assert register(albion, at, larkhill, customer_name="Larkhill").state == "submitted"


@pytest.mark.django_db
def test_somebody_else_s_claim_leaves_it_to_a_person(northgate, albion, brannoc, at):
    switch()
    first = register(northgate, at, brannoc)

    second = register(albion, at, brannoc)

    assert (first.state, second.state) == ("approved", "submitted")
    assert [one["code"] for one in second.automatic_conditions if not one["holds"]] == ["score"]


@pytest.mark.django_db
@pytest.mark.parametrize("record", [actions.block_account, actions.approve_direct_account])
def test_our_own_accounts_are_a_person_s_whatever_the_score_may_be(northgate, brannoc, at, record):
    switch(_score=101)
    record(by=SYSTEM, organization=brannoc, reason="Sanctions", at=at)

    deal = register(northgate, at, brannoc)

    assert deal.state == "submitted"
    assert [one["code"] for one in deal.automatic_conditions if not one["holds"]] == ["ours"]


@pytest.mark.django_db
def test_what_is_refused_at_the_last_moment_waits_for_a_person_without_an_error(northgate, brannoc, maya, at):
    """Its own protection ended lately: only a renewal is possible, which no condition asks about."""
    switch()
    first = register(northgate, at, brannoc)
    actions.withdraw_deal(by=SYSTEM, deal=first, reason="no_opportunity", at=at)

    again = register(northgate, at, brannoc)

    assert (again.state, again.is_plain, again.is_automatic) == ("submitted", True, False)
    assert Event.objects.get(type="deal.left_to_review").data == {"because": "too_soon"}
    rings = Notification.objects.filter(user=maya, args__deal=again.number).values_list("kind", flat=True)
    assert list(rings) == ["deal.left_to_review"]


@pytest.mark.django_db
def test_the_partner_gets_one_letter_that_says_so(northgate, priya, brannoc, at):
    switch()
    deal = register(northgate, at, brannoc)

    letters = [render(mail) for mail in Mail.objects.filter(ids__deal=str(deal.pk))]

    said = [text for _subject, text, _html in filter(None, letters)]
    assert len(said) == 1
    assert "nobody had to look at it first" in said[0]


@pytest.mark.django_db
def test_an_answer_to_a_question_may_be_approved_at_once(northgate, brannoc, at):
    switch()
    deal = register(northgate, at, brannoc, amount=Money(9_000_000, "USD"))
    actions.ask_for_more(by=SYSTEM, deal=deal, question="So much?", fields=["amount"], at=at)

    answered = actions.complete_deal(by=SYSTEM, deal=deal, amount=SMALL, at=at)

    assert (answered.state, answered.is_automatic) == ("approved", True)


@pytest.mark.django_db
def test_the_decision_page_says_why_not(northgate, brannoc, maya, browser_of, at):
    switch(_value=30_000)
    deal = register(northgate, at, brannoc)

    page = browser_of(maya).get(deal.decide_url).content.decode()

    assert "Why was this not approved automatically?" in page
    assert "Value below $30,000" in page and "$40,000" in page


@pytest.mark.django_db
def test_the_record_and_the_api_say_that_it_was_automatic(northgate, priya, maya, brannoc, browser_of, at):
    switch()
    deal = register(northgate, at, brannoc)

    assert "Approved automatically" in browser_of(maya).get(deal.get_absolute_url()).content.decode()
    of_vendor = browser_of(maya).get(f"/api/v1/deals/{deal.pk}/").json()
    of_partner = browser_of(priya).get(f"/api/v1/deals/{deal.pk}/").json()
    assert of_vendor["is_automatic"] is of_partner["is_automatic"] is True
    assert "automatic_conditions" in of_vendor and "automatic_conditions" not in of_partner


@pytest.mark.django_db
def test_an_upheld_appeal_forgets_that_it_was_automatic(program, brannoc, at):
    switch()
    partner = make_partner("Carrow Imaging")
    deal = register(partner, at, brannoc)
    actions.revoke_deal(by=SYSTEM, deal=deal, reason="inaccurate", at=at)
    appeal = actions.file_appeal(by=SYSTEM, deal=deal, grounds="It was accurate.", at=at)
    actions.uphold_appeal(by=SYSTEM, appeal=appeal, at=at)

    assert Deal.objects.get(pk=deal.pk).is_automatic is False
