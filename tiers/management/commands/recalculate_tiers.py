"""manage.py recalculate_tiers [--as-of DATE] [--partner ID] [--json]: hold all facts against the program."""

import json
from datetime import date
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.actors import SYSTEM
from core.clock import day, now
from partners.models import Partner
from tiers.actions import note_risks, recalculate


def a_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"“{text}” is not a day such as 2026-11-24.") from None


def a_partner(text: str) -> UUID:
    try:
        found = Partner.objects.filter(pk=UUID(text)).values_list("pk", flat=True).first()
    except ValueError:
        found = None
    if found is None:
        raise CommandError(f"There is no partner {text}.")
    return found


class Command(BaseCommand):
    help = "Recalculate the tiers of all partners, or of one, for today or another day."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as-of", default="", help="the day whose facts count (today)")
        parser.add_argument("--partner", default="", help="the id of one partner (all)")
        parser.add_argument("--json", action="store_true", help="the result as one line of JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        at = now()
        as_of = a_day(options["as_of"]) if options["as_of"] else day(at)
        if as_of > day(at):
            raise CommandError("This day lies in the future.")
        ids = [a_partner(options["partner"])] if options["partner"] else None
        result = recalculate(by=SYSTEM, as_of=as_of, at=at, partner_ids=ids)
        note_risks(as_of=as_of, at=at, partner_ids=ids)
        self.stdout.write(json.dumps(result.as_json()) if options["json"] else _in_words(result.as_json()))


def _in_words(result: dict[str, Any]) -> str:
    if not result["versions"]:
        return "No version of a tier program is in force."
    versions = ", ".join(f"{code} version {number}" for code, number in result["versions"].items())
    actions = ", ".join(f"{name.replace('_', ' ')} {n}" for name, n in sorted(result["actions"].items()))
    return (
        f"{versions}, {result['as_of']}: {result['looked_at']} partners, "
        f"{result['differed']} with other facts{'; ' + actions if actions else ''}."
    )
