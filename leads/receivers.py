"""What leads hear: letters, bells and reminders follow their events; a registration's end becomes its lead's."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from accounts.models import User
from catalog.querysets import setting
from core import mail
from core.clock import day
from deals.models import Deal
from events.models import Event
from events.registry import on
from inbox.actions import notify, plan_reminders, withdraw_reminders
from leads import rules
from leads.actions import (
    note_loss,
    note_win,
    redo_conversion,
    take_back_all,
    take_back_offers,
    undo_conversion,
)
from leads.letters import SAID_OF_PROGRESS, workers
from leads.models import Lead, LeadOffer, Referral
from partners.models import Partner

ACCEPTANCE, CONTACT = "lead_acceptance", "lead_contact"


# What becomes of the registration --------------------------------------------------------------------------------


@on("deal.won")
def a_won_deal_wins_its_lead(event: Event, deal: Deal) -> None:
    note_win(deal=deal, at=event.at)


@on("deal.lost")
def a_lost_deal_loses_its_lead(event: Event, deal: Deal) -> None:
    note_loss(deal=deal, at=event.at)


@on(
    "deal.discarded", "deal.rejected", "deal.duplicate", "deal.withdrawn", "deal.revoked", "deal.lapsed",
    "deal.expired", "deal.conditions_missed",
)  # fmt: skip
def the_partner_still_has_the_lead(event: Event, deal: Deal) -> None:
    undo_conversion(deal=deal, at=event.at)


@on("deal.review_reopened", "deal.approved", "deal.approved_with_conditions", "deal.renewed")
def a_registration_that_stands_again_has_its_lead(event: Event, deal: Deal) -> None:
    redo_conversion(deal=deal, at=event.at)


@on("partner.suspended")
def a_suspended_partner_is_not_asked(event: Event, partner: Partner) -> None:
    take_back_offers(partner=partner, at=event.at)


@on("partner.terminated")
def an_ended_partner_has_no_leads(event: Event, partner: Partner) -> None:
    take_back_all(partner=partner, at=event.at)


# The partner -----------------------------------------------------------------------------------------------------


def latest_offer(lead: Lead, partner_id: UUID | None) -> LeadOffer | None:
    offers = LeadOffer.objects.filter(lead=lead, partner=partner_id).select_related("partner")
    return offers.order_by("-created_at", "-id").first()


@on("lead.offered", "lead.accepted", "lead.lapsed", "lead.offer_withdrawn", "lead.reclaimed")
def the_partner_is_told(event: Event, lead: Lead) -> None:
    offer = latest_offer(lead, event.partner_id)
    if offer is None:
        return
    for user in workers(offer.partner, lead.accepted_by):
        _write(event, user, offer=offer.pk)
        if event.type != "lead.accepted":
            _ring(event, user, lead, offer.partner)


@on("lead.pooled")
def those_who_may_take_it_are_told(event: Event, lead: Lead) -> None:
    assert lead.pool is not None
    for candidate in lead.pool.candidates.filter(passed=True).select_related("partner"):
        for user in workers(candidate.partner):
            _write(event, user, lead=lead.pk)
            _ring(event, user, lead, candidate.partner)


@on("lead.offered")
def the_partner_is_reminded_to_answer(event: Event, lead: Lead) -> None:
    offer = latest_offer(lead, event.partner_id)
    if offer:
        _remind(
            ACCEPTANCE,
            offer,
            offer.due_at,
            workers(offer.partner),
            setting("lead.accept_reminder_days"),
            event.at,
        )


@on("lead.accepted")
def the_partner_is_reminded_to_call(event: Event, lead: Lead) -> None:
    offer = latest_offer(lead, event.partner_id)
    if offer and lead.due_at:
        people = workers(offer.partner, lead.accepted_by)
        _remind(CONTACT, offer, lead.due_at, people, setting("lead.contact_reminder_days"), event.at)


def _remind(
    kind: str, offer: LeadOffer, due_at: datetime, people: list[User], offsets: list[int], at: datetime
) -> None:
    plan_reminders(
        kind=kind,
        subject_id=offer.pk,
        partner=offer.partner,
        occasion_on=day(due_at),
        offsets=offsets,
        recipients=people,
        at=at,
        url=offer.get_absolute_url(),
    )


@on("lead.accepted", "lead.declined", "lead.lapsed", "lead.offer_withdrawn")
def nobody_is_reminded_to_answer(event: Event, lead: Lead) -> None:
    if offer := latest_offer(lead, event.partner_id):
        withdraw_reminders(kind=ACCEPTANCE, subject_id=offer.pk, at=event.at)


@on("lead.contacted", "lead.returned", "lead.reclaimed", "lead.converted", "lead.lost")
def nobody_is_reminded_to_call(event: Event, lead: Lead) -> None:
    if offer := latest_offer(lead, event.partner_id):
        withdraw_reminders(kind=CONTACT, subject_id=offer.pk, at=event.at)


# The vendor ------------------------------------------------------------------------------------------------------


@on(
    "lead.unrouted",
    "lead.left_pool",
    "lead.accepted",
    "lead.declined",
    "lead.returned",
    "lead.won",
    "lead.lost",
)
def its_owner_s_bell_rings(event: Event, lead: Lead) -> None:
    if lead.owner and lead.owner_id != event.actor_user_id:
        _ring(event, lead.owner, lead, None)


@on("lead.unrouted")
def its_owner_is_written_to(event: Event, lead: Lead) -> None:
    if lead.owner and lead.owner_id != event.actor_user_id:
        _write(event, lead.owner, lead=lead.pk)


@on("referral.received")
def the_partner_s_manager_hears_of_a_referral(event: Event, referral: Referral) -> None:
    psm = referral.partner.psm
    if psm and psm.pk != event.actor_user_id:
        args = {"referral": referral.number}
        notify(user=psm, kind=event.type, url=referral.get_absolute_url(), partner=referral.partner, args=args,
               at=event.at)  # fmt: skip


# The one who referred it -----------------------------------------------------------------------------------------


@on("referral.received")
def a_referral_is_acknowledged(event: Event, referral: Referral) -> None:
    if referral.submitted_by:
        _write(event, referral.submitted_by, referral=referral.pk)


@on("lead.accepted", "lead.won", "lead.lost", "lead.closed")
def its_referrer_hears_how_it_goes(event: Event, lead: Lead) -> None:
    referral = Referral.objects.select_related("submitted_by").filter(lead=lead).first()
    if referral is None or referral.submitted_by is None:
        return
    if rules.PROGRESS_OF_STATE[lead.state] in SAID_OF_PROGRESS:
        user = referral.submitted_by
        mail.send(
            "referral.progress",
            at=event.at,
            to_user=user,
            key=f"{event.pk}:r:{user.pk}",
            referral=referral.pk,
        )
        notify(
            user=user, kind="referral.progress", url=f"/manage/referrals/{referral.pk}/", partner=referral.partner,
            args={"referral": referral.number}, at=event.at,
        )  # fmt: skip


def _write(event: Event, user: User, **ids: Any) -> None:
    mail.send(event.type, at=event.at, to_user=user, key=f"{event.pk}:{user.pk}", **ids)


def _ring(event: Event, user: User, lead: Lead, partner: Partner | None) -> None:
    url, args = lead.get_absolute_url(), {"lead": lead.number}
    notify(user=user, kind=event.type, url=url, partner=partner, args=args, at=event.at)
