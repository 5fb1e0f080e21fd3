"""What is known about an applicant: the facts behind the checks, organisations that may be it, other applications."""

from __future__ import annotations

from django.db.models import QuerySet

from catalog.querysets import market_of
from onboarding import rules
from onboarding.models import Application
from onboarding.querysets import partner_of
from partners.lookup import find_organizations, typed
from partners.matching import Profile
from partners.models import Organization


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


def candidates(application: Application) -> QuerySet[Organization]:
    """Organisations that the applicant may be, and the one that it is linked to."""
    found = [one.id for one in find_organizations(profile_of(application))]
    return Organization.objects.filter(pk__in=[*found, application.organization_id]).order_by("name")


def profile_of(application: Application) -> Profile:
    """The applicant as it is compared with the organisations known here."""
    number = (application.identifier_scheme, application.identifier)
    return typed(
        application.legal_name,
        country=application.country.code,
        websites=(application.website, application.contact_email),
        identifiers=(number,) if application.identifier else (),
    )
