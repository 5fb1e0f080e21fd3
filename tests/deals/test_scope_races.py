"""A merge against approvals, and approvals up and down a tree, at the same instant: one protection a node."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.actors import SYSTEM
from deals.actions import approve_deal
from deals.models import Deal, Protection
from partners.actions import merge_organizations
from partners.models import Organization
from tests.deals import factories as make
from tests.deals.racers import AT, Answer, Ask, racers, rounds
from tests.factories import make_organization, make_partner, make_program

ROUNDS = rounds(4)
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults]


@pytest.fixture
def program(transactional_db):
    vendor = make_program()
    make.make_types_and_stages()
    return vendor


def approve(deal: str) -> None:
    approve_deal(by=SYSTEM, deal=Deal.objects.get(pk=deal), at=AT)


def merge(organization: str, into: str) -> str:
    one, other = Organization.objects.get(pk=organization), Organization.objects.get(pk=into)
    return merge_organizations(by=SYSTEM, organization=one, into=other, at=AT).state


def ask(what: str, **ids: object) -> Ask:
    return Ask(f"{__name__}.{what}", body={name: str(pk) for name, pk in ids.items()})


@pytest.fixture
def race(tmp_path: Path):
    running = racers(8, tmp_path)

    def go(*asks: Ask) -> list[Answer]:
        answers = running.race(list(asks), AT, [])
        assert [answer for answer in answers if answer.status >= 500] == []
        return answers

    yield go
    running.close()


def test_a_merge_against_two_approvals_leaves_one_protection_a_node_or_waits(program, race):
    rivals = [make_partner(f"Rival{n} Health") for n in range(2)]
    for number in range(ROUNDS):
        kept = make_organization(f"General {number}")
        twin = make_organization(f"Twin {number}")
        claims = [
            make.submitted(partner, AT, node, customer_name=node.name)
            for partner, node in zip(rivals, (kept, twin), strict=True)
        ]

        race(ask("merge", organization=twin.pk, into=kept.pk), *(ask("approve", deal=d.pk) for d in claims))

        running = Protection.objects.running().filter(deal__in=claims)
        nodes = [protection.organization_id for protection in running]
        assert len(nodes) == len(set(nodes))
        merged = Organization.objects.get(pk=twin.pk).merged_into_id
        assert twin.pk not in nodes or merged is None
        if merged:
            here = Deal.objects.filter(pk__in=[deal.pk for deal in claims])
            assert set(here.values_list("organization", flat=True)) == {kept.pk}


def test_approvals_up_and_down_a_tree_at_once_leave_one_line_protected(program, race):
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

        answers = race(*(ask("approve", deal=deal.pk) for deal in claims))

        assert [answer.status for answer in answers].count(200) == 1
        assert Protection.objects.running().filter(deal__in=claims).count() == 1
