"""The demo: believable, complete, the same for the same seed, and with partners that stand exactly at an edge."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import connection

from catalog.models import Market
from core.clock import start_of
from core.errors import Conflict
from deals.actions.extensions import why_not_renewed
from deals.models import Amendment, Appeal, ConflictCase, Deal, Extension, Implementation, Transfer
from events.models import Event
from metrics.registry import get
from onboarding.models import Application, OnboardingPlan
from partners.models import Organization, Partner, Restructuring
from prm.demo import plot, trees
from prm.demo.stage import Stage
from tests.demo_site import DATABASE, demo_files
from tiers.benefits import entitlements_of
from tiers.comparison import compare
from tiers.models import (
    MarginDecision,
    Override,
    Position,
    Program,
    Proposal,
    TierInvestment,
    Waiver,
)

SILVER = 500_000_00

# One engine is enough: it is the same actions, and a load takes a minute.
pytestmark = pytest.mark.sqlite


@pytest.fixture
def as_of(django_db_setup, django_db_blocker) -> Iterator[date]:
    """The loaded demo is the database of the test; the day it tells of."""
    tests_own = connection.settings_dict["NAME"]
    with demo_files() as folder, django_db_blocker.unblock():
        connection.close()
        connection.settings_dict["NAME"] = str(folder / DATABASE)
        yield Position.objects.latest("as_of").as_of
        connection.close()
        connection.settings_dict["NAME"] = tests_own


def revenue(name: str, on: date) -> int:
    partner = Partner.objects.get(name=name)
    return next(v.value for v in get("annual_revenue").values(on) if v.partner_id == partner.pk)


def what_stood_in_the_way(customer: str) -> tuple[str, str, list[str]]:
    """A registration of the shown partner: what became of it, the verdict, and what it met."""
    deal = Deal.objects.get(partner__name=plot.SHOWN, customer_name=customer)
    found = deal.conflict_checks.latest("created_at").candidates.values_list("kind", flat=True)
    return deal.state, deal.conflict_verdict, list(found)


def market(code: str) -> Market:
    return Market.objects.create(code=code, name=code, currency="USD", time_zone="UTC")


@pytest.mark.django_db
@pytest.mark.parametrize("refusal", [Conflict("Protected."), PermissionDenied("Suspended.")])
def test_a_scene_that_the_rules_refuse_does_not_happen_and_the_play_goes_on(refusal):
    stage, on = Stage(7, date(2026, 3, 1)), date(2026, 2, 1)

    def refused(stage: Stage, at: datetime) -> None:
        market("half")
        raise refusal

    stage.on(on, refused)
    stage.on(on + timedelta(days=1), lambda stage, at: market("whole"))
    stage.play()
    assert set(Market.objects.values_list("code", flat=True)) == {"whole"}


def test_the_demo_is_whole(as_of):
    assert Partner.objects.count() == 60
    assert Deal.objects.count() >= 560
    customers = Organization.objects.filter(is_healthcare_provider=True)
    assert customers.count() == 400 + len(trees.TREE)
    assert customers.exclude(parent=None).count() > 200

    assert set(Partner.objects.values_list("state", flat=True)) == {
        "onboarding",
        "active",
        "suspended",
        "terminated",
    }
    tiers = Counter(Partner.objects.values_list("tier_code", flat=True))
    assert all(
        tiers[code] for code in ("authorized", "silver", "gold", "platinum", "contributor", "advocate")
    ), tiers
    states = Counter(Deal.objects.values_list("state", flat=True))
    for state in (
        "draft",
        "submitted",
        "in_review",
        "action_required",
        "approved",
        "rejected",
        "won",
        "lost",
        "expired",
        "conditionally_approved",
        "lapsed",
    ):
        assert states[state], states
    assert len(set(Deal.objects.values_list("currency", flat=True))) == 6
    assert len(set(Partner.objects.exclude(market=None).values_list("market__code", flat=True))) == 6
    assert {"received", "in_review", "approved", "rejected"} <= set(
        Application.objects.values_list("state", flat=True)
    )
    assert {"running", "completed"} <= set(OnboardingPlan.objects.values_list("state", flat=True))

    assert revenue(plot.EXACTLY, as_of) == SILVER
    assert revenue(plot.ONE_CENT_BELOW, as_of) == SILVER - 1
    assert (
        revenue(plot.EDGE_TOMORROW, as_of) >= SILVER > revenue(plot.EDGE_TOMORROW, as_of + timedelta(days=1))
    )
    assert Partner.objects.get(name=plot.EXACTLY).tier_code == "silver"
    assert Partner.objects.get(name=plot.ONE_CENT_BELOW).tier_code == "authorized"

    shown = Deal.objects.filter(partner__name=plot.SHOWN)
    assert {"approved", "conditionally_approved", "won", "submitted", "draft"} <= set(
        shown.values_list("state", flat=True)
    )
    assert Deal.objects.awaiting_booking().count() >= 3
    answers = Appeal.objects.filter(deal__partner__name=plot.SHOWN).values_list("state", flat=True)
    assert sorted(answers) == ["dismissed", "submitted", "upheld"]

    assert {"conditionally_approved", "transferred", "lapsed"} <= set(states)
    found = Transfer.objects.filter(deal__partner__name=plot.SHOWN).values_list("state", flat=True)
    assert sorted(found) == ["agreed", "carried_out", "proposed", "requested"]
    assert Extension.objects.waiting().count() == 2
    changes = Amendment.objects.filter(deal__partner__name=plot.SHOWN).values_list("state", flat=True)
    assert sorted(changes) == ["accepted", "requested"]
    assert Event.objects.filter(type="deal.reopened").exists()

    tomorrow = start_of(as_of + timedelta(days=1))
    cases = set(ConflictCase.objects.values_list("state", flat=True))
    assert cases == {"open", "gathering", "proposed", "decided", "closed"}
    assert set(Restructuring.objects.values_list("state", flat=True)) == {"done", "undone", "waiting"}
    assert Organization.objects.get(name="Bristlecone Day Surgery").parent.name == "Bristlecone Health"
    assert Organization.objects.get(name="Marram Point Hospital").parent is None
    assert what_stood_in_the_way(trees.BLOCKED) == ("in_review", "hard", ["blocked_account"])
    assert what_stood_in_the_way(trees.DIRECT) == ("rejected", "hard", ["direct_account"])
    assert not why_not_renewed(shown.get(customer_name=trees.RENEWABLE), start_of(as_of))
    ended = shown.get(customer_name=trees.REVOKED)
    assert (ended.state, ended.reason, bool(ended.comment)) == ("revoked", "no_activity", True)
    assert not Event.objects.filter(at__gte=tomorrow).exists()
    assert not Deal.objects.filter(won_on__gt=as_of).exists()
    assert not Implementation.objects.filter(went_live_on__gt=as_of).exists()

    before = Event.objects.count()
    call_command("load_demo", as_of=as_of, verbosity=0)
    assert Event.objects.count() == before


def test_what_people_decide_about_tiers_and_spend_on_them_is_there(as_of):
    rises = Counter(Proposal.objects.filter(to_tier__code="platinum").values_list("state", flat=True))
    assert (rises["granted"], rises["waiting"]) == (2, 2)
    assert all(p.answer and p.decided_by for p in Proposal.objects.filter(state="granted"))
    assert Override.objects.in_force(as_of).count() == 2
    assert Waiver.objects.in_force(as_of).count() == 1
    margins = MarginDecision.objects.in_force(as_of)
    assert {decision.is_outside for decision in margins} == {True, False}
    assert all(decision.decided_by for decision in margins)


def test_one_partner_stands_in_both_programs(as_of):
    both = Partner.objects.get(name=next(iter(plot.FURTHER)))
    held = dict(both.standings.in_force(as_of).values_list("program__code", "tier__code"))
    assert held["value_contributions"] == "contributor"
    assert both.tier_code == held["partner_levels"] != ""


def test_each_tier_of_the_program_costs_something_and_some_benefits_stay_unused(as_of):
    invested = TierInvestment.objects.counting().values_list("partner__tier_code", flat=True)
    assert set(invested) >= {"platinum", "gold", "silver", "authorized"}
    holders = Partner.objects.filter(tier_code__in=("gold", "platinum"), state="active")
    funds = [one for partner in holders for one in entitlements_of(partner, as_of) if one.is_money]
    assert any(one.is_unused for one in funds)
    assert any(0 < one.left_minor < one.amount_minor for one in funds)
    assert not any(one.is_exceeded for one in funds)
    version = Program.objects.running()[0].versions.active().get()
    lines = {line.tier and line.tier.code: line for line in compare(version, as_of, Partner.objects.all())}
    assert all(lines[code].cost and lines[code].revenue for code in ("platinum", "gold", "silver"))
