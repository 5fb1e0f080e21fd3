"""How registrations of typed customers are found: the keys that are kept of each."""

from __future__ import annotations

from deals import rules
from deals.models import Deal, DealKey
from partners.lookup import note, typed
from partners.matching import Profile


def typed_profile(deal: Deal) -> Profile:
    """The customer as the registration typed it."""
    return typed(
        deal.customer_name,
        city=deal.customer_city,
        country=deal.customer_country.code or "",
        websites=[deal.customer_domain],
    )


def note_deal(deal: Deal) -> None:
    """Keep the keys of a typed customer as long as the registration is open and no organization is linked."""
    is_typed = deal.state in rules.OPEN and deal.organization_id is None
    note(DealKey, {deal.pk: typed_profile(deal).keys if is_typed else frozenset()})
