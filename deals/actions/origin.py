"""Where a registration came from: told by the app above that handed the customer over."""

from __future__ import annotations

from uuid import UUID

from core.saving import lock, save
from deals.models import Deal


def note_origin(*, deal: Deal, lead_id: UUID, lead_number: str) -> Deal:
    """Note the lead that became this registration. Called by leads alone, in the conversion's transaction."""
    deal = lock(deal)
    deal.origin_id, deal.origin_number = lead_id, lead_number
    return save(deal)
