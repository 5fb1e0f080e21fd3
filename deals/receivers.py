"""What deals hear: letters, bells and reminders follow their events; a partnership that ends frees its customers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from accounts.models import Membership, User
from catalog.querysets import setting
from core import mail
from core.actors import SYSTEM
from deals import rules
from deals.actions import (
    close_amendments,
    close_requests,
    close_transfers,
    release_all_of,
    withdraw_appeals_of,
    withdraw_implementation,
)
from deals.letters import admins_of, recipients
from deals.models import (
    Appeal,
    Consent,
    Deal,
    DealCredit,
    EngagementRules,
    Extension,
    Implementation,
    Transfer,
)
from deals.notices import REMINDER_DAYS
from events.models import Event
from events.registry import on
from inbox.actions import notify, plan_reminders, withdraw_reminders
from inbox.models import Reminder
from partners.models import Partner

REMINDED = ("protection", "answer")
ENDED = ("deal.won", "deal.lost", "deal.withdrawn", "deal.revoked", "deal.transferred")
ANSWERED = ("deal.extended", "deal.renewed", "deal.extension_refused")
TOLD = (
    "deal.approved", "deal.approved_with_conditions", "deal.conditions_met", "deal.conditions_missed",
    "deal.rejected", "deal.duplicate", "deal.more_asked", "deal.lapsed", "deal.revoked", "deal.expired",
    "deal.reopened", "deal.transferred", "deal.taken_over", "deal.review_started",
)  # fmt: skip
# The partner's own deeds, unless the vendor does them for it: whoever did it knows already.
REPORTED = ("deal.withdrawn", "deal.won", "deal.lost")


@on("partner.terminated")
def protections_end(event: Event, partner: Partner) -> None:
    release_all_of(partner=partner, at=event.at)
    close_requests(Extension.objects.filter(deal__partner=partner), event.at)
    withdraw_appeals_of(partner=partner, at=event.at)
    close_transfers(Transfer.objects.filter(receiver=partner), event.at)


@on("deal.submitted", "deal.resubmitted", "booking.recorded")
def the_partner_is_written_to(event: Event, deal: Deal) -> None:
    _write(event, recipients(deal), deal=deal.pk)


@on(*TOLD)
def the_partner_hears_what_became_of_it(event: Event, deal: Deal) -> None:
    people = recipients(deal)
    _write(event, people, deal=deal.pk)
    for user in people:
        _ring(user, event, deal)


@on(*REPORTED)
def the_others_at_the_partner_hear_what_was_reported(event: Event, deal: Deal) -> None:
    people = _others(event, recipients(deal))
    _write(event, people, deal=deal.pk)
    for user in people:
        _ring(user, event, deal)


@on("deal.resubmitted")
def the_others_bells_ring(event: Event, deal: Deal) -> None:
    for user in _others(event, recipients(deal)):
        _ring(user, event, deal)


def _others(event: Event, people: list[User]) -> list[User]:
    """Those who did not do it themselves."""
    return [user for user in people if user.pk != event.actor_user_id]


@on(*ANSWERED)
def the_partner_hears_about_its_request(event: Event, deal: Deal) -> None:
    _write(event, recipients(deal), extension=event.data["extension"])


@on("implementation.accepted", "implementation.declined")
def the_reporter_is_written_to(event: Event, implementation: Implementation) -> None:
    _write(event, recipients(implementation.deal), implementation=implementation.pk)


@on(*ANSWERED)
def the_partner_s_bell_rings(event: Event, deal: Deal) -> None:
    for user in recipients(deal):
        _ring(user, event, deal)


@on("appeal.submitted", "appeal.upheld", "appeal.dismissed")
def the_appellant_is_written_to(event: Event, appeal: Appeal) -> None:
    _write(event, recipients(appeal.deal), appeal=appeal.pk)


@on("appeal.upheld", "appeal.dismissed")
def the_appellant_s_bell_rings(event: Event, appeal: Appeal) -> None:
    for user in recipients(appeal.deal):
        _ring(user, event, appeal.deal)


@on("appeal.upheld", "appeal.dismissed")
def who_decided_first_and_the_manager_hear_how_it_ended(event: Event, appeal: Appeal) -> None:
    """Never the partner that holds a protection: it is not to learn that somebody appealed."""
    deal = appeal.deal
    told = {user.pk: user for user in (appeal.first_decided_by, deal.partner.psm) if user}
    for user in told.values():
        if user.pk != event.actor_user_id:
            kind, url, args = f"{event.type}_by_colleague", deal.get_absolute_url(), {"deal": deal.number}
            notify(user=user, kind=kind, url=url, partner=deal.partner, args=args, at=event.at)


@on("appeal.submitted")
def the_manager_hears_of_the_appeal(event: Event, appeal: Appeal) -> None:
    if psm := appeal.deal.partner.psm:
        _ring(psm, event, appeal.deal)


@on("deal.submitted", "deal.resubmitted", "deal.left_to_review", "deal.won", "deal.extension_requested",
    "deal.condition_answered", "deal.amendment_requested")  # fmt: skip
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


@on("deal.assigned")
def whoever_gets_it_hears_of_it(event: Event, deal: Deal) -> None:
    if deal.assigned_to and deal.assigned_to_id != event.actor_user_id:
        _ring(deal.assigned_to, event, deal)


@on("rules.announced")
def partners_hear_of_new_rules(event: Event, terms: EngagementRules) -> None:
    """Whoever leads a partner's side, with the day from which they hold."""
    admins = Membership.objects.current().filter(role="partner_admin", partner__state="active")
    for membership in admins.select_related("user", "partner"):
        user, key = membership.user, f"{event.pk}:{membership.user_id}"
        mail.send(event.type, at=event.at, to_user=user, key=key, rules=terms.pk)
        args = {"effective_on": event.data["effective_on"]}
        url = terms.get_absolute_url()
        notify(user=user, kind=event.type, url=url, partner=membership.partner, args=args, at=event.at)


