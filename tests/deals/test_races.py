"""Fifty at the same instant: one wins, the others are told why, nothing breaks."""

from __future__ import annotations

import pytest

from deals.models import Deal, Protection
from tests.deals import factories as make
from tests.deals.racers import AT, race
from tests.factories import make_organization, make_partner, make_program

MANY, ROUNDS = 50, 3
pytestmark = [pytest.mark.django_db(transaction=True)]


@pytest.fixture
def program(transactional_db):
    vendor = make_program()
    make.make_types_and_stages()
    return vendor


def test_of_fifty_rival_approvals_one_wins_and_the_others_are_told_why(program, tmp_path):
    partners = [make_partner(f"Rival{n} Health") for n in range(MANY)]
    for number in range(ROUNDS):
        hospital = make_organization(f"Hospital {number}")
        rivals = [
            make.submitted(partner, AT, hospital, customer_name=f"Hospital {number}") for partner in partners
        ]

        outcomes = race("approve", [str(deal.pk) for deal in rivals], tmp_path)

        told = [words for kind, words in outcomes if kind == "conflict"]
        assert [kind for kind, _words in outcomes if kind == "broken"] == [], outcomes
        assert len(outcomes) - len(told) == 1
        assert set(told) == {"Another partner is protected on this customer until 22 February 2027."}
        assert Protection.objects.filter(organization=hospital).running().count() == 1
        assert Deal.objects.filter(organization=hospital, state="approved").count() == 1
        assert Deal.objects.filter(organization=hospital, state="submitted").count() == MANY - 1


def test_fifty_submissions_of_one_reference_are_one_deal(program, tmp_path):
    partner = make_partner("Northgate Clinical Systems")

    outcomes = race("register", [str(partner.pk)] * MANY, tmp_path)

    assert {kind for kind, _result in outcomes} == {"done"}, outcomes
    assert len({result for _kind, result in outcomes}) == 1
    assert Deal.objects.count() == 1
