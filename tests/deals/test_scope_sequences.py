"""Whatever is approved, merged, moved and undone in whatever order: no circle, the root right, no overlap."""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.actors import SYSTEM
from core.errors import Conflict
from deals import actions
from deals.models import ConflictCase, Deal, Protection
from partners import actions as organizations
from partners.models import Organization, Restructuring
from partners.rules import Scope, Tree
from tests.deals import factories as make
from tests.deals.racers import AT
from tests.factories import make_organization, make_partner, make_program

N_NODES, N_PARTNERS = 6, 3
nodes, partners = st.integers(0, N_NODES - 1), st.integers(0, N_PARTNERS - 1)
steps = st.one_of(
    st.tuples(st.just("approve"), partners, nodes, st.booleans()),
    st.tuples(st.just("merge"), nodes, nodes),
    st.tuples(st.just("move"), nodes, st.one_of(st.none(), nodes)),
    st.tuples(st.just("undo"), st.integers(0, 5)),
    st.tuples(st.just("release"), st.integers(0, 5)),
    st.tuples(st.just("decide"), st.sampled_from(["first", "second", "neither"])),
    st.tuples(st.just("close"), st.just(0)),
)


@pytest.fixture
def world(transactional_db):
    make_program()
    make.make_types_and_stages()
    make.hold_rules(AT)
    found = [make_organization(f"Node {n}", kind="hospital") for n in range(N_NODES)]
    return found, [make_partner(f"Rival{n} Health") for n in range(N_PARTNERS)]


def perform(step: tuple, world: tuple, at) -> None:
    found, rivals = world
    what, *said = step
    if what == "approve":
        partner, node, below = rivals[said[0]], found[said[1]], said[2]
        claim = {"includes_below": True, "scope_reason": "One budget"} if below else {}
        make.approved(partner, at, fresh(node), customer_name=f"{partner} {node}", **claim)
    elif what == "merge":
        one, other = fresh(found[said[0]]), fresh(found[said[1]])
        organizations.merge_organizations(by=SYSTEM, organization=one, into=other, at=at)
    elif what == "move":
        parent = None if said[1] is None else fresh(found[said[1]])
        organizations.move_organization(by=SYSTEM, organization=fresh(found[said[0]]), parent=parent, at=at)
    elif what == "undo":
        done = list(Restructuring.objects.undoable().order_by("-created_at", "-id")[said[0] : said[0] + 1])
        if done:
            organizations.undo_restructuring(by=SYSTEM, restructuring=done[0], at=at)
    elif what in ("decide", "close"):
        for case in ConflictCase.objects.running().order_by("number")[:1]:
            settle(case, what, said[0], at)
    else:
        held = list(Deal.objects.approved().order_by("pk")[said[0] : said[0] + 1])
        if held:
            actions.revoke_deal(by=SYSTEM, deal=held[0], reason="inaccurate", at=at)


def settle(case: ConflictCase, what: str, outcome: str, at) -> None:
    if what == "close":
        actions.close_case(by=SYSTEM, case=case, reasoning="None.", at=at)
        return
    case = actions.propose_outcome(by=SYSTEM, case=case, outcome=outcome, proposal="Why.", at=at)
    actions.decide_case(by=SYSTEM, case=case, outcome=outcome, rule="agreement", reasoning="Why.", at=at)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def hold() -> None:
    """What is true after every step."""
    rows = {row.pk: row for row in Organization.objects.filter(name__startswith="Node")}
    tree = Tree({pk: row.parent_id for pk, row in rows.items()})
    for pk, row in rows.items():
        assert pk not in tree.above(pk), "a circle"
        assert row.root_id == (tree.root_of(pk) if row.parent_id else None), "the root is another"
        assert not (row.merged_into_id and row.parent_id), "what was merged stands in a tree"
    running = [
        Scope(p.organization_id, p.includes_below, p.product_id, p.deal_id)
        for p in Protection.objects.running()
    ]
    assert all(rows[scope.node].merged_into_id is None for scope in running)
    clashes = [(one, other) for one, other in combinations(running, 2) if tree.overlap(one, other)]
    assert clashes == []
    for asked in Restructuring.objects.waiting():
        assert asked.conflict_cases.running().exists(), "something waits and nobody decides"


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(sequence=st.lists(steps, min_size=3, max_size=14))
def test_after_any_sequence_the_trees_and_the_protections_are_right(world, sequence):
    with transaction.atomic():
        for number, step in enumerate(sequence):
            try:
                with transaction.atomic():
                    perform(step, world, AT + timedelta(minutes=number))
            except (Conflict, ValidationError):
                pass
            hold()
        transaction.set_rollback(True)


ids = st.integers(0, 7)


@given(parents=st.dictionaries(ids, st.one_of(st.none(), ids), min_size=2), node=ids, parent=ids)
def test_a_tree_that_takes_a_parent_has_no_circle_after_it(parents, node, parent):
    known = {key: value if value in parents else None for key, value in parents.items()}
    safe: dict = {}
    for key, value in known.items():  # built step by step, as the product builds it
        safe[key] = None
        if value in safe and Tree(safe).takes(key, value):
            safe[key] = value
    if node in safe and parent in safe and Tree(safe).takes(node, parent):
        safe[node] = parent
    tree = Tree(safe)
    assert all(key not in tree.above(key) for key in safe)
    assert all(set(tree.above(low)) >= {top} for top in safe for low in tree.below(top))


@given(
    depth=st.integers(1, 6),
    one=st.integers(0, 5),
    other=st.integers(0, 5),
    down=st.booleans(),
    up=st.booleans(),
)
def test_in_a_chain_two_scopes_meet_where_the_upper_one_reaches_down(depth, one, other, down, up):
    chain = Tree({n: n - 1 if n else None for n in range(depth)})  # type: ignore[misc]
    one, other = one % depth, other % depth
    meets = chain.overlap(Scope(one, down), Scope(other, up))  # type: ignore[arg-type]
    assert meets == (one == other or (down if one < other else up))
    assert meets == chain.overlap(Scope(other, up), Scope(one, down))  # type: ignore[arg-type]
