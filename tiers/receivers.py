"""What tiers hear: who came into the program or left it, and what the people concerned are told."""

from collections.abc import Iterable
from typing import Any

from accounts.models import User
from accounts.roles import Permission
from catalog.querysets import setting
from core import mail
from core.clock import day
from events.models import Event
from events.registry import on
from inbox.actions import notify, plan_reminders, withdraw_reminders
from metrics.actions import touch
from tiers import rules
from tiers.actions import end_standings, leave, mirror_if_changed
from tiers.models import Tier

REMINDER, OVERRIDE_REMINDER = "tier-grace", "tier-override"


@on("partner.activated", "partner.changed", "partner.resumed")
def its_tier_is_looked_at(event: Event, partner: Any) -> None:
    mirror_if_changed(partner.pk, event.at)
    touch(partner.pk, at=event.at)


@on("partner.terminated")
def its_tier_ends(event: Event, partner: Any) -> None:
    end_standings(partner=partner, on=day(event.at), at=event.at)
    leave(partner=partner, at=event.at)


@on("tier.ended")
def nothing_of_it_waits_or_holds(event: Event, standing: Any) -> None:
    leave(partner=standing.partner, program=standing.program, at=event.at)


@on("tier.awarded", "tier.lowered")
def admins_are_told_of_their_tier(event: Event, standing: Any) -> None:
    """Where a person decided, the letter about the decision says it."""
    if event.data["reason"] not in rules.BY_PEOPLE:
        _write_to_admins(event, standing=standing.id, event=event.id)
        _ring_admins(
            event, standing, tier=name_of_tier(standing, event.data["from" if _is_fall(event) else "to"])
        )


@on("tier.grace_started")
def both_sides_are_told_of_the_grace_period(event: Event, grace: Any) -> None:
    _write_to_admins(event, grace=grace.id)
    _ring_admins(event, grace, tier=grace.standing.tier.name, until=grace.ends_on.isoformat())
    partner = grace.partner
    plan_reminders(
        kind=REMINDER,
        subject_id=grace.id,
        partner=partner,
        occasion_on=grace.ends_on,
        offsets=setting("tier.grace_reminder_days"),
        recipients=[*User.objects.admins_of(partner.pk), *filter(None, [partner.psm])],
        url=grace.get_absolute_url(),
        at=event.at,
    )


@on("tier.grace_ended")
def reminders_of_the_grace_period_stop(event: Event, grace: Any) -> None:
    withdraw_reminders(kind=REMINDER, subject_id=grace.id, at=event.at)


# What people decide ----------------------------------------------------------------------------------------------


@on("tier.proposed")
def deciders_hear_of_a_proposal(event: Event, proposal: Any) -> None:
    tier = proposal.to_tier or proposal.from_tier
    _ring_deciders(event, proposal, url=proposal.decide_url, tier=str(tier))


@on("tier.proposal_granted", "tier.proposal_declined")
def both_sides_hear_of_what_was_decided(event: Event, proposal: Any) -> None:
    _tell_admins(event, proposal, tier=str(proposal.to_tier or proposal.from_tier))
    _ring_colleagues(event, proposal, {}, proposal.partner.psm)


@on("tier.overridden")
def admins_are_told_of_an_override(event: Event, override: Any) -> None:
    """After an appeal or a declined fall, the letter about that says it."""
    if event.data["because"] == rules.OVERRIDE:
        _tell_admins(event, override, tier=str(override.tier), until=override.expires_on.isoformat())
    plan_reminders(
        kind=OVERRIDE_REMINDER,
        subject_id=override.id,
        partner=override.partner,
        occasion_on=override.expires_on,
        offsets=setting("tier.override_reminder_days"),
        recipients=[*User.objects.admins_of(override.partner_id), *filter(None, [override.partner.psm])],
        url=override.get_absolute_url(),
        at=event.at,
    )


@on("tier.override_ended")
def the_end_of_an_override_is_told(event: Event, override: Any) -> None:
    """Not where a higher tier was earned, another decision replaced it, or the partner left: that is told anyway."""
    withdraw_reminders(kind=OVERRIDE_REMINDER, subject_id=override.id, at=event.at)
    if event.data["outcome"] in (rules.EXPIRED, rules.REVOKED):
        _tell_admins(event, override, tier=str(override.tier))
        _ring(event, override, filter(None, [override.partner.psm]), tier=str(override.tier))


@on("tier.requirement_waived")
def admins_are_told_of_a_waiver(event: Event, waiver: Any) -> None:
    tier = name_of_tier(waiver, waiver.tier_code)
    _tell_admins(event, waiver, tier=tier, until=waiver.expires_on.isoformat())


@on("tier.waiver_ended")
def admins_are_told_that_a_requirement_counts_again(event: Event, waiver: Any) -> None:
    if event.data["outcome"] != rules.LEFT:
        _tell_admins(event, waiver, tier=name_of_tier(waiver, waiver.tier_code))


@on("tier_appeal.submitted")
def an_appeal_is_confirmed_and_heard_of(event: Event, appeal: Any) -> None:
    _write_to_admins(event, subject=appeal.id)
    _ring_deciders(event, appeal, url=appeal.get_absolute_url(), tier=str(appeal.tier))


@on("tier_appeal.upheld", "tier_appeal.dismissed")
def both_sides_hear_how_an_appeal_ended(event: Event, appeal: Any) -> None:
    _tell_admins(event, appeal, tier=str(appeal.tier))
    _ring_colleagues(event, appeal, {"tier": str(appeal.tier)}, appeal.first_decided_by, appeal.partner.psm)


def _tell_admins(event: Event, subject: Any, **args: str) -> None:
    _write_to_admins(event, subject=subject.id)
    _ring_admins(event, subject, **args)


def _ring_admins(event: Event, subject: Any, **args: str) -> None:
    _ring(event, subject, User.objects.admins_of(event.partner_id), url="/portal/tier/", **args)


def _ring_deciders(event: Event, subject: Any, url: str, **args: str) -> None:
    """The directors, else the administrators, and the partner's manager."""
    deciders = User.objects.holding("director") or User.objects.with_permission(Permission.TIER_DECIDE)
    people = {user.pk: user for user in [*deciders, *filter(None, [subject.partner.psm])]}
    _ring(event, subject, people.values(), url=url, **args)


def _ring_colleagues(event: Event, subject: Any, args: dict[str, str], *people: User | None) -> None:
    told = {user.pk: user for user in people if user and user.pk != event.actor_user_id}
    for user in told.values():
        kind, url = f"{event.type}_by_colleague", subject.get_absolute_url()
        notify(user=user, kind=kind, url=url, partner=subject.partner, args=args, at=event.at)


def _ring(event: Event, subject: Any, people: Iterable[User], url: str = "", **args: str) -> None:
    for user in people:
        where = url or subject.get_absolute_url()
        notify(user=user, kind=event.type, url=where, partner=subject.partner, args=args, at=event.at)


def name_of_tier(subject: Any, code: str | None) -> str:
    """What the program calls a tier now."""
    known = Tier.objects.filter(program_version__program=subject.program_id, code=code or "")
    found = known.order_by("-program_version__number").first()
    return found.name if found else (code or "")


def _is_fall(event: Event) -> bool:
    return event.type == "tier.lowered"


def _write_to_admins(about: Event, **ids: Any) -> None:
    for admin in User.objects.admins_of(about.partner_id):
        mail.send(about.type, to_user=admin, key=f"{about.type}:{about.id}:{admin.id}", at=about.at, **ids)
