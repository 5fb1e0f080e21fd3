"""Check the seal over the log of events."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from events.actions import first_broken_seal
from events.models import EventSeal


class Command(BaseCommand):
    help = "Verifies the chain over all sealed events; fails naming the first link that does not fit."

    def handle(self, **options: Any) -> None:
        if broken := first_broken_seal():
            raise CommandError(
                f"The chain breaks at {broken}: an event or a seal was changed, removed or added."
            )
        head = EventSeal.objects.order_by("-sequence").first()
        self.stdout.write(
            f"{head.sequence} events sealed, head {head.hmac}." if head else "Nothing is sealed yet."
        )
