"""What is known about an applicant: the facts behind the checks, organisations that may be it, other applications."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from catalog.querysets import market_of
from core.text import normal
from onboarding import rules
from onboarding.models import Application
from onboarding.querysets import partner_of
from partners.models import Organization
from partners.rules import domain_of


def facts_of(application: Application) -> rules.Facts:
    """The facts that the checks look at, as of now."""
    market = market_of(application.country.code)
    partner = None if application.partner_id else partner_of(application.organization)
    return rules.Facts(
        email=application.contact_email,
        website=application.website,
        is_confirmed=application.confirmed_at is not None,
        market=market.name if market else "",
        organization=application.organization.name if application.organization else "",
        recognised_by=application.recognised_by,
        partner=partner.name if partner else "",
        others=Application.objects.beside(application).count(),
    )


def checks_of(application: Application) -> list[rules.Check]:
    """Each check with its verdict and why."""
    return rules.checks(facts_of(application))


def candidates(application: Application) -> Any:
    """Organisations that the applicant may be: linked, of its domains, its number, or of a name that begins alike."""
    domains = {domain_of(application.contact_email), domain_of(application.website)} - {""}
    alike = Q(pk=application.organization_id) | Q(domains__domain__in=domains)
    if application.identifier:
        alike |= Q(identifiers__value__in=[application.identifier])
    first = normal(application.legal_name).split()[:1]
    if first and len(first[0]) > 3:
        alike |= Q(search_text__startswith=first[0])
    return Organization.objects.filter(alike).distinct().order_by("name")
