"""Finding a partner: by the program's rules, by hand with a reason, or by the pool."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.roles import Permission
from catalog.querysets import setting
from core.actors import Actor
from core.errors import Conflict
from core.saving import lock, save
from events.actions import record
from leads import candidates, routing, rules
from leads.actions.moves import _move, _move_offer, reason_code
from leads.models import Candidate, Lead, LeadOffer, Routing
from partners.models import Partner


@transaction.atomic
def route_lead(*, by: Actor, lead: Lead, at: datetime) -> Lead:
    """Let the program's rules find a partner. Where none fits, the lead waits and says why.

    Raises ValidationError (not enough is known), Conflict (a partner has it or is asked).
    """
    by.must(Permission.LEAD_ROUTE, on=lead)
    return route(by, lead, at)


def route(by: Actor, lead: Lead, at: datetime) -> Lead:
    """The same for whoever may: after a decline or a lapse the system itself."""
    lead = lock(lead)
    rules.LIFECYCLE.after(lead.state, "pool")  # the moves that routing may make are open
    require_routable(lead)
    in_order = candidates.rules_in_order()
    partners = candidates.considered(lead, in_order, at)
    decision = routing.decide(in_order, candidates.facts_of_lead(lead), partners)
    stored = _store(lead, decision, at)
    if decision.outcome == routing.POOLED:
        return _pool(by, lead, stored, at)
    if decision.chosen:
        partner = Partner.objects.get(pk=decision.chosen.id)
        return _offer(by, lead, partner, at, stored)
    lead.due_at = at + timedelta(hours=setting("lead.route_hours"))
    save(lead)
    record("lead.unrouted", lead, by=by, at=at, data=_told(stored))
    return lead


def require_routable(lead: Lead) -> None:
    """Raise ValidationError naming what a partner needs to know before it is asked."""
    missing = {}
    if not lead.need.strip():
        missing["need"] = _("Say what the customer needs; partners read it before they accept.")
    if not lead.consent_basis:
        missing["consent_basis"] = _("Say why this lead may be passed on to a partner.")
    if not (lead.contact_email or lead.contact_phone or lead.website):
        missing["contact_email"] = _("A partner needs a way to reach the customer.")
    if missing:
        raise ValidationError(missing)


def _store(lead: Lead, decision: routing.Decision, at: datetime) -> Routing:
    rule = decision.rule
    stored = save(
        Routing(
            lead=lead,
            outcome=decision.outcome,
            rule_version=candidates.version_of_rules(),
            rule_code=rule.code if rule else "",
            rule_name=rule.name if rule else "",
            method=rule.method if rule else "",
            rules_tried=[tried.as_json() for tried in decision.tried],
            created_at=at,
        )
    )
    Candidate.objects.bulk_create(_candidate(stored, row, at) for row in decision.considered)
    return stored


def _candidate(stored: Routing, row: routing.Considered, at: datetime) -> Candidate:
    return Candidate(
        routing=stored,
        partner_id=row.partner.id,
        passed=row.passed,
        is_chosen=row.is_chosen,
        checks=[check.as_json() for check in row.checks],
        note=row.note[:200],
        created_at=at,
    )


def _told(stored: Routing) -> dict[str, Any]:
    return {"rule": stored.rule_code, "rule_version": stored.rule_version, "method": stored.method}


def _offer(
    by: Actor, lead: Lead, partner: Partner, at: datetime, stored: Routing | None = None, **chosen: str
) -> Lead:
    due_at = rules.accept_by(at, setting("lead.accept_hours"))
    data = {
        **(_told(stored) if stored else {"reason": chosen.get("offer_reason", "")}),
        "due_at": due_at.isoformat(),
    }
    save(LeadOffer(lead=lead, partner=partner, routing=stored, due_at=due_at, created_at=at, **chosen))
    facts = {"partner": partner, "due_at": due_at, "reason": "", "comment": ""}
    return _move(by, lead, "offer", at, data, about=partner, **facts)


def _pool(by: Actor, lead: Lead, stored: Routing, at: datetime) -> Lead:
    due_at = at + timedelta(days=setting("lead.pool_days"))
    fitting = stored.candidates.filter(passed=True).count()
    facts = {"pool": stored, "due_at": due_at, "reason": "", "comment": ""}
    return _move(by, lead, "pool", at, {**_told(stored), "partners": fitting}, **facts)


@transaction.atomic
def offer_lead(
    *, by: Actor, lead: Lead, partner: Partner, reason: str, at: datetime, comment: str = ""
) -> Lead:
    """Offer a lead to a chosen partner, past the rules: with the offer its reason is stored, and no rule's conditions.

    `reason` is a code of lead_choice. Raises ValidationError (reason, partner), Conflict (it is with a partner; this
    one has declined it).
    """
    by.must(Permission.LEAD_ROUTE, on=lead)
    code = reason_code("lead_choice", reason, comment)
    lead = lock(lead)
    rules.LIFECYCLE.after(lead.state, "offer")
    require_routable(lead)
    _require_offerable(lead, partner)
    return _offer(by, lead, partner, at, offer_reason=code, offer_comment=comment)


def _require_offerable(lead: Lead, partner: Partner) -> None:
    if not partner.is_active:
        raise ValidationError({"partner": _("This partner is not active.")})
    refused = LeadOffer.objects.filter(lead=lead, partner=partner, state__in=rules.REFUSED)
    if refused.exists():
        raise Conflict(_("This partner has declined this lead."), code="declined_before")


@transaction.atomic
def pool_lead(*, by: Actor, lead: Lead, at: datetime) -> Lead:
    """Put a lead into the pool of all partners that fit the first rule for it; the first to accept has it.

    Raises ValidationError (not enough is known), Conflict (nobody fits; it is with a partner).
    """
    by.must(Permission.LEAD_ROUTE, on=lead)
    lead = lock(lead)
    rules.LIFECYCLE.after(lead.state, "pool")
    require_routable(lead)
    in_order = [_as_pool(rule) for rule in candidates.rules_in_order()]
    partners = candidates.considered(lead, in_order, at)
    decision = routing.decide(in_order, candidates.facts_of_lead(lead), partners)
    if decision.outcome != routing.POOLED:
        raise Conflict(
            _("No partner fits this lead now; offer it to one, or change what it asks."), code="nobody"
        )
    return _pool(by, lead, _store(lead, decision, at), at)


def _as_pool(rule: routing.Rule) -> routing.Rule:
    from dataclasses import replace

    return replace(rule, method=routing.POOL)


@transaction.atomic
def withdraw_offer(*, by: Actor, lead: Lead, reason: str, at: datetime, comment: str = "") -> Lead:
    """Take an open offer back, or a lead out of the pool. `reason` is a code of lead_withdrawal.

    Raises ValidationError (reason), Conflict (nobody is asked).
    """
    by.must(Permission.LEAD_ROUTE, on=lead)
    code = reason_code("lead_withdrawal", reason, comment)
    lead = lock(lead)
    due_at = at + timedelta(hours=setting("lead.route_hours"))
    if lead.state == rules.POOLED:
        return _move(by, lead, "leave_pool", at, {"reason": code}, due_at=due_at)
    rules.LIFECYCLE.after(lead.state, "withdraw_offer")
    partner = lead.partner
    offer = LeadOffer.objects.asked().get(lead=lead)
    _move_offer(offer, "withdraw", reason=code, comment=comment, ended_at=at)
    return _move(by, lead, "withdraw_offer", at, {"reason": code}, about=partner, partner=None, due_at=due_at)
