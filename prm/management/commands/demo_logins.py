"""Who can sign in to the demo, one of each role."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import Membership
from accounts.roles import LABELS, ROLES
from prm.demo import plot
from prm.demo.stage import PASSWORD


class Command(BaseCommand):
    help = "Prints one demo log-in of each role."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true")

    def handle(self, **options: Any) -> None:
        if not settings.DEMO_MODE:
            raise CommandError("There are demo log-ins in demo mode only.")
        found = [login for role in ROLES if (login := self.login(role))]
        if options["json"]:
            self.stdout.write(json.dumps(found))
            return
        for login in found:
            self.stdout.write(
                f"{login['label']:<28} {login['email']:<44} {login['password']}  {login['partner'] or ''}"
            )

    def login(self, role: str) -> dict[str, Any] | None:
        rows = Membership.objects.current().filter(role=role).select_related("user", "partner")
        tried = rows.exclude(partner__state__in=["suspended", "terminated"])
        best = tried.filter(partner__name=plot.SHOWN).first() or tried.order_by("created_at").first()
        if best is None:
            return None
        return {
            "role": role,
            "label": str(LABELS[role]),
            "email": best.user.email,
            "password": PASSWORD,
            "partner": best.partner.name if best.partner else None,
        }
