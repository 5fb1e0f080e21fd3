"""manage.py export_program_version PROGRAM [FILE] [--number N]: a version as YAML, by default the one in force."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tiers.content import content_of
from tiers.models import ProgramVersion
from tiers.portable import as_yaml


class Command(BaseCommand):
    help = "Write a version of a tier program as YAML; imported again it says the same, byte for byte."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("program", help="the program's code")
        parser.add_argument("file", type=Path, nargs="?", help="where to write; left out: to the terminal")
        parser.add_argument("--number", type=int, help="the version's number; left out: the one in force")

    def handle(self, *args: Any, **options: Any) -> None:
        found = ProgramVersion.objects.filter(program__code=options["program"])
        number = options["number"]
        version = found.filter(number=number).first() if number else found.active().first() or found.latest()
        if version is None:
            raise CommandError("There is no such version.")
        text = as_yaml(content_of(version))
        if options["file"]:
            options["file"].write_text(text)
        else:
            self.stdout.write(text, ending="")
