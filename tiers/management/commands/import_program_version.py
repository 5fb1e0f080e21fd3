"""manage.py import_program_version PROGRAM FILE [--dry-run]: a version as YAML becomes a new draft."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from core.actors import SYSTEM
from core.clock import now
from core.program_file import ProgramFileError
from tiers.actions import import_version
from tiers.content import content_of
from tiers.diff import differences
from tiers.models import Program
from tiers.portable import from_yaml


class Command(BaseCommand):
    help = "Make a draft of a tier program from YAML, and say what it changes against the version in force."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("program", help="the program's code")
        parser.add_argument("file", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would change, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        program = Program.objects.filter(code=options["program"]).first()
        if program is None:
            raise CommandError(f"There is no tier program {options['program']}.")
        if not options["file"].is_file():
            raise CommandError(f"There is no file {options['file']}.")
        try:
            self.read(program, options["file"], options["dry_run"])
        except (ProgramFileError, UnicodeDecodeError) as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError("\n".join(error.messages)) from error

    def read(self, program: Program, file: Path, dry_run: bool) -> None:
        text = file.read_text()
        content = from_yaml(text, str(file))
        before = program.versions.active().first() or program.versions.latest()
        for sentence in differences(content_of(before) if before else None, content):
            self.stdout.write(sentence)
        if not dry_run:
            draft = import_version(by=SYSTEM, program=program, text=text, at=now())
            self.stdout.write(f"{program}, version {draft.number} is a new draft.")
