"""What onboarding hears: facts that tick tasks, people who join, partners that leave."""

from typing import Any

from accounts.models import Membership
from core.actors import SYSTEM
from events.models import Event
from events.registry import on
from inbox.actions import notify
from onboarding import rules
from onboarding.actions import cancel_plan, complete_by_fact
from onboarding.actions.plans import announce
from onboarding.models import Application, OnboardingPlan
from partners.models import Partner


def _tick(event: Event, fact: str) -> None:
    if event.partner_id:
        complete_by_fact(partner_id=event.partner_id, fact=fact, at=event.at)


@on("membership.started")
def an_admin_hears_what_there_is_to_do(event: Event, membership: Membership) -> None:
    plan = OnboardingPlan.objects.running().filter(partner=membership.partner_id).first()
    if plan and membership.role == "partner_admin":
        announce(plan, membership, event.at)


@on("membership.started")
def a_second_person_makes_a_team(event: Event, membership: Membership) -> None:
    if membership.partner_id and membership.partner.memberships.current().count() >= rules.TEAM_OF:
        _tick(event, "person_joined")


@on("certification.awarded")
def a_certification_ticks_its_task(event: Event, certification: Any) -> None:
    _tick(event, f"certification_awarded.{event.data.get('track', '')}")


@on("gate.passed")
def a_gate_ticks_its_task(event: Event, passage: Any) -> None:
    _tick(event, f"gate_passed.{event.data.get('gate', '')}")


@on("learning_plan.signed")
def a_learning_plan_ticks_its_task(event: Event, plan: Any) -> None:
    _tick(event, "learning_plan_signed")


@on("deal.submitted")
def a_first_deal_ticks_its_task(event: Event, deal: Any) -> None:
    _tick(event, "deal_registered")


@on("application.assigned")
def its_reviewer_is_told(event: Event, application: Application) -> None:
    if application.reviewer and application.reviewer_id != event.actor_user_id:
        notify(
            user=application.reviewer,
            kind=event.type,
            url=application.get_absolute_url(),
            args={"number": application.number},
            at=event.at,
        )


@on("onboarding.completed")
def its_manager_is_told(event: Event, plan: OnboardingPlan) -> None:
    partner = plan.partner
    if partner.psm:
        args = {"partner": partner.name}
        notify(
            user=partner.psm,
            kind=event.type,
            url=plan.get_absolute_url(),
            partner=partner,
            args=args,
            at=event.at,
        )


@on("partner.terminated")
def its_plan_ends(event: Event, partner: Partner) -> None:
    for plan in partner.onboarding_plans.running():
        cancel_plan(by=SYSTEM, plan=plan, at=event.at)
