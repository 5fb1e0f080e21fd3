"""Make an API key from the command line: the text is printed once."""

import json
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.actions import create_key
from accounts.models import User, partner_model
from core.actors import SYSTEM
from core.clock import now


class Command(BaseCommand):
    help = "Makes an API key for a person, at a partner or on the vendor's side."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--user", required=True, metavar="EMAIL")
        parser.add_argument("--partner", metavar="ID")
        parser.add_argument("--name", default="command line")
        parser.add_argument("--days", type=int, default=90)
        parser.add_argument("--read-only", action="store_true")
        parser.add_argument("--json", action="store_true")

    def handle(self, **options: Any) -> None:
        user = User.objects.filter(email=options["user"].casefold(), is_active=True).first()
        if user is None:
            raise CommandError(f"No active account has the address {options['user']}.")
        partner = self.partner(options["partner"])
        if not user.memberships.current().filter(partner=partner).exists():
            raise CommandError("This person does not belong to that side.")
        key, text = create_key(
            by=SYSTEM, user=user, partner=partner, name=options["name"], at=now(),
            may_write=not options["read_only"], life=timedelta(days=options["days"]),
        )  # fmt: skip
        found = {"id": str(key.id), "key": text, "expires_at": key.expires_at.isoformat(), "user": user.email,
                 "partner": str(partner.id) if partner else None}  # fmt: skip
        self.stdout.write(json.dumps(found) if options["json"] else text)

    def partner(self, key: str | None) -> Any:
        if key is None:
            return None
        try:
            found = partner_model().objects.filter(pk=key).first()
        except ValidationError:
            found = None
        if found is None:
            raise CommandError(f"No partner has the id {key}.")
        return found
