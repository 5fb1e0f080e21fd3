"""The words of notifications: each app declares its kinds; a row keeps the kind and plain arguments alone."""

from datetime import date
from typing import Any

from django.utils.dateformat import format as format_date

_sentences: dict[str, Any] = {}


def declare(kind: str, sentence: Any) -> None:
    """In `<app>/notices.py`: `declare("deal.approved", _("%(deal)s is protected until %(until)s."))`.

    Arguments hold no personal values. Raises ValueError when the kind is taken.
    """
    if kind in _sentences:
        raise ValueError(f"The notice {kind} is declared twice.")
    _sentences[kind] = sentence


def is_known(kind: str) -> bool:
    return kind in _sentences


def text(kind: str, args: dict[str, Any]) -> str:
    """The sentence in the reader's language; the bare kind where an app that declared it is gone."""
    sentence = str(_sentences.get(kind, kind))
    try:
        return sentence % {name: _readable(value) for name, value in args.items()}
    except (KeyError, TypeError, ValueError):
        return sentence


def _readable(value: Any) -> Any:
    """A day as people write it; anything else as it is."""
    try:
        on = date.fromisoformat(value)
    except (TypeError, ValueError):
        return value
    return format_date(on, "j M Y")


def known() -> list[str]:
    return sorted(_sentences)
