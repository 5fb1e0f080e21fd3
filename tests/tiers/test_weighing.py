"""What a version would change: who moves, why, what it costs; and two versions side by side over past months."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from core.ranges import MoneyRange
from tests.enablement.factories import certify
from tests.factories import make_partner
from tests.tiers.factories import content, make_draft
from tests.tiers.test_versions import API, page
from tiers import rules
from tiers.actions import recalculate
from tiers.impact import BY_DECISION, REACHED, Case, Side, Terms, impact_of, weigh
from tiers.models import Announcement, Evaluation, Standing
from tiers.parallel import month_ends, parallel_run
from tiers.rules import Band, Fact, Need, Rung

DAY = timedelta(days=1)
TODAY, FIRST = date(2026, 11, 24), date(2027, 2, 1)
M = 10**8  # a million, in minor units


@pytest.fixture(autouse=True)
def today(at, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: at)


# The rule -----------------------------------------------------------------------------------------------------------


def rung(code, rank, revenue, **more):
    return Rung(code, rank, (Need("revenue", "at_least", revenue, metric="revenue"),), **more)


def terms(code, rank, low, high, starts_at, co=None, invest=None, **benefits):
    band = Band(Decimal(low), Decimal(high), rank == 3)
    return Terms(code, code.capitalize(), rank, code, band, co, invest, starts_at, benefits)


def side(silver=1 * M, gold=2 * M, platinum=10 * M, **changes):
    rungs = (rung("silver", 1, silver), rung("gold", 2, gold), rung("platinum", 3, platinum))
    of = {
        "silver": terms("silver", 1, 15, 20, silver, portal="Portal"),
        "gold": terms(
            "gold", 2, 20, 25, gold, (M // 10, M // 2), (1 * M, 3 * M), portal="Portal", qbr="Reviews"
        ),
        "platinum": terms("platinum", 3, 25, 30, platinum, (M // 2, M), (5 * M, 10 * M), qbr="Reviews"),
    }
    return Side(1, rungs, of, **{"revenue_key": "revenue", "gross_margin": 70, **changes})


def case(held="", revenue=None, **more):
    rank = {"": 0, "silver": 1, "gold": 2, "platinum": 3}[held]
    facts = {"revenue": Fact(revenue, 1)} if revenue is not None else {}
    return Case(uuid4(), "Someone", "US", held, rank, facts, **more)


def move(old, new, *cases):
    return weigh(old, new, cases, TODAY, FIRST).moves[0]


def test_a_lower_threshold_raises_and_says_why_and_what_it_costs():
    found = move(side(), side(gold=18 * M // 10), case("silver", 19 * M // 10))
    assert (found.change, found.held_code, found.then_code) == ("up", "silver", "gold")
    assert [(f.need.threshold, f.fact.value) for f in found.reasons] == [(18 * M // 10, 19 * M // 10)]
    assert (found.percent_before, found.percent_after) == (15, 20)
    assert found.margin == 19 * M // 10 * 5 // 100
    assert found.co_marketing == M // 10
    assert (found.gained, found.lost) == (("Reviews",), ())
    assert found.takes_effect_on == FIRST


def test_a_higher_threshold_leads_into_grace_and_nothing_falls_before_it_is_over():
    found = move(side(), side(gold=3 * M, grace_days=90), case("gold", 2 * M))
    assert (found.change, found.then_code) == ("grace", "silver")
    assert [f.missing for f in found.reasons] == [1 * M]
    assert found.takes_effect_on == FIRST + 90 * DAY
    assert found.margin == -(2 * M * 5 // 100)
    assert (found.gained, found.lost) == ((), ("Reviews",))


def test_who_keeps_its_tier_and_its_terms_is_not_affected():
    found = move(side(), side(), case("gold", 3 * M))
    assert (found.change, found.is_affected, found.is_narrow) == ("same", False, False)


def test_who_only_just_keeps_its_tier_is_counted():
    assert move(side(), side(), case("gold", 2 * M + 1)).is_narrow


def test_a_tier_that_is_gone_leads_to_the_next_lower_one_at_once():
    new = side()
    without = Side(2, tuple(r for r in new.rungs if r.code != "gold"),
                   {c: t for c, t in new.terms.items() if c != "gold"}, revenue_key="revenue")  # fmt: skip
    found = move(side(), without, case("gold", 3 * M))
    assert (found.change, found.then_code, found.takes_effect_on) == ("down", "silver", FIRST)


def test_an_override_keeps_the_tier():
    assert move(side(), side(gold=3 * M), case("gold", 2 * M, is_overridden=True)).change == "same"


def test_whose_grace_runs_already_is_not_counted_again():
    found = move(side(), side(gold=3 * M), case("gold", 2 * M, grace_ends_on=date(2026, 12, 24)))
    assert (found.change, found.then_code) == ("same", "gold")


def test_a_rise_that_needs_a_decision_says_so():
    new = side()
    by_decision = Side(2, (*new.rungs[:2], rung("platinum", 3, 9 * M, by_decision=True)), new.terms,
                       revenue_key="revenue")  # fmt: skip
    found = move(side(), by_decision, case("gold", 9 * M))
    assert (found.then_code, found.reason_kind) == ("platinum", BY_DECISION)


def test_who_waits_for_the_same_decision_today_moves_nowhere():
    side_by_decision = Side(
        1,
        (*side().rungs[:2], rung("platinum", 3, 9 * M, by_decision=True)),
        side().terms,
        revenue_key="revenue",
    )
    found = move(side_by_decision, side_by_decision, case("gold", 9 * M))
    assert (found.change, found.then_code, found.is_affected) == ("same", "gold", False)


def test_a_rise_that_the_old_version_gives_as_well_says_so():
    assert move(side(), side(), case("silver", 3 * M)).reason_kind == REACHED


def test_who_has_no_facts_has_no_tier_and_moves_nowhere():
    found = move(side(), side(), case())
    assert (found.change, found.then_code, found.revenue, found.margin) == ("same", "", None, 0)


def test_a_waiver_counts_in_the_new_version():
    waived = frozenset({("gold", "revenue")})
    assert move(side(), side(gold=3 * M), case("gold", 2 * M, waived=waived)).change == "same"


def test_a_first_version_is_weighed_against_nothing():
    found = move(None, side(), case("", 2 * M))
    assert (found.change, found.then_code) == ("up", "gold")


@pytest.mark.parametrize(
    ("budget", "state"),
    [(None, "unknown"), ((2 * M, 2 * M), "fits"), ((M, M), "may_not_fit"), ((M // 10, M // 10), "does_not_fit"),
     ((15 * M // 10, 15 * M // 10), "fits"), ((6 * M // 10, None), "may_not_fit")],
)  # fmt: skip
def test_the_fund_holds_what_is_promised_or_not(budget, state):
    found = weigh(side(), side(budget=budget), [case("gold", 3 * M), case("platinum", 10 * M)], TODAY, FIRST)
    assert found.fund.promised == (6 * M // 10, 15 * M // 10)
    assert found.fund.state == state


def test_two_to_four_platinum_partners_use_the_fund_up():
    found = weigh(None, side(budget=(2 * M, 2 * M)), [], TODAY, FIRST)
    assert {cost.code: cost.most for cost in found.costs}["platinum"] == (2, 4)


def test_a_tier_whose_investment_may_exceed_a_years_revenue_is_marked():
    costs = {cost.code: cost for cost in weigh(None, side(), [case("gold", 3 * M)], TODAY, FIRST).costs}
    assert (costs["gold"].exceeds, costs["platinum"].exceeds, costs["silver"].exceeds) == (True, False, False)
    gold = costs["gold"]
    assert (gold.partners, gold.revenue, gold.gross, gold.margin) == (1, 3 * M, 21 * M // 10, 6 * M // 10)
    assert gold.result == (15 * M // 10 - M // 10 - 1 * M, 15 * M // 10 - M // 2 - 3 * M)


@given(
    st.lists(st.tuples(st.sampled_from(["", "silver", "gold", "platinum"]), st.integers(0, 20 * M))),
    st.integers(1, 5 * M),
    st.integers(1, 5 * M),
)
def test_all_partners_are_somewhere_and_money_adds_up(held, silver, gold):
    new = side(silver=min(silver, gold), gold=max(silver, gold))
    found = weigh(side(), new, [case(code, revenue) for code, revenue in held], TODAY, FIRST)
    assert sum(found.matrix.values()) == len(held)
    assert sum(found.count(change) for change in rules.CHANGES) == len(held)
    assert sum(cost.partners for cost in found.costs) == sum(bool(m.then_code) for m in found.moves)
    paid = sum(cost.margin for cost in found.costs)
    before = sum(int(m.percent_before * (m.revenue or 0) / 100 + Decimal("0.5")) for m in found.moves)
    assert paid - before == found.margin


@given(st.integers(0, 20 * M), st.integers(1, 5 * M), st.integers(0, 5 * M))
def test_a_lower_threshold_never_lowers_anybody(revenue, gold, less):
    old = side(silver=1, gold=gold)
    new = side(silver=1, gold=max(gold - less, 1))
    held = next((r.code for r in reversed(old.rungs) if r.needs[0].threshold <= revenue), "")
    assert move(old, new, case(held, revenue)).change in ("up", "same")


# With real partners -------------------------------------------------------------------------------------------------


@pytest.fixture
def gold(northgate, version, tracks, hire, system, at):
    """Northgate is Gold: two certified people, one of them in sales, the second since 5 October 2026."""
    certify(hire(northgate, "Dana"), tracks["sales"], date(2026, 1, 5))
    certify(hire(northgate, "Luis"), tracks["platform"], date(2026, 10, 5))
    recalculate(by=system, as_of=at.date(), at=at)
    return northgate


@pytest.fixture
def harder(version):
    """A draft in which Gold asks for three certified people, and promises money."""
    made = content(gold={"certified_people": 3})
    made["settings"]["co_marketing_budget"] = MoneyRange.parse("$200K").as_json()
    made["tiers"]["gold"]["co_marketing"] = MoneyRange.parse("$100K-$500K").as_json()
    return make_draft(made)


@pytest.mark.django_db
def test_the_page_states_its_finding(ada, browser_of, gold, albion, harder):
    shown = browser_of(ada).get(page(harder, "impact/")).content.decode()
    assert "Version 2 moves 1 of 2 partners and costs nothing more" in shown
    assert "Northgate" in shown
    assert "Certified people 2, asked ≥ 3" in shown
    assert "Albion" not in shown.partition("Partners affected")[2]
    assert "the fund of" in shown
    assert not Announcement.objects.exists()


@pytest.mark.django_db
def test_the_impact_of_what_partners_hold_writes_nothing(ada, browser_of, gold, harder):
    before = (Evaluation.objects.count(), Standing.objects.count())
    browser_of(ada).get(page(harder, "impact/"))
    browser_of(ada).get(page(harder, "parallel/"))
    assert (Evaluation.objects.count(), Standing.objects.count()) == before


@pytest.mark.django_db
def test_every_partner_is_in_the_file(ada, browser_of, gold, albion, harder):
    answer = browser_of(ada).get(page(harder, "impact/?export=csv"))
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert len(lines) == 3
    northgate = next(line for line in lines if "Northgate" in line)
    assert "Gold,Silver,grace" in northgate
    assert browser_of(ada).get(page(harder, "impact/?export=doc")).status_code == 400


@pytest.mark.django_db
def test_the_impact_by_api(ada, api_of, gold, albion, harder):
    client = api_of(ada)
    found = client.get(f"{API}{harder.pk}/impact/").json()
    assert found["counts"] == {"up": 0, "down": 0, "grace": 1, "same": 1}
    assert found["partners"][0]["then"] == "silver"
    assert found["partners"][0]["takes_effect_on"] == "2027-04-23"
    assert found["fund"]["state"] == "fits"
    assert client.get(f"{API}{harder.pk}/impact/?change=up").json()["partners"] == []
    for wrong in ("change=sideways", "limit=0", "limit=5000", "offset=-1", "page=1"):
        assert client.get(f"{API}{harder.pk}/impact/?{wrong}").status_code == 400, wrong


@pytest.mark.django_db
def test_a_manager_weighs_for_her_own_partners_alone(maya, browser_of, gold, albion, harder):
    shown = browser_of(maya).get(page(harder, "impact/")).content.decode()
    assert "moves 1 of 1 partners" in shown


@pytest.mark.django_db
def test_as_many_queries_for_many_partners_as_for_one(gold, harder, system, at, hire, tracks):
    def asked():
        with CaptureQueriesContext(connection) as queries:
            found = impact_of(harder, by=system, on=at.date(), starts_on=at.date())
        return len(queries), len(found.moves)

    one = asked()
    for n in range(4):
        partner = make_partner(f"Partner {n}", at=at - 400 * DAY)
        certify(hire(partner, f"Person {n}"), tracks["sales"], date(2026, 1, 5))
    recalculate(by=system, as_of=at.date(), at=at)
    many = asked()
    assert (one[1], many[1]) == (1, 5)
    assert one[0] == many[0]


# The parallel run ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("today", "ends"),
    [
        (date(2026, 11, 24), [date(2026, 8, 31), date(2026, 9, 30), date(2026, 10, 31)]),
        (date(2028, 3, 1), [date(2027, 12, 31), date(2028, 1, 31), date(2028, 2, 29)]),
        (date(2026, 11, 30), [date(2026, 8, 31), date(2026, 9, 30), date(2026, 10, 31)]),
    ],
)
def test_month_ends_are_those_that_are_past(today, ends):
    assert month_ends(today, 3) == ends


@pytest.mark.django_db
def test_two_versions_are_run_over_the_facts_as_of_each_month_end(gold, version, harder, system):
    found = parallel_run(version, harder, month_ends(TODAY, 2), by=system)
    september, october = found
    assert (september.first["silver"], september.second["silver"], len(september.differing)) == (1, 1, 0)
    assert (october.first["gold"], october.second["gold"]) == (1, 0)
    assert [(d.name, d.first, d.second) for d in october.differing] == [(gold.name, "gold", "silver")]


@pytest.mark.django_db
def test_the_parallel_run_is_a_page_and_an_api(ada, browser_of, api_of, gold, harder):
    browser = browser_of(ada)
    shown = browser.get(page(harder, "parallel/")).content.decode()
    assert "Versions 1 and 2 differed for 1 of 1 partners on 31 Oct 2026" in shown
    earlier = browser.get(page(harder, "parallel/?months=3&on=2026-09-30")).content.decode()
    assert "Both versions find the same tier for everyone" in earlier
    assert browser.get(page(harder, "parallel/?months=99")).status_code == 400
    found = api_of(ada).get(f"{API}{harder.pk}/parallel-run/?months=2").json()
    assert [len(month["differing"]) for month in found["months"]] == [0, 1]
