"""The law of conflicts: what two claims score, and which of them comes first."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deals import conflict
from deals.conflict import Claim, Match, Terms
from partners.matching import Profile, likeness

TERMS = Terms()
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
names = st.frozensets(st.sampled_from(["Triage", "Imaging", "Documentation", "Flow"]))
claims = st.builds(
    Claim,
    name=st.sampled_from(["St. Brannoc's", "Larkhill"]),
    organization_id=st.none() | st.sampled_from([UUID(int=1), UUID(int=2)]),
    above=st.frozensets(st.sampled_from([UUID(int=1), UUID(int=3)])),
    is_with_below=st.booleans(),
    products=st.none() | names,
    close_on=st.none() | st.dates(date(2020, 1, 1), date(2035, 12, 31)),
    is_standing=st.booleans(),
    service_lines=names,
    contact=st.sampled_from(["", "Ana Reyes", "ana@brannoc.example", "Ana Reyes, ana@brannoc.example"]),
    since=st.none() | st.sampled_from([NOON, NOON + timedelta(days=1)]),
    evidence=st.integers(0, 3),
    tier_rank=st.none() | st.integers(1, 4),
    has_won=st.booleans(),
)
profiles = st.builds(
    Profile,
    names=st.sampled_from([("St. Brannoc's Hospital",), ("Larkhill Clinic", "Saint Brannoc Hospital")]),
    city=st.sampled_from(["", "Whitby", "Selby"]),
    country=st.just("GB"),
    domains=st.frozensets(st.sampled_from(["brannoc.example", "larkhill.example"])),
)
kinds = st.sampled_from(conflict.KINDS)


@settings(deadline=None)
@given(claims, claims, profiles, profiles)
def test_a_score_is_the_sum_of_its_factors_and_lies_in_its_band(mine, theirs, one, other):
    match = conflict.account_match(mine, theirs, likeness(one, other), TERMS)
    score, factors = conflict.compare(mine, theirs, match, TERMS)
    assert 0 <= match.alike <= 1
    assert score == sum(factor.points for factor in factors)
    assert 0 <= score <= 100
    assert TERMS.verdict(score) in conflict.VERDICTS
    assert (score, factors) == conflict.compare(mine, theirs, match, TERMS)


@settings(deadline=None)
@given(claims, claims, profiles, profiles)
def test_two_accounts_are_as_alike_from_either_side(mine, theirs, one, other):
    here = conflict.account_match(mine, theirs, likeness(one, other), TERMS)
    there = conflict.account_match(theirs, mine, likeness(other, one), TERMS)
    assert here.alike == there.alike


@given(kinds, claims, claims)
def test_who_comes_first_is_the_same_from_both_sides(kind, mine, theirs):
    winner, rule = conflict.prevailing(conflict.REGISTRATION, mine, theirs, TERMS)
    back, rule_back = conflict.prevailing(conflict.REGISTRATION, theirs, mine, TERMS)
    turned = {conflict.MINE: conflict.THEIRS, conflict.THEIRS: conflict.MINE, conflict.OPEN: conflict.OPEN}
    assert (back, rule_back) == (turned[winner], rule)
    winner, rule = conflict.prevailing(kind, mine, theirs, TERMS)
    assert winner == conflict.OPEN or (winner, rule) in conflict.PREVAILS_WORDS


def test_the_arithmetic_of_an_example():
    mine = Claim("St. Brannoc's", products=frozenset({"Triage", "Documentation"}), close_on=date(2027, 3, 15))
    theirs = Claim("SBMC", products=frozenset({"Triage"}), close_on=date(2027, 3, 15))
    score, factors = conflict.compare(mine, theirs, Match(Decimal("0.95"), "domain"), TERMS)
    assert [str(factor.points) for factor in factors] == ["0", "38.0", "11.9", "14.3", "0.0", "0.0"]
    assert (score, TERMS.verdict(score)) == (Decimal("64.2"), conflict.REVIEW)


@pytest.mark.parametrize(
    ("above", "is_with_below", "alike"),
    [
        (frozenset({UUID(int=2)}), False, "0.7"),
        (frozenset({UUID(int=2)}), True, "0.9"),
        (frozenset(), True, "0"),
    ],
)
def test_the_same_system_counts_more_where_all_that_lies_below_is_claimed(above, is_with_below, alike):
    mine = Claim("Ward", UUID(int=1), above=above)
    theirs = Claim("System", UUID(int=2), is_with_below=is_with_below)
    assert conflict.account_match(mine, theirs, None, TERMS).alike == Decimal(alike)


def test_a_shared_domain_in_another_city_proves_little():
    here = Profile(("Quarry Clinic",), "Leeds", "GB", frozenset({"trust.example"}))
    there = Profile(("Moorland House",), "Hull", "GB", frozenset({"trust.example"}))
    match = conflict.account_match(Claim("A"), Claim("B"), likeness(here, there), TERMS)
    assert (match.alike, match.because) == (Decimal("0.50"), "domain_elsewhere")
    near = Profile(("Moorland House",), "Leeds", "GB", frozenset({"trust.example"}))
    assert conflict.account_match(Claim("A"), Claim("B"), likeness(here, near), TERMS).alike == Decimal(
        "0.95"
    )


def test_what_claims_all_products_at_any_time_overlaps_fully():
    mine = Claim("A", products=frozenset({"Triage"}), close_on=date(2027, 3, 15))
    standing = Claim("A", products=None, is_standing=True)
    score, _factors = conflict.compare(mine, standing, Match(Decimal(1), "node"), TERMS)
    assert (score, TERMS.verdict(score)) == (Decimal("80.0"), conflict.HARD)


@pytest.mark.parametrize(
    ("score", "band"),
    [(75, "hard"), (74.9, "review"), (45, "review"), (44.9, "related"), (20, "related"), (19.9, "clear")],
)
def test_the_bands(score, band):
    assert TERMS.verdict(Decimal(str(score))) == band


@pytest.mark.parametrize(
    ("mine", "theirs", "alike"),
    [
        ("Ana Reyes, CMIO", "CMIO Ana Reyes", 1),
        ("Ana <ana@b.example>", "ana@b.example", 0),
        ("Ana ana@b.example", "Dr. Reyes, ANA@b.example", 1),
        ("Ana Reyes", "Ben Hart", 0),
        ("", "", 0),
    ],
)  # fmt: skip
def test_a_contact_is_the_same_by_address_or_by_all_its_words(mine, theirs, alike):
    assert conflict.same_contact(mine, theirs) == alike


def test_precedence_is_owner_then_earlier_then_evidence_and_never_tier():
    early = Claim("A", since=NOON, evidence=1, tier_rank=1)
    late = Claim("B", since=NOON + timedelta(hours=1), evidence=3, tier_rank=4)
    assert conflict.prevailing(conflict.REGISTRATION, late, early, TERMS) == (
        conflict.THEIRS,
        conflict.EARLIER,
    )
    owner = replace(late, has_won=True)
    assert conflict.prevailing(conflict.WON_CUSTOMER, early, owner, TERMS) == (
        conflict.THEIRS,
        conflict.EXISTING,
    )
    assert conflict.prevailing(conflict.REGISTRATION, owner, early, TERMS) == (
        conflict.MINE,
        conflict.EXISTING,
    )
    assert conflict.prevailing(conflict.WON_CUSTOMER, owner, replace(early, has_won=True), TERMS) == (
        conflict.THEIRS,
        conflict.EARLIER,
    )
    rich = Claim("C", since=NOON, evidence=3, tier_rank=1)
    assert conflict.prevailing(conflict.REGISTRATION, early, rich, TERMS) == (
        conflict.THEIRS,
        conflict.STRONGER,
    )
    gold = Claim("D", since=NOON, evidence=1, tier_rank=3)
    assert conflict.prevailing(conflict.REGISTRATION, early, gold, TERMS) == (conflict.OPEN, "")
    switched = Terms(precedence=(*TERMS.precedence, conflict.TIER))
    assert conflict.prevailing(conflict.REGISTRATION, early, gold, switched) == (
        conflict.THEIRS,
        conflict.TIER,
    )
    assert "Tier plays no part." in TERMS.precedence_words()
    assert "Tier plays no part." not in switched.precedence_words()
