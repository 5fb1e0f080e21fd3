"""What deals hear: letters, bells and reminders follow their events; a partnership that ends frees its customers."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from catalog.querysets import setting
from core import mail
from deals.actions import close_requests, release_all_of, withdraw_appeals_of
from deals.actions.scopes import compare_anew, require_apart
from deals.letters import recipients
from deals.models import Appeal, Deal, Extension, Implementation
from deals.notices import REMINDER_DAYS
from events.models import Event
from events.registry import on
from inbox.actions import notify, plan_reminders, withdraw_reminders
from partners.models import Organization, Partner

ANSWERED = ("deal.extended", "deal.renewed", "deal.extension_refused")
TOLD = (
    "deal.approved", "deal.approved_with_conditions", "deal.conditions_met", "deal.conditions_missed",
    "deal.rejected", "deal.duplicate", "deal.more_asked", "deal.lapsed", "deal.revoked", "deal.expired",
)  # fmt: skip


@on("organization.merged", "organization.moved", "organization.unmerged")
def protections_stay_apart(event: Event, organization: Organization) -> None:
    """A tree in which two protections would reach one node is not made: it waits for a decision."""
    for changed in _trees_of(event, organization):
        require_apart(changed, event.at)


@on("organization.merged", "organization.moved", "organization.unmerged")
def open_registrations_are_compared_anew(event: Event, organization: Organization) -> None:
    for changed in _trees_of(event, organization):
        compare_anew(changed, event.at)


def _trees_of(event: Event, organization: Organization) -> list[Organization]:
    """One organization of each tree that became another one: an undone merge leaves two."""
    if event.type != "organization.unmerged":
        return [organization]
    return [organization, *Organization.objects.filter(pk=event.data["from"])]


@on("partner.terminated")
def protections_end(event: Event, partner: Partner) -> None:
    release_all_of(partner=partner, at=event.at)
    close_requests(Extension.objects.filter(deal__partner=partner), event.at)
    withdraw_appeals_of(partner=partner, at=event.at)


@on(*TOLD, "deal.submitted", "booking.recorded")
def the_partner_is_written_to(event: Event, deal: Deal) -> None:
    for user in recipients(deal):
        mail.send(event.type, at=event.at, to_user=user, key=f"{event.pk}:{user.pk}", deal=deal.pk)


@on(*ANSWERED)
def the_partner_hears_about_its_request(event: Event, deal: Deal) -> None:
    for user in recipients(deal):
        key = f"{event.pk}:{user.pk}"
        mail.send(event.type, at=event.at, to_user=user, key=key, extension=event.data["extension"])


@on("implementation.accepted", "implementation.declined")
def the_reporter_is_written_to(event: Event, implementation: Implementation) -> None:
    for user in recipients(implementation.deal):
        key = f"{event.pk}:{user.pk}"
        mail.send(event.type, at=event.at, to_user=user, key=key, implementation=implementation.pk)


@on(*TOLD, *ANSWERED)
def the_partner_s_bell_rings(event: Event, deal: Deal) -> None:
    for user in recipients(deal):
        _ring(user, event, deal)


@on("appeal.submitted", "appeal.upheld", "appeal.dismissed")
def the_appellant_is_written_to(event: Event, appeal: Appeal) -> None:
    for user in recipients(appeal.deal):
        mail.send(event.type, at=event.at, to_user=user, key=f"{event.pk}:{user.pk}", appeal=appeal.pk)


@on("appeal.upheld", "appeal.dismissed")
def the_appellant_s_bell_rings(event: Event, appeal: Appeal) -> None:
    for user in recipients(appeal.deal):
        _ring(user, event, appeal.deal)


@on("appeal.submitted")
def the_manager_hears_of_the_appeal(event: Event, appeal: Appeal) -> None:
    if psm := appeal.deal.partner.psm:
        _ring(psm, event, appeal.deal)


@on("deal.submitted", "deal.resubmitted", "deal.left_to_review", "deal.won", "deal.extension_requested",
    "deal.condition_answered")  # fmt: skip
def the_manager_s_bell_rings(event: Event, deal: Deal) -> None:
    psm = deal.partner.psm
    if psm and psm.pk != event.actor_user_id and not _is_answered_at_once(event, deal):
        _ring(psm, event, deal)


def _is_answered_at_once(event: Event, deal: Deal) -> bool:
    """Whether a registration that was sent just now is about to be approved without a person."""
    return event.type in ("deal.submitted", "deal.resubmitted") and deal.is_plain


@on("deal.approved")
def the_manager_hears_of_what_it_did_not_decide(event: Event, deal: Deal) -> None:
    if deal.is_automatic and deal.partner.psm:
        _ring(deal.partner.psm, event, deal)


@on("deal.escalated")
def superiors_hear_of_what_waits_too_long(event: Event, deal: Deal) -> None:
    for user in superiors():
        mail.send(event.type, at=event.at, to_user=user, key=f"{event.pk}:{user.pk}", deal=deal.pk)
        _ring(user, event, deal)


def superiors() -> list[User]:
    """Who is told of what waits too long: the directors and the deal desk; without any, the administrators."""
    told = [user for role in ("director", "deal_desk") for user in User.objects.holding(role)]
    return list({user.pk: user for user in told or User.objects.holding("administrator")}.values())


def _ring(user: User, event: Event, deal: Deal) -> None:
    args: dict[str, Any] = {"deal": deal.number}
    notify(
        user=user, kind=event.type, url=deal.get_absolute_url(), partner=deal.partner, args=args, at=event.at
    )


@on("deal.conflict_found")
def the_manager_hears_of_the_conflict(event: Event, deal: Deal) -> None:
    if psm := deal.partner.psm:
        _ring(psm, event, deal)


@on("deal.approved", "deal.approved_with_conditions", "deal.conditions_met", "deal.extended", "deal.renewed")
def reminders_are_planned(event: Event, deal: Deal) -> None:
    assert deal.protected_until is not None
    plan_reminders(
        kind="protection",
        subject_id=deal.pk,
        partner=deal.partner,
        occasion_on=deal.protected_until,
        offsets=REMINDER_DAYS,
        recipients=recipients(deal),
        at=event.at,
        url=deal.get_absolute_url(),
    )


@on("deal.won", "deal.lost", "deal.withdrawn", "deal.expired", "deal.conditions_missed", "deal.revoked")
def reminders_are_withdrawn(event: Event, deal: Deal) -> None:
    withdraw_reminders(kind="protection", subject_id=deal.pk, at=event.at)


@on("deal.more_asked")
def reminders_of_the_question_are_planned(event: Event, deal: Deal) -> None:
    assert deal.answer_until is not None
    plan_reminders(
        kind="answer",
        subject_id=deal.pk,
        partner=deal.partner,
        occasion_on=deal.answer_until,
        offsets=setting("deal.answer_reminder_days"),
        recipients=recipients(deal),
        at=event.at,
        url=deal.get_absolute_url(),
    )


@on("deal.resubmitted", "deal.rejected", "deal.duplicate", "deal.withdrawn", "deal.lapsed")
def reminders_of_the_question_are_withdrawn(event: Event, deal: Deal) -> None:
    withdraw_reminders(kind="answer", subject_id=deal.pk, at=event.at)


@on("deal.won", "deal.lost", "deal.withdrawn", "deal.revoked")
def requests_are_closed(event: Event, deal: Deal) -> None:
    close_requests(deal.extensions.all(), event.at)
