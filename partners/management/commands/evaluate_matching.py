"""Say how well customers are told apart, on any file of labelled pairs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from partners.matching.quality import BadFile, Quality, evaluate, read_pairs

MOST_MISSES = 20


class Command(BaseCommand):
    help = "Prints precision, recall and F1 of the customer matching at the shipped threshold, and its misses by kind."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", type=Path, help="CSV: a_name, a_city, a_country, a_domain, b_…, label, kind"
        )
        parser.add_argument("--json", action="store_true", help="as one JSON object, with every miss")

    def handle(self, *, file: Path, json: bool, **options: Any) -> None:
        try:
            quality = evaluate(read_pairs(file))
        except BadFile as error:
            raise CommandError(str(error)) from error
        self.stdout.write(_as_text(quality) if not json else _as_json(quality))


def _as_json(quality: Quality) -> str:
    return json.dumps(quality.as_json(), ensure_ascii=False, indent=2)


def _as_text(quality: Quality) -> str:
    found = quality.as_json()
    lines = [f"threshold {found['threshold']}"]
    for kind, tally in [("all", found), *found["by_kind"].items()]:
        shares = "  ".join(f"{name} {_said(tally[name])}" for name in ("precision", "recall", "f1"))
        wrong = tally["false_positives"] + tally["false_negatives"]
        lines.append(f"{kind:<36}{tally['pairs']:>6} pairs {wrong:>4} wrong  {shares}")
    for miss in found["misses"][:MOST_MISSES]:
        lines.append(
            f"missed {miss['pair']}: {' | '.join(miss['names'])} ({miss['score']}, label {miss['label']})"
        )
    return "\n".join(lines)


def _said(share: float | None) -> str:
    return "     –" if share is None else f"{share:.4f}"
