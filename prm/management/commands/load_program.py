"""manage.py load_program FILE [--dry-run] [--activate [--since DAY]]: says what changes, a sentence each."""

from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.actors import SYSTEM
from core.clock import now
from core.errors import Conflict
from core.program_file import ProgramFileError
from prm.program import load_program


class Command(BaseCommand):
    help = "Load a partner program from a file. The same file twice changes nothing and says nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would change, change nothing")
        parser.add_argument("--activate", action="store_true", help="publish the first tier program")
        parser.add_argument(
            "--since",
            type=date.fromisoformat,
            metavar="DAY",
            help="the day since which its rules have held: today",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["file"].is_file():
            raise CommandError(f"There is no file {options['file']}.")
        try:
            changes = load_program(
                by=SYSTEM,
                path=options["file"],
                at=now(),
                activate=options["activate"],
                since=options["since"],
                dry_run=options["dry_run"],
            )
        except (ProgramFileError, Conflict) as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error
        for change in changes:
            self.stdout.write(change)
