"""What if: other facts, other rules, another verdict, and never a trace of it."""

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import connection

from catalog.models import Market
from enablement.models import Certification
from tests.enablement.factories import certify
from tests.tiers.factories import content, make_draft, make_program, make_version
from tiers.actions import recalculate
from tiers.models import Program
from tiers.simulation import number

pytestmark = pytest.mark.django_db
PAGE, MINE, API = "/manage/tiers/simulator/", "/portal/tier/simulator/", "/api/v1/tier-simulations/"


@pytest.fixture(autouse=True)
def today(at, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: at)


@pytest.fixture
def silver(northgate, version, tracks, hire, system, at):
    """Silver: one certified person, who sells."""
    certify(hire(northgate, "Dana Whitfield"), tracks["sales"], at.date())
    recalculate(by=system, as_of=at.date(), at=at)
    return northgate


def rows():
    """How many rows each table has, sessions aside: signing in writes those."""
    tables = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    counts = {}
    with connection.cursor() as cursor:
        for table in sorted(tables - {"django_session"}):
            cursor.execute(f'SELECT COUNT(*) FROM "{table}"')
            counts[table] = cursor.fetchone()[0]
    return counts


def test_one_more_certified_person_reaches_gold(maya, browser_of, silver):
    page = (
        browser_of(maya)
        .get(PAGE, {"partner": str(silver.pk), "fact.certified_people": "+1"})
        .content.decode()
    )
    assert "Then Gold" in page
    assert "20%" in page
    assert "Quarterly reviews" in page
    assert "fact.certified_people=2" in page  # the link says the whole fact, whatever happens later


def test_without_a_change_the_page_says_what_is_held_and_what_is_missing(maya, browser_of, silver):
    page = browser_of(maya).get(PAGE, {"partner": str(silver.pk)}).content.decode()
    assert "Still Silver" in page
    assert "Cheapest way to Gold" in page
    assert "1 more person" in page


def test_a_button_adds_one(maya, browser_of, silver):
    asked = {"partner": str(silver.pk), "fact.certified_people": "1", "step": "certified_people:1"}
    assert "Then Gold" in browser_of(maya).get(PAGE, asked).content.decode()


def test_less_is_only_a_lower_tier_after_a_grace_period(maya, browser_of, silver):
    asked = {"partner": str(silver.pk), "fact.certified_people": "", "fact.learning_plan_signed": "1"}
    page = browser_of(maya).get(PAGE, asked).content.decode()
    assert "Only Authorized" in page
    assert "after a grace period of 90 days" in page
    assert "It would take away" in page


def test_other_rules_give_another_verdict(ada, browser_of, silver):
    asked = {"partner": str(silver.pk), "need.gold.certified_people": "1"}
    page = browser_of(ada).get(PAGE, asked).content.decode()
    assert "Then Gold" in page
    assert "1 threshold changed" in page


def test_a_draft_is_tried_in_the_workspace_and_never_seen_in_the_portal(maya, priya, browser_of, silver):
    draft = make_draft(content(gold={"certified_people": 1}))
    asked = {"partner": str(silver.pk), "program": "levels", "version": str(draft.number)}
    assert "Then Gold" in browser_of(maya).get(PAGE, asked).content.decode()
    asked = {"program": "levels", "version": str(draft.number)}
    assert browser_of(priya).get(MINE, asked).status_code == 404
    assert "draft" not in browser_of(priya).get(MINE).content.decode()


