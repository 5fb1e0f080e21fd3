"""Writes docs/lifecycles.md from the tables of moves."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from prm import lifecycles


class Command(BaseCommand):
    help = "Writes docs/lifecycles.md from the tables of moves."

    def handle(self, *args: Any, **options: Any) -> None:
        Path(settings.BASE_DIR, "docs", "lifecycles.md").write_text(lifecycles.page() + "\n")
