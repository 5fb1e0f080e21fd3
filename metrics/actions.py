"""Telling that a fact behind a metric changed."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from core.jobs import doorbell
from metrics.models import Touched

LOOK_NOW = "tiers.tasks.recalculate_requested"


def touch(partner_id: UUID, *, at: datetime) -> None:
    """Note, in the caller's transaction, that a partner's facts changed; its tier is looked at soon after commit."""
    Touched.objects.bulk_create(
        [Touched(partner_id=partner_id, touched_at=at)],
        update_conflicts=True,
        unique_fields=["partner"],
        update_fields=["touched_at", "changed_at"],
    )
    transaction.on_commit(lambda: doorbell(LOOK_NOW))