@on("deal.escalated")
def superiors_hear_of_what_waits_too_long(event: Event, deal: Deal) -> None:
    people = superiors()
    _write(event, people, deal=deal.pk)
    for user in people:
        _ring(user, event, deal)


def superiors() -> list[User]:
    """Who is told of what waits too long: the directors and the deal desk; without any, the administrators."""
    told = [user for role in ("director", "deal_desk") for user in User.objects.holding(role)]
    return list({user.pk: user for user in told or User.objects.holding("administrator")}.values())


def _write(event: Event, people: list[User], **ids: Any) -> None:
    """The event's letter to each of them, once; `ids` are what the letter reads."""
    for user in people:
        mail.send(event.type, at=event.at, to_user=user, key=f"{event.pk}:{user.pk}", **ids)


def _ring(user: User, event: Event, deal: Deal) -> None:
    args: dict[str, Any] = {"deal": deal.number}
    notify(
        user=user, kind=event.type, url=deal.get_absolute_url(), partner=deal.partner, args=args, at=event.at
    )


@on("deal.conflict_found")
def the_manager_hears_of_the_conflict(event: Event, deal: Deal) -> None:
    if psm := deal.partner.psm:
        _ring(psm, event, deal)


@on(
    "deal.approved",
    "deal.approved_with_conditions",
    "deal.conditions_met",
    "deal.amended",
    "deal.extended",
    "deal.renewed",
    "deal.reopened",
    "deal.taken_over",
)
def reminders_are_planned(event: Event, deal: Deal) -> None:
    _plan(deal, event.at)


@on("deal.people_named")
def reminders_follow_who_is_named(event: Event, deal: Deal) -> None:
    _plan(deal, event.at)


@on("membership.ended")
def reminders_pass_to_who_is_left(event: Event, membership: Membership) -> None:
    """Whoever was to be reminded and leaves is followed by those who are written to from now on."""
    planned = Reminder.objects.planned().filter(recipient=membership.user_id, kind__in=REMINDED)
    left = planned.filter(partner=event.partner).values("subject_id")
    for deal in Deal.objects.filter(partner=event.partner, pk__in=left).order_by("pk"):
        _plan(deal, event.at)


def _plan(deal: Deal, at: datetime) -> None:
    """Remind those who are written to now of the end of a protection that runs, or of a question that waits."""
    if deal.state in rules.PROTECTED:
        _remind("protection", deal, deal.protected_until, REMINDER_DAYS, at)
    elif deal.state == rules.ACTION_REQUIRED:
        _remind("answer", deal, deal.answer_until, setting("deal.answer_reminder_days"), at)


