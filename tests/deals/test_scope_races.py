"""A merge against approvals, and approvals up and down a tree, at the same instant: one protection a node."""

from __future__ import annotations

import pytest

from deals.models import Deal, Protection
from partners.models import Organization
from tests.deals import factories as make
from tests.deals.racers import AT, race
from tests.factories import make_organization, make_partner, make_program

ROUNDS = 4
pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def program(transactional_db):
    vendor = make_program()
    make.make_types_and_stages()
    return vendor


def test_a_merge_against_two_approvals_leaves_one_protection_a_node_or_waits(program, tmp_path):
    rivals = [make_partner(f"Rival{n} Health") for n in range(2)]
    for number in range(ROUNDS):
        kept = make_organization(f"General {number}")
        twin = make_organization(f"Twin {number}")
        claims = [
            make.submitted(partner, AT, node, customer_name=node.name)
            for partner, node in zip(rivals, (kept, twin), strict=True)
        ]
        work = [f"merge:{twin.pk}:{kept.pk}", *(f"approve:{deal.pk}" for deal in claims)]

        outcomes = race("any", work, tmp_path)

        assert [words for kind, words in outcomes if kind == "broken"] == []
        running = Protection.objects.running().filter(deal__in=claims)
        nodes = [protection.organization_id for protection in running]
        assert len(nodes) == len(set(nodes))
        merged = Organization.objects.get(pk=twin.pk).merged_into_id
        assert twin.pk not in nodes or merged is None
        if merged:
            here = Deal.objects.filter(pk__in=[deal.pk for deal in claims])
            assert set(here.values_list("organization", flat=True)) == {kept.pk}


def test_approvals_up_and_down_a_tree_at_once_leave_one_line_protected(program, tmp_path):
    rivals = [make_partner(f"Rival{n} Health") for n in range(8)]
    for number in range(ROUNDS):
        top = make_organization(f"Network {number}", kind="idn")
        hospital = make_organization(f"Hospital {number}", parent=top)
        line = make_organization(f"Line {number}", parent=hospital)
        all_below = {"includes_below": True, "scope_reason": "One budget"}
        claims = [
            make.submitted(partner, AT, node, customer_name=node.name, **all_below)
            for partner, node in zip(
                rivals, (top, hospital, line, top, hospital, line, top, line), strict=True
            )
        ]

        outcomes = race("approve", [str(deal.pk) for deal in claims], tmp_path)

        assert [words for kind, words in outcomes if kind == "broken"] == []
        assert [kind for kind, _words in outcomes].count("done") == 1
        assert Protection.objects.running().filter(deal__in=claims).count() == 1
