"""`evaluate_tier --facts FILE.jsonl`: facts in, verdicts out, nothing stored."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tiers import hypothetical
from tiers.models import Program, ProgramVersion


class Command(BaseCommand):
    help = (
        "Say which tier facts reach: one JSON object of facts by metric key per line, one verdict per line. "
        "Whole numbers are in the metric's unit (money: minor units), texts are amounts of money, null is no data. "
        "Nothing is stored."
    )

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """`--version` names the program's version here, not Django's."""
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--facts", required=True, help="a file of JSON lines, - for standard input")
        parser.add_argument("--program", help="the program's code; left out: the first program")
        parser.add_argument("--version", type=int, help="the version's number; left out: the one in force")
        parser.add_argument("--json", action="store_true", help="verdicts as JSON lines")

    def handle(self, *args: Any, **options: Any) -> None:
        version = _version(options["program"], options["version"])
        wrong = 0
        for number, text in _lines(options["facts"]):
            try:
                line = _parsed(text)
                question = hypothetical.read(line)
            except ValidationError as error:
                wrong += 1
                self._refuse(number, " ".join(error.messages), options["json"])
                continue
            self._answer(number, line, version, question, options["json"])
        if wrong:
            raise CommandError(f"{wrong} {'line is' if wrong == 1 else 'lines are'} not facts.")

    def _answer(
        self, number: int, line: Any, version: ProgramVersion, question: hypothetical.Question, as_json: bool
    ) -> None:
        if not as_json:
            self.stdout.write(f"{number}: {hypothetical.in_words(version, question)}")
            return
        named = {"id": line["id"]} if "facts" in line and "id" in line else {}
        found = {"line": number, **named, **hypothetical.answer(version, question)}
        self.stdout.write(json.dumps(found, ensure_ascii=False))

    def _refuse(self, number: int, words: str, as_json: bool) -> None:
        found = json.dumps({"line": number, "error": words}, ensure_ascii=False)
        self.stdout.write(found if as_json else f"{number}: {words}")


def _version(code: str | None, number: int | None) -> ProgramVersion:
    programs = Program.objects.order_by("position", "code")
    program = programs.filter(code=code).first() if code else programs.first()
    if program is None:
        raise CommandError(f"There is no tier program “{code}”." if code else "There is no tier program.")
    versions = program.versions.select_related("program")
    found = versions.filter(number=number).first() if number else versions.active().first()
    if found is None:
        named = f"version {number}" if number else "version in force"
        raise CommandError(f"{program} has no {named}.")
    return found


def _lines(path: str) -> Iterator[tuple[int, str]]:
    """The lines that say something, numbered from 1."""
    try:
        text = sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{path} cannot be read: {error}") from error
    return ((n, line) for n, line in enumerate(text.splitlines(), start=1) if line.strip())


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise ValidationError("This line is not JSON.") from None
