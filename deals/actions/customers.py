"""Saying which organization a typed customer is: the vendor's side alone, and the partner is told nothing of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.roles import Permission
from core.actors import Actor
from core.errors import Conflict
from core.saving import lock, save
from deals import rules
from deals.actions.conflicts import check_conflicts
from deals.models import Deal
from events.actions import record
from partners.actions import add_organization, require_standing
from partners.models import Organization


@transaction.atomic
def link_customer(*, by: Actor, deal: Deal, organization: Organization, at: datetime) -> Deal:
    """The customer of a pending registration is this organization; conflicts are looked for again.

    Raises Conflict once it is decided, and where a merge has left the organization behind.
    """
    by.must(Permission.DEAL_DECIDE, on=deal)
    deal, organization = lock(deal), lock(organization)
    require_standing(organization)
    if deal.state not in rules.LINKABLE:
        raise Conflict(_("The customer can be linked while the registration is pending."), code="closed_move")
    deal.organization, deal.is_customer_known = organization, False
    check = check_conflicts(by=by, deal=deal, at=at)
    deal.conflict_score, deal.conflict_verdict = check.score, check.verdict
    save(deal)
    data = {"organization": str(organization.pk)}
    record("deal.customer_linked", deal, by=by, at=at, partner=deal.partner, data=data)
    return deal


@transaction.atomic
def add_customer(*, by: Actor, deal: Deal, at: datetime, **facts: Any) -> Deal:
    """The customer is not known yet: record it as an organization and link it. `facts` default to what was typed.

    Raises ValidationError (the organization), Conflict (decided already).
    """
    by.must(Permission.ORGANIZATION_EDIT)
    by.must(Permission.DEAL_DECIDE, on=deal)
    typed = {
        "name": deal.customer_name,
        "country": str(deal.customer_country),
        "city": deal.customer_city,
        "is_healthcare_provider": True,
    }
    domains = (deal.customer_domain,) if deal.customer_domain else ()
    organization = add_organization(by=by, at=at, origin="deal", domains=domains, **{**typed, **facts})
    return link_customer(by=by, deal=deal, organization=organization, at=at)
