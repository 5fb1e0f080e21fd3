"""Write the keys that customers are found by, for all organisations: after rows came in past the actions."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from partners.lookup import note_organizations
from partners.models import Organization


class Command(BaseCommand):
    help = "Writes anew the keys by which customers are found. Safe at any time; writes only what differs."

    def handle(self, **options: Any) -> None:
        ids = list(Organization.objects.order_by("pk").values_list("pk", flat=True))
        note_organizations(ids)
        self.stdout.write(
            f"The keys of {len(ids)} organizations are as their names, domains and identifiers say."
        )
