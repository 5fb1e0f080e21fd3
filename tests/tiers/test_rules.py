"""The rule of tiers: boundaries, no data, alternatives, and what follows for a standing."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiers import rules
from tiers.rules import (
    Band,
    Fact,
    Group,
    Need,
    Rung,
    Situation,
    decide,
    evaluate,
    fingerprint,
    margin,
    restored,
    seal,
)

M = 1_000_000_00
BASIC, PLAN = Need("people_with_fundamentals", "at_least", 1), Need("learning_plan_signed", "at_least", 1)


def team(people: int) -> tuple[Need, ...]:
    return (
        Need("certified_people", "at_least", people),
        Need("certified_people_technical", "at_least", 1),
        Need("certified_people_sales", "at_least", 1),
    )


def sells(revenue: int, implementations: int) -> tuple[Need, ...]:
    return (Need("annual_revenue", "at_least", revenue), Need("implementations", "at_least", implementations))


PROGRAM = [
    Rung("platinum", 4, (*sells(10 * M, 50), *team(6))),
    Rung("gold", 3, (*sells(2 * M, 20), *team(3))),
    Rung("silver", 2, (*sells(M // 2, 5), BASIC)),
    Rung("authorized", 1, (BASIC, PLAN)),
]
KEYS = sorted({need.key for rung in PROGRAM for need in rung.needs})


def facts(revenue=0, implementations=0, people=0, technical=0, sales=0, basic=0, plan=0):
    values = {
        "annual_revenue": revenue, "implementations": implementations, "certified_people": people,
        "certified_people_technical": technical, "certified_people_sales": sales,
        "people_with_fundamentals": basic, "learning_plan_signed": plan,
    }  # fmt: skip
    return {key: Fact(value, value or 0) for key, value in values.items()}


def eligible(found) -> str:
    verdict = evaluate(PROGRAM, found)
    return verdict.eligible.code if verdict.eligible else "none"


TABLE = [
    ("platinum", facts(10 * M, 50, 6, 1, 1)),
    ("gold", facts(10 * M - 1, 50, 6, 1, 1)),
    ("gold", facts(10 * M, 49, 6, 1, 1)),
    ("gold", facts(10 * M, 50, 5, 1, 1)),
    ("gold", facts(2 * M, 20, 3, 1, 1)),
    ("none", facts(2 * M, 20, 3, 1, 0)),
    ("none", facts(2 * M, 20, 3, 0, 1)),
    ("silver", facts(2 * M, 20, 2, 1, 1, basic=1)),
    ("silver", facts(2 * M - 1, 20, 3, 1, 1, basic=1)),
    ("silver", facts(M // 2, 5, basic=1)),
    ("none", facts(M // 2 - 1, 5, basic=1)),
    ("none", facts(M // 2, 4, basic=1)),
    ("authorized", facts(M // 2 - 1, 5, basic=1, plan=1)),
    ("authorized", facts(basic=1, plan=1)),
    ("none", facts(basic=0, plan=1)),
    ("none", facts(basic=1, plan=0)),
    ("none", {}),
]


@pytest.mark.parametrize(("tier", "found"), TABLE)
def test_every_boundary_lies_exactly_on_its_threshold(tier, found):
    assert eligible(found) == tier


def test_no_data_is_not_zero_and_meets_nothing():
    at_most = [Rung("calm", 1, (Need("complaints", "at_most", 2),))]
    assert evaluate(at_most, {"complaints": Fact(0, 0)}).eligible is not None
    silent = evaluate(at_most, {"complaints": Fact(None)})
    assert silent.eligible is None
    assert silent.rungs[0].findings[0].verdict == "no_data"
    assert evaluate(at_most, {}).rungs[0].findings[0].verdict == "no_data"


@pytest.mark.parametrize(
    ("comparator", "value", "verdict", "missing"),
    [
        ("at_least", 5, "met", 0), ("at_least", 4, "not_met", 1), ("more_than", 5, "not_met", 1),
        ("more_than", 6, "met", 0), ("at_most", 5, "met", 0), ("at_most", 7, "not_met", 2),
    ],
)  # fmt: skip
def test_a_comparator_and_what_closes_its_gap(comparator, value, verdict, missing):
    finding = evaluate([Rung("a", 1, (Need("m", comparator, 5),))], {"m": Fact(value)}).rungs[0].findings[0]
    assert (finding.verdict, finding.missing) == (verdict, missing)


def test_of_alternatives_one_is_enough_and_the_nearest_one_is_missing():
    needs = (
        Need("a", "at_least", 10, "either"),
        Need("b", "at_least", 100, "either"),
        Need("c", "at_least", 1),
    )
    rung = Rung("t", 1, needs, (Group("either", "any"),))
    assert evaluate([rung], {"b": Fact(100), "c": Fact(1)}).eligible == rung
    found = evaluate([rung], {"a": Fact(2), "b": Fact(90), "c": Fact(0)}).rungs[0]
    assert {f.need.key for f in found.open_findings} == {"b", "c"}


@pytest.mark.parametrize(
    ("eligible_rank", "held", "grace", "action"),
    [
        (0, 0, None, "none"),
        (3, 0, None, "initial"),
        (3, 1, None, "upgrade"),
        (3, 2, date(2027, 1, 1), "upgrade"),
        (2, 2, None, "none"),
        (2, 2, date(2027, 1, 1), "recovered"),
        (1, 3, None, "grace"),
        (1, 3, date(2026, 11, 25), "in_grace"),
        (1, 3, date(2026, 11, 24), "downgrade"),
        (0, 3, date(2026, 11, 1), "downgrade"),
    ],
)
def test_what_follows_from_a_verdict(eligible_rank, held, grace, action):
    ladder = [Rung(f"t{n}", n, (Need("m", "at_least", n),)) for n in (1, 2, 3)]
    verdict = evaluate(ladder, {"m": Fact(eligible_rank)})
    assert decide(verdict, Situation(held, grace), date(2026, 11, 24))[0] == action


TOP_BY_DECISION = [Rung(f"t{n}", n, (Need("m", "at_least", n),), by_decision=n == 3) for n in (1, 2, 3)]


@pytest.mark.parametrize(
    ("eligible", "now", "action", "tier"),
    [
        (3, Situation(1), "upgrade", "t2"),
        (3, Situation(2), "proposed", "t3"),
        (2, Situation(3, override_rank=3), "overridden", None),
        (3, Situation(3, override_rank=3), "none", None),
        (2, Situation(1, override_rank=1), "upgrade", "t2"),
        (2, Situation(3, date(2026, 11, 24), falls_by_decision=True), "fall_proposed", "t2"),
        (0, Situation(3, date(2026, 11, 24)), "downgrade", None),
    ],
)
def test_decisions_stand_between_a_verdict_and_a_tier(eligible, now, action, tier):
    found, to = decide(evaluate(TOP_BY_DECISION, {"m": Fact(eligible)}), now, date(2026, 11, 24))
    assert (found, to.code if to else None) == (action, tier)


@pytest.mark.parametrize(
    ("group", "met", "is_reached", "missing"),
    [
        (Group("g", "all"), "ab", False, {"c"}),
        (Group("g", "all"), "abc", True, set()),
        (Group("g", "any"), "", False, {"c"}),
        (Group("g", "any"), "b", True, set()),
        (Group("g", "n_of", 2), "a", False, {"c"}),
        (Group("g", "n_of", 2), "ac", True, set()),
        (Group("g", "n_of", 5), "ab", False, {"c"}),
    ],
)
def test_a_group_needs_all_any_or_some_of_its_members_and_the_nearest_is_missing(
    group, met, is_reached, missing
):
    needs = tuple(Need(key, "at_least", 10, "g") for key in "abc")
    found = {key: Fact(10 if key in met else {"a": 1, "b": 2, "c": 9}[key]) for key in "abc"}
    judged = evaluate([Rung("t", 1, needs, (group,))], found).rungs[0]
    assert judged.is_reached is is_reached
    assert {f.need.key for f in judged.open_findings} == missing


def test_a_waived_requirement_counts_as_met_and_says_so():
    verdict = evaluate(PROGRAM, facts(2 * M, 19, 3, 1, 1), frozenset({("gold", "implementations")}))
    assert verdict.eligible.code == "gold"
    assert [f.verdict for f in verdict.of("gold").findings if f.need.key == "implementations"] == ["waived"]
    assert evaluate(PROGRAM, facts(2 * M, 19, 3, 1, 1)).eligible is None


def test_the_way_to_a_tier_starts_with_the_least_effort():
    judged = evaluate(PROGRAM, facts(M, 19, 3, 1, 1)).of("gold")
    assert [f.need.key for f in judged.path] == ["implementations", "annual_revenue"]
    assert 0 < judged.distance < 1
    heavier = Rung("t", 1, (Need("a", "at_least", 10, weight=9), Need("b", "at_least", 10)))
    assert [f.need.key for f in evaluate([heavier], {"a": Fact(9), "b": Fact(5)}).rungs[0].path] == ["b", "a"]


def test_a_tier_is_at_risk_on_the_first_later_day_that_does_not_reach_it():
    later = [(date(2027, 1, 1), facts(3 * M, 20, 3, 1, 1)), (date(2027, 2, 1), facts(M, 20, 3, 1, 1))]
    assert rules.first_loss(PROGRAM, 3, later) == (date(2027, 2, 1), "annual_revenue")
    assert rules.first_loss(PROGRAM, 3, later[:1]) is None


COUNTS = st.none() | st.integers(0, 60)
FACTS = st.fixed_dictionaries(
    {
        key: st.builds(Fact, st.none() | st.integers(0, 12 * M) if key == "annual_revenue" else COUNTS)
        for key in KEYS
    }
)


def rank(found) -> int:
    return evaluate(PROGRAM, found).eligible_rank


@given(FACTS, st.sampled_from(KEYS), st.integers(0, 12 * M))
def test_more_of_anything_never_lowers_the_tier(found, key, more):
    richer = {**found, key: Fact((found[key].value or 0) + more)}
    assert rank(richer) >= rank(found)


@given(FACTS)
def test_the_eligible_tier_is_the_highest_whose_needs_are_all_met(found):
    def met(need):
        value = found[need.key].value
        return value is not None and value >= need.threshold

    assert rank(found) == max((r.rank for r in PROGRAM if all(met(n) for n in r.needs)), default=0)


@given(FACTS)
def test_closing_every_gap_of_a_tier_reaches_it(found):
    for judged in evaluate(PROGRAM, found).rungs:
        closed = {**found}
        for finding in judged.open_findings:
            key = finding.need.key
            closed[key] = Fact((closed[key].value or 0) + finding.missing)
        assert rank(closed) >= judged.rung.rank


@given(FACTS)
def test_a_replay_gives_the_same_seal(found):
    stored = {key: {"value": fact.value, "rows": fact.rows} for key, fact in found.items()}
    again = {key: Fact(kept["value"], kept["rows"]) for key, kept in stored.items()}
    first = seal(rules.ENGINE, fingerprint("p/1", found), evaluate(PROGRAM, found))
    replayed = evaluate(list(reversed(PROGRAM)), again)
    assert seal(rules.ENGINE, fingerprint("p/1", again), replayed) == first


@given(FACTS, st.booleans())
def test_a_stored_verdict_is_read_as_it_was_in_either_form(found, is_old):
    verdict = evaluate(PROGRAM, found, frozenset({("gold", "implementations")}))
    stored = json.loads(json.dumps(verdict.as_json() if is_old else verdict.as_stored))
    assert restored(list(reversed(PROGRAM)), found, stored) == verdict
    assert len(json.dumps(verdict.as_stored)) * 3 < len(json.dumps(verdict.as_json()))


def test_a_stored_verdict_is_not_judged_again():
    reached = evaluate(PROGRAM, facts(2 * M, 20, 3, 1, 1))
    assert restored(PROGRAM, facts(), reached.as_stored).eligible.code == "gold"


GROUPS = st.lists(
    st.builds(
        Group,
        st.sampled_from(["g", "h"]),
        st.sampled_from([rules.ALL, rules.ANY, rules.N_OF]),
        st.integers(1, 4),
    ),
    unique_by=lambda group: group.code,
)
NEEDS = st.lists(
    st.builds(
        Need,
        st.sampled_from("abcde"),
        st.just("at_least"),
        st.integers(0, 9),
        st.sampled_from(["", "g", "h"]),
    ),
    unique_by=lambda need: need.key,
).map(tuple)
LADDERS = st.lists(st.tuples(NEEDS, GROUPS, st.booleans()), min_size=1, max_size=4).map(
    lambda steps: [
        Rung(f"t{n}", n, needs, tuple(groups), by_decision)
        for n, (needs, groups, by_decision) in enumerate(steps, start=1)
    ]
)
FEW = st.fixed_dictionaries({key: st.builds(Fact, st.none() | st.integers(0, 9)) for key in "abcde"})


def is_earned(rung: Rung, found) -> bool:
    """Counted by hand: whoever stands alone or in no known group is needed, of each group as many as it says."""
    members: dict[str, list[bool]] = {group.code: [] for group in rung.groups}
    alone = []
    for need in rung.needs:
        value = found[need.key].value
        members.get(need.group, alone).append(value is not None and value >= need.threshold)
    asked = {
        rules.ALL: lambda group, n: n,
        rules.ANY: lambda group, n: 1,
        rules.N_OF: lambda group, n: group.n,
    }
    return all(alone) and all(
        sum(members[group.code])
        >= min(asked[group.rule](group, len(members[group.code])), len(members[group.code]))
        for group in rung.groups
    )


@given(LADDERS, FEW, st.integers(0, 4), st.none() | st.dates(date(2026, 1, 1), date(2027, 12, 31)))
def test_an_upgrade_needs_all_groups_of_its_tier(ladder, found, held, grace_ends_on):
    verdict = evaluate(ladder, found)
    earned = {rung.code: is_earned(rung, found) for rung in ladder}
    assert {judged.rung.code: judged.is_reached for judged in verdict.rungs} == earned
    action, to = decide(verdict, Situation(held, grace_ends_on), date(2026, 11, 24))
    if action in (rules.UPGRADE, rules.INITIAL, rules.PROPOSED):
        assert earned[to.code]
        assert to.rank > held


@given(LADDERS, FEW, st.sampled_from("abcde"), st.integers(0, 9))
def test_more_of_anything_lowers_no_tier_of_any_groups(ladder, found, key, more):
    richer = {**found, key: Fact((found[key].value or 0) + more)}
    assert evaluate(ladder, richer).eligible_rank >= evaluate(ladder, found).eligible_rank


def test_a_fingerprint_tells_versions_values_rows_and_no_data_apart():
    prints = {
        fingerprint("p/1", {"a": Fact(0, 0)}), fingerprint("p/2", {"a": Fact(0, 0)}),
        fingerprint("p/1", {"a": Fact(None, 0)}),
        fingerprint("p/1", {"a": Fact(1, 0)}), fingerprint("p/1", {"a": Fact(0, 1)}),
    }  # fmt: skip
    assert len(prints) == 5


GOLD = Band(Decimal(20), Decimal(25))
PLATINUM = Band(Decimal(25), Decimal(30), is_top=True)


@pytest.mark.parametrize(
    ("band", "policy", "revenue", "percent"),
    [
        (GOLD, "low_end", 9 * M, "20"),
        (GOLD, "interpolate", 2 * M, "20.00"),
        (GOLD, "interpolate", 6 * M, "22.50"),
        (GOLD, "interpolate", 10 * M, "24.99"),
        (GOLD, "interpolate", 0, "20.00"),
    ],
)
def test_the_margin_stays_below_the_next_tiers_band(band, policy, revenue, percent):
    found = margin(band, policy, revenue=revenue, starts_at=2 * M, ends_at=10 * M)
    assert found == Decimal(percent)


def test_the_top_band_is_closed_at_twice_its_own_threshold():
    assert margin(PLATINUM, "interpolate", revenue=20 * M, starts_at=10 * M, ends_at=20 * M) == Decimal(30)


def test_a_holder_finds_its_counterpart_in_a_new_version():
    ladder = [Rung("base", 1, ()), Rung("gold", 2, ()), Rung("summit", 4, ())]
    assert rules.counterpart("gold", 3, ladder).code == "gold"
    assert rules.counterpart("silver", 3, ladder).code == "gold"
    assert rules.counterpart("silver", 1, [Rung("gold", 2, ())]) is None


def test_a_grace_period_ends_so_many_days_later():
    assert rules.grace_end(date(2026, 11, 24), 90) - date(2026, 11, 24) == timedelta(days=90)