def _remind(kind: str, deal: Deal, on_day: date | None, offsets: Iterable[int], at: datetime) -> None:
    assert on_day is not None
    plan_reminders(
        kind=kind,
        subject_id=deal.pk,
        partner=deal.partner,
        occasion_on=on_day,
        offsets=offsets,
        recipients=recipients(deal),
        at=at,
        url=deal.get_absolute_url(),
    )


@on(*ENDED, "deal.expired", "deal.conditions_missed")
def reminders_are_withdrawn(event: Event, deal: Deal) -> None:
    withdraw_reminders(kind="protection", subject_id=deal.pk, at=event.at)


@on("deal.more_asked")
def reminders_of_the_question_are_planned(event: Event, deal: Deal) -> None:
    _plan(deal, event.at)


@on("deal.resubmitted", "deal.rejected", "deal.duplicate", "deal.withdrawn", "deal.lapsed")
def reminders_of_the_question_are_withdrawn(event: Event, deal: Deal) -> None:
    withdraw_reminders(kind="answer", subject_id=deal.pk, at=event.at)


@on(*ENDED)
def requests_are_closed(event: Event, deal: Deal) -> None:
    close_requests(deal.extensions.all(), event.at)


@on(*ENDED, "deal.expired", "deal.conditions_missed")
def changes_and_transfers_are_closed(event: Event, deal: Deal) -> None:
    close_amendments(deal.amendments.all(), event.at)
    close_transfers(deal.transfers.all(), event.at)


@on("deal.reopened")
def go_lives_of_a_reopened_deal_are_taken_back(event: Event, deal: Deal) -> None:
    for waiting in deal.implementations.awaiting_acceptance():
        withdraw_implementation(by=SYSTEM, implementation=waiting, at=event.at)


@on("deal.amended", "deal.amendment_refused")
def the_partner_hears_about_its_change(event: Event, deal: Deal) -> None:
    _write(event, recipients(deal), amendment=event.data["amendment"])
    for user in recipients(deal):
        _ring(user, event, deal)


@on("consent.asked", "consent.closed")
def whoever_is_asked_about_a_transfer_is_written_to(event: Event, consent: Consent) -> None:
    admins = admins_of(consent.partner_id)
    _write(event, admins, consent=consent.pk)
    for user in admins:
        notify(user=user, kind=event.type, url=consent.portal_url, partner=consent.partner, at=event.at)


@on("transfer.requested", "transfer.agreed", "transfer.declined")
def the_manager_hears_of_the_transfer(event: Event, transfer: Transfer) -> None:
    psm, args = transfer.deal.partner.psm, {"deal": transfer.deal.number}
    if psm and psm.pk != event.actor_user_id:
        url = transfer.get_absolute_url()
        notify(user=psm, kind=event.type, url=url, partner=transfer.deal.partner, args=args, at=event.at)


@on("transfer.cancelled")
def whoever_asked_for_the_transfer_hears(event: Event, transfer: Transfer) -> None:
    """Not who gave it up, and not the admins where they were asked for their consent: they hear of its end."""
    for user in _others(event, askers(transfer)):
        key, deal = f"{event.pk}:{user.pk}", transfer.deal
        mail.send(event.type, at=event.at, to_user=user, key=key, transfer=transfer.pk)
        _ring(user, event, deal)


def askers(transfer: Transfer) -> list[User]:
    """Who at the holder asked for a transfer and hears nothing else of it; none where the vendor began it."""
    deal = transfer.deal
    if not transfer.wish:
        return []
    current = Membership.objects.current().filter(partner=deal.partner_id, user=transfer.requested_by_id)
    found = [membership.user for membership in current.select_related("user")] or recipients(deal)
    told = admins_of(deal.partner_id) if transfer.consents.filter(side=rules.GIVING).exists() else []
    return [user for user in found if user not in told]


@on("deal.credited")
def the_partner_s_bell_rings_for_its_part(event: Event, deal: Deal) -> None:
    for user in recipients(deal):
        _ring(user, event, deal)


@on("credit.changed")
def the_other_partner_s_bells_ring(event: Event, share: DealCredit) -> None:
    """Whose part in another partner's deal changed reads its own shares: the deal has no page for it."""
    for user in admins_of(event.partner_id):
        args = {"deal": share.deal.number}
        notify(
            user=user, kind=event.type, url="/portal/credits/", partner=event.partner, args=args, at=event.at
        )
