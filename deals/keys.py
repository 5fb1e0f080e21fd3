"""How registrations of typed customers are found: the keys that are kept of each."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from deals import rules
from deals.models import Deal, DealKey
from partners.lookup import alike, nearest, note, typed
from partners.matching import Likeness, Profile


def typed_profile(deal: Deal) -> Profile:
    """The customer as the registration typed it."""
    return typed(
        deal.customer_name,
        city=deal.customer_city,
        country=deal.customer_country.code or "",
        websites=[deal.customer_domain],
    )


def note_keys_of(deal: Deal) -> None:
    """Keep the keys of the customer as a registration typed it, from its submission on."""
    is_registered = deal.state not in rules.NEVER_SUBMITTED
    note(DealKey, {deal.pk: typed_profile(deal).keys if is_registered else frozenset()})


def typed_like(profile: Profile, among: QuerySet[Deal]) -> dict[UUID, Likeness]:
    """Registrations among these whose typed customer may be this one, with how alike it is."""
    near = nearest(DealKey, profile.keys, among=among)
    profiles = {deal.pk: typed_profile(deal) for deal in among.filter(pk__in=near)}
    return {found.id: found.likeness for found in alike(profile, profiles)}