def test_a_value_that_cannot_be_read_is_named_and_left_as_it_is(maya, browser_of, silver):
    answer = browser_of(maya).get(PAGE, {"partner": str(silver.pk), "fact.certified_people": "many"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Enter a whole number." in page
    assert "Still Silver" in page


def test_what_cannot_be_asked_is_not_there(maya, browser_of, silver, albion):
    browser = browser_of(maya)
    assert browser.get(PAGE, {"partner": str(albion.pk)}).status_code == 404
    assert browser.get(PAGE, {"partner": "nobody"}).status_code == 404
    assert browser.get(PAGE, {"program": "nonsense"}).status_code == 404


def test_a_partner_tries_its_own_facts_but_no_rules(priya, browser_of, silver):
    page = browser_of(priya).get(MINE, {"fact.certified_people": "+1"}).content.decode()
    assert "Then Gold" in page
    page = browser_of(priya).get(MINE, {"need.gold.certified_people": "1"}).content.decode()
    assert "Still Silver" in page
    assert "need.gold" not in page


def test_a_partner_tries_only_programs_that_it_is_in(priya, browser_of, silver, program):
    other = make_program("others", "Others", 2)
    make_version(program=other)
    other.markets.set(Market.objects.exclude(pk=silver.market_id)[:1])
    assert browser_of(priya).get(MINE, {"program": "others"}).status_code == 404
    Program.objects.get(code="others").markets.clear()
    assert browser_of(priya).get(MINE, {"program": "others"}).status_code == 200


def test_before_any_program_the_page_says_so(maya, browser_of):
    assert "There is no program to try facts on" in browser_of(maya).get(PAGE).content.decode()


def test_nothing_is_ever_written(maya, priya, browser_of, api_of, silver, hire, tracks, at):
    vendors, partners, key = browser_of(maya), browser_of(priya), api_of(maya)
    vendors.get(PAGE), partners.get(MINE), key.get("/api/v1/tiers/")  # whatever signing in writes is written
    before = rows()
    changed = {"fact.certified_people": "+5", "need.gold.certified_people": "1", "step": "certified_people:1"}
    assert vendors.get(PAGE, {"partner": str(silver.pk), **changed}).status_code == 200
    assert partners.get(MINE, changed).status_code == 200
    answer = key.post(
        API, {"partner": str(silver.pk), "facts": {"certified_people": 9}}, content_type="application/json"
    )
    assert answer.status_code == 200
    assert rows() == before
    certify(hire(silver, "Luis Ortega"), tracks["platform"], at.date())
    assert rows() != before  # a write would have been seen


def test_the_api_answers_with_the_verdict_and_what_it_brings(maya, api_of, silver):
    asked = {
        "partner": str(silver.pk),
        "program": "levels",
        "facts": {"certified_people": 2},
        "thresholds": {"gold": {"certified_people_sales": 0}},
    }
    found = api_of(maya).post(API, asked, content_type="application/json").json()
    assert (found["held"], found["eligible"], found["direction"]) == ("silver", "gold", "up")
    assert found["gained"] == ["qbr"]
    assert found["margin"]["percent"] == "20"
    assert found["next"] is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"facts": {"nonsense": 1}},
        {"facts": {"certified_people": "many"}},
        {"facts": {"implementations": 1}},
        {"thresholds": {"gold": {"implementations": 1}}},
        {"thresholds": {"gold": 1}},
        {"program": "nonsense"},
    ],
)
def test_a_wrong_question_is_refused(maya, api_of, silver, wrong):
    assert api_of(maya).post(API, wrong, content_type="application/json").status_code == 400


def test_a_partners_key_sees_no_draft_and_changes_no_rule(priya, api_of, silver):
    make_draft(content(gold={"certified_people": 1}))
    client = api_of(priya, silver)
    assert (
        client.post(API, {"facts": {"certified_people": 2}}, content_type="application/json").json()[
            "eligible"
        ]
        == "gold"
    )
    assert client.post(API, {"program_version": 2}, content_type="application/json").status_code == 400
    changed = {"thresholds": {"gold": {"certified_people": 1}}}
    assert client.post(API, changed, content_type="application/json").status_code == 400
    assert Certification.objects.count() == 1


@pytest.mark.parametrize(
    ("written", "minor"), [("300k", 30_000_000), ("$7M", 700_000_000), ("1.5m", 150_000_000), ("1,200.50", 120_050)]
)  # fmt: skip
def test_an_amount_is_read_as_people_write_it(silver, written, minor):
    assert number("annual_revenue", written) == minor


def test_what_is_no_amount_is_refused(silver):
    with pytest.raises(ValidationError):
        number("annual_revenue", "a lotM")
