"""Facts are read in as few passes as there are kinds of facts, and say what each metric says by itself."""

from datetime import timedelta
from types import NoneType

import pytest
from django.db import connection, transaction
from django.db.models import Count, Value
from django.test.utils import CaptureQueriesContext

from core import bulk
from metrics import registry, scopes
from metrics.scopes import TREE
from partners.models import Partner
from tests.metrics.world import build
from tests.tiers.factories import make_version
from tiers.facts import PLANNED, PLANNED_OF_SOME, Ask, FactsQuery, asks_of, at_window_edges, fact_key
from tiers.rules import NO_FACT, Fact

DAY = timedelta(days=1)


@pytest.fixture
def world(program, at):
    return build(at)


def every_ask() -> list[Ask]:
    """Each metric that a tier may ask for, in each window and scope."""
    return [
        Ask(fact_key(metric.key, window, scope), metric.key, window, scope)
        for metric in registry.every().values()
        if metric.select
        for window in metric.windows
        for scope in metric.scopes
    ]


@pytest.mark.parametrize("days", [-500, 5, 370])
def test_facts_that_are_read_together_are_what_each_metric_says_alone(world, at, days):
    as_of, asks = at.date() + days * DAY, every_ask()
    query = FactsQuery(asks, as_of)
    found = query.of()
    assert {type(fact.value) for facts in found.values() for fact in facts.values()} <= {int, NoneType}
    for ask in asks:
        alone = scopes.values(registry.get(ask.metric), as_of, None, ask.window, ask.scope)
        said = {value.partner_id: Fact(value.value, value.n_rows) for value in alone}
        read = {pk: facts[ask.key] for pk, facts in found.items() if pk in said or facts[ask.key] != NO_FACT}
        assert read == said, ask.key
    some = [world["Northgate"].pk, world["Quiet"].pk]
    assert query.of(bulk.Ids(some)) == {pk: facts for pk, facts in found.items() if pk in some}
    assert query.of(bulk.Ids([])) == {}


def test_metrics_over_the_same_facts_are_read_in_one_pass_and_the_passes_in_one_statement(world, at):
    keys = ["certified_people", "certified_people_sales", "certified_in_platform", "annual_revenue"]
    query = FactsQuery([Ask(key, key, "", "partner") for key in keys], at.date())
    assert len(query.passes) == 2
    with CaptureQueriesContext(connection) as asked:
        query.of(bulk.Ids([world["Albion"].pk]))
    (read,) = [q["sql"] for q in asked if " asked" in q["sql"]]
    assert read.count('FROM "enablement_certification"') == 1


def test_edges_over_the_same_facts_are_sought_once(world, at):
    version, until = make_version(), at.date() + DAY
    asks = asks_of(version)
    edges = [str(ids.query) for ask in asks for ids in registry.get(ask.metric).edges(at.date(), until)]
    with CaptureQueriesContext(connection) as asked:
        at_window_edges(version, at.date(), until)
    assert len(set(edges)) < len(edges)
    assert len([q for q in asked if "tiers_requirement" not in q["sql"]]) == len(set(edges))


def test_what_was_reckoned_beside_the_facts_keeps_passes_apart():
    def grouped(length):
        facts = Partner.objects.annotate(marked=Value(length))
        return registry.Grouped(facts, "id", value=Count("marked"), n_rows=Count("marked"))

    assert grouped(1).pass_over == grouped(1).pass_over
    assert grouped(1).pass_over != grouped(2).pass_over


def test_a_tree_is_read_by_itself(world, at):
    asks = [Ask(f"certified_people.{scope}", "certified_people", "", scope) for scope in ("partner", TREE)]
    query = FactsQuery(asks, at.date() + 5 * DAY)
    assert len(query.passes) == 2
    facts = query.of()[world["Northgate"].pk]
    assert (facts["certified_people.partner"].value, facts["certified_people.tree"].value) == (1, 2)


def test_without_an_ask_there_are_no_facts(world, at):
    assert FactsQuery([], at.date()).of() == {}


@pytest.mark.postgres
def test_how_facts_are_planned_ends_with_their_reading(world, at):
    def planned() -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT setting FROM pg_settings WHERE name IN %s ORDER BY name", [tuple(names)])
            return [setting for (setting,) in cursor.fetchall()]

    names = {**PLANNED, **PLANNED_OF_SOME}
    before = planned()
    with transaction.atomic(), CaptureQueriesContext(connection) as asked:
        FactsQuery(asks_of(make_version()), at.date()).of(bulk.Ids([world["Albion"].pk]))
        assert planned() == before
    assert any("SET LOCAL max_parallel_workers_per_gather TO 0" in q["sql"] for q in asked)
