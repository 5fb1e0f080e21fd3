"""What a partner is told before it submits: its own earlier registrations, and never whether anybody else is there.

The one place that says which of a partner's own registrations mean the same customer.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q

from core.actors import Actor
from core.clock import day
from deals import rules
from deals.actions.answers import next_answer_at
from deals.actions.protections import usual_length
from deals.keys import typed_like
from deals.margins import at_registration
from deals.models import Deal, DealType
from partners.lookup import typed
from partners.models import Organization, Partner

MOST = 3


def own_earlier(
    actor: Actor,
    partner: Partner | None,
    *,
    organization: Organization | None = None,
    name: str = "",
    country: str = "",
    website: str = "",
    exclude: Any = None,
) -> list[Deal]:
    """A partner's registrations of what seems to be the same customer, as far as the actor sees them, newest first.

    Only facts that the partner stated or may know are compared: to which organization the vendor linked a
    registration changes nothing here.
    """
    own = Deal.objects.visible_to(actor).filter(partner=partner).exclude(state__in=rules.NEVER_SUBMITTED)
    same = Q(pk__in=typed_like(typed(name, country=country, websites=[website]), own))
    if organization is not None:
        same |= Q(organization=organization, is_customer_known=True)
    if name:
        same |= Q(pk__in=own.matching(name).values("pk"))
    return list(own.filter(same).exclude(pk=exclude).order_by("-created_at", "-pk")[:MOST])


def renewable(earlier: list[Deal]) -> Deal | None:
    """The latest of them that was won: registered again, it is a renewal. None where the program knows no renewals."""
    if not DealType.objects.active().filter(names_earlier=True).exists():
        return None
    return next((deal for deal in earlier if deal.state == rules.WON), None)


def answer(
    actor: Actor,
    partner: Partner | None,
    organization: Organization | None,
    name: str,
    country: str,
    website: str,
    at: datetime,
) -> dict[str, Any]:
    """The same over the API, with the length by the published rules and whether the day's submissions are used up.

    Someone of the vendor who names no partner hears of registrations alone.
    """
    facts = {"organization": organization, "name": name, "country": country, "website": website}
    length = usual_length(Deal(partner=partner, organization=organization), at) if partner else None
    earlier = own_earlier(actor, partner, **facts)
    return {
        "earlier": earlier,
        "renewal_of": renewable(earlier),
        "protection_days": length.days if length else None,
        "because": length.because if length else "",
        "margin": at_registration(partner, day(at), is_own=not actor.is_vendor) if partner else None,
        "next_submission_at": next_answer_at(actor, partner, at) if partner else None,
    }
