"""The table of moves, what would tell who it is, the score, and who gets a lead."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Conflict
from leads import routing, rules

AT = datetime(2026, 11, 24, 15, 31, tzinfo=UTC)


def partner(n: int, **facts) -> routing.PartnerFacts:
    plain = {"market": "us", "languages": frozenset({"en"}), "capacity": 10}
    return routing.PartnerFacts(id=UUID(int=n), name=f"Partner {n}", **{**plain, **facts})


def lead(**facts) -> routing.LeadFacts:
    return routing.LeadFacts(**{"market": "us", "language": "en", "specialty": "radiology", **facts})


def rule(code: str = "all", method: str = "round_robin", **facts) -> routing.Rule:
    return routing.Rule(code=code, name=code, method=method, **facts)


# Lifecycle ------------------------------------------------------------------------------------------------------


def test_every_move_has_its_event_and_every_state_can_be_reached():
    assert set(rules.EVENT_OF_MOVE) == set(rules.LIFECYCLE.moves)
    assert set(rules.LIFECYCLE.states()) == set(rules.STATES)
    assert set(rules.OFFER.states()) == set(rules.OFFER_STATES)


@pytest.mark.parametrize("state", rules.STATES)
def test_what_was_won_is_over(state):
    if state == rules.WON:
        assert rules.LIFECYCLE.open_moves(state) == []
    else:
        assert any(state in move.sources for move in rules.LIFECYCLE.moves.values())


def test_nobody_accepts_what_is_not_offered():
    with pytest.raises(Conflict):
        rules.LIFECYCLE.after(rules.NEW, "accept")


def test_a_partner_reads_who_it_is_only_once_it_has_accepted():
    assert set(rules.DISCLOSED) == {"accepted", "contacted", "converted", "won", "lost"}
    assert rules.OFFERED not in rules.DISCLOSED
    assert rules.POOLED not in rules.DISCLOSED


def test_every_state_is_told_to_whoever_referred_it():
    assert set(rules.PROGRESS_OF_STATE) == set(rules.STATES)
    assert set(rules.PROGRESS_OF_STATE.values()) <= set(rules.PROGRESS_WORDS)


# Before it is accepted ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Wants to read night scans faster.", []),
        ("Call 020 7946 0991 after nine.", ["020 7946 0991"]),
        ("Write to helen@brannoc.example.", ["helen@brannoc.example", "brannoc"]),
        ("See www.brannoc.example.", ["www.brannoc.example", "brannoc"]),
        ("The Brannoc hospital wants it.", ["brannoc"]),
        ("The regional hospital wants it.", []),
        ("BRANNÓC wants it.", ["brannoc"]),
        ("Two sites, 400 beds, 2027 budget.", []),
    ],
)
def test_a_text_that_tells_who_it_is_is_found(text, told):
    assert rules.telling_words(text, ["St. Brannoc’s Regional Medical Center Brannoc"]) == told


def test_the_points_of_a_score_add_up_to_a_hundred():
    lines = rules.score_lines({code: True for code, _points, _words in rules.POINTS})
    assert rules.score(lines) == 100
    assert rules.score(rules.score_lines({})) == 0


# Routing --------------------------------------------------------------------------------------------------------


def test_whoever_waits_longest_is_next_and_who_never_had_one_comes_first():
    waits = partner(1, last_at=AT - timedelta(days=9))
    had = partner(2, last_at=AT)
    never = partner(3)
    assert routing.decide([rule()], lead(), [waits, had, never]).chosen == never
    assert routing.decide([rule()], lead(), [waits, had]).chosen == waits


def test_by_weight_each_gets_its_share():
    heavy, light = partner(1, weight=3), partner(2, weight=1)
    got = {heavy.id: 0, light.id: 0}
    for _n in range(40):
        now = [
            partner(1, weight=3, received=got[heavy.id]),
            partner(2, weight=1, received=got[light.id]),
        ]
        chosen = routing.decide([rule(method="weighted")], lead(), now).chosen
        got[chosen.id] += 1
    assert got == {heavy.id: 30, light.id: 10}


def test_the_pool_chooses_nobody_and_holds_those_who_fit():
    decision = routing.decide([rule(method="pool")], lead(), [partner(1), partner(2, market="uk")])
    assert (decision.outcome, decision.chosen) == ("pooled", None)
    assert [c.passed for c in decision.considered] == [True, False]


CONDITIONS = {
    "takes_leads": ({}, {"takes_leads": False}),
    "let_go": ({}, {"let_go": True}),
    "referrer": ({}, {"is_referrer": True}),
    "market": ({}, {"market": "uk"}),
    "language": ({}, {"languages": frozenset({"de"})}),
    "specialty": ({}, {"specialties": frozenset({"oncology"})}),
    "product": ({}, {"products": frozenset({"imaging"})}),
    "category": ({"categories": frozenset({"channel"})}, {}),
    "tier": ({"tier_rank": 3, "tier_name": "Gold"}, {"tier_rank": 2, "tier_name": "Silver"}),
    "gates": ({"gates": frozenset({"security"})}, {}),
    "capacity": ({}, {"open_leads": 10}),
}


@pytest.mark.parametrize("code", CONDITIONS)
def test_each_condition_keeps_a_partner_out_and_says_so(code):
    asked, has = CONDITIONS[code]
    decision = routing.decide([rule(**asked)], lead(products=frozenset({"triage"})), [partner(1, **has)])
    assert decision.outcome == "nobody"
    assert [check.code for check in decision.considered[0].failed] == [code]
    assert code in routing.CONDITION_WORDS


def test_a_condition_that_a_rule_does_not_ask_keeps_nobody_out():
    free = rule(same_market=False, same_language=False, same_specialty=False, same_product=False)
    stranger = partner(
        1, market="uk", languages=frozenset({"de"}), specialties=frozenset({"oncology"}),
        products=frozenset({"imaging"}),
    )  # fmt: skip
    assert routing.decide([free], lead(products=frozenset({"triage"})), [stranger]).chosen == stranger


def test_the_first_rule_that_someone_fits_decides_and_the_others_are_told():
    japan = rule("japan", markets=frozenset({"jp"}))
    gold = rule("gold", tier_rank=3, tier_name="Gold")
    everyone = rule("everyone", method="pool")
    decision = routing.decide([japan, gold, everyone], lead(), [partner(1)])
    assert (decision.rule, decision.outcome) == (everyone, "pooled")
    assert [(t.code, t.concerns, t.fitting) for t in decision.tried] == [
        ("japan", False, 0), ("gold", True, 0), ("everyone", True, 1),
    ]  # fmt: skip


def test_where_nobody_fits_the_rows_say_why_for_everyone():
    decision = routing.decide([rule()], lead(), [partner(1, market="uk"), partner(2, open_leads=10)])
    assert decision.outcome == "nobody"
    assert [[c.code for c in row.failed] for row in decision.considered] == [["market"], ["capacity"]]


def test_without_a_rule_for_it_a_lead_goes_to_nobody():
    decision = routing.decide([rule(markets=frozenset({"jp"}))], lead(), [partner(1)])
    assert (decision.outcome, decision.rule, decision.considered) == ("nobody", None, ())


some_partners = st.lists(
    st.builds(
        partner,
        st.integers(1, 30),
        market=st.sampled_from(["us", "uk"]),
        open_leads=st.integers(0, 12),
        weight=st.integers(1, 5),
        received=st.integers(0, 9),
        let_go=st.booleans(),
        last_at=st.sampled_from([None, AT, AT - timedelta(days=1)]),
    ),
    unique_by=lambda p: p.id,
    max_size=12,
)


@given(some_partners, st.sampled_from(routing.METHODS))
def test_whoever_is_chosen_fits_and_the_order_of_partners_says_nothing(partners, method):
    decision = routing.decide([rule(method=method)], lead(), partners)
    again = routing.decide([rule(method=method)], lead(), list(reversed(partners)))
    assert decision.chosen == again.chosen
    assert len(decision.considered) == len(partners)
    fitting = [c.partner for c in decision.considered if c.passed]
    assert (decision.outcome == "nobody") == (not fitting)
    if method != routing.POOL:
        assert (decision.chosen in fitting) == bool(fitting)


def test_a_rule_may_ask_that_leads_are_a_benefit_of_the_tier():
    asked = rule(entitled=True)
    verdicts = {
        has: next(
            c for c in routing.checks(asked, lead(), partner(1, is_entitled=has)) if c.code == "entitlement"
        ).passed
        for has in (True, False)
    }
    assert verdicts == {True: True, False: False}
    assert "entitlement" not in [check.code for check in routing.checks(rule(), lead(), partner(1))]
