"""Partners: added by an application's approval, changed, assigned, moved through their states."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Permission
from catalog.querysets import market_of, reason
from core.actors import SYSTEM, Actor
from core.clock import day
from core.saving import lock, save
from events.actions import record
from partners import rules
from partners.actions.changes import with_facts
from partners.actions.organizations import note_knowledge
from partners.models import Category, CategoryAssignment, Organization, Partner


@transaction.atomic
def add_partner(
    *,
    by: Actor,
    organization: Organization,
    categories: list[Category],
    psm: User | None,
    at: datetime,
    **facts: Any,
) -> Partner:
    """Make an organisation a partner, in onboarding. The first category is the primary one.

    Called by the approval of an application, which has asked for the permission. Raises ValidationError.
    """
    country = str(facts.pop("country", "") or organization.country)
    market = facts.pop("market", None) or market_of(country)
    partner = Partner(
        organization=organization,
        name=facts.pop("name", organization.name),
        psm=psm,
        country=country,
        market=market,
        time_zone=market.time_zone if market else "UTC",
        currency=market.currency if market else "USD",
        participates_in_tiers=any(c.participates_in_tiers for c in categories),
        joined_on=day(at),
        created_at=at,
        **{k: v for k, v in facts.items() if k != "application_id"},
    )
    save(partner)
    for category in categories:
        assigned = CategoryAssignment(partner=partner, category=category, valid_from=day(at), created_at=at)
        assigned.is_primary = category == categories[0]
        save(assigned)
    note_knowledge(organization=organization, partner=partner, because="own", at=at)
    application = facts.get("application_id")
    record("partner.added", partner, by=by, at=at, partner=partner,
           data={"application": str(application)} if application else {})  # fmt: skip
    return partner


@transaction.atomic
def change_partner(*, by: Actor, partner: Partner, at: datetime, **facts: Any) -> Partner:
    """Change plain facts of a partner: name, time zone, currency, strategic flag. Raises ValidationError."""
    by.must(Permission.PARTNER_EDIT, on=partner)
    partner, changed = with_facts(lock(partner), facts)
    save(partner)
    record("partner.changed", partner, by=by, at=at, partner=partner, data={"changed": changed})
    return partner


@transaction.atomic
def limit_sellers(*, by: Actor, partner: Partner, own_only: bool, at: datetime) -> Partner:
    """Whether a partner's sellers see only the deals that they registered or are named on; all others see all."""
    by.must(Permission.TEAM_LIMIT, on=partner)
    partner = lock(partner)
    if partner.sellers_see_own_only != own_only:
        partner.sellers_see_own_only = own_only
        save(partner)
        record("partner.sellers_limited", partner, by=by, at=at, partner=partner, data={"own_only": own_only})
    return partner


@transaction.atomic
def assign_psm(*, by: Actor, partner: Partner, psm: User, at: datetime) -> Partner:
    """Give a partner its partner success manager. Raises ValidationError when the person is not one."""
    by.must(Permission.PARTNER_ASSIGN, on=partner)
    require_psm(psm)
    partner = lock(partner)
    before, partner.psm = partner.psm_id, psm
    save(partner)
    data = {"from": str(before) if before else None, "to": str(psm.id)}
    record("partner.assigned", partner, by=by, at=at, partner=partner, data=data)
    return partner


def require_psm(user: User, field: str = "psm") -> None:
    """Raise ValidationError, naming the field, unless the person may look after partners."""
    if not User.objects.looking_after_partners().filter(pk=user.pk).exists():
        raise ValidationError({field: _("This person does not look after partners.")})


def activate_partner(*, by: Actor, partner: Partner, because: str, at: datetime) -> Partner:
    """Onboarding is complete. Called by the onboarding plan's completion (SYSTEM) or a manager."""
    by.must(Permission.PARTNER_EDIT, on=partner)
    return _move(by, partner, "activate", at, {"because": because}, activated_on=day(at))


def suspend_partner(
    *, by: Actor, partner: Partner, reason_code: str, at: datetime, comment: str = ""
) -> Partner:
    """The portal becomes read-only and keys are refused; protections keep running."""
    by.must(Permission.PARTNER_SUSPEND, on=partner)
    code = reason("partner_suspension", reason_code).code
    return _move(by, partner, "suspend", at, {"reason": code}, state_reason=code, state_comment=comment)


def resume_partner(*, by: Actor, partner: Partner, at: datetime) -> Partner:
    """The suspension ends."""
    by.must(Permission.PARTNER_SUSPEND, on=partner)
    return _move(by, partner, "resume", at, {}, state_reason="", state_comment="")


def terminate_partner(
    *, by: Actor, partner: Partner, reason_code: str, at: datetime, comment: str = ""
) -> Partner:
    """The partnership ends. Higher apps hear it: log-ins close, protections are released, history stays."""
    by.must(Permission.PARTNER_TERMINATE, on=partner)
    code = reason("partner_termination", reason_code).code
    facts = {"state_reason": code, "state_comment": comment, "ended_on": day(at)}
    return _move(by, partner, "terminate", at, {"reason": code}, **facts)


EVENT_OF_MOVE = {
    "activate": "partner.activated",
    "suspend": "partner.suspended",
    "resume": "partner.resumed",
    "terminate": "partner.terminated",
}


@transaction.atomic
def _move(
    by: Actor, partner: Partner, move: str, at: datetime, data: dict[str, Any], **facts: Any
) -> Partner:
    partner = lock(partner)
    partner.state = rules.LIFECYCLE.after(partner.state, move)
    partner, _changed = with_facts(partner, facts)
    save(partner)
    record(EVENT_OF_MOVE[move], partner, by=by, at=at, partner=partner, data=data)
    return partner


@transaction.atomic
def note_standing(*, partner_id: UUID, code: str, name: str, rank: int | None, at: datetime) -> Partner:
    """Write the tier shown in lists. Called by tiers alone, in the award's transaction."""
    partner = lock(Partner(pk=partner_id))
    before = partner.tier_code
    partner.tier_code, partner.tier_name, partner.tier_rank = code, name, rank
    save(partner)
    record(
        "partner.standing_noted",
        partner,
        by=SYSTEM,
        at=at,
        partner=partner,
        data={"from": before, "to": code},
    )
    return partner
