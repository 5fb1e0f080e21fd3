"""`manage.py send_due_reminders [--at INSTANT] --json`: the sweep by hand."""

import json
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.clock import now
from inbox.actions import send_due_reminders


class Command(BaseCommand):
    help = "Queue the letters of all reminders that are due, each once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--at", metavar="INSTANT", help="as if it were this instant, e.g. 2026-11-24T09:00Z"
        )
        parser.add_argument("--json", action="store_true", help="print the counts as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        counts = send_due_reminders(at=_instant(options["at"]) if options["at"] else now())
        words = ", ".join(f"{count} {name}" for name, count in counts.items())
        self.stdout.write(json.dumps(counts) if options["json"] else words)


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise CommandError(f"“{text}” is not an instant such as 2026-11-24T09:00Z.") from None
    if at.tzinfo is None:
        raise CommandError(
            "Give the instant with its zone, e.g. 2026-11-24T09:00Z or 2026-11-24T09:00-05:00."
        )
    return at
