"""Load the fictional demo."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.clock import today
from partners.models import Partner
from prm.demo.load import load
from tiers.models import ProgramVersion


class Command(BaseCommand):
    help = "Loads a fictional program of thirty months; does nothing where partners exist already."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", type=int, default=7)
        parser.add_argument("--as-of", type=date.fromisoformat, default=None, metavar="DAY")

    def handle(self, **options: Any) -> None:
        if Partner.objects.exists():
            self.stdout.write("There are partners already: the demo was not loaded.")
            return
        if not ProgramVersion.objects.exists():
            raise CommandError(
                "Load a program first: manage.py load_program programs/healthcare-ai.yaml --activate"
            )
        found = load(options["seed"], options["as_of"] or today())
        self.stdout.write("Demo: " + ", ".join(f"{count} {what}" for what, count in found.items()) + ".")
