"""Applications and onboarding: what is decided without a database."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Conflict
from onboarding import rules

ANNA, BEN = uuid4(), uuid4()
REACH = rules.Weight("reach", "Market reach", 60, 5)
CARE = rules.Weight("care", "Healthcare expertise", 40, 5)


def mark(criterion: str, points: int, who: UUID = ANNA) -> rules.Mark:
    return rules.Mark(criterion, who, "someone", points)


def facts(**changes):
    known = {
        "email": "nora@brightwell.example", "website": "https://www.brightwell.example", "is_confirmed": True,
        "market": "United Kingdom", "organization": "", "recognised_by": "", "partner": "", "others": 0,
    }  # fmt: skip
    return rules.Facts(**{**known, **changes})


def verdicts(**changes) -> list[str]:
    return [check.verdict for check in rules.checks(facts(**changes))]


def test_a_rejected_application_cannot_be_approved():
    with pytest.raises(Conflict):
        rules.APPLICATION.after("rejected", "approve")


def test_an_unconfirmed_application_cannot_be_decided():
    for move in ("approve", "reject", "assign"):
        with pytest.raises(Conflict):
            rules.APPLICATION.after("unconfirmed", move)


def test_every_state_of_the_tables_is_known():
    assert set(rules.APPLICATION.states()) == set(rules.APPLICATION_STATES)
    assert set(rules.PLAN.states()) == set(rules.PLAN_STATES)
    assert set(rules.TASK.states()) == set(rules.TASK_STATES)


def test_no_marks_are_no_data():
    assert rules.scorecard([REACH, CARE], []).total is None


def test_the_total_weighs_the_means():
    card = rules.scorecard([REACH, CARE], [mark("reach", 5), mark("reach", 3, BEN), mark("care", 2)])

    assert card.total == 64  # 60 × 4/5 + 40 × 2/5
    assert card.missing == []
    assert [line.spread for line in card.lines] == [2, 0]


def test_a_criterion_without_a_mark_is_named_and_left_out_of_the_total():
    card = rules.scorecard([REACH, CARE], [mark("reach", 5)])

    assert card.total == 100
    assert card.missing == ["Healthcare expertise"]


def test_each_scorer_has_a_total_and_their_distance_is_shown():
    card = rules.scorecard([REACH, CARE], [mark("reach", 5), mark("care", 5), mark("reach", 1, BEN)])

    assert [total for _pk, _name, total in card.scorers] == [100, 20]
    assert card.spread == 80


@given(st.lists(st.tuples(st.sampled_from(["reach", "care"]), st.integers(1, 5)), min_size=1, max_size=20))
def test_a_total_lies_between_the_lowest_and_the_highest_mark(given_marks):
    marks = [rules.Mark(code, UUID(int=n), "someone", points) for n, (code, points) in enumerate(given_marks)]
    points = [m.points for m in marks]

    assert min(points) * 20 <= rules.scorecard([REACH, CARE], marks).total <= max(points) * 20


def test_an_ordinary_application_passes_every_check():
    assert verdicts() == ["pass"] * 6


def test_a_company_that_is_a_partner_fails_one_check():
    assert verdicts(organization="Northgate", recognised_by="mail", partner="Northgate").count("fail") == 1


def test_shared_mail_proves_nothing():
    assert verdicts(email="nora@gmail.com")[1] == "look"


def test_mail_of_a_subdomain_belongs_to_the_website():
    assert verdicts(email="nora@mail.brightwell.example")[1] == "pass"


def test_two_applications_of_one_domain_are_one_companys():
    one = rules.company_key("Brightwell Ltd", "https://www.brightwell.example/about", "nora@gmail.com")
    two = rules.company_key("BRIGHTWELL HEALTH", "http://brightwell.example", "sam@brightwell.example")
    assert one == two == "brightwell.example"


def test_without_any_domain_the_name_counts():
    assert rules.company_key("Élan  Health", "", "nora@gmail.com") == "elan health"


def test_identifiers_are_compared_without_their_dress():
    assert rules.identifier_value("gb 123.456-78") == "GB12345678"


@pytest.mark.parametrize(
    "fact", ["person_joined", "deal_registered", "gate_passed.security", "certification_awarded.sales"]
)
def test_a_known_fact_may_tick_a_task(fact):
    assert rules.follows(fact)


@pytest.mark.parametrize("fact", ["", "gate_passed.", "gate_passed", "person_joined.x", "anything"])
def test_an_unknown_fact_may_not(fact):
    assert not rules.follows(fact)


def test_a_template_is_looked_for_from_near_to_far():
    offered = ["", "channel", "technology"]
    assert rules.template_for("channel", "", [], offered) == "channel"
    assert rules.template_for("ehr_vendors", "technology", ["channel"], offered) == "technology"
    assert rules.template_for("resellers", "distribution", ["channel"], offered) == "channel"
    assert rules.template_for("investors", "", [], offered) == ""


@given(st.integers(0, 50), st.integers(0, 50))
def test_readiness_is_100_only_when_all_is_done(done, more):
    required = done + more
    assert (rules.readiness(done, required) == 100) == (done == required)
