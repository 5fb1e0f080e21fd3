"""What reviews hear: a partner that rose gets its review, one that ended has none; reminders follow the people."""

from typing import Any

from core.clock import day
from events.models import Event
from events.registry import on
from partners.models import Partner
from reviews.actions import call_off_reviews, is_entitled, propose_reviews, replan_reminders


@on("tier.awarded")
def a_partner_that_rises_into_the_benefit_gets_a_review(event: Event, subject: Any) -> None:
    partner = event.partner
    if partner and is_entitled(partner, day(event.at)):
        propose_reviews(partner=partner, at=event.at)


@on("partner.terminated")
def an_ended_partner_has_no_reviews_ahead(event: Event, partner: Partner) -> None:
    call_off_reviews(partner=partner, at=event.at)


@on("partner.assigned")
def the_new_success_manager_is_reminded(event: Event, partner: Partner) -> None:
    replan_reminders(partner=partner, at=event.at)


@on("membership.started", "membership.role_changed", "membership.ended")
def admins_who_come_or_go_are_reminded_or_not(event: Event, membership: Any) -> None:
    if event.partner:
        replan_reminders(partner=event.partner, at=event.at)
